"""Assets that templates are made of: requests give their ids, answers have their names, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import Refusal, shortened
from runai.testing.state.paths import ASSETS

if TYPE_CHECKING:
    from runai.testing.state.state import State

_SINGLE = ("environment", "compute")


def with_named_assets(state: State, value: Any) -> Any:
    """A JSON value in which everything below `assets` has its name.

    Raises:
        Refusal: 400 where there is no such asset.
    """
    if isinstance(value, list):
        return [with_named_assets(state, part) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _named(state, part)
        if key == "assets" and isinstance(part, dict)
        else with_named_assets(state, part)
        for key, part in value.items()
    }


def _named(state: State, assets: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(assets)
    for key in _SINGLE:
        known = made.get(key)
        # Of a record that had its names already.
        identity = known.get("id") if isinstance(known, dict) else known
        if isinstance(identity, str):
            made[key] = _asset(state, f"assets.{key}", identity, key)
    made["datasources"] = [
        {**each, **_asset(state, "assets.datasources", each["id"], each.get("kind"))}
        for each in made.get("datasources") or ()
    ]
    return made


def _asset(state: State, place: str, identity: str, kind: Any) -> dict[str, Any]:
    for path, records in state.store.collections().items():
        found = records.get(identity) if path.startswith(ASSETS) else None
        if found is not None and kind in (None, found.own["kind"]):
            return {"id": identity, "name": found.name}
    raise Refusal(
        400,
        f"{place} {shortened(identity)} is no asset of the kind {kind}",
        [f"body.spec.{place}: create it first, or give the id of one that is there"],
    )
