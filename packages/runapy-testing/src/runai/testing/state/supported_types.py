"""Lists of assets by the workloads that they are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runai.testing.specification import Operation
from runai.testing.state.paths import ASSETS
from runai.testing.state.store import Record

_TYPES = {
    "isDistributed": "distributed",
    "isInference": "inference",
    "isTraining": "training",
    "isWorkspace": "workspace",
}
_FRAMEWORK = "distributedFramework"


def for_workloads(
    operation: Operation, query: Mapping[str, Any], records: list[Record]
) -> list[Record]:
    """Those of a list of assets that support the types of workloads that a query names.

    Args:
        operation: that lists them; records of other lists are left as they are.
        query: checked values by parameter.
        records: of the whole list.
    """
    wanted = {name: query[parameter] for parameter, name in _TYPES.items() if parameter in query}
    framework = query.get(_FRAMEWORK)
    if not operation.path.startswith(ASSETS) or not (wanted or framework):
        return records
    return [each for each in records if _supports(_supported(each), wanted, framework)]


def _supported(record: Record) -> Mapping[str, Any]:
    return (record.facts.get("meta") or {}).get("workloadSupportedTypes") or {}


def _supports(supported: Mapping[str, Any], wanted: Mapping[str, bool], framework: Any) -> bool:
    if framework and supported.get("distFramework") != framework:
        return False
    return all(bool(supported.get(name)) is value for name, value in wanted.items())
