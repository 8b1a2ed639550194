"""Answers from what is kept: creates, lists, counts, changes and deletes records."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from runai.testing.clock import Clock, timestamp
from runai.testing.contents import Content, Contents, Handler
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation, Specification
from runai.testing.state import (
    batches,
    cluster_collections,
    dumps,
    initial,
    keyed_settings,
    node_answers,
    older_metrics,
    own_rights,
    policies,
    scope_metrics,
    shared_scopes,
    telemetry,
)
from runai.testing.state.collection_answers import CollectionAnswers
from runai.testing.state.credentials import Credentials
from runai.testing.state.named_assets import with_named_assets
from runai.testing.state.names import name_of
from runai.testing.state.organization import comes_with, with_department
from runai.testing.state.paths import CLUSTERS
from runai.testing.state.quota_parts import with_named_pools
from runai.testing.state.references import demand_references, demand_unused, users_of
from runai.testing.state.rendering import Rendering
from runai.testing.state.resources import resources_of
from runai.testing.state.rights import Rights
from runai.testing.state.settings import Settings
from runai.testing.state.spec_by_kind import with_spec_by_kind
from runai.testing.state.store import Record, Store
from runai.testing.state.workload_life import WorkloadLife
from runai.testing.subjects import Subject, first_administrator


class State:
    """What the control plane keeps.

    Args:
        specification: of its operations.
        clock: of timestamps and of the workloads' lives.
        made_up: answers what is not kept, such as telemetry.
        user: client id of the administrator who is there from the start.
    """

    def __init__(
        self, specification: Specification, clock: Clock, made_up: Contents, user: str
    ) -> None:
        self.store = Store()
        self.resources = resources_of(specification)
        self.rendering = Rendering(specification.response_schemas)
        self.specification = specification
        self.clock = clock
        self.administrator = first_administrator(user)
        self.subject = self.administrator
        """Who asks; changes with every request, under the lock."""
        self.credentials = Credentials(self)
        self.rights = Rights(self)
        self.life = WorkloadLife(self)
        self._collections = CollectionAnswers(self)
        self._settings = Settings(self)
        self._made_up = made_up
        self.lock = threading.RLock()
        self._handlers = self._handlers_by_operation()
        initial.fill(self)

    def content(self, operation: Operation, request: CheckedRequest, subject: Subject) -> Content:
        """What is answered to a checked request; see `Contents`."""
        with self.lock:
            self.subject = subject
            self.life.go_on()
            self.rights.demand(operation, request)
            handler = self._handlers.get(operation.id)
            if handler is not None:
                return handler(operation, request)
            self._demand_owner(operation, request)
        return self._made_up.content(operation, request, subject)

    def reset(self) -> None:
        """Forget what was created since the start."""
        with self.lock:
            self.store.clear()
            self.life.clear()
            self._settings.clear()
            initial.fill(self)

    def collections(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The records of every collection that has some, as its GET shows them, by path."""
        with self.lock:
            self.life.go_on()
            return {
                path: [self.shown(record) for record in records.values()]
                for path, records in self.store.collections().items()
            }

    def dump(self) -> dict[str, Any]:
        """Everything that is kept, as JSON has it."""
        with self.lock:
            return dumps.dumped(self, self._settings)

    def restore(self, dumped: Mapping[str, Any]) -> None:
        """Keep what was dumped, and nothing else.

        Raises:
            ValueError: it was dumped by another version, or by something else.
        """
        with self.lock:
            dumps.restore(self, self._settings, dumped)

    def create(self, path: str, facts: dict[str, Any]) -> Record:
        """Keep a new record of a collection.

        Raises:
            Refusal: 400 where it refers to something that is not there, 409 for a name that is
                taken.
        """
        resource = self.resources[path]
        facts = with_department(self, path, self._known(path, facts))
        schemas = self.specification.response_schemas
        identity = self.store.new_identity(resource, schemas)
        if resource.is_named:
            # There is one notification channel of a type, which is what it is called.
            identity = name_of(facts) or facts.get("type")
            facts = {"name": identity, **facts}
        record = self.new_record(path, identity, facts, self.subject.name)
        self.store.add(record)
        self.life.submitted(record)
        if path == CLUSTERS:
            initial.furnish(self, record)
        return record

    def new_record(self, path: str, identity: Any, facts: dict[str, Any], user: str) -> Record:
        """A record that is not kept yet, with what the control plane says of it.

        Args:
            path: of its collection.
            identity: its id.
            facts: of its request.
            user: who creates it.
        """
        own = initial.first_fields(self, path, identity, facts, user)
        return Record(path, identity, facts, own)

    def change(self, record: Record, facts: dict[str, Any]) -> None:
        """Give a record other facts.

        Raises:
            Refusal: 400 where they refer to something that is not there, 409 for a name that is
                taken.
        """
        name = record.name
        self.store.change(record, self._known(record.collection, facts))
        self.touch(record)
        if record.name != name:
            self._tell_name(record)

    def delete(self, record: Record) -> None:
        """Forget a record, and what came with it.

        Raises:
            Refusal: 409 where others still refer to it.
        """
        going = [*comes_with(self, record), record]
        for each in going:
            demand_unused(self, each, going)
        for each in going:
            self.store.remove(each)
            self.life.deleted(each)

    def shown(self, record: Record) -> Any:
        """A record as its GET shows it, or whatever else does."""
        resource = self.resources.get(record.collection)
        if resource is None or not resource.views:
            return dict(record.facts)
        return record.view(resource.views[0], self.rendering)

    def touch(self, record: Record) -> None:
        """Say that a record was changed now."""
        record.own.update(updatedAt=timestamp(self.clock()), updatedBy=self.subject.name)
        self._derive(record)
        self.life.changed(record)

    def _derive(self, record: Record) -> None:
        """Have a record say what follows from its facts."""
        fields = initial.server_fields(self, record.collection, record.facts)
        record.own.update({k: v for k, v in fields.items() if k not in initial.GIVEN_ONCE})
        record.changed()

    def _tell_name(self, record: Record) -> None:
        """Have those that refer to a record, or to what is in it, say what it is called now."""
        told, known = [record], {record}
        # What is in a project tells the name of its department, too.
        while told:
            told = [each for each in users_of(self, told) if each not in known]
            known.update(told)
            for other in told:
                other.facts = self._named(other.facts)
                self._derive(other)

    def _known(self, path: str, facts: dict[str, Any]) -> dict[str, Any]:
        """The facts with what is known of that to which they refer; raises Refusal for bad ones."""
        demand_references(self, facts)
        self.life.demand(path, facts)
        return with_spec_by_kind(path, self._named(facts))

    def _named(self, facts: dict[str, Any]) -> dict[str, Any]:
        """The facts with the names of that to which they refer."""
        facts = shared_scopes.with_named_scopes(self, with_named_pools(self, facts))
        named: dict[str, Any] = with_named_assets(self, facts)
        return named

    def _handlers_by_operation(self) -> dict[str, Handler]:
        # The last two carry out whatever has their form; the others know their operations.
        handlers: dict[str, Handler] = {}
        for operation in self.specification.operations.values():
            handler = (
                batches.handler(self, operation)
                or keyed_settings.handler(self, operation)
                or policies.handler(self, operation)
                or cluster_collections.handler(self, operation)
                or shared_scopes.handler(self, operation)
                or self.credentials.handler(operation)
                or own_rights.handler(self, operation)
                or self.life.handler(operation)
                or scope_metrics.handler(self, operation)
                or older_metrics.handler(self, operation)
                or node_answers.handler(self, operation)
                or telemetry.handler(self, operation)
                or self.life.told(operation, self._collections.handler(operation))
                or self._settings.handler(operation)
            )
            if handler is not None:
                handlers[operation.id] = handler
        return handlers

    def _demand_owner(self, operation: Operation, request: CheckedRequest) -> None:
        """Refuse what is asked about a record that is not there, though the rest is made up."""
        for resource in self.resources.values():
            if operation.path.startswith(f"{resource.item_path}/"):
                self._collections.found(resource, request)
                return
