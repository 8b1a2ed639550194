"""What a control plane has from the start: a file of what to create, in order, by its own API.

    clusters:
      - name: demo
    org-unit/projects:
      - name: vision
        clusterId: {id of: clusters/demo}

A key is the end of a path that is created at, as long as it has to be to name one path alone.
`{id of: <key>/<name>}` is the id of what was created under that key before, or was there already;
for this, a key may be the end of any list's path, such as `authorization/roles`.
A user may have `groups`, a list of their names, for which access rules count.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runai.testing.answers import shortened
from runai.testing.control_plane import ControlPlane
from runai.testing.record_labels import id_of, identity_of, name_of
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

    collections = [each for each in load(version).operations.values() if "{" not in each.path]
    created = [each.path for each in collections if each.method == "POST"]
    lists = [each.path for each in collections if each.method == "GET"]
    # One for this alone: nobody sees the other before all is there.
    with ControlPlane(version) as control_plane, ApiClient(control_plane.configuration()) as client:
        credentials = control_plane.state.credentials
        planting = _Planting(client, credentials, set(created) - TOKEN_ENDPOINTS.keys(), lists)
        for key, bodies in seed_data.items():
            for index, body in enumerate(bodies):
                planting.create(key, body, f"{key}[{index}]")
        return control_plane.state.dump()


class _Planting:
    def __init__(
        self,
        client: ApiClient,
        credentials: Credentials,
        created: Iterable[str],
        lists: Iterable[str],
    ) -> None:
        self._client = client
        self._credentials = credentials
        self._created = sorted(created)
        self._lists = sorted(lists)
        self._ids: dict[tuple[str, str], Any] = {}

    def create(self, key: str, body: Any, place: str) -> None:
        from runai.exceptions import ApiException

        path = _path(key, self._created)
        wanted = self._resolved(body, place)
        # No request can say these: they are the identity provider's.
        groups = wanted.pop("groups", ()) if path == USERS and isinstance(wanted, dict) else ()
        try:
            answer = self._client.call_api("POST", path, body=wanted).data
        except ApiException as error:
            raise ValueError(f"{place}: {error}") from None
        self._ids[path, name_of(body)] = identity_of(answer)
        if groups:
            self._credentials.put_in_groups(id_of(answer), groups)

    def _resolved(self, value: Any, place: str) -> Any:
        if isinstance(value, list):
            return [self._resolved(each, f"{place}[{i}]") for i, each in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if list(value) == [_REFERENCE]:
            return self._id_of(str(value[_REFERENCE]), place)
        return {key: self._resolved(each, f"{place}.{key}") for key, each in value.items()}

    def _id_of(self, reference: str, place: str) -> Any:
        key, _, name = reference.rpartition("/")
        if not key:
            raise ValueError(
                f"{place} is the id of {reference!r}: give a key and a name, such as clusters/demo"
            )
        path = _path(key, self._created, self._lists)
        found = self._ids.get((path, name)) or self._id_there(path, name)
        if not found:
            raise ValueError(
                f"{place} is the id of {reference!r}, which is not there: create it before"
            )
        return found

    def _id_there(self, path: str, name: str) -> Any:
        from runai.exceptions import ApiException

        try:
            content = self._client.call_api("GET", path).data
        except ApiException:
            return None
        lists = content.values() if isinstance(content, dict) else [content]
        items = next((value for value in lists if isinstance(value, list)), [])
        return next((identity_of(item) for item in items if name_of(item) == name), None)


def _path(key: str, *choices: Iterable[str]) -> str:
    """The one path that a key is the end of, in the first of the choices that has any."""
    end = f"/{key.strip('/')}"
    found = next(filter(None, ([p for p in paths if p.endswith(end)] for paths in choices)), [])
    if len(found) != 1:
        which = f"there are {', '.join(found)}" if found else "no path to create at ends so"
        raise ValueError(f"{key!r} is no key of seed data: {which}")
    return found[0]


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
