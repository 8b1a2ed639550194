"""What is submitted to a control plane, with what that knows where the request says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from runai.testing.state.paths import PROJECTS
from runai.testing.state.workload_kinds import priority_classes
from runai.testing.state.workload_requests import WorkloadRequest, workload_request

if TYPE_CHECKING:
    from runai.testing.state.state import State


class Submissions:
    """Reads what workloads ask for.

    Args:
        state: that the workloads are part of.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._classes = priority_classes(state.specification)

    def request(self, collection: str, facts: Mapping[str, Any]) -> WorkloadRequest:
        """What a workload asks for; raises Refusal as `workload_request` does.

        Args:
            collection: that the workload is of.
            facts: of its request.
        """
        request = workload_request(collection, facts, self._classes)
        if request.cluster:
            return request
        project = self._state.store.get(PROJECTS, request.project)
        cluster = project.facts.get("clusterId") if project is not None else None
        return replace(request, cluster=str(cluster or ""))
