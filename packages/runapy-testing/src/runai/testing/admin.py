"""The admin endpoint: faults, requests and the clock, from another process."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import Answer, Refusal, json_answer, shortened
from runai.testing.fault_documents import (
    add_documented,
    document_of,
    document_of_rule,
    number,
    whole_number,
)
from runai.testing.redaction import visible, visible_body, visible_target, visible_text

if TYPE_CHECKING:
    from runai.testing.base_control_plane import BaseControlPlane
    from runai.testing.recording import RecordedRequest

PATH = "/_control_plane"


class Admin:
    """Takes orders for a control plane, as JSON.

    Args:
        control_plane: that carries them out.
    """

    def __init__(self, control_plane: BaseControlPlane) -> None:
        self._control_plane = control_plane
        self._actions: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
            "": {"GET": self._summary},
            "/clock": {"POST": self._advance},
            "/faults": {"GET": self._faults, "POST": self._add, "DELETE": self._clear_faults},
            "/faults/seed": {"POST": self._seed},
            "/requests": {"GET": self._requests, "DELETE": self._clear_requests},
            "/reset": {"POST": self._reset},
        }

    def serves(self, method: str, path: str) -> bool:
        """Whether a request is for it."""
        return path == PATH or path.startswith(f"{PATH}/")

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """What came of an order.

        Raises:
            Refusal: 400 for one that cannot be carried out, 404 or 405 for one that is not known.
        """
        actions = self._actions.get(path[len(PATH) :])
        if actions is None:
            known = ", ".join(PATH + each for each in self._actions)
            raise Refusal(404, f"Nothing is at {shortened(path)}: there are {known}")
        if method not in actions:
            allowed = ", ".join(actions)
            message = f"{method} is not known at {path}, which has {allowed}"
            raise Refusal(405, message, headers={"Allow": allowed})
        try:
            content = json.loads(body) if body else None
            done = actions[method](content)
        except (ValueError, RecursionError) as error:
            raise Refusal(400, f"{method} {path}: {error}") from None
        return Answer(204) if done is None else json_answer(200, done)

    def _summary(self, _: Any) -> dict[str, Any]:
        control_plane = self._control_plane
        return {
            "version": control_plane.version,
            "url": control_plane.url,
            "requests": len(control_plane.requests),
            "faults": len(control_plane.faults.rules),
        }

    def _faults(self, _: Any) -> dict[str, Any]:
        faults = self._control_plane.faults
        return {
            "faults": [document_of_rule(rule) for rule in faults.rules],
            "applied": [document_of(fault) for fault in faults.applied],
        }

    def _add(self, content: Any) -> None:
        add_documented(self._control_plane.faults, content)

    def _seed(self, content: Any) -> None:
        self._control_plane.faults.seed(_argument(content, "seed", whole_number))

    def _clear_faults(self, _: Any) -> None:
        self._control_plane.faults.clear()

    def _advance(self, content: Any) -> None:
        self._control_plane.clock.advance(_argument(content, "advance", number))

    def _requests(self, _: Any) -> dict[str, Any]:
        return {"requests": [_document(request) for request in self._control_plane.requests]}

    def _clear_requests(self, _: Any) -> None:
        self._control_plane.requests.clear()

    def _reset(self, _: Any) -> None:
        self._control_plane.reset()


def _argument(content: Any, name: str, read: Callable[[Any, str], float]) -> Any:
    """The one number of an order such as `{"advance": 60}`."""
    if not isinstance(content, dict) or list(content) != [name]:
        raise ValueError(f'{shortened(content)} is no such order: give {{"{name}": <number>}}')
    return read(content[name], name)


def _document(request: RecordedRequest) -> dict[str, Any]:
    """A request without its headers, which have the token, and without other secrets."""
    return {
        "method": request.method,
        "target": visible_target(request.target),
        "operation_id": request.operation_id,
        "path_parameters": dict(request.path_parameters),
        "query": visible(request.query),
        "body": visible_body(request.headers, request.body),
        "status": request.status,
        "problems": [
            visible_text(problem, request.target, request.headers, request.body)
            for problem in request.problems
        ],
        "fault": document_of(request.fault) if request.fault else None,
    }
