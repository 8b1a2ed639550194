"""Which operation a request is for: its method and path against the specification's paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from runai.testing.answers import NoOperation, Refusal, shortened
from runai.testing.specification import Operation
from runai.testing.text_values import decoded

# No literal segment is empty, and no value.
_ANY = ""


class Route(NamedTuple):
    """The operation of a request, its path values decoded and its query as it came."""

    operation: Operation
    path_values: dict[str, str]
    query: str


class Router:
    """Finds operations by method and path. A literal segment goes before a parameter.

    Args:
        operations: to find.
        prefix: before every path, such as "/runai"; empty where there is none.
    """

    def __init__(self, operations: Iterable[Operation], prefix: str = "") -> None:
        self._prefix = prefix
        self._root = _Node()
        for operation in operations:
            node = self._root
            for segment in operation.path.strip("/").split("/"):
                key = _ANY if segment.startswith("{") else segment
                node = node.children.setdefault(key, _Node())
            node.operations[operation.method] = operation

    def route(self, method: str, target: str) -> Route:
        """The route of a request.

        Raises:
            NoOperation: 404 for an unknown path, 405 for a method that the path does not have.
            Refusal: 400 for a malformed path.
        """
        path, _, query = _origin_form(target).partition("?")
        if not path.startswith(f"{self._prefix}/"):
            raise NoOperation(404, f"No operation has the path {shortened(path)}: {self._known()}")
        path = path[len(self._prefix) :]
        try:
            segments = [decoded(segment) for segment in path[1:].split("/")]
        except ValueError as error:
            raise Refusal(400, f"Malformed path: {error}", [f"path: {path}"]) from None
        node = self._root.find(segments)
        if node is None:
            raise NoOperation(404, f"No operation has the path {shortened(path)}")
        operation = node.operations.get(method)
        if operation is None:
            allowed = ", ".join(sorted(node.operations))
            message = f"{method} is not known at {shortened(path)}, which has {allowed}"
            raise NoOperation(405, message, headers={"Allow": allowed})
        names = operation.path.strip("/").split("/")
        values = {name[1:-1]: value for name, value in zip(names, segments) if name.startswith("{")}
        return Route(operation, values, query)

    def _known(self) -> str:
        return f"every path begins with {self._prefix}/"


class _Node:
    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.operations: dict[str, Operation] = {}

    def find(self, segments: list[str]) -> _Node | None:
        if not segments:
            return self if self.operations else None
        first, rest = segments[0], segments[1:]
        for key in (first, _ANY) if first else ():
            child = self.children.get(key)
            found = child.find(rest) if child else None
            if found:
                return found
        return None


def _origin_form(target: str) -> str:
    """Path and query of a target; proxies' clients send whole URLs (RFC 9112, section 3.2.2)."""
    if not target.lower().startswith(("http://", "https://")):
        return target
    parts = urlsplit(target)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
