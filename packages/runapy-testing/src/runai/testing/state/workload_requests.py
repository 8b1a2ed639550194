"""What a workload asks for: pods, GPUs, a place in the queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from runai.testing.answers import Refusal, shortened
from runai.testing.state.workload_kinds import PriorityClasses, kind_of
from runai.testing.state.workload_manifests import manifest_of, pod_groups
from runai.testing.state.workload_resources import PodRequest

RUNNING_SECONDS = "runapy-testing/running-seconds"
"""The annotation that says how long a workload runs until it has completed."""

_TYPES = {
    "trainings": "Training",
    "workspaces": "Workspace",
    "inferences": "Inference",
    "distributed": "Distributed",
    "distributed-inferences": "DistributedInference",
    "nim-services": "NIMService",
}
_ENDING = ("Training", "Distributed", "JobSet")


@dataclass(frozen=True)
class WorkloadRequest:
    """What a workload asks for."""

    type: str
    name: str
    project: str
    cluster: str
    pods: tuple[PodRequest, ...]
    spec: Mapping[str, Any]
    category: str
    priority: str
    priority_number: int | None
    """Of its priority class; None for a class that is not known."""
    preemptible: bool
    running_seconds: float | None
    """After which it completes, if it says so itself."""

    @cached_property
    def gpus(self) -> float:
        """Of all pods."""
        return round(sum(pod.count * pod.gpus for pod in self.pods), 6)

    @cached_property
    def pod_count(self) -> int:
        """Of all pods together."""
        return sum(pod.count for pod in self.pods)

    @property
    def ends(self) -> bool:
        """Whether workloads of its type complete by themselves."""
        return self.type in _ENDING or self.type.endswith("Job")


def workload_request(
    collection: str, facts: Mapping[str, Any], classes: PriorityClasses
) -> WorkloadRequest:
    """What the facts of a workload's request ask for.

    Args:
        collection: that the workload is of.
        facts: of its request.
        classes: the priorities that there are.

    Raises:
        Refusal: 400 where its manifest is none, or the annotation of its running time no number.
    """
    meta = facts.get("metadata") or {}
    manifest = manifest_of(facts)
    spec = facts.get("spec") or {}
    kind = _TYPES.get(collection.rsplit("/", 1)[-1]) or str(manifest.get("kind") or "Workload")
    usual = kind_of(kind)
    priority = spec.get("priorityClass") or meta.get("priority") or classes.usual(usual)
    preemptible = classes.are_preemptible(priority, usual)
    if spec.get("preemptibility") or meta.get("preemptibility"):
        preemptible = (spec.get("preemptibility") or meta["preemptibility"]) == "preemptible"
    return WorkloadRequest(
        type=kind,
        name=str(facts.get("name") or meta.get("name") or _name_in(manifest) or kind.lower()),
        project=str(facts.get("projectId") or meta.get("projectId") or ""),
        cluster=str(facts.get("clusterId") or meta.get("clusterId") or ""),
        pods=tuple(_pods(kind, facts, manifest)),
        spec=spec,
        category=spec.get("category") or meta.get("category") or usual.category,
        priority=priority,
        priority_number=classes.numbers.get(priority),
        preemptible=preemptible,
        running_seconds=_running_seconds(spec, manifest),
    )


def _pods(kind: str, facts: Mapping[str, Any], manifest: Mapping[str, Any]) -> Iterator[PodRequest]:
    spec = facts.get("spec") or {}
    replicas = _replicas(spec)
    if kind == "Distributed":
        master = spec if facts.get("masterSpecSameAsWorker") else facts.get("masterSpec") or {}
        yield _pod("master", 1, {"image": spec.get("image"), **master})
        yield _pod("worker", _first_of(spec.get("numWorkers")), spec)
    elif kind == "DistributedInference":
        yield _pod("leader", replicas, spec.get("leader") or {})
        yield _pod("worker", replicas * (spec.get("workers") or 0), spec.get("worker") or {})
    elif kind == "NIMService":
        nodes = _first_of((spec.get("multiNode") or {}).get("workers"))
        yield _pod("server", replicas * nodes, spec)
    elif manifest:
        for group in pod_groups(manifest):
            yield _pod(group.role, group.pods, group.spec)
    else:
        yield _pod("pod", int(spec.get("parallelism") or replicas), spec)


def _pod(role: str, count: int, spec: Mapping[str, Any]) -> PodRequest:
    image = spec.get("image") or ""
    if isinstance(image, dict):
        # Of NIM services: repository and tag.
        image = ":".join(str(part) for part in image.values() if isinstance(part, str))
    return PodRequest(role, int(count), image, spec.get("compute") or {})


def _replicas(spec: Mapping[str, Any]) -> int:
    scaling = spec.get("autoscaling") or {}
    if scaling.get("initialReplicas") == 0 and not spec.get("replicas"):
        # Others begin with one, though there may be none later.
        return 0
    return _first_of(
        spec.get("replicas"), scaling.get("initialReplicas"), scaling.get("minReplicas")
    )


def _first_of(*counts: Any) -> int:
    return next((int(count) for count in counts if count), 1)


def _name_in(manifest: Mapping[str, Any]) -> Any:
    return (manifest.get("metadata") or {}).get("name")


def _running_seconds(spec: Mapping[str, Any], manifest: Mapping[str, Any]) -> float | None:
    written = (manifest.get("metadata") or {}).get("annotations") or {}
    text = written.get(RUNNING_SECONDS) if isinstance(written, dict) else None
    for annotation in spec.get("annotations") or ():
        if annotation and annotation.get("name") == RUNNING_SECONDS:
            text = annotation.get("value")
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise Refusal(
            400,
            f"The annotation {RUNNING_SECONDS} is no number of seconds",
            [f"body.spec.annotations: {shortened(text)}, give 0 or more"],
        )
    return seconds
