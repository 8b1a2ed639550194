"""The kinds and priorities of workloads that a control plane knows from the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from runai.testing.specification import Specification
from runai.testing.state.paths import WORKLOAD_PRIORITIES

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
"""By name; of workloads that wait, the highest goes first."""

_PREEMPTIBLE_BELOW = 100
_OLDER_PRIORITIES = {"train": 50, "interactive-preemptible": 75, "build": 100, "inference": 125}
_OLDER_NAMES = {"low": "train", "high": "build", "very-high": "inference"}


class Kind(NamedTuple):
    """What workloads of a kind are, where their requests do not say so."""

    group: str
    category: str
    priority: str


class PriorityClasses(NamedTuple):
    """The priority classes that a control plane knows."""

    numbers: Mapping[str, int]
    names: Mapping[str, str]
    """Of the usual priorities of kinds, where they are called otherwise here."""

    def usual(self, kind: Kind) -> str:
        """That of workloads whose requests do not name one."""
        return self.names.get(kind.priority, kind.priority)

    def are_preemptible(self, priority: str, kind: Kind) -> bool:
        """Whether workloads of a priority may be preempted, where they do not say so.

        Args:
            priority: the name of its class; one that is not known says nothing.
            kind: of the workloads.
        """
        usual = self.numbers[self.usual(kind)]
        return self.numbers.get(priority, usual) < _PREEMPTIBLE_BELOW


def priority_classes(specification: Specification) -> PriorityClasses:
    """Those of a control plane: the ones that lists them have other names than those before."""
    if (WORKLOAD_PRIORITIES, "GET") in specification.by_place:
        return PriorityClasses(PRIORITIES, {})
    return PriorityClasses(_OLDER_PRIORITIES, _OLDER_NAMES)


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
