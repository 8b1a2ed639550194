"""Which request gets which fault: by operation, and in a sequence, every so often or by chance."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, get_args

from runai.testing.faults import ClockSkew, Drop, Fault, TokenAnswer, without_delay
from runai.testing.pauses import Pauses
from runai.testing.specification import Specification
from runai.testing.token_endpoints import TOKEN_ENDPOINTS

_DEFAULT_SEED = 0


class FaultRule(NamedTuple):
    """What one `Faults.add` ordered, and what came of it."""

    scope: list[str]
    """Operation ids, sorted; "*" alone for every request."""
    fault: Fault
    skip: int
    times: int | None
    every: int
    rate: float
    seen: int
    """How many requests of the scope there were."""
    given: int
    """How many of them got the fault."""


class Faults:
    """The faults of one control plane. Safe to change while it serves.

    A request gets the first fault that strikes it, in the order they were added; those added later
    neither see nor count it. Sequences therefore follow one another.

    Args:
        specification: whose operations they are for.
        pauses: those of answers that a fault delays.
    """

    def __init__(self, specification: Specification, pauses: Pauses) -> None:
        self._specification = specification
        self._pauses = pauses
        self._lock = threading.Lock()
        self._seed = _DEFAULT_SEED
        self._rules: list[_Rule] = []
        self._applied: list[Fault] = []

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._rules)

    @property
    def rules(self) -> list[FaultRule]:
        """What was added, in that order."""
        with self._lock:
            return [rule.view() for rule in self._rules]

    @property
    def applied(self) -> list[Fault]:
        """What requests and connections got so far, oldest first."""
        with self._lock:
            return self._applied[:]

    def add(
        self,
        scope: str | Iterable[str],
        fault: Fault,
        *,
        skip: int = 0,
        times: int | None = None,
        every: int = 1,
        rate: float = 1.0,
    ) -> None:
        """Give a fault to requests from now on.

        Args:
            scope: an operation id, such as "projects.get_projects", several, or "*" for every
                request, those to unknown paths included.
            fault: what they get.
            skip: how many requests are spared first.
            times: how many get it, before all is normal again; None for no limit.
            every: only each n-th gets it; the n-th is the first.
            rate: the chance of each to get it, 0 to 1; drawn by `seed`.

        Raises:
            ValueError: there is no such operation, it does not give out tokens and the fault is
                one of tokens given out, the fault is none, or a number is out of its range.
        """
        if not isinstance(fault, get_args(Fault)):
            raise ValueError(f"{fault!r} is no fault: give one, such as Status(503)")
        operations = self._operations(scope, fault)
        if skip < 0 or every < 1 or (times is not None and times < 1):
            numbers = f"skip={skip!r}, times={times!r}, every={every!r}"
            raise ValueError(f"{numbers}: skip counts from 0, times and every count from 1")
        if not 0 <= rate <= 1:
            raise ValueError(f"rate {rate!r} is no chance: give one from 0 to 1")
        with self._lock:
            rule = _Rule(fault, operations, skip, times, every, rate)
            rule.random = self._random(len(self._rules))
            self._rules.append(rule)

    def seed(self, seed: int) -> None:
        """Draw anew by this seed. Each `add` has a sequence of its own; the seed is 0 at first."""
        with self._lock:
            self._seed = seed
            for number, rule in enumerate(self._rules):
                rule.random = self._random(number)

    def clear(self) -> None:
        """Be as at first: no faults, none applied, seed 0. Delayed answers go out at once."""
        with self._lock:
            self._seed = _DEFAULT_SEED
            self._rules.clear()
            self._applied.clear()
        self._pauses.end()

    def for_connection(self) -> Drop | None:
        """The fault of a new connection."""
        fault = self._next(lambda rule: _ends_connections(rule.fault))
        return fault if isinstance(fault, Drop) else None

    def for_request(self, operation_id: str | None) -> Fault | None:
        """The fault of a request; its operation is None where no operation has its path."""
        return self._next(
            lambda rule: (
                not _ends_connections(rule.fault)
                and (rule.operations is None or operation_id in rule.operations)
            )
        )

    def _next(self, concerns: Callable[[_Rule], bool]) -> Fault | None:
        with self._lock:
            for rule in self._rules:
                if concerns(rule) and rule.strikes():
                    self._applied.append(rule.fault)
                    return rule.fault
        return None

    def _operations(self, scope: str | Iterable[str], fault: Fault) -> frozenset[str] | None:
        ids = [scope] if isinstance(scope, str) else list(scope)
        if not ids:
            raise ValueError("the scope is empty: give operation ids, or '*' for every request")
        of_tokens = isinstance(without_delay(fault), (ClockSkew, TokenAnswer))
        if "*" in ids:
            if not of_tokens:
                return None
            operations = self._specification.operations.values()
            return frozenset(o.id for o in operations if o.path in TOKEN_ENDPOINTS)
        if _ends_connections(fault):
            raise ValueError(f"{fault!r} comes before any operation is known: its scope is '*'")
        for operation in map(self._specification.operation, ids):
            if of_tokens and operation.path not in TOKEN_ENDPOINTS:
                raise ValueError(f"{operation.id} gives out no tokens: {fault!r} is not for it")
        return frozenset(ids)

    def _random(self, number: int) -> random.Random:
        return random.Random(f"{self._seed} {number}")


@dataclass
class _Rule:
    fault: Fault
    operations: frozenset[str] | None
    """None for any."""
    skip: int
    times: int | None
    every: int
    rate: float
    random: random.Random = field(default_factory=random.Random)
    seen: int = 0
    given: int = 0

    def strikes(self) -> bool:
        """Count one request of the scope, and say whether it gets the fault."""
        if self.given == self.times:
            return False
        self.seen += 1
        if self.seen <= self.skip or (self.seen - self.skip) % self.every:
            return False
        # Drawn for a rate of 1 as well: random() is below 1.
        if self.random.random() >= self.rate:
            return False
        self.given += 1
        return True

    def view(self) -> FaultRule:
        """As it is now."""
        scope = ["*"] if self.operations is None else sorted(self.operations)
        ordered = (self.fault, self.skip, self.times, self.every, self.rate)
        return FaultRule(scope, *ordered, self.seen, self.given)


def _ends_connections(fault: Fault) -> bool:
    return isinstance(fault, Drop) and fault.when == "connect"
