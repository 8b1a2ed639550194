"""The end of a session, which control plane 2.22 has an operation for."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from runai.testing import ControlPlane

from .conftest import Serve

PROJECTS = "/api/v1/org-unit/projects"


def _status(control_plane: ControlPlane, token: str, method: str, path: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(control_plane.url).netloc, timeout=20)
    try:
        connection.request(method, path, headers={"Authorization": f"Bearer {token}"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_logout_ends_the_life_of_its_token_alone(serve: Serve) -> None:
    control_plane, _ = serve("2.22")
    token, other = control_plane.tokens.issue(), control_plane.tokens.issue()
    assert _status(control_plane, token, "GET", PROJECTS) == 200
    assert _status(control_plane, token, "POST", "/api/v1/logout") == 200
    assert _status(control_plane, token, "GET", PROJECTS) == 401
    assert _status(control_plane, token, "POST", "/api/v1/logout") == 401
    assert _status(control_plane, other, "GET", PROJECTS) == 200


def test_a_preset_answer_ends_nothing(serve: Serve) -> None:
    control_plane, _ = serve("2.22")
    token = control_plane.tokens.issue()
    operations = control_plane.state.specification.operations.values()
    logout = next(each.id for each in operations if each.path == "/api/v1/logout")
    control_plane.respond(logout, 503)
    assert _status(control_plane, token, "POST", "/api/v1/logout") == 503
    assert _status(control_plane, token, "GET", PROJECTS) == 200
