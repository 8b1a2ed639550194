"""The timeouts that a request has when nobody has set one."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from runai._core.effects import Send
from runai.testing import SampleControlPlane

from ..reliability.callers import Caller

PATH = "/api/v1/org-unit/projects"


def test_every_request_has_timeouts_by_default(
    control_plane: SampleControlPlane, caller: Caller
) -> None:
    """That transports obey them is proved with shorter ones, in tests/reliability."""
    timeouts: list[tuple[str, float, float]] = []

    def noted(steps: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        try:
            effect = next(steps)
            while True:
                if isinstance(effect, Send):
                    request = effect.request
                    timeouts.append((request.path, request.connect_timeout, request.read_timeout))
                effect = steps.send((yield effect))
        except StopIteration as end:
            return end.value

    client = caller.client(control_plane.configuration())
    caller.intercept(client, noted)
    assert caller(client, "GET", PATH).status_code == 200
    assert timeouts == [("/api/v1/token", 10, 60), (PATH, 10, 60)]
