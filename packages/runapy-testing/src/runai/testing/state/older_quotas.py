"""Quotas as older paths have them: other names, and -1 for what has no limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runai.testing.state.quota_parts import node_pool_of

_KINDS = ("gpu", "cpu", "memory")
_USUAL_WEIGHT = 2


def newer_parts(body: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The parts of the quota that an older body says; None where it says nothing of it."""
    if body.get("nodePoolsResources") is not None:
        return [_newer(part) for part in body["nodePoolsResources"]]
    if body.get("deservedGpus") is None:
        return None
    weight = body.get("gpuOverQuotaWeight")
    gpu = {
        "deserved": body["deservedGpus"],
        "limit": _limit(body.get("maxAllowedGpus")),
        "overQuotaWeight": _USUAL_WEIGHT if weight is None else weight,
    }
    return [{"gpu": gpu}]


def older_part(part: Mapping[str, Any], node_pool_id: str) -> dict[str, Any]:
    """A part of a quota, in the older form.

    Args:
        part: in the newer form.
        node_pool_id: of its node pool.
    """
    made: dict[str, Any] = {"nodePool": {"id": int(node_pool_id), "name": node_pool_of(part)}}
    for kind in _KINDS:
        amount = part.get(kind)
        if amount is not None:
            limit = amount.get("limit")
            made[kind] = {
                "deserved": amount.get("deserved"),
                "maxAllowed": -1 if limit is None else limit,
                "overQuotaWeight": amount.get("overQuotaWeight"),
            }
    return made


def _newer(part: Mapping[str, Any]) -> dict[str, Any]:
    pool = part["nodePool"]
    # Ids are numbers there, which may come as 1.0.
    made: dict[str, Any] = {"nodePool": {**pool, "id": _identity(pool["id"])}}
    for kind in _KINDS:
        amount = part.get(kind)
        if amount is not None:
            made[kind] = {
                "deserved": amount.get("deserved"),
                "limit": _limit(amount.get("maxAllowed")),
                "overQuotaWeight": amount.get("overQuotaWeight"),
            }
    return made


def _limit(most: Any) -> Any:
    return None if most is None or most < 0 else most


def _identity(number: float) -> str:
    whole = int(number)
    return str(whole if whole == number else number)
