"""Let the workloads of a project clone a private Git repository.

    GIT_TOKEN=... python git_data_source.py models https://git.my-company.com/models.git \\
        --project 4500012 --user build-bot

The token becomes a credential of the project, and the repository a data source that uses it.
"""

import argparse
import os

from runai.api_client import ApiClient
from runai.configuration import Configuration
from runai.models import (
    AssetCreationRequest,
    GitAssetSpec,
    GitCreationRequest,
    PasswordCreationRequest,
    PasswordCreationSpec,
    Scope,
)
from runai.runai_client import RunaiClient


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", help="of the data source")
    parser.add_argument("repository", help="its URL")
    parser.add_argument("--branch", default="main")
    parser.add_argument("--project", type=int, required=True, help="id of the project")
    parser.add_argument("--user", required=True, help="whose token GIT_TOKEN is")
    arguments = parser.parse_args()

    credential = PasswordCreationRequest(
        meta=AssetCreationRequest(
            name=f"{arguments.name}-login", scope=Scope.PROJECT, project_id=arguments.project
        ),
        spec=PasswordCreationSpec(user=arguments.user, password=os.environ["GIT_TOKEN"]),
    )
    with RunaiClient(ApiClient(Configuration.from_env())) as client:
        assets = client.workload_assets
        credential_id = assets.credentials.create_password(credential).model.meta.id
        print(f"credential {credential.meta.name}, id {credential_id}")

        data_source = GitCreationRequest(
            meta=AssetCreationRequest(
                name=arguments.name, scope=Scope.PROJECT, project_id=arguments.project
            ),
            spec=GitAssetSpec(
                repository=arguments.repository,
                branch=arguments.branch,
                credential_id=credential_id,
            ),
        )
        created = assets.git.create_git_asset(data_source).model
        print(f"data source {created.meta.name}, id {created.meta.id}")


if __name__ == "__main__":
    main()
