"""Policies of several scopes as one: which default, and which rule, is in force for a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Tuple

FieldPath = Tuple[str, ...]
"""Names down to a field, as policies and workloads have them."""

SCOPES = ("system", "tenant", "cluster", "department", "project")
"""From the widest."""

_SOURCE = "sourceOfRule"
_KEYWORDS = frozenset(
    ("required", "canEdit", "min", "max", "step", "options", "defaultFrom", "canAdd", "locked")
)
# Rules of fields in these are the wider scope's to make.
_STRICT = frozenset(("compute", "security"))


class ScopedPolicy(NamedTuple):
    """A policy, and where it comes from."""

    source: Mapping[str, Any]
    """Its scope, and the scope's id, as rules name their source."""
    policy: Mapping[str, Any]


def source_of(meta: Mapping[str, Any]) -> dict[str, Any]:
    """The scope that a policy is of, with the id that it is known by."""
    scope = str(meta.get("scope"))
    name = f"{scope}Id"
    return {"scope": scope, **({name: meta[name]} if meta.get(name) is not None else {})}


def effective_policy(policies: Sequence[ScopedPolicy]) -> dict[str, Any]:
    """What is in force where all of these are.

    A default is the narrowest scope's. So is a rule, but for those of compute and security, which
    are the widest scope's: nobody below can loosen them. Imposed assets add up.

    Args:
        policies: from the widest scope.
    """
    defaults: Any = None
    imposed: Any = None
    for _, policy in policies:
        defaults = _with_defaults(defaults, policy.get("defaults"))
        imposed = _with_assets(imposed, policy.get("imposedAssets"))
    parts = {"defaults": defaults, "rules": _rules(policies), "imposedAssets": imposed}
    return {name: part for name, part in parts.items() if part}


def rules_in(rules: Any, above: FieldPath = ()) -> Iterator[tuple[FieldPath, Mapping[str, Any]]]:
    """Each rule with the path of its field; `instances` and `attributes` are part of paths."""
    if not isinstance(rules, Mapping):
        return
    if any(name in _KEYWORDS and _says_something(value) for name, value in rules.items()):
        yield above, rules
        return
    for name, part in rules.items():
        yield from rules_in(part, (*above, name))


def key_of(item: Any) -> Any:
    """What an item of a list is called, so that a policy can speak of it."""
    if not isinstance(item, Mapping):
        return item
    names = (item.get(name) for name in ("name", "resource", "key", "container", "path"))
    return next((name for name in names if name is not None), repr(item))


def _says_something(value: Any) -> bool:
    # A field may be called like a keyword; its own rules are an object then.
    return value is not None and (not isinstance(value, Mapping) or "field" in value)


def _rules(policies: Sequence[ScopedPolicy]) -> dict[str, Any]:
    found: dict[FieldPath, dict[str, Any]] = {}
    for source, policy in policies:
        for path, rule in rules_in(policy.get("rules")):
            if path not in found or not _STRICT & set(path):
                found[path] = {**rule, _SOURCE: dict(source)}
    made: dict[str, Any] = {}
    for path, rule in found.items():
        part = made
        for name in path[:-1]:
            part = part.setdefault(name, {})
        part[path[-1]] = rule
    return made


def _with_defaults(wider: Any, narrower: Any) -> Any:
    if narrower is None:
        return wider
    if not isinstance(wider, Mapping) or not isinstance(narrower, Mapping):
        return narrower
    made = dict(wider)
    for name, part in narrower.items():
        known = made.get(name)
        if name == "instances" and known and part:
            made[name] = list({key_of(each): each for each in (*known, *part)}.values())
        else:
            made[name] = _with_defaults(known, part)
    return made


def _with_assets(wider: Any, narrower: Any) -> Any:
    if not wider or not narrower:
        return wider or narrower
    if isinstance(wider, Mapping):
        # Those of each role.
        names = dict.fromkeys((*wider, *narrower))
        return {name: _with_assets(wider.get(name), narrower.get(name)) for name in names}
    return list(dict.fromkeys((*wider, *narrower)))
