"""List all projects, and create those that are missing, each with its quota of GPUs.

    python create_projects.py vision=4 speech=2.5 --cluster <uuid> --department <id>

Shows how to read a list page by page.
"""

import argparse
from collections.abc import Iterator

from runai.api_client import ApiClient
from runai.configuration import Configuration
from runai.models import NonNullResource, Project, ProjectCreationRequest, ResourcesNullable
from runai.runai_client import RunaiClient


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("quotas", nargs="+", type=quota, metavar="name=GPUs")
    parser.add_argument("--cluster", required=True, help="UUID of the cluster to create them on")
    parser.add_argument("--department", required=True, help="id of the department they belong to")
    arguments = parser.parse_args()
    with RunaiClient(ApiClient(Configuration.from_env())) as client:
        existing = set()
        for project in all_projects(client):
            print(f"{project.name} (id {project.id}), created {project.created_at:%Y-%m-%d}")
            existing.add(project.name)

        for name, gpus in arguments.quotas:
            if name in existing:
                print(f"{name} is there already")
                continue
            wanted = ProjectCreationRequest(
                name=name,
                cluster_id=arguments.cluster,
                parent_id=arguments.department,
                resources=[ResourcesNullable(gpu=NonNullResource(deserved=gpus))],
            )
            created = client.organizations.projects.create_project(wanted).model
            print(f"{created.name} was created (id {created.id}) with {gpus:g} GPUs")


def all_projects(client: RunaiClient) -> Iterator[Project]:
    """Every project; `next` is the offset of the page that follows, and None at the end."""
    offset = 0
    while True:
        page = client.organizations.projects.get_projects(offset=offset, limit=100).model
        yield from page.projects
        if page.next is None:
            return
        offset = page.next


def quota(text: str) -> tuple[str, float]:
    """`name=GPUs` as a pair."""
    name, _, gpus = text.partition("=")
    return name, float(gpus)


if __name__ == "__main__":
    main()
