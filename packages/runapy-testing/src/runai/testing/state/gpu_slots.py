"""Which GPUs of a cluster's nodes are whose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Sequence

from runai.testing.state.nodes import Node
from runai.testing.state.workload_log import Life
from runai.testing.state.workload_pods import placed_requests

_SLACK = 1e-6


class Part(NamedTuple):
    """What a workload has of one GPU."""

    life: Life
    share: float
    """From 0 to 1."""


Slots = Sequence[Sequence[Sequence[Part]]]
"""By node and GPU."""


def slots(nodes: Sequence[Node], lives: Iterable[Life]) -> Slots:
    """The GPUs of nodes, each with what workloads have of it.

    Each pod has GPUs of its own node; what is more than that has is taken from the nodes behind.

    Args:
        nodes: of one cluster.
        lives: of the workloads that have their resources.
    """
    parts: list[list[list[Part]]] = [[[] for _ in range(node.gpus)] for node in nodes]
    free = [[1.0] * node.gpus for node in nodes]
    for life in lives:
        if life.request.gpus <= 0:
            continue
        for request, _, place in placed_requests(life):
            for node, gpu, share in _taken(free, place, request.gpus):
                free[node][gpu] -= share
                parts[node][gpu].append(Part(life, share))
    return parts


def _taken(
    free: Sequence[Sequence[float]], place: int, gpus: float
) -> Iterator[tuple[int, int, float]]:
    """Node, GPU and share of what a pod gets; free changes meanwhile."""
    count = len(free)
    order = [
        (node % count, gpu)
        for node in range(place, place + count)
        for gpu in range(len(free[node % count]))
    ]
    left = gpus
    # A part of a GPU is of one, as long as there is one.
    for needs_room in (True, False):
        for node, gpu in order:
            piece = min(1.0, left)
            room = free[node][gpu]
            if left > _SLACK and room > _SLACK and (not needs_room or room >= piece - _SLACK):
                piece = min(piece, room)
                left = round(left - piece, 6)
                yield node, gpu, piece
