"""The records that are kept, by collection."""

from __future__ import annotations

import itertools
import operator
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from runai.testing.answers import Refusal, shortened
from runai.testing.specification import Schemas
from runai.testing.state.listings import Listing
from runai.testing.state.names import Key, name_key, name_of
from runai.testing.state.rendering import Rendering
from runai.testing.state.resources import Resource
from runai.testing.state.secrets import without_secrets

_FIRST_NUMBER = 1001
_NUMBER = operator.attrgetter("number")


@dataclass(eq=False)
class Record:
    """Something that was created."""

    collection: str
    """The path at which."""
    id: Any
    facts: dict[str, Any]
    """What requests said of it, in their form."""
    own: dict[str, Any]
    """What the control plane says of it, by the names of properties."""
    number: int = 0
    """How many were kept before it, in all collections."""
    views: dict[int, Any] = field(default_factory=dict, repr=False)
    """Its forms, by the ids of their schemas."""
    store: Store | None = field(default=None, repr=False)
    """That keeps it."""

    @property
    def name(self) -> Any:
        """What it is called; None where it has no name."""
        return name_of(self.facts)

    @property
    def name_key(self) -> Key | None:
        """What no other record may have in common with it."""
        return name_key(self.collection, self.facts, self.own)

    def changed(self) -> None:
        """Forget its forms: they are not what is known any more."""
        self.views = {}
        if self.store is not None:
            self.store.changed(self)

    def view(self, schema: Any, rendering: Rendering) -> Any:
        """Its form by a schema of the document."""
        key = id(schema)
        if key not in self.views:
            self.views[key] = rendering.render(schema, self.facts, self.own)
        return self.views[key]


class Store:
    """Keeps records in the order of their creation."""

    def __init__(self) -> None:
        self._records: dict[str, dict[str, Record]] = {}
        self._names: dict[Key, Record] = {}
        self._lists: dict[str, Listing] = {}
        self._order = itertools.count()
        self.next_number = _FIRST_NUMBER
        """Of the next record whose id is a number."""

    def clear(self) -> None:
        """Forget every record; numbers go on."""
        self._records.clear()
        self._names.clear()
        self._lists.clear()

    def collections(self) -> Mapping[str, Mapping[str, Record]]:
        """The records by id, by collection; empty collections are not there."""
        return {path: records for path, records in self._records.items() if records}

    def add(self, record: Record) -> None:
        """Keep a record.

        Raises:
            Refusal: 409 where its name is taken.
        """
        key = record.name_key
        if key is not None:
            taken = self._names.get(key)
            if taken is not None:
                raise Refusal(
                    409,
                    f"The name {shortened(record.name)} is taken in {record.collection}",
                    [f"{taken.collection}/{taken.id} has it"],
                )
            self._names[key] = record
        record.facts = without_secrets(record.facts)
        record.number, record.store = next(self._order), self
        self._records.setdefault(record.collection, {})[str(record.id)] = record
        for listing in self._listings(record):
            listing.added(record)

    def change(self, record: Record, facts: dict[str, Any]) -> None:
        """Give a record other facts.

        Raises:
            Refusal: 409 where its new name is taken; it stays as it is then.
        """
        before, old = record.facts, record.name_key
        record.facts = without_secrets(facts)
        new = record.name_key
        if new != old:
            if new in self._names:
                record.facts = before
                raise Refusal(409, f"The name {shortened(name_of(facts))} is taken")
            self._names.pop(old or (), None)
            if new is not None:
                self._names[new] = record
        record.changed()

    def remove(self, record: Record) -> None:
        """Forget a record."""
        self._names.pop(record.name_key or (), None)
        self._records[record.collection].pop(str(record.id), None)
        for listing in self._listings(record):
            listing.removed(record)
        record.store = None

    def changed(self, record: Record) -> None:
        """Take note that a record is another now."""
        for listing in self._listings(record):
            listing.changed(record)

    def of(self, resource: Resource) -> Listing:
        """The records of a collection and of those below its path, oldest first; not to change."""
        known = self._lists.get(resource.path)
        if known is None:
            parts = [each for path, each in self._records.items() if resource.holds(path)]
            records = [record for part in parts for record in part.values()]
            if len(parts) > 1:
                records.sort(key=_NUMBER)
            known = self._lists[resource.path] = Listing(resource, records)
        return known

    def get(self, path: str, identity: Any) -> Record | None:
        """The record of an id that was created at a path; None where there is none."""
        return self._records.get(path, {}).get(str(identity))

    def find(self, resource: Resource, identity: Any) -> Record:
        """One record of a collection, or of those below its path.

        Raises:
            Refusal: 404 where there is none of this id.
        """
        key = str(identity)
        for path, records in self._records.items():
            if key in records and resource.holds(path):
                return records[key]
        raise Refusal(
            404,
            f"{resource.path} has nothing of the id {shortened(str(identity))}",
            [f"{len(self.of(resource))} are there"],
        )

    def is_name_taken(self, resource: Resource, name: str, scope: Mapping[str, Any]) -> bool:
        """Whether nothing of this name can be created.

        Args:
            resource: the collection.
            name: that is asked for.
            scope: of the record that would have it, by the names of properties.
        """
        return name_key(resource.path, {**scope, "name": name}, scope) in self._names

    def new_identity(self, resource: Resource, schemas: Schemas) -> Any:
        """An id of the form that the path of a collection's records has: a UUID, or a number."""
        number = self.next_number
        self.next_number += 1
        unique = str(uuid.uuid4())
        forms = (unique, number, str(number))
        if resource.is_numbered:
            forms = (str(number), number, unique)
        return next((f for f in forms if schemas.is_valid(resource.identity_schema, f)), unique)

    def _listings(self, record: Record) -> Iterator[Listing]:
        for listing in self._lists.values():
            if listing.resource.holds(record.collection):
                yield listing

    def __iter__(self) -> Iterator[Record]:
        records = (record for part in self._records.values() for record in part.values())
        return iter(sorted(records, key=_NUMBER))
