"""The embedded control plane, which keeps what it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runai.testing.base_control_plane import BaseControlPlane
from runai.testing.sample_contents import SampleContents
from runai.testing.state import State


class ControlPlane(BaseControlPlane):
    """A control plane on 127.0.0.1 that keeps what is created, changed and deleted.

    It starts with what a tenant has: a cluster with its default department and node pool, and the
    roles. What cannot be created, such as telemetry, is made up from the specification's types.
    """

    state: State
    """What is kept."""

    def _contents(self) -> State:
        made_up = SampleContents(self._specification.response_schemas)
        self.state = State(self._specification, self.clock, made_up, self.client_id)
        self.tokens.directory = self.state.credentials
        return self.state

    def _collections(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        return self.state.collections()
