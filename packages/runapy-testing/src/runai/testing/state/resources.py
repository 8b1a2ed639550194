"""Which paths of the specification are collections of what can be created."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from runai.testing.answers import JSON
from runai.testing.specification import Operation, Specification
from runai.testing.state.paths import NODE_POOLS, PROJECTS, WORKLOADS, WORKLOADS_V2

# Paths below a collection that say something of it and are no collections of their own.
COUNT, NAME_AVAILABILITY = "count", "name-availability"


@dataclass
class Resource:
    """A collection: its path, and how one of its records is reached.

    Lists of a collection also show the records of the collections below its path.
    """

    path: str
    creates: bool
    """Whether records are made at its path."""
    item_path: str
    identity_schema: Any
    """Of the path parameter."""
    views: list[Any] = field(default_factory=list)
    """The schemas of its records, the fullest first."""
    _held: dict[str, bool] = field(default_factory=dict, repr=False)

    @property
    def is_numbered(self) -> bool:
        """Whether ids are numbers, even where their schema would allow others."""
        return self.path in _NUMBERED

    @property
    def is_named(self) -> bool:
        """Whether a record's id is its name."""
        return self.identity_parameter in ("name", "idp", "groupName")

    @property
    def identity_parameter(self) -> str:
        """The path parameter that names a record."""
        return self.item_path.rsplit("/", 1)[-1][1:-1]

    def holds(self, path: str) -> bool:
        """Whether records of a collection are in this one's lists."""
        held = self._held.get(path)
        if held is None:
            roots = (self.path, _TWINS.get(self.path, self.path))
            held = path in roots or path.startswith(tuple(f"{root}/" for root in roots))
            self._held[path] = held
        return held


# Assets refer to projects by number, and older paths to both.
_NUMBERED = (NODE_POOLS, PROJECTS)
# What the second version of an API creates is listed by the first; administrators see everyone's.
_TWINS = {
    WORKLOADS: WORKLOADS_V2,
    "/api/v1/administration/access-keys": "/api/v1/access-keys",
    "/api/v1/administration/user-applications": "/api/v1/user-applications",
}


def resources_of(specification: Specification) -> dict[str, Resource]:
    """The collections of a control plane by path."""
    by_place = specification.by_place
    found: dict[str, Resource] = {}
    for operation in specification.operations.values():
        split = re.fullmatch(r"(/[^{}]+)/(\{[^{}]+\})", operation.path)
        if split is None or operation.method not in ("GET", "DELETE", "PUT"):
            continue
        path = split.group(1)
        made = by_place.get((path, "POST"))
        listed = by_place.get((path, "GET"))
        if path in found or (made is None and listed is None):
            continue
        parameter = operation.parameters_in("path")[split.group(2)[1:-1]]
        item = by_place.get((operation.path, "GET"))
        views = [_json(each) for each in (item, made) if each is not None]
        if views[:1] in ([True], [{}]) and listed is not None:
            views.insert(0, specification.response_schemas.resolved(_json(listed))["items"])
        found[path] = Resource(
            path=path,
            creates=made is not None,
            item_path=operation.path,
            identity_schema=parameter.schema,
            views=[view for view in views if view is not None],
        )
    older = by_place.get((f"/v1/k8s/clusters/{{clusterId}}{NODE_POOLS[7:]}", "GET"))
    if older is not None and NODE_POOLS not in found:
        # Control plane 2.18 has these at their older path alone.
        items = specification.response_schemas.resolved(_json(older))["items"]
        item_path = f"{NODE_POOLS}/{{nodepoolId}}"
        found[NODE_POOLS] = Resource(NODE_POOLS, False, item_path, {"type": "string"}, [items])
    # Lists over several collections need no records of their own.
    for operation in specification.operations.values():
        path = operation.path
        if operation.method == "GET" and path not in found and _is_above(path, found):
            found[path] = Resource(path, False, f"{path}/", True)
    return found


def _is_above(path: str, paths: Iterable[str]) -> bool:
    return any(each.startswith(f"{path}/") for each in paths)


def _json(operation: Operation) -> Any:
    return operation.answer_schemas.get(JSON)
