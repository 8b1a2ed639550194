"""What is there from the start, and what the control plane adds to what is created."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.clock import timestamp
from runai.testing.state import workload_catalogues
from runai.testing.state.credentials import HOLDERS, USERS
from runai.testing.state.paths import (
    CLUSTERS,
    DEPARTMENTS,
    NODE_POOLS,
    PROJECTS,
    ROLES,
    RULES,
    TEMPLATES,
)
from runai.testing.state.permissions import ROLE_NAMES, permissions_of
from runai.testing.state.scopes import COLLECTIONS, project_facts
from runai.testing.state.store import Record

if TYPE_CHECKING:
    from runai.testing.state.state import State

_NAMESPACE = uuid.UUID("b0ad0000-0000-4000-8000-000000000000")
# The same ids in every run, so that recordings can be compared.
_DEFAULT_DEPARTMENT = str(uuid.uuid5(_NAMESPACE, "default department"))
GIVEN_ONCE = frozenset(
    ("effective", "enabled", "groups", "isDefault", "isLocal", "lastLiveness", "phase", "status")
)
"""Server fields that stay as they are when a record is changed."""


def fill(state: State) -> None:
    """Put in what a tenant has: a cluster with its default department and node pool, and roles."""
    cluster = _add(state, CLUSTERS, {"name": "cluster-1"}, identity=_stable("cluster-1"))
    if cluster is not None:
        _furnish(state, cluster, _DEFAULT_DEPARTMENT, "1")
    for number, name in enumerate(ROLE_NAMES, 1):
        facts = {"name": name, "description": name, "permissions": permissions_of(name)}
        _add(state, ROLES, facts, identity=number, custom=False, effectiveEnabled=True)
    for path, facts, identity in workload_catalogues.seeds():
        _add(state, path, facts, identity=identity)


def furnish(state: State, cluster: Record) -> None:
    """Put in what a cluster has from its start: a department and a node pool."""
    schemas = state.specification.response_schemas
    department, node_pool = (
        state.store.new_identity(state.resources[path], schemas)
        if path in state.resources
        else None
        for path in (DEPARTMENTS, NODE_POOLS)
    )
    _furnish(state, cluster, department, node_pool)


def first_fields(
    state: State, path: str, identity: Any, facts: Mapping[str, Any], user: str
) -> dict[str, Any]:
    """What the control plane says of a record when it is created."""
    now = timestamp(state.clock())
    return {
        "id": identity,
        "uuid": identity,
        "alias": identity,
        "workloadId": identity,
        state.resources[path].identity_parameter: identity,
        "tenantId": 1,
        "createdAt": now,
        "createdBy": user,
        "updatedAt": now,
        "updatedBy": user,
        "statusUpdatedAt": now,
        "deletedAt": None,
        **server_fields(state, path, facts),
    }


def server_fields(state: State, path: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the control plane says of a new record besides its id and the time.

    Args:
        state: that it is created in.
        path: of its collection.
        facts: of its request.
    """
    kind = path.rsplit("/", 1)[-1]
    fields: dict[str, Any] = {"kind": _KINDS.get(kind, kind)}
    if path.startswith(f"{TEMPLATES}/"):
        fields.update(workloadType=_WORKLOAD_TYPES[kind])
    name = facts.get("name")
    if path == PROJECTS:
        namespace = facts.get("requestedNamespace") or f"runai-{name}"
        fields.update(
            status={"phase": "Ready", "namespace": namespace, "phaseMessage": ""},
            parentId=facts.get("parentId"),
            totalResources=_total(facts),
            effective={},
        )
        parent = _name(state, DEPARTMENTS, fields["parentId"])
        fields["parent"] = {"id": fields["parentId"], "name": parent}
    elif path == DEPARTMENTS:
        fields.update(totalResources=_total(facts), status={})
    elif path == NODE_POOLS:
        fields.update(
            clusterName=_name(state, CLUSTERS, facts.get("clusterId")),
            isDefault=False,
            phase="Ready",
        )
    elif path == CLUSTERS:
        fields.update(status={"state": "Connected"}, lastLiveness=timestamp(state.clock()))
    elif path == RULES:
        scope = COLLECTIONS.get(str(facts.get("scopeType")), "")
        fields.update(
            roleName=_name(state, ROLES, facts.get("roleId")),
            scopeName=_name(state, scope, facts.get("scopeId")) or "system",
        )
    elif path == "/v1/k8s/groups":
        fields.update(userId=facts.get("email"))
    elif path == USERS:
        fields.update(username=facts.get("email"), isLocal=True, groups=[])
    elif path == workload_catalogues.TYPES:
        fields.update(workload_catalogues.names_of_type(facts))
    elif path not in HOLDERS:
        fields.update(enabled=True)
    if facts.get("projectId") is not None:
        fields.update(project_facts(state, facts["projectId"]))
    return fields


def _total(facts: Mapping[str, Any]) -> dict[str, Any]:
    def of(kind: str) -> float:
        parts = [each.get(kind) or {} for each in facts.get("resources") or []]
        return float(sum(part.get("deserved") or 0 for part in parts))

    return {"gpuQuota": of("gpu"), "cpuQuota": of("cpu"), "memoryQuota": of("memory")}


def _name(state: State, path: str, identity: Any) -> Any:
    record = state.store.get(path, identity)
    return "" if record is None else record.name


def _furnish(state: State, cluster: Record, department: Any, node_pool: Any) -> None:
    facts = {"name": "default", "clusterId": cluster.id}
    _add(state, DEPARTMENTS, {**facts, "resources": []}, identity=department, isDefault=True)
    label = {"labelKey": "runai/node-pool", "labelValue": "default"}
    _add(state, NODE_POOLS, {**facts, **label}, identity=node_pool, isDefault=True)


def _add(
    state: State, path: str, facts: dict[str, Any], identity: Any, **own: Any
) -> Record | None:
    if path not in state.resources:
        return None
    record = state.new_record(path, identity, facts, "system")
    record.own.update(own)
    state.store.add(record)
    return record


def _stable(name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, name))


_WORKLOAD_TYPES = {
    "distributed": "Distributed",
    "distributed-inferences": "DistributedInference",
    "inferences": "Inference",
    "trainings": "Training",
    "workspaces": "Workspace",
}
_KINDS = {
    "access-key": "accessKey",
    "docker-registry": "dockerRegistry",
    "generic-secret": "genericSecret",
    "host-path": "hostPath",
    "ngc-api-key": "ngcApiKey",
    "registries": "registry",
    "secrets": "secret-volume",
}
