"""Submit a workspace with Jupyter, and show where it can be opened.

python workspace.py my-notebook --project <id> --cluster <uuid>
"""

import argparse

from runai.api_client import ApiClient
from runai.configuration import Configuration
from runai.models import (
    ExposedUrl,
    GpuRequestType,
    SupersetSpecAllOfCompute,
    WorkspaceCreationRequest,
    WorkspaceSpecSpec,
)
from runai.runai_client import RunaiClient


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--project", required=True, help="id of the project")
    parser.add_argument("--cluster", required=True, help="UUID of the cluster")
    parser.add_argument("--image", default="jupyter/scipy-notebook")
    parser.add_argument("--gpu-portion", type=float, default=0.5, help="of one GPU")
    arguments = parser.parse_args()

    wanted = WorkspaceCreationRequest(
        name=arguments.name,
        project_id=arguments.project,
        cluster_id=arguments.cluster,
        spec=WorkspaceSpecSpec(
            image=arguments.image,
            command="start-notebook.sh",
            args="--NotebookApp.base_url=/${RUNAI_PROJECT}/${RUNAI_JOB_NAME}",
            compute=SupersetSpecAllOfCompute(
                gpu_devices_request=1,
                gpu_request_type=GpuRequestType.PORTION,
                gpu_portion_request=arguments.gpu_portion,
            ),
            exposed_urls=[ExposedUrl(container=8888, tool_type="jupyter-notebook", name="Jupyter")],
        ),
    )
    with RunaiClient(ApiClient(Configuration.from_env())) as client:
        submitted = client.workloads.workspaces.create_workspace1(wanted).model
        print(f"{submitted.name} was submitted, id {submitted.workload_id}")

        workload = client.workloads.workloads.get_workload(submitted.workload_id).data
        print(f"it is {workload['phase']} in {workload['projectName']}")
        for url in workload.get("urls") or ["it has no address yet"]:
            print(url)


if __name__ == "__main__":
    main()
