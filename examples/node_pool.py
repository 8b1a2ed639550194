"""Make a node pool of the nodes that carry a label; change its GPU placement if it is there.

python node_pool.py a100 --cluster <uuid> --label gpu.product=A100 --placement binpack
"""

import argparse

from runai.api_client import ApiClient
from runai.configuration import Configuration
from runai.models import (
    NodepoolCreateFields,
    NodepoolCreateResponseFieldsPlacementStrategy,
    NodepoolUpdateFields,
    PlacementStrategy,
)
from runai.runai_client import RunaiClient


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--cluster", required=True, help="UUID of the cluster")
    parser.add_argument("--label", required=True, metavar="key=value")
    parser.add_argument("--placement", type=PlacementStrategy, default=PlacementStrategy.BINPACK)
    arguments = parser.parse_args()
    key, _, value = arguments.label.partition("=")
    placement = NodepoolCreateResponseFieldsPlacementStrategy(gpu=arguments.placement)

    with RunaiClient(ApiClient(Configuration.from_env())) as client:
        node_pools = client.organizations.node_pools
        existing = node_pools.get_nodepools(filter_by=[f"clusterId=={arguments.cluster}"]).model
        ids = {}
        for node_pool in existing.nodepools or []:
            print(f"{node_pool.name}: nodes with {node_pool.label_key}={node_pool.label_value}")
            if node_pool.id:
                ids[node_pool.name] = node_pool.id

        if arguments.name in ids:
            # A PATCH changes what is set here, and nothing else.
            change = NodepoolUpdateFields(placement_strategy=placement)
            node_pools.patch_nodepool(ids[arguments.name], change)
            print(f"{arguments.name} now places GPU workloads by {arguments.placement.value}")
        else:
            wanted = NodepoolCreateFields(
                name=arguments.name,
                cluster_id=arguments.cluster,
                label_key=key,
                label_value=value,
                placement_strategy=placement,
            )
            created = node_pools.create_nodepool(wanted).model
            print(f"{created.name} was created (id {created.id})")


if __name__ == "__main__":
    main()
