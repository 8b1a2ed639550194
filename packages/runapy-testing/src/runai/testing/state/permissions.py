"""What roles may do: actions on types of resources, and which operation is which of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runai.testing.specification import Operation

ACTIONS = ("create", "read", "update", "delete")
_READ = ("read",)

_TYPES_BY_GROUP: Mapping[str, tuple[str, ...]] = {
    "organization": (
        *("tenant", "department", "project", "settings", "security-settings"),
        *("branding-settings", "policies", "events-history"),
    ),
    "physical-resource": (
        *("cluster", "cluster-config", "nodepools", "nodes", "network-topologies"),
        "storage-class-configuration",
    ),
    "iam": ("users", "apps", "service-account", "roles", "access_rules", "access-keys"),
    "dashboard": (
        *("dashboards-overview", "dashboards-analytics", "dashboards-consumption"),
        "scrapeable-metrics",
    ),
    "workload": (
        *("jobs", "workloads", "workspaces", "trainings", "inferences", "workload-properties"),
    ),
    "workload-asset": (
        *("environments", "compute-resources", "templates", "credentials", "registries"),
        *("pvc-assets", "git-assets", "host-path-assets", "nfs-assets", "s3-assets"),
        *("cm-volume-assets", "secret-volume-assets", "datavolumes"),
    ),
}
_RESEARCHER = {"workload": ACTIONS, "workload-asset": ACTIONS}
_ROLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "System administrator": dict.fromkeys(_TYPES_BY_GROUP, ACTIONS),
    "Department administrator": {
        **dict.fromkeys(_TYPES_BY_GROUP, ACTIONS),
        "physical-resource": _READ,
        "dashboard": _READ,
    },
    "Editor": {**dict.fromkeys(_TYPES_BY_GROUP, ACTIONS), "iam": _READ},
    "Viewer": {},
    "L1 researcher": _RESEARCHER,
    "ML engineer": _RESEARCHER,
}
ROLE_NAMES = tuple(_ROLES)

SHARED_TYPES = frozenset((*_TYPES_BY_GROUP["workload-asset"], "policies"))
"""What is there for everyone below its scope."""

# The first that is part of a path says its type.
_TYPES = (
    ("/workload-templates", "templates"),
    ("/asset/workload-template", "templates"),
    ("/asset/compute", "compute-resources"),
    ("/asset/environment", "environments"),
    ("/asset/registries", "registries"),
    ("/asset/credentials", "credentials"),
    ("/asset/datasource/config-map", "cm-volume-assets"),
    ("/asset/datasource/secrets", "secret-volume-assets"),
    ("/asset/datasource/pvc", "pvc-assets"),
    ("/asset/datasource/git", "git-assets"),
    ("/asset/datasource/host-path", "host-path-assets"),
    ("/asset/datasource/nfs", "nfs-assets"),
    ("/asset/datasource/s3", "s3-assets"),
    ("/asset/datasource", "pvc-assets"),
    ("/datavolumes", "datavolumes"),
    ("/policy", "policies"),
    ("/workloads/workspaces", "workspaces"),
    ("/workloads/trainings", "trainings"),
    ("/workloads/distributed", "trainings"),
    ("/workloads/inferences", "inferences"),
    ("/workloads/distributed-inferences", "inferences"),
    ("/workloads/nim-services", "inferences"),
    ("/workloads", "workloads"),
    ("/ai-applications", "workloads"),
    ("/workload-types", "workload-properties"),
    ("/workload-categories", "workload-properties"),
    ("/workload-priorities", "workload-properties"),
    ("/authorization/access-rules", "access_rules"),
    ("/administration/access-keys", "access-keys"),
    ("/administration/user-applications", "access-keys"),
    ("/users", "users"),
    ("/groups", "users"),
    ("/apps", "apps"),
    ("/service-accounts", "service-account"),
    ("/projects", "project"),
    ("/departments", "department"),
    ("/reports", "dashboards-consumption"),
    ("/nodes", "nodes"),
    ("/nodepools", "nodepools"),
    ("/node-pools", "nodepools"),
    ("/network-topologies", "network-topologies"),
    ("/storage-classes", "storage-class-configuration"),
    ("/storage-class-configuration", "storage-class-configuration"),
    ("/clusters", "cluster"),
    ("/audit", "events-history"),
    ("/idps", "security-settings"),
    ("/security", "security-settings"),
    ("/logo", "branding-settings"),
    ("/setting", "settings"),
    ("/notification-channels", "settings"),
    ("/validate-notification-channel", "settings"),
)
# Whoever has a token may read these.
_CATALOGUES = frozenset(("workload-properties", "branding-settings"))
_UPDATES = frozenset(("resume", "suspend", "secret", "password", "logout"))
_METHODS = {"GET": "read", "POST": "create", "DELETE": "delete"}


def permissions_of(role: str) -> list[dict[str, Any]]:
    """The permissions of a role that is there from the start, as the API has them."""
    actions = _ROLES[role]
    return [
        {
            "resourceType": name,
            "displayName": name.replace("-", " ").replace("_", " ").capitalize(),
            "groupId": group,
            "actions": list(actions.get(group, _READ)),
        }
        for group, names in _TYPES_BY_GROUP.items()
        for name in names
    ]


def permission_for(operation: Operation) -> tuple[str, str] | None:
    """The type of resource and the action that an operation is; None where anyone may do it."""
    path = f"{operation.path}/"
    found = next((name for part, name in _TYPES if f"{part}/" in path), None)
    if found is None or operation.path.startswith("/api/v1/me/"):
        return None
    action = _METHODS.get(operation.method, "update")
    item, _, last = operation.path.rpartition("/")
    if item.endswith("}") and last in _UPDATES:
        action = "update"
    elif operation.path.endswith("/batch"):
        action = "delete" if found == "access_rules" else "update"
    if action == "read" and found in _CATALOGUES:
        return None
    return found, action
