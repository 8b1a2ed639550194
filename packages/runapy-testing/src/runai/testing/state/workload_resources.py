"""The resources that the pods of a workload ask for, and have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from runai.testing.state.quantities import BYTES_OF_GPU, quantity_bytes


@dataclass(frozen=True)
class PodRequest:
    """What each of some equal pods asks for."""

    role: str
    """Within its workload; also a part of the pods' names."""
    count: int
    image: str
    compute: Mapping[str, Any]

    @property
    def gpus(self) -> float:
        """Of one pod, with fractions."""
        asked, part = self.compute.get("gpuDevicesRequest"), self._part_of_gpu()
        if part is None:
            return float(asked or 0)
        # A part is of one, where nothing else is said.
        return round(part * float(1 if asked is None else asked), 6)

    @property
    def cpu(self) -> float:
        """Cores of one pod."""
        return float(self.compute.get("cpuCoreRequest") or 0)

    @property
    def memory(self) -> int:
        """Bytes of one pod."""
        return quantity_bytes(self.compute.get("cpuMemoryRequest") or 0)

    def _part_of_gpu(self) -> float | None:
        """Of each GPU that it has; None for all of it."""
        kind = self.compute.get("gpuRequestType")
        if kind == "portion" and self.compute.get("gpuPortionRequest") is not None:
            return float(self.compute["gpuPortionRequest"])
        if kind == "memory" and self.compute.get("gpuMemoryRequest") is not None:
            return quantity_bytes(self.compute["gpuMemoryRequest"]) / BYTES_OF_GPU
        return None


def requested(pods: Iterable[PodRequest]) -> dict[str, Any]:
    """The resources that pods ask for together, as the API has them."""
    pods = list(pods)
    sums = allocated(pods)
    facts = {name: {"request": value} for name, value in sums.items()}
    kinds = (pod.compute.get("gpuRequestType") for pod in pods)
    return {**facts, "gpuRequestType": next(filter(None, kinds), None)}


def allocated(pods: Iterable[PodRequest]) -> dict[str, Any]:
    """The resources that pods have together, as the API has them."""
    gpu, cpu, memory = 0.0, 0.0, 0
    for pod in pods:
        gpu += pod.count * pod.gpus
        cpu += pod.count * pod.cpu
        memory += pod.count * pod.memory
    return {"gpu": round(gpu, 6), "cpu": round(cpu, 6), "cpuMemory": str(memory)}


def largest_group(pods: Iterable[PodRequest]) -> PodRequest:
    """One pod of those that there are the most of."""
    return replace(max(pods, key=lambda pod: pod.count), count=1)
