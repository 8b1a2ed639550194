"""Show the running workloads of the cluster in use, as the person who is signed in.

    runai login
    python command_line_login.py

No credentials: the login of the Run:ai command line is used, and followed when it is renewed.
"""

from runai.api_client import ApiClient
from runai.cliv2_config_loader import CLIv2Config
from runai.configuration import Configuration
from runai.runai_client import RunaiClient


def main() -> None:
    login = CLIv2Config()  # RUNAI_CLI_CONFIG_PATH names another directory than ~/.runai
    with RunaiClient(ApiClient(Configuration.from_cliv2(login))) as client:
        answer = client.workloads.workloads.get_workloads(
            filter_by=[f"clusterId=={login.cluster_uuid}", "phase==Running"],
            sort_by="createdAt",
            sort_order="desc",
        )
        for workload in answer.model.workloads:
            print(f"{workload.created_at:%Y-%m-%d} {workload.project_name}/{workload.name}")


if __name__ == "__main__":
    main()
