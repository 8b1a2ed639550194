"""One collection of a control plane, and its operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runai.testing import ControlPlane
from runai.testing.specification import Operation
from runai.testing.state.resources import Resource

from .calls import JSON, Calls, Reply

# The properties by which bodies refer to what is there, and the ends of the paths it is at.
_REFERENCES = {
    "categoryId": "/workload-categories",
    "clusterId": "/clusters",
    "departmentId": "/org-unit/departments",
    "networkTopologyId": "/network-topologies",
    "parentId": "/org-unit/departments",
    "projectId": "/org-unit/projects",
    "roleId": "/authorization/roles",
}
_SECRETS = ("password", "secretAccessKey", "ngc_api_key", "clientSecret", "apiToken")
# The control plane decides these, whatever it is sent.
_NOT_OF_THE_REQUEST = {
    *(*_SECRETS, "keyValuePairs"),
    *("clientId", "createdAt", "createdBy", "tenantId", "userId"),
}
_NAMES = ("name", "alias", "email", "username")


class Collection:
    """Creates, lists, gets, changes and deletes one kind of record.

    Args:
        resource: that it is.
        control_plane: that has it.
        calls: to the control plane.
    """

    def __init__(self, resource: Resource, control_plane: ControlPlane, calls: Calls) -> None:
        self._by_place = control_plane.state.specification.by_place
        self._resource = resource
        self._control_plane = control_plane
        self._calls = calls
        [self._parameter] = self._any_item().parameters_in("path")

    def create(self, index: int = 0) -> Reply:
        """Create a record, whose body names what is there."""
        return self._calls(self._made(), body=self.new_body(index))

    def new_body(self, index: int = 0) -> Any:
        """A body of a creation."""
        return _with_secrets(self.referring(self._calls.body(self._made(), index)))

    def list(self) -> list[Any] | None:
        """The records of the list; None where there is no list."""
        listing = self._by_place.get((self._resource.path, "GET"))
        if listing is None or JSON not in listing.answer_schemas:
            return None
        content = self._calls(listing, query=self.scope(listing)).content
        return _items(content)

    def count(self) -> int | None:
        """What the count says; None where there is none."""
        counting = self._by_place.get((f"{self._resource.path}/count", "GET"))
        if counting is None:
            return None
        count: int = self._calls(counting, query=self.scope(counting)).content["count"]
        return count

    def call(self, method: str, identity: Any, body: Any = None) -> Reply | None:
        """Call an operation on a record; None where there is no such operation."""
        operation = self.operation(method)
        if operation is None:
            return None
        return self._calls(operation, path={self._parameter: identity}, body=body)

    def change_body(self, method: str, name: Any) -> Any:
        """A body that changes everything of a record but its name; None where nothing changes."""
        operation = self.operation(method)
        if operation is None or not operation.takes_body:
            return None
        return _with_secrets(_renamed(self.referring(self._calls.body(operation, 1)), name))

    def operation(self, method: str) -> Operation | None:
        """An operation on a record."""
        return self._by_place.get((self._resource.item_path, method))

    def identity(self, created: Reply, name: Any) -> Any:
        """What the path of a record has."""
        if self._parameter.lower().endswith("name"):
            return name or self._only_name()
        found = _identity(created.content, self._parameter)
        if found is not None:
            return found
        listed = self.list() or []
        known = (_identity(each) for each in listed if name_of(each) == name)
        return next(filter(None, known), name)

    def _only_name(self) -> Any:
        """Of a record that was not told its name."""
        [listed] = self.list() or []
        return name_of(listed)

    def _made(self) -> Operation:
        return self._by_place[self._resource.path, "POST"]

    def _any_item(self) -> Operation:
        at = self._resource.item_path
        return next(each for (path, _), each in self._by_place.items() if path == at)

    def scope(self, operation: Operation) -> dict[str, Any]:
        """The existing values of what a query must have."""
        known = operation.parameters_in("query").items()
        required = [name for name, each in known if each.required and name in _REFERENCES]
        return {name: self.existing(name) for name in required}

    def referring(self, body: Any) -> Any:
        """The body, with references to what is there."""
        if isinstance(body, list):
            return [self.referring(each) for each in body]
        if not isinstance(body, dict):
            return body
        made = {key: self.referring(value) for key, value in body.items()}
        assets = made.get("assets")
        if isinstance(assets, dict):
            made["assets"] = self._existing_assets(assets)
        for key in set(_REFERENCES) & set(made):
            # Some refer by number to what others refer to by text.
            made[key] = _like(made[key], self.existing(key))
        if "nodePool" in made:
            identity = _like(made["nodePool"]["id"], self._created("/node-pools"))
            made["nodePool"] = {"id": identity, "name": "default"}
        for key in {"scopeId"} & set(made):
            made[key] = self.existing(f"{made.get('scopeType')}Id")
        return made

    def _existing_assets(self, assets: dict[str, Any]) -> dict[str, Any]:
        made = {key: self._created(f"/asset/{key}") for key in ("environment", "compute")}
        nfs = {"kind": "nfs", "id": self._created("/asset/datasource/nfs")}
        sources = {"datasources": [nfs]} if "datasources" in assets else {}
        return {**assets, **made, **sources}

    def _created(self, end: str) -> Any:
        """The id of the one record of another collection that tests need there."""
        there = self._control_plane.state.collections()
        known = next((v for path, v in there.items() if path.endswith(end)), [])
        if known:
            return _identity(known[0])
        resources = self._control_plane.state.resources
        other = next(each for path, each in resources.items() if path.endswith(end))
        reply = Collection(other, self._control_plane, self._calls).create(7)
        assert reply.status < 300, reply
        return _identity(reply.content)

    def existing(self, name: str) -> Any:
        """What a property refers to; "0" where it refers to nothing in particular."""
        return self._created(_REFERENCES[name]) if name in _REFERENCES else "0"


def name_of(record: Any) -> Any:
    """What a record or a body calls itself."""
    for place in (record, record.get("meta"), record.get("metadata")):
        if isinstance(place, dict):
            for key in _NAMES:
                if isinstance(place.get(key), str):
                    return place[key]
    return None


def secrets_of(body: Any) -> Iterator[str]:
    """The values that nobody may be told again."""
    if isinstance(body, list):
        for each in body:
            yield from secrets_of(each)
    elif isinstance(body, dict):
        for key, value in body.items():
            if key in _SECRETS and isinstance(value, str):
                yield value
            elif key == "keyValuePairs":
                yield from (pair["value"] for pair in value)
            else:
                yield from secrets_of(value)


def differences(sent: Any, got: Any, place: str = "") -> Iterator[str]:
    """Where what is got has another value than what was sent, of properties that both have."""
    if isinstance(sent, dict) and isinstance(got, dict):
        for key in sent.keys() & got.keys() - _NOT_OF_THE_REQUEST:
            yield from differences(sent[key], got[key], f"{place}.{key}")
    elif isinstance(sent, list) and isinstance(got, list) and len(sent) == len(got):
        for index, (one, other) in enumerate(zip(sent, got, strict=True)):
            yield from differences(one, other, f"{place}[{index}]")
    elif isinstance(got, dict) and "id" in got:
        # What was referred to is told with its name.
        yield from differences(sent, got["id"], f"{place}.id")
    elif sent is not None and str(sent) != str(got):
        yield f"{place}: {sent!r} was sent, {got!r} is got"


def _renamed(body: Any, name: Any) -> Any:
    if not isinstance(body, dict):
        return body
    made = {key: _renamed(v, name) if key in ("meta", "metadata") else v for key, v in body.items()}
    return {key: name if key in _NAMES and isinstance(v, str) else v for key, v in made.items()}


def _like(sample: Any, identity: Any) -> Any:
    if not isinstance(sample, (int, float)):
        return str(identity)
    # Older paths know departments by numbers, which are the beginnings of their ids.
    return int(identity) if str(identity).isdigit() else int(str(identity)[:7], 16)


def _with_secrets(body: Any) -> Any:
    """The body with secrets that no sample of an answer is."""
    if isinstance(body, list):
        return [_with_secrets(each) for each in body]
    if not isinstance(body, dict):
        return body
    return {
        key: f"hush{key.replace('_', '')}"
        if key in _SECRETS
        else [{**pair, "value": "hushpair"} for pair in value or []]
        if key == "keyValuePairs"
        else _with_secrets(value)
        for key, value in body.items()
    }


def _items(content: Any) -> list[Any] | None:
    if isinstance(content, list):
        return content
    return next((value for value in content.values() if isinstance(value, list)), None)


def _identity(record: Any, parameter: str = "id") -> Any:
    if not isinstance(record, Mapping):
        return None
    holders = [record, record.get("meta"), record.get("metadata")]
    known = [each for each in holders if isinstance(each, Mapping)]
    values = (each.get(key) for each in known for key in (parameter, "id", "uuid"))
    return next((value for value in values if value is not None), None)
