"""Serve a model over HTTP, with as many replicas as there are requests to answer.

python inference.py chat --project <id> --cluster <uuid> --image my-registry/chat:1
"""

import argparse

from runai.api_client import ApiClient
from runai.configuration import Configuration
from runai.models import (
    AutoScaling,
    InferenceCreationRequest,
    InferenceSpecSpec,
    ServingPort,
    ServingPortAccessAuthorizationTypeEnum as Access,
    ServingPortProtocol,
    SupersetSpecAllOfCompute,
)
from runai.runai_client import RunaiClient


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--project", required=True, help="id of the project")
    parser.add_argument("--cluster", required=True, help="UUID of the cluster")
    parser.add_argument("--image", required=True)
    parser.add_argument("--port", type=int, default=8000, help="that the container listens on")
    parser.add_argument("--most-replicas", type=int, default=4)
    arguments = parser.parse_args()

    wanted = InferenceCreationRequest(
        name=arguments.name,
        project_id=arguments.project,
        cluster_id=arguments.cluster,
        spec=InferenceSpecSpec(
            image=arguments.image,
            compute=SupersetSpecAllOfCompute(gpu_devices_request=1),
            serving_port=ServingPort(
                container=arguments.port,
                protocol=ServingPortProtocol.HTTP,
                authorization_type=Access.AUTHENTICATEDUSERS,
            ),
            autoscaling=AutoScaling(
                metric="concurrency",
                metric_threshold=10,
                min_replicas=1,
                max_replicas=arguments.most_replicas,
            ),
        ),
    )
    with RunaiClient(ApiClient(Configuration.from_env())) as client:
        submitted = client.workloads.inferences.create_inference1(wanted).model
        print(f"{submitted.name} was submitted, id {submitted.workload_id}")


if __name__ == "__main__":
    main()
