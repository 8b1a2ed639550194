"""Operations on nodes: lists and counts them, and tells their metrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Callable

from runai.testing.answers import JSON, Refusal, shortened
from runai.testing.contents import Content, Handler
from runai.testing.queries import select, total
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state import organization
from runai.testing.state.node_metrics import node_series
from runai.testing.state.nodes import Node, nodes_of, shown
from runai.testing.state.paths import CLUSTERS
from runai.testing.state.series import answer, asked, sample_times
from runai.testing.table import GivenTable

if TYPE_CHECKING:
    from runai.testing.state.state import State

NODES = "/api/v1/nodes"
_OF_CLUSTER = f"{CLUSTERS}/{{clusterUuid}}/nodes"


def handler(state: State, operation: Operation) -> Handler | None:
    """Carries out an operation on nodes; None for every other.

    Args:
        state: that has the clusters.
        operation: of the specification.
    """
    found = _OPERATIONS.get(operation.path)
    return None if found is None else lambda op, request: found(state, op, request)


def seen_nodes(state: State, operation: Operation) -> list[Node]:
    """The nodes that an operation shows to the subject of its request."""
    seen = state.rights.seen(operation, organization.clusters(state))
    return [node for cluster in seen for node in nodes_of(state, cluster)]


def _list(state: State, operation: Operation, request: CheckedRequest) -> Content:
    selection = select(
        GivenTable(shown(_nodes(state, operation, request))), operation, request.query
    )
    schemas = state.specification.response_schemas
    schema = operation.answer_schemas[JSON]
    items = schemas.resolved(schemas.resolved(schema)["properties"]["nodes"])["items"]
    rendered = [state.rendering.render(items, each, {}) for each in selection.records]
    envelope = state.rendering.envelope(schema, "nodes", {"next": selection.next})
    return Content({**envelope, "nodes": rendered})


def _count(state: State, operation: Operation, request: CheckedRequest) -> Content:
    nodes = shown(_nodes(state, operation, request))
    count = {"count": total(GivenTable(nodes), operation, request.query)}
    return Content(state.rendering.render(operation.answer_schemas[JSON], count, {}))


def _metrics(state: State, operation: Operation, request: CheckedRequest) -> Content:
    wanted = str(request.path_parameters["nodeId"]).lower()
    nodes = seen_nodes(state, operation)
    node = next((each for each in nodes if each.id == wanted), None)
    if node is None:
        raise Refusal(
            404,
            f"There is no node {shortened(wanted)}",
            [f"those of a cluster are listed at {_OF_CLUSTER}"],
        )
    cluster = [each for each in nodes if each.cluster is node.cluster]
    lives = [
        life
        for life in organization.all_lives(state)
        if organization.cluster_of(life) == node.cluster_id
    ]
    types, times = asked(request, "metricType"), sample_times(request.query)
    series = node_series(types, node, cluster, lives, times)
    return answer(operation, state.specification.response_schemas, series)


def _nodes(state: State, operation: Operation, request: CheckedRequest) -> Iterable[Node]:
    if "clusterUuid" not in request.path_parameters:
        return seen_nodes(state, operation)
    return nodes_of(state, organization.cluster(state, request.path_parameters["clusterUuid"]))


_OPERATIONS: Mapping[str, Callable[[Any, Operation, CheckedRequest], Content]] = {
    NODES: _list,
    f"{NODES}/count": _count,
    _OF_CLUSTER: _list,
    f"{_OF_CLUSTER}/count": _count,
    f"{NODES}/{{nodeId}}/metrics": _metrics,
}
