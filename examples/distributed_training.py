"""Submit a training that runs on several workers, with PyTorch's launcher.

    python distributed_training.py llm --project <id> --cluster <uuid> --image my-registry/llm:1 \\
        --workers 4 --gpus 8
"""

import argparse

from runai.api_client import ApiClient
from runai.configuration import Configuration
from runai.models import (
    DistributedCreationRequest,
    DistributedFramework,
    DistributedSpecSpec,
    SupersetSpecAllOfCompute,
)
from runai.runai_client import RunaiClient


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--project", required=True, help="id of the project")
    parser.add_argument("--cluster", required=True, help="UUID of the cluster")
    parser.add_argument("--image", required=True)
    parser.add_argument("--workers", type=int, default=2, help="besides the master")
    parser.add_argument("--gpus", type=int, default=8, help="of each worker and of the master")
    arguments = parser.parse_args()

    wanted = DistributedCreationRequest(
        name=arguments.name,
        project_id=arguments.project,
        cluster_id=arguments.cluster,
        spec=DistributedSpecSpec(
            distributed_framework=DistributedFramework.PYTORCH,
            num_workers=arguments.workers,
            image=arguments.image,
            command="torchrun",
            args=f"--nproc-per-node {arguments.gpus} train.py",
            compute=SupersetSpecAllOfCompute(
                gpu_devices_request=arguments.gpus, large_shm_request=True
            ),
        ),
        master_spec_same_as_worker=True,
    )
    with RunaiClient(ApiClient(Configuration.from_env())) as client:
        submitted = client.workloads.distributed.create_distributed(wanted).model
        total = (arguments.workers + 1) * arguments.gpus
        print(f"{submitted.name} was submitted, id {submitted.workload_id}, for {total} GPUs")


if __name__ == "__main__":
    main()
