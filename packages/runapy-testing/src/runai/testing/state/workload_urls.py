"""The URLs at which a workload's tools are, as far as its request exposes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_HOST = "cluster.example"
# Where a cluster's own ports begin that no request has chosen.
_FIRST_PORT = 30000
_PORTS = 2768


def connections(
    spec: Mapping[str, Any], name: str, project: str, namespace: str
) -> list[dict[str, Any]]:
    """What listens inside a workload, and what its request says is related to it.

    Args:
        spec: of the request.
        name: of the workload.
        project: its project's name.
        namespace: of the project.
    """
    return [*_exposed(spec, name, project, namespace), *_related(spec)]


def urls(connected: Sequence[Mapping[str, Any]]) -> list[str]:
    """The URLs of those connections that are to what listens inside a workload."""
    return [each["url"] for each in connected if "containerPort" in each]


def _exposed(
    spec: Mapping[str, Any], name: str, project: str, namespace: str
) -> Iterator[dict[str, Any]]:
    for each in _given(spec, "exposedUrls"):
        made = f"https://{_HOST}/{project}/{name}/{each.get('container')}"
        yield _connection(each, "ExternalUrl", each.get("url") or made)
    for each in _given(spec, "ports"):
        service = each.get("serviceType")
        if service in ("NodePort", "LoadBalancer"):
            number = each.get("external") or _FIRST_PORT + int(each.get("container") or 0) % _PORTS
            yield _connection(each, service, f"{_HOST}:{number}")
    serving = spec.get("servingPort")
    if isinstance(serving, dict) and _is_reached_from_outside(serving):
        made = f"https://{name}-{namespace}.{_HOST}"
        yield _connection(serving, "ServingPort", serving.get("exposedUrl") or made)


def _related(spec: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for each in _given(spec, "relatedUrls"):
        tool = str(each.get("type") or "custom")
        url = str(each.get("url") or "")
        yield {
            "name": str(each.get("name") or tool),
            "toolType": tool,
            "connectionType": "ExternalUrl",
            "url": url,
        }


def _given(spec: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [each for each in spec.get(name) or () if each and not each.get("exclude")]


def _is_reached_from_outside(serving: Mapping[str, Any]) -> bool:
    # Those of distributed inferences are exposed where they say so, others unless they say no.
    if "exposeExternally" in serving or "port" in serving:
        return bool(serving.get("exposeExternally"))
    return not serving.get("clusterLocalAccessOnly")


def _connection(given: Mapping[str, Any], kind: str, url: str) -> dict[str, Any]:
    tool = str(given.get("toolType") or "custom")
    access = ("authorizationType", "authorizedUsers", "authorizedGroups")
    return {
        "name": str(given.get("toolName") or given.get("name") or tool),
        "toolType": tool,
        "connectionType": kind,
        "url": url,
        **{name: given[name] for name in access if given.get(name)},
        "containerPort": given.get("container") or given.get("port"),
    }
