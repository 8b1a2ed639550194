"""What is known of a record, in the form that a schema gives an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Tuple

from runai.testing.record_properties import Tree
from runai.testing.samples import Samples
from runai.testing.specification import Schemas
from runai.testing.state.meta import META
from runai.testing.state.schema_properties import properties_of, required_of
from runai.testing.validity import ANNOTATIONS

if TYPE_CHECKING:
    from runai.testing.state.store import Record

# What an object that is made property by property is right by.
_PLAIN = {"type", "properties", "required", "additionalProperties", *ANNOTATIONS}
_OF_LISTS = {"minItems", "maxItems", "uniqueItems"}
EMPTY: Tuple[Callable[[], Any], ...] = (lambda: None, list, dict, str)
"""Makes values that say nothing."""
_MISSING = object()


class _Shape(NamedTuple):
    properties: Mapping[str, Any]
    required: frozenset[str]
    is_plain: bool = False
    """Whether an object with valid properties is valid."""


class Rendering:
    """Renders records.

    Args:
        schemas: of answers.
    """

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._samples = Samples(schemas)
        self._shapes: dict[int, _Shape] = {}
        self._nothing: dict[int, Callable[[], Any]] = {}

    def render(self, schema: Any, facts: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
        """A value that the schema allows, with what is known and no more than it must have besides.

        Args:
            schema: of the answer, or of the items of a list.
            facts: what the record's requests said, in their form.
            own: what the server says of the record, by the names of properties; it goes before
                the facts.
        """
        merged = {**facts, **own}
        made = self._object(schema, merged, own)
        if self._is_sound(schema, made):
            return made
        made = self._alternative(schema, merged)
        return self._samples.of(schema) if made is None else made

    def values(self, schema: Any, name: str, records: Iterable[Record]) -> Iterable[Any]:
        """One property of each record's form, without the rest of it; None where it is not there.

        Args:
            schema: of the form.
            name: of a property that the schema has.
            records: to render.
        """
        shape = self._shape(schema)
        if not shape.is_plain:
            for record in records:
                yield record.view(schema, self).get(name)
            return
        part, is_outer = shape.properties[name], name in META
        # Many records have few phases, types, projects.
        texts: dict[str, Any] = {}
        for record in records:
            own = record.own
            # One of both has it all, but for what is in another place.
            known = {**record.facts, **own} if is_outer else own if name in own else record.facts
            fact = known.get(name)
            if type(fact) is str and fact in texts:
                yield texts[fact]
                continue
            found = self._property(shape, name, part, known, own)
            value = None if found is _MISSING else found
            if type(fact) is str:
                texts[fact] = value
            yield value

    def tree(self, schema: Any) -> Tree:
        """The properties that a form can have."""
        return self._tree(schema, ())

    def envelope(self, schema: Any, name: str, extras: Mapping[str, Any]) -> dict[str, Any]:
        """What an answer has besides its list.

        Args:
            schema: of the answer.
            name: of the property that is the list.
            extras: what is known of the list; None for what is not the case.
        """
        shape = self._shape(schema)
        made = {}
        for key, part in shape.properties.items():
            if key == name:
                continue
            known = self._value(part, extras[key], {}) if extras.get(key) is not None else None
            if known is not None:
                made[key] = known
            elif key in shape.required:
                made[key] = self._least(part, key)
        return made

    def _object(self, schema: Any, facts: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
        shape = self._shape(schema)
        made: dict[str, Any] = {}
        for name, part in shape.properties.items():
            found = self._property(shape, name, part, facts, own)
            if found is not _MISSING:
                made[name] = found
        return made

    def _property(
        self,
        shape: _Shape,
        name: str,
        part: Any,
        facts: Mapping[str, Any],
        own: Mapping[str, Any],
    ) -> Any:
        if name in facts:
            found = self._value(part, facts[name], own if name in META else {})
            if found is not None or self._schemas.is_valid(part, None):
                return found
        elif name in META and name in shape.required:
            found = self._value(part, {}, {**facts, **own})
            if found is not None:
                return found
        elif name in own:
            found = self._value(part, own[name], {})
            if found is not None:
                return found
        return self._least(part, name) if name in shape.required else _MISSING

    def _tree(self, schema: Any, above: tuple[int, ...]) -> Tree:
        properties = self._shape(schema).properties
        if id(properties) in above:
            # Forms can be within themselves.
            return {}
        inner = (*above, id(properties))
        return {name: self._tree(part, inner) for name, part in properties.items()}

    def _value(self, schema: Any, fact: Any, own: Mapping[str, Any]) -> Any:
        """The fact as the schema has it; None where it does not fit."""
        if isinstance(fact, dict) and self._shape(schema).properties:
            made = self._object(schema, {**fact, **own} if own else fact, own)
            if self._is_sound(schema, made):
                return made
            return self._alternative(schema, fact)
        if self._schemas.is_valid(schema, fact):
            return fact
        for form in _other_forms(fact):
            if self._schemas.is_valid(schema, form):
                return form
        return self._list(schema, fact) if isinstance(fact, list) else None

    def _list(self, schema: Any, fact: list[Any]) -> Any:
        core = self._core(schema)
        items = core.get("items", True) if isinstance(core, dict) else True
        values = [self._value(items, each, {}) for each in fact]
        made = [value for value in values if value is not None]
        if isinstance(core, dict) and core.keys() & _OF_LISTS:
            return made if self._schemas.is_valid(schema, made) else None
        return made

    def _is_sound(self, schema: Any, made: Any) -> bool:
        return self._shape(schema).is_plain or self._schemas.is_valid(schema, made)

    def _alternative(self, schema: Any, facts: Mapping[str, Any]) -> Any:
        """What the first alternative makes that is valid by itself; None if none does."""
        resolved = self._schemas.resolved(schema)
        for part in [*resolved.get("oneOf", ()), *resolved.get("anyOf", ())]:
            made = self._object(part, facts, {})
            if self._schemas.is_valid(schema, made):
                return made
        return None

    def _least(self, schema: Any, name: str) -> Any:
        """The least that the schema allows: null, nothing, or what must be there."""
        known = self._nothing.get(id(schema))
        if known is None:
            kinds = (kind for kind in EMPTY if self._schemas.is_valid(schema, kind()))
            known = self._nothing[id(schema)] = next(kinds, _sample)
        if known is not _sample:
            return known()
        if self._shape(schema).properties:
            made = self._object(schema, {}, {})
            if self._schemas.is_valid(schema, made):
                return made
        return self._samples.of(schema, name)

    def _shape(self, schema: Any) -> _Shape:
        # The document's own objects live as long as it does.
        known = self._shapes.get(id(schema))
        if known is None:
            core = self._core(schema)
            known = self._merged(core) if isinstance(core, dict) else _Shape({}, frozenset())
            self._shapes[id(schema)] = known
        return known

    def _core(self, schema: Any) -> Any:
        """The schema without its reference, and without the null that it allows besides."""
        resolved = self._schemas.resolved(schema)
        if not isinstance(resolved, dict) or resolved.keys() - ANNOTATIONS != {"anyOf"}:
            return resolved
        others = [part for part in resolved["anyOf"] if part != {"type": "null"}]
        return self._core(others[0]) if len(others) == 1 else resolved

    def _merged(self, schema: Mapping[str, Any]) -> _Shape:
        properties = properties_of(schema, self._schemas)
        required = required_of(schema, self._schemas)
        demands = {name for name in schema if not name.startswith("x-")}
        is_plain = "properties" in schema and demands <= _PLAIN
        return _Shape(properties, required, is_plain)


def _sample() -> Any:
    """Stands for what nothing is no value of."""


def _other_forms(fact: Any) -> tuple[Any, ...]:
    """The same identity as text or number: some answers have ids the other way."""
    if isinstance(fact, str) and fact.isascii() and fact.isdigit():
        return (int(fact),)
    if isinstance(fact, int) and not isinstance(fact, bool):
        return (str(fact),)
    return ()
