"""What a workload asks for: pods, GPUs, a place in the queue."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from runai.testing.answers import Refusal, shortened
from runai.testing.state.quantities import quantity
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
_ENDING = ("Training", "Distributed")
_PRIORITIES = {
    "very-low": 25,
    "low": 40,
    "medium-low": 65,
    "medium": 80,
    "medium-high": 90,
    "high": 125,
    "very-high": 150,
}
# Of each type: category, priority, and whether it may be preempted.
_USUAL: Mapping[str, tuple[str, str, bool]] = {
    "Workspace": ("Build", "high", False),
    "Training": ("Train", "low", True),
    "Distributed": ("Train", "low", True),
}
_USUAL_JOB = _USUAL["Training"]
_USUAL_OTHERS = ("Deploy", "very-high", False)


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
    def priority_number(self) -> int | None:
        """Of its priority class; None for a class that is not known."""
        return _PRIORITIES.get(self.priority)

    @property
    def ends(self) -> bool:
        """Whether workloads of its type complete by themselves."""
        return self.type in _ENDING or self.type.endswith("Job")


def workload_request(collection: str, facts: Mapping[str, Any]) -> WorkloadRequest:
    """What the facts of a workload's request ask for.

    Raises:
        Refusal: 400 where the annotation of its running time is no number.
    """
    meta = facts.get("metadata") or {}
    manifest = manifest_of(facts)
    spec = facts.get("spec") or {}
    kind = _TYPES.get(collection.rsplit("/", 1)[-1]) or str(manifest.get("kind") or "Workload")
    others = _USUAL_JOB if kind.endswith("Job") else _USUAL_OTHERS
    category, priority, preemptible = _USUAL.get(kind, others)
    if spec.get("preemptibility") or meta.get("preemptibility"):
        preemptible = (spec.get("preemptibility") or meta["preemptibility"]) == "preemptible"
    return WorkloadRequest(
        type=kind,
        name=str(facts.get("name") or meta.get("name") or _name_in(manifest) or kind.lower()),
        project=str(facts.get("projectId") or meta.get("projectId") or ""),
        cluster=str(facts.get("clusterId") or meta.get("clusterId") or ""),
        pods=tuple(_pods(kind, facts, manifest)),
        spec=spec,
        category=spec.get("category") or meta.get("category") or category,
        priority=spec.get("priorityClass") or meta.get("priority") or priority,
        preemptible=preemptible,
        running_seconds=_running_seconds(spec, manifest),
    )


def manifest_of(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The Kubernetes manifest that was sent, plain or encoded; empty where there is none."""
    manifest = facts.get("manifest")
    if manifest is None and facts.get("manifestBase64Encoded"):
        try:
            manifest = json.loads(base64.b64decode(facts["manifestBase64Encoded"]))
        except (binascii.Error, ValueError):
            # It may be YAML, of which nothing here depends.
            manifest = None
    return manifest if isinstance(manifest, dict) else {}


def _pods(kind: str, facts: Mapping[str, Any], manifest: Mapping[str, Any]) -> Iterator[PodRequest]:
    spec = facts.get("spec") or {}
    scaling = spec.get("autoscaling") or {}
    replicas = _first_of(
        spec.get("replicas"), scaling.get("initialReplicas"), scaling.get("minReplicas")
    )
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
        yield _pod("pod", 1, _in_manifest(manifest))
    else:
        yield _pod("pod", _first_of(spec.get("parallelism"), replicas), spec)


def _pod(role: str, count: int, spec: Mapping[str, Any]) -> PodRequest:
    image = spec.get("image") or ""
    if isinstance(image, dict):
        # Of NIM services: repository and tag.
        image = ":".join(str(part) for part in image.values() if isinstance(part, str))
    return PodRequest(role, int(count), image, spec.get("compute") or {})


def _first_of(*counts: Any) -> int:
    return next((int(count) for count in counts if count), 1)


def _in_manifest(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The sum of what the containers of a manifest ask for."""
    devices, image = 0.0, ""
    for container in _containers(manifest):
        resources = container.get("resources") or {}
        asked = {**(resources.get("requests") or {}), **(resources.get("limits") or {})}
        devices += quantity(asked.get("nvidia.com/gpu") or 0)
        image = image or str(container.get("image") or "")
    return {"image": image, "compute": {"gpuDevicesRequest": devices}}


def _containers(part: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "containers" and isinstance(value, list):
                yield from (each for each in value if isinstance(each, dict))
            else:
                yield from _containers(value)
    elif isinstance(part, list):
        for each in part:
            yield from _containers(each)


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
