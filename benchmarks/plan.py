"""What a benchmark consists of: who is measured, at what, and what is compared with what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Interpreter(Enum):
    """Whose virtual environment a program runs in."""

    OURS = "ours"
    PEER = "the peer's"
    TOOLS = "the one that runs this command"


@dataclass(frozen=True)
class Contender:
    """One program that is measured.

    Attributes:
        name: unique in its benchmark.
        program: `module:function` below `benchmarks.programs`.
        settings: for the function, after the server's URL.
        operations: how often it does its work in one round.
        interpreter: what it runs in.
    """

    name: str
    program: str
    settings: tuple[str, ...] = ()
    operations: int = 1
    interpreter: Interpreter = Interpreter.OURS


class Quantity(Enum):
    """What is compared, and how."""

    TIMES = "times the seconds"
    MILLISECONDS_MORE = "ms more"
    MEBIBYTES_MORE = "MiB more"
    MODULES_MORE = "modules more"
    SECONDS = "s"
    MEGABYTES = "MB"

    @property
    def is_alone(self) -> bool:
        """Whether it is a figure of its own, compared with no bare library."""
        return self in (Quantity.SECONDS, Quantity.MEGABYTES)


@dataclass(frozen=True)
class Goal:
    """What section 7 of the design asks of a row: at most so much.

    Attributes:
        limit: of the row's quantity; times the peer's, if against the peer.
        against_peer: whether the peer is what it is measured by.
    """

    limit: float
    against_peer: bool = False


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes:
        what: for the table's first column.
        quantity: what is compared.
        ours: a contender's name.
        bare: that of the library alone; empty where there is none.
        peer: the peer's; empty where it cannot do this.
        cannot: why the peer cannot, in few words.
        goal: what is asked.
        per_operation: calls in one operation of ours, for rows that show how cost grows.
    """

    what: str
    quantity: Quantity
    ours: str
    bare: str = ""
    peer: str = ""
    cannot: str = ""
    goal: Goal | None = None
    per_operation: int = 1


@dataclass(frozen=True)
class Benchmark:
    """Contenders that are measured in the same rounds, and the rows that this gives.

    Attributes:
        name: for the command line and the markers in README.md.
        title: over its table.
        words: what was done, under the title.
        contenders: in the order of the first round; the next goes the other way.
        rows: of the table.
        is_fresh: whether each round takes a new interpreter, because work is done once in its life.
        share_of_rounds: of the rounds asked for, how many it takes.
        shows_growth: whether the rows are one job in growing sizes, the smallest first.
    """

    name: str
    title: str
    words: str
    contenders: tuple[Contender, ...]
    rows: tuple[Row, ...]
    is_fresh: bool = False
    share_of_rounds: float = 1.0
    shows_growth: bool = False
