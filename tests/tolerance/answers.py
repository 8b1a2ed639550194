"""Answers of operations that are older, newer or looser than the client's models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from runai.testing.samples import Samples
from runai.testing.specification import Schemas

from .changes import AT_ONE_DEPTH, EVERYWHERE, with_new_field, with_unknown_member
from .schema_parts import Schema, SchemaParts, has_fields

MISFIT = {"fits": "no field, but a model"}


@dataclass(frozen=True)
class Misfit:
    """An answer that no model can be made of."""

    body: Any
    places: list[tuple[Any, ...]]
    """Of what does not fit."""
    value: Any
    """What is at each of the places."""


class Answers:
    """Makes answers of one control plane's schemas.

    Arguments:
        schemas: of what the control plane answers.
    """

    def __init__(self, schemas: Schemas) -> None:
        self._parts = SchemaParts(schemas)
        self._samples = Samples(schemas)
        self._known: dict[int, tuple[Any, Schema, Any]] = {}

    def readable(self, schema: Any) -> Iterator[tuple[str, Any]]:
        """Answers that a model can be made of, each with what is special about it."""
        meant, full = self._full(schema)
        yield "full", full
        made = {kind: self._parts.changed(meant, full, each) for kind, each in EVERYWHERE.items()}
        for depth in range(self._depth(meant, full)):
            for kind, change in AT_ONE_DEPTH.items():
                made[f"{kind} at depth {depth}"] = self._parts.changed_at(
                    depth, meant, full, change
                )
        # Where there is no enum, none has grown; and so on.
        yield from ((kind, each) for kind, each in made.items() if each != full)

    def full(self, schema: Any) -> Any:
        """All that the schema knows."""
        return self._full(schema)[1]

    def newer(self, schema: Any) -> Any:
        """The full answer with fields and enum members that no model knows."""
        meant, full = self._full(schema)
        return self._parts.changed(
            meant, self._parts.changed(meant, full, with_unknown_member), with_new_field
        )

    def misfits(self, schema: Any) -> Iterator[Misfit]:
        """Something else than the object or list that was promised, and wrong values in it."""
        meant, full = self._full(schema)
        if meant.get("type") is None:
            return
        other = {"items": full} if isinstance(full, list) else [full]
        yield Misfit(other, [()], other)
        places = list(self._typed_leaves(meant, full))
        if places:
            broken = self._parts.changed(meant, full, _with_misfits)
            yield Misfit(broken, places, MISFIT)

    def count_of_models(self, schema: Any) -> int:
        """How many objects of the full answer have models."""
        return self._count(*self._full(schema))

    def _full(self, schema: Any) -> tuple[Schema, Any]:
        """What a schema means, and all that it knows."""
        if id(schema) not in self._known:
            made = self._parts.meant(schema), self._samples.of(schema)
            self._known[id(schema)] = schema, *made
        return self._known[id(schema)][1:]

    def _count(self, schema: Schema, value: Any) -> int:
        inner = (self._count(of, each) for _, of, each in self._parts.within(schema, value))
        return sum(inner) + has_fields(schema, value)

    def _depth(self, schema: Schema, value: Any) -> int:
        inner = [self._depth(of, each) for _, of, each in self._parts.within(schema, value)]
        return max(inner, default=0) + isinstance(value, dict)

    def _typed_leaves(self, schema: Schema, value: Any) -> Iterator[tuple[Any, ...]]:
        if _is_typed_leaf(schema, value):
            yield ()
        for key, of, each in self._parts.within(schema, value):
            yield from ((key, *rest) for rest in self._typed_leaves(of, each))


def _is_typed_leaf(schema: Schema, value: Any) -> bool:
    return "type" in schema and isinstance(value, (str, int, float))


def _with_misfits(schema: Schema, value: Any) -> Any:
    return MISFIT if _is_typed_leaf(schema, value) else value
