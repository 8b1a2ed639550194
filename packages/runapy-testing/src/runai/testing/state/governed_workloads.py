"""Workloads as the policies of their projects have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import Refusal
from runai.testing.state.paths import ASSETS, WORKLOADS, WORKLOADS_V2
from runai.testing.state.policies import in_force, policies_in
from runai.testing.state.policy_rules import broken_rules, filled
from runai.testing.state.scopes import place_of_scope

if TYPE_CHECKING:
    from runai.testing.state.state import State

_DATA_SOURCES = f"{ASSETS}datasource"
# What workloads call them.
_STORAGES = {
    "config-map": "configMapVolume",
    "git": "git",
    "host-path": "hostPath",
    "nfs": "nfs",
    "pvc": "pvc",
    "s3": "s3",
    "secrets": "secretVolume",
}


def governed(state: State, path: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a new workload with the defaults of its policies; others as they are.

    Args:
        state: that has the policies.
        path: of the collection.
        facts: of the request.

    Raises:
        Refusal: 400, with every rule that is broken.
    """
    made = dict(facts)
    problems: list[str] = []
    for name, defaults, rules in _parts(state, path, facts):
        given = facts.get(name)
        problems += broken_rules(given, defaults, rules, f"body.{name}")
        spec = filled(given, defaults)
        if spec:
            made[name] = spec
    if problems:
        raise Refusal(400, "The policies of the project do not allow this workload", problems)
    return made


def _parts(state: State, path: str, facts: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Names of parts of a workload, with the defaults and the rules that are in force for each."""
    above, _, kind = path.rpartition("/")
    if above not in (WORKLOADS, WORKLOADS_V2):
        return
    meta = facts.get("metadata") or {}
    project = facts.get("projectId") or meta.get("projectId")
    policies = policies_in(state, kind, place_of_scope(state, "project", project))
    if not policies:
        return
    policy = in_force(policies)
    defaults = _with_imposed(state, policy.get("defaults"), policy.get("imposedAssets"))
    rules = policy.get("rules") or {}
    if kind != "distributed":
        yield "spec", defaults, rules
        return
    yield "spec", defaults.get("worker"), rules.get("worker")
    if not facts.get("masterSpecSameAsWorker"):
        yield "masterSpec", defaults.get("master"), rules.get("master")


def _with_imposed(state: State, defaults: Any, assets: Any) -> dict[str, Any]:
    """The defaults of a policy, with the data sources that it imposes as default items."""
    made = dict(defaults or {})
    if isinstance(assets, Mapping):
        # Those of each role.
        roles = {name: _with_imposed(state, made.get(name), part) for name, part in assets.items()}
        return {**made, **roles}
    for identity in assets or ():
        for kind, name in _STORAGES.items():
            record = state.store.get(f"{_DATA_SOURCES}/{kind}", identity)
            if record is not None:
                storage = made["storage"] = dict(made.get("storage") or {})
                known = storage.get(name) or {}
                item = {"name": record.name, **record.facts["spec"]}
                storage[name] = {**known, "instances": [*(known.get("instances") or ()), item]}
    return made
