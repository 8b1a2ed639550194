"""The collections that others refer to, by path."""

from __future__ import annotations

CATEGORIES = "/api/v1/workload-categories"
CLUSTERS = "/api/v1/clusters"
DEPARTMENTS = "/api/v1/org-unit/departments"
NODE_POOLS = "/api/v1/node-pools"
PROJECTS = "/api/v1/org-unit/projects"
ROLES = "/api/v1/authorization/roles"
RULES = "/api/v1/authorization/access-rules"
TOPOLOGIES = "/api/v1/network-topologies"
VOLUMES = "/api/v1/datavolumes"
WORKLOADS = "/api/v1/workloads"
