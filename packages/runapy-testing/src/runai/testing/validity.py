"""Whether values are valid: schemas made into functions, for all that is asked thousands of times.

It says yes or no alone; what is wrong with a value, `schema_problems` says.
"""

# A generator costs more than most checks.
# ruff: noqa: SIM110

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Callable

from runai.testing.ecma_patterns import python_pattern
from runai.testing.formats import FORMATS

Check = Callable[[Any], bool]
Referenced = Callable[[str], Any]
# Both bounds of a count, which may be missing.
_COUNTS = {
    str: ("minLength", "maxLength"),
    list: ("minItems", "maxItems"),
    dict: ("minProperties", "maxProperties"),
}
_BOUNDS: Mapping[str, Callable[[Any], Check]] = {
    "minimum": lambda least: lambda value: value >= least,
    "maximum": lambda most: lambda value: value <= most,
    "exclusiveMinimum": lambda below: lambda value: value > below,
    "exclusiveMaximum": lambda above: lambda value: value < above,
}
_SUBJECTS = {
    *("$ref", "type", "enum", "const", "format", "pattern", "not", "allOf", "anyOf", "oneOf"),
    *("properties", "required", "additionalProperties", "items", *_BOUNDS),
    *(name for names in _COUNTS.values() for name in names),
}
ANNOTATIONS = {
    *("title", "description", "default", "deprecated", "readOnly", "writeOnly"),
    *("example", "examples", "$comment", "discriminator", "externalDocs", "xml"),
}
"""Keywords that say something to people and programs, and demand nothing."""


class Validity:
    """Decides by schemas of one document.

    Args:
        referenced: the schema at a reference.
        otherwise: decides by schemas with keywords that are not known here.
    """

    def __init__(self, referenced: Referenced, otherwise: Callable[[Any, Any], bool]) -> None:
        self._referenced = referenced
        self._otherwise = otherwise
        # With the schema, so that its id remains its own.
        self._known: dict[int, tuple[Any, Check]] = {}

    def check(self, schema: Any) -> Check:
        """The function that says whether a value is valid by a schema."""
        known = self._known.get(id(schema))
        if known is None:
            known = self._known[id(schema)] = schema, self._made(schema)
        return known[1]

    def _made(self, schema: Any) -> Check:
        if schema is True or schema == {}:
            return _yes
        if schema is False:
            return lambda _: False
        unknown = set(schema) - _SUBJECTS - ANNOTATIONS
        if any(not name.startswith("x-") for name in unknown):
            return lambda value: self._otherwise(schema, value)
        checks = list(self._checks(schema))
        if not checks:
            return _yes
        if len(checks) == 1:
            return checks[0]
        return _all(checks)

    def _checks(self, schema: Mapping[str, Any]) -> Iterator[Check]:
        """A function for each thing that a schema demands, the cheap ones first."""
        if "type" in schema:
            yield _of_types(schema["type"])
        if "enum" in schema:
            yield _one_of(schema["enum"])
        if "const" in schema:
            yield _one_of([schema["const"]])
        for kind, (least, most) in _COUNTS.items():
            if least in schema or most in schema:
                yield _count(kind, schema.get(least, 0), schema.get(most, math.inf))
        for name, bound in _BOUNDS.items():
            if name in schema:
                yield _if_number(bound(schema[name]))
        if "pattern" in schema:
            yield _pattern(schema["pattern"])
        if schema.get("format") in FORMATS:
            yield FORMATS[schema["format"]]
        yield from self._of_others(schema)

    def _of_others(self, schema: Mapping[str, Any]) -> Iterator[Check]:
        """The checks that need those of other schemas."""
        if "$ref" in schema:
            yield self._at(schema["$ref"])
        if "properties" in schema or "required" in schema or "additionalProperties" in schema:
            yield self._object(schema)
        if "items" in schema:
            yield _items(self.check(schema["items"]))
        if "not" in schema:
            refused = self.check(schema["not"])
            yield lambda value: not refused(value)
        if "allOf" in schema:
            yield _all([self.check(part) for part in schema["allOf"]])
        if "anyOf" in schema:
            yield _any([self.check(part) for part in schema["anyOf"]])
        if "oneOf" in schema:
            alternatives = [self.check(part) for part in schema["oneOf"]]
            yield lambda value: sum(alternative(value) for alternative in alternatives) == 1

    def _at(self, reference: str) -> Check:
        """Looked up at the first value: schemas can be within themselves."""
        found: list[Check] = []

        def check(value: Any) -> bool:
            if not found:
                found.append(self.check(self._referenced(reference)))
            return found[0](value)

        return check

    def _object(self, schema: Mapping[str, Any]) -> Check:
        properties = {name: self.check(part) for name, part in schema.get("properties", {}).items()}
        required = tuple(schema.get("required", ()))
        others = self.check(schema.get("additionalProperties", True))

        def check(value: Any) -> bool:
            if not isinstance(value, dict):
                return True
            for name in required:
                if name not in value:
                    return False
            for name, part in value.items():
                if not properties.get(name, others)(part):
                    return False
            return True

        return check


def _yes(_: Any) -> bool:
    return True


def _all(checks: list[Check]) -> Check:
    def check(value: Any) -> bool:
        for each in checks:
            if not each(value):
                return False
        return True

    return check


def _any(checks: list[Check]) -> Check:
    def check(value: Any) -> bool:
        for each in checks:
            if each(value):
                return True
        return False

    return check


def _items(item: Check) -> Check:
    def check(value: Any) -> bool:
        if isinstance(value, list):
            for each in value:
                if not item(each):
                    return False
        return True

    return check


def _count(kind: type[Any], least: float, most: float) -> Check:
    return lambda value: not isinstance(value, kind) or least <= len(value) <= most


def _pattern(pattern: str) -> Check:
    search = re.compile(python_pattern(pattern)).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _if_number(bound: Check) -> Check:
    return lambda value: not _is_number(value) or bound(value)


def _one_of(members: list[Any]) -> Check:
    # 1 is not True here, and 1 is 1.0.
    if all(isinstance(member, str) for member in members):
        texts = frozenset(members)
        return lambda value: isinstance(value, str) and value in texts
    return lambda value: any(_is_equal(value, member) for member in members)


def _is_equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_equal(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_equal, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _of_types(named: str | list[str]) -> Check:
    names = [named] if isinstance(named, str) else named
    checks = [_TYPES[name] for name in names]
    return checks[0] if len(checks) == 1 else _any(checks)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_integer(value: Any) -> bool:
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


_TYPES: Mapping[str, Check] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_integer,
    "null": lambda value: value is None,
    "number": _is_number,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}
