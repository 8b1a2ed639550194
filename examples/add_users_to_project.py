"""Give users a role in a project.

    python add_users_to_project.py vision "L1 researcher" ada@my-company.com alan@my-company.com

Shows how to handle errors: a user who cannot be added does not keep the others waiting.
"""

import argparse
import sys

from runai.api_client import ApiClient
from runai.configuration import Configuration
from runai.exceptions import ApiConnectionError, ApiException, ConflictException
from runai.models import AccessRuleCreationFields, ScopeType, SubjectType
from runai.runai_client import RunaiClient


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("project", help="name of the project")
    parser.add_argument("role", help="name of the role")
    parser.add_argument("emails", nargs="+", metavar="email")
    arguments = parser.parse_args()

    failures = 0
    with RunaiClient(ApiClient(Configuration.from_env())) as client:
        project_id = project_id_of(client, arguments.project)
        role_id = role_id_of(client, arguments.role)
        for email in arguments.emails:
            rule = AccessRuleCreationFields(
                subject_id=email,
                subject_type=SubjectType.USER,
                role_id=role_id,
                scope_id=project_id,
                scope_type=ScopeType.PROJECT,
            )
            try:
                client.authentication_and_authorization.access_rules.create_access_rule(rule)
                print(f"{email} is {arguments.role} in {arguments.project}")
            except ConflictException:
                print(f"{email} has this role already")
            except ApiConnectionError:
                # Nobody answers: the next user would fare no better.
                raise
            except ApiException as error:
                # Says the request, the status, the control plane's own words, and what to do.
                print(f"{email} was not added: {error}", file=sys.stderr)
                failures += 1
    return 1 if failures else 0


def project_id_of(client: RunaiClient, name: str) -> str:
    """The id of the project with this very name."""
    found = client.organizations.projects.get_projects(filter_by=[f"name=={name}"]).data
    for project in found["projects"]:
        if project["name"] == name:
            return str(project["id"])
    sys.exit(f"there is no project {name!r}")


def role_id_of(client: RunaiClient, name: str) -> int:
    """The id of the role with this name."""
    roles = client.authentication_and_authorization.roles.get_roles_v1().model
    for role in roles:
        if role.name.lower() == name.lower():
            return int(role.id)
    sys.exit(f"there is no role {name!r}, but {', '.join(role.name for role in roles)}")


if __name__ == "__main__":
    sys.exit(main())
