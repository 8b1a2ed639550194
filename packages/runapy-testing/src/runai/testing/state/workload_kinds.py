"""The kinds and priorities of workloads that a control plane knows from the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

OWN_GROUP = "run.ai"
"""The group of the kinds that the control plane makes itself."""

PRIORITIES: Mapping[str, int] = {
    "very-low": 25,
    "low": 40,
    "medium-low": 65,
    "medium": 80,
    "medium-high": 90,
    "high": 125,
    "very-high": 150,
}
"""By name; what is above the usual one of a kind goes first."""
PREEMPTIBLE_BELOW = 100
"""Workloads of kinds with a usual priority below this may be preempted."""


class Kind(NamedTuple):
    """What workloads of a kind are, where their requests do not say so."""

    group: str
    category: str
    priority: str

    @property
    def preemptible(self) -> bool:
        """Whether they may be preempted."""
        return PRIORITIES[self.priority] < PREEMPTIBLE_BELOW


def kind_of(name: str) -> Kind:
    """The kind of a name, be it known or not."""
    other = _OTHER_JOB if name.endswith("Job") else _OTHER
    return KINDS.get(name, other)


_OTHER_JOB = Kind("", "Train", "low")
_OTHER = Kind("", "Deploy", "very-high")

KINDS: Mapping[str, Kind] = {
    "Workspace": Kind(OWN_GROUP, "Build", "high"),
    **dict.fromkeys(("Training", "Distributed"), Kind(OWN_GROUP, "Train", "low")),
    **dict.fromkeys(("Inference", "DistributedInference"), Kind(OWN_GROUP, "Deploy", "very-high")),
    **dict.fromkeys(("CronJob", "Job"), Kind("batch", "Train", "low")),
    **dict.fromkeys(
        ("JAXJob", "MPIJob", "PyTorchJob", "TFJob", "XGBoostJob"),
        Kind("kubeflow.org", "Train", "low"),
    ),
    "JobSet": Kind("jobset.x-k8s.io", "Train", "low"),
    "RayJob": Kind("ray.io", "Train", "low"),
    "RayCluster": Kind("ray.io", "Build", "high"),
    "Notebook": Kind("kubeflow.org", "Build", "high"),
    **dict.fromkeys(("Deployment", "StatefulSet"), Kind("apps", "Deploy", "very-high")),
    "InferenceService": Kind("serving.kserve.io", "Deploy", "very-high"),
    "LeaderWorkerSet": Kind("leaderworkerset.x-k8s.io", "Deploy", "very-high"),
    "NIMService": Kind("apps.nvidia.com", "Deploy", "very-high"),
    "RayService": Kind("ray.io", "Deploy", "very-high"),
}
"""By name: the control plane's own, and those of Kubernetes that it runs."""
