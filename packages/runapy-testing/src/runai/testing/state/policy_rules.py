"""What policies do to the spec of one workload: fill in its defaults, refuse what breaks a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from runai.testing.answers import shortened
from runai.testing.state.effective_policies import FieldPath, key_of, rules_in
from runai.testing.state.quantities import quantity

_INSTANCES, _ATTRIBUTES = "instances", "attributes"
_NOTHING: tuple[Any, ...] = (None, "", [], {})


class _Field(NamedTuple):
    """A field of a spec that there is a rule for."""

    place: str
    given: Any
    """In the request."""
    default: Any
    value: Any
    """With the defaults."""


def filled(spec: Any, defaults: Any) -> Any:
    """A spec with defaults where it says nothing; items that it excludes are gone."""
    if not isinstance(defaults, Mapping):
        return defaults if spec is None else spec
    if _is_itemized(defaults):
        return _filled_items(spec or [], defaults)
    if spec is not None and not isinstance(spec, Mapping):
        return spec
    made = dict(spec or {})
    for name, default in defaults.items():
        value = filled(made.get(name), default)
        if value is not None:
            made[name] = value
    return made


def broken_rules(spec: Any, defaults: Any, rules: Any, place: str) -> Iterator[str]:
    """What is wrong with a spec by the rules.

    Args:
        spec: as it was given.
        defaults: that it gets.
        rules: by fields, each with its source.
        place: of the spec, such as "body.spec".
    """
    whole = filled(spec, defaults)
    for path, rule in rules_in(rules):
        for problem in _problems(path, rule, spec, defaults, whole, place):
            yield f"{problem} ({_source(rule)})"


def _problems(
    path: FieldPath, rule: Mapping[str, Any], spec: Any, defaults: Any, whole: Any, place: str
) -> Iterator[str]:
    if path and path[-1] == _INSTANCES:
        above = path[:-1]
        items, known = _at(spec, above) or [], _at(defaults, path) or []
        yield from _wrong_items(_joined(place, above), rule, items, known)
    elif _ATTRIBUTES in path:
        index = path.index(_ATTRIBUTES)
        above, below = path[:index], path[index + 1 :]
        given, known = _by_key(_at(spec, above)), _by_key(_at(defaults, (*above, _INSTANCES)))
        for number, item in enumerate(_at(whole, above) or ()):
            here = _joined(f"{_joined(place, above)}[{number}]", below)
            default = _at(known.get(key_of(item)), below)
            default = _at(defaults, path) if default is None else default
            value = _at(given.get(key_of(item)), below)
            yield from _wrong_value(_Field(here, value, default, _at(item, below)), rule)
    else:
        here = _joined(place, path)
        values = [_at(each, path) for each in (spec, defaults, whole)]
        yield from _wrong_value(_Field(here, *values), rule)


def _wrong_value(field: _Field, rule: Mapping[str, Any]) -> Iterator[str]:
    place, value = field.place, field.value
    if rule.get("canEdit") is False and field.given not in (None, field.default):
        if field.default is None:
            yield f"{place}: may not be given"
        else:
            yield f"{place}: {shortened(field.given)} is not {field.default}, and has to be"
    if value in _NOTHING:
        if rule.get("required"):
            yield f"{place}: is missing"
        return
    least, most, step = (rule.get(name) for name in ("min", "max", "step"))
    if least is not None and quantity(value) < quantity(least):
        yield f"{place}: {shortened(value)} is less than {least}"
    if most is not None and quantity(value) > quantity(most):
        yield f"{place}: {shortened(value)} is more than {most}"
    if step and not _is_whole((quantity(value) - quantity(least or 0)) / step):
        yield f"{place}: {shortened(value)} is not {least or 0} and a multiple of {step}"
    if rule.get("options"):
        options = [str(option["value"]) for option in rule["options"]]
        for each in value if isinstance(value, list) else [value]:
            if str(each) not in options:
                yield f"{place}: {shortened(each)} is none of {', '.join(options)}"


def _wrong_items(
    place: str, rule: Mapping[str, Any], given: list[Any], defaults: list[Any]
) -> Iterator[str]:
    known = _by_key(defaults)
    locked = rule.get("locked") or ()
    for item in given:
        key = key_of(item)
        if key not in known:
            if rule.get("canAdd") is False:
                yield f"{place}: {shortened(key)} may not be added"
        elif str(key) in locked and item != known[key]:
            yield f"{place}: {shortened(key)} is locked"


def _filled_items(given: list[Any], defaults: Mapping[str, Any]) -> list[Any]:
    known = _by_key(defaults.get(_INSTANCES))
    made = [filled(item, known.get(key_of(item))) for item in given]
    named = _by_key(given)
    whole = [*(item for key, item in known.items() if key not in named), *made]
    kept = [item for item in whole if _at(item, ("exclude",)) is not True]
    return [filled(item, defaults.get(_ATTRIBUTES)) for item in kept]


def _by_key(items: Any) -> dict[Any, Any]:
    return {key_of(item): item for item in items or ()}


def _is_itemized(defaults: Mapping[str, Any]) -> bool:
    return bool(defaults) and defaults.keys() <= {_INSTANCES, _ATTRIBUTES}


def _at(value: Any, path: FieldPath) -> Any:
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def _joined(place: str, path: FieldPath) -> str:
    return ".".join((place, *path))


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) < 1e-9


def _source(rule: Mapping[str, Any]) -> str:
    source = rule.get("sourceOfRule") or {}
    scope = source.get("scope")
    identity = source.get(f"{scope}Id")
    return f"policy of the {scope}" if identity is None else f"policy of {scope} {identity}"
