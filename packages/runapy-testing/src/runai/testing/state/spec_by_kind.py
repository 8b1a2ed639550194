"""Lists over several kinds of assets, which have each one's details below the name of its kind."""

from __future__ import annotations

import re
from typing import Any

from runai.testing.state.paths import ASSETS

_LISTED_TOGETHER = (f"{ASSETS}credentials/", f"{ASSETS}datasource/")


def with_spec_by_kind(path: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of an asset, with its details a second time where such a list looks for them.

    Args:
        path: of the asset's collection.
        facts: of its request.
    """
    spec = facts.get("spec")
    if not path.startswith(_LISTED_TOGETHER) or not isinstance(spec, dict):
        return facts
    kind = path.rpartition("/")[2]
    words = "secret" if kind == "secrets" else kind
    name = re.sub("-(.)", lambda found: found[1].upper(), words)
    # Config maps and passwords have a detail of that name, which is told where they are alone.
    return facts if name in spec else {**facts, "spec": {**spec, name: dict(spec)}}
