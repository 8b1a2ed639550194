"""The nodes of clusters: four each, among which the GPUs of the cluster are divided."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from runai.testing.state.quantities import BYTES_OF_GPU
from runai.testing.state.store import Record
from runai.testing.state.workload_facts import NODE_POOL
from runai.testing.state.workload_pods import NODES, node_name

if TYPE_CHECKING:
    from runai.testing.state.state import State

CORES = 128.0
"""Of each node."""
MEMORY = 2.0**40
"""Bytes of CPU memory of each node."""
_GPU_TYPE = f"NVIDIA-A100-SXM4-{BYTES_OF_GPU // 2**30}GB"


class Node(NamedTuple):
    """One node."""

    id: str
    name: str
    cluster: Record
    place: int
    """Among the nodes of its cluster."""
    gpus: int

    @property
    def cluster_id(self) -> str:
        """Of its cluster."""
        return str(self.cluster.id)


class Capacity(NamedTuple):
    """What nodes have together."""

    nodes: int
    """Those with GPUs."""
    gpus: float
    cores: float
    memory: float


def nodes_of(state: State, cluster: Record) -> list[Node]:
    """The nodes of a cluster, all in the node pool that every cluster has."""
    namespace = uuid.UUID(str(cluster.id))
    whole, rest = divmod(int(state.life.cluster_gpus), NODES)
    return [
        Node(
            id=str(uuid.uuid5(namespace, node_name(place))),
            name=node_name(place),
            cluster=cluster,
            place=place,
            gpus=whole + (place < rest),
        )
        for place in range(NODES)
    ]


def capacity(nodes: Sequence[Node]) -> Capacity:
    """What nodes have together."""
    return Capacity(
        nodes=sum(node.gpus > 0 for node in nodes),
        gpus=float(sum(node.gpus for node in nodes)),
        cores=CORES * len(nodes),
        memory=MEMORY * len(nodes),
    )


def shown(nodes: Iterable[Node]) -> list[dict[str, Any]]:
    """The nodes by the names that answers have."""
    return [_shown(node) for node in nodes]


def _shown(node: Node) -> dict[str, Any]:
    own = node.cluster.own
    return {
        "id": node.id,
        "name": node.name,
        "clusterUuid": node.cluster_id,
        "status": "Ready",
        "conditions": [],
        "taints": [],
        "nodePool": NODE_POOL,
        "gpuInfo": {"gpuType": _GPU_TYPE, "gpuCount": node.gpus} if node.gpus else None,
        "nvLinkDomainUid": None,
        "nvLinkCliqueId": None,
        "createdAt": own["createdAt"],
        "updatedAt": own["updatedAt"],
    }
