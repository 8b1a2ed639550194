"""Submit a training, and wait until it has ended; exits with 1 unless it has completed.

python training.py resnet --project <id> --cluster <uuid> --image my-registry/resnet:1
"""

import argparse
import sys
import time

from runai.api_client import ApiClient
from runai.configuration import Configuration
from runai.runai_client import RunaiClient
from runai.workloads.request_types import TrainingCreationRequestDict

ENDED = {"Completed", "Failed", "Stopped"}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--project", required=True, help="id of the project")
    parser.add_argument("--cluster", required=True, help="UUID of the cluster")
    parser.add_argument("--image", required=True)
    parser.add_argument("--gpus", type=int, default=1)
    parser.add_argument("--interval", type=float, default=30, help="seconds between two looks")
    arguments = parser.parse_args()

    # A body may be a dict with the API's own names; type checkers know them, and it is checked
    # before it is sent all the same.
    wanted: TrainingCreationRequestDict = {
        "name": arguments.name,
        "useGivenNameAsPrefix": True,
        "projectId": arguments.project,
        "clusterId": arguments.cluster,
        "spec": {
            "image": arguments.image,
            "command": "python",
            "args": "train.py --epochs 10",
            "environmentVariables": [{"name": "LOG_LEVEL", "value": "info"}],
            "compute": {"gpuDevicesRequest": arguments.gpus, "largeShmRequest": True},
            "backoffLimit": 2,
            "autoDeletionTimeAfterCompletionSeconds": 7 * 24 * 3600,
        },
    }
    with RunaiClient(ApiClient(Configuration.from_env())) as client:
        submitted = client.workloads.trainings.create_training1(wanted).model
        print(f"{submitted.name} was submitted, id {submitted.workload_id}")
        while True:
            workload = client.workloads.workloads.get_workload(submitted.workload_id).data
            print(workload["phase"])
            if workload["phase"] in ENDED:
                return 0 if workload["phase"] == "Completed" else 1
            time.sleep(arguments.interval)


if __name__ == "__main__":
    sys.exit(main())
