"""What a control plane has from the start: a file of what to create, in order, by its own API.

    clusters:
      - name: demo
    org-unit/projects:
      - name: vision
        clusterId: {id of: clusters/demo}

A key is the end of a path that is created at, as long as it has to be to name one path alone.
`{id of: <key>/<name>}` is the id of what was created under that key before, or was there already.
A user may have `groups`, a list of their names, for which access rules count.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runai.testing.answers import shortened
from runai.testing.control_plane import ControlPlane
from runai.testing.record_labels import id_of, name_of
from runai.testing.specification import load
from runai.testing.state.credentials import USERS, Credentials
from runai.testing.token_endpoints import TOKEN_ENDPOINTS

if TYPE_CHECKING:
    from runai.api_client import ApiClient

_REFERENCE = "id of"


def read_seed_data(file: Path) -> dict[str, list[Any]]:
    """What a file says is to be created.

    Raises:
        ValueError: it is neither JSON nor YAML, or no mapping of lists.
        ImportError: it is YAML, and PyYAML is not installed.
        OSError: it cannot be read.
    """
    text = file.read_text("utf-8")
    content = json.loads(text) if file.suffix == ".json" else _json_or_yaml(text, file)
    if not isinstance(content, dict) or not all(isinstance(v, list) for v in content.values()):
        raise ValueError(
            f"{file} holds {shortened(content)}: give a mapping whose keys are the ends of paths "
            "and whose values are lists, such as {'clusters': [{'name': 'demo'}]}"
        )
    return content


def seeded_state(seed_data: Mapping[str, list[Any]], version: str) -> dict[str, Any]:
    """The state of a control plane in which everything was created, in order.

    Args:
        seed_data: bodies by the ends of paths.
        version: of the control plane.

    Raises:
        ValueError: something cannot be created, or there is no such control plane.
    """
    from runai.api_client import ApiClient

    paths = [
        operation.path
        for operation in load(version).operations.values()
        if operation.method == "POST" and "{" not in operation.path
        if operation.path not in TOKEN_ENDPOINTS
    ]
    # One for this alone: nobody sees the other before all is there.
    with ControlPlane(version) as control_plane, ApiClient(control_plane.configuration()) as client:
        planting = _Planting(client, control_plane.state.credentials, paths)
        for key, bodies in seed_data.items():
            for index, body in enumerate(bodies):
                planting.create(key, body, f"{key}[{index}]")
        return control_plane.state.dump()


class _Planting:
    def __init__(self, client: ApiClient, credentials: Credentials, paths: list[str]) -> None:
        self._client = client
        self._credentials = credentials
        self._paths = paths
        self._ids: dict[tuple[str, str], str] = {}

    def create(self, key: str, body: Any, place: str) -> None:
        from runai.exceptions import ApiException

        path = self._path(key)
        wanted = self._resolved(body, place)
        # No request can say these: they are the identity provider's.
        groups = wanted.pop("groups", ()) if path == USERS and isinstance(wanted, dict) else ()
        try:
            answer = self._client.call_api("POST", path, body=wanted).data
        except ApiException as error:
            raise ValueError(f"{place}: {error}") from None
        self._ids[path, name_of(body)] = id_of(answer)
        if groups:
            self._credentials.put_in_groups(id_of(answer), groups)

    def _path(self, key: str) -> str:
        end = f"/{key.strip('/')}"
        found = [path for path in self._paths if path.endswith(end)]
        if len(found) != 1:
            which = f"there are {', '.join(found)}" if found else "no path to create at ends so"
            raise ValueError(f"{key!r} is no key of seed data: {which}")
        return found[0]

    def _resolved(self, value: Any, place: str) -> Any:
        if isinstance(value, list):
            return [self._resolved(each, f"{place}[{i}]") for i, each in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if list(value) == [_REFERENCE]:
            return self._id_of(str(value[_REFERENCE]), place)
        return {key: self._resolved(each, f"{place}.{key}") for key, each in value.items()}

    def _id_of(self, reference: str, place: str) -> str:
        key, _, name = reference.rpartition("/")
        path = self._path(key)
        found = self._ids.get((path, name)) or self._id_there(path, name)
        if not found:
            raise ValueError(
                f"{place} is the id of {reference!r}, which is not there: create it before"
            )
        return found

    def _id_there(self, path: str, name: str) -> str:
        from runai.exceptions import ApiException

        try:
            content = self._client.call_api("GET", path).data
        except ApiException:
            return ""
        lists = content.values() if isinstance(content, dict) else [content]
        items = next((value for value in lists if isinstance(value, list)), [])
        return next((id_of(item) for item in items if name_of(item) == name), "")


def _json_or_yaml(text: str, file: Path) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        import yaml
    except ModuleNotFoundError as error:
        raise ImportError(
            f'{file} is no JSON, and YAML needs PyYAML: pip install "runapy-testing[yaml]"'
        ) from error
    try:
        # YAML has types that JSON has not.
        return json.loads(json.dumps(yaml.safe_load(text), default=_iso))
    except (yaml.YAMLError, TypeError, ValueError) as error:
        raise ValueError(f"{file} is neither JSON nor YAML of JSON's types: {error}") from None


def _iso(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{value!r} is no JSON")
