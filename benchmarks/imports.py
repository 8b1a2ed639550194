"""What importing costs, and the first typed answer: each time in a new interpreter."""

from __future__ import annotations

from benchmarks import answers
from benchmarks.plan import Benchmark, Contender, Goal, Interpreter, Quantity, Row

_PEER = Interpreter.PEER
TRANSPORTS = {
    "ApiClient": "requests",
    "ThreadedApiClient": "urllib3",
    "AsyncApiClient": "aiohttp",
}
NAMES = "the three names"


def _libraries() -> list[Contender]:
    return [
        Contender(library, "beginning:library_imported", (library,))
        for library in TRANSPORTS.values()
    ]


def _clients() -> list[Contender]:
    return [
        Contender(f"{kind}{suffix}", "beginning:client_made", (kind,), interpreter=interpreter)
        for kind in TRANSPORTS
        for suffix, interpreter in (("", Interpreter.OURS), (" of the peer", _PEER))
    ]


def _import_rows() -> list[Row]:
    rows = []
    for quantity, limit in (
        (Quantity.MILLISECONDS_MORE, 10),
        (Quantity.MEBIBYTES_MORE, 3),
        (Quantity.MODULES_MORE, None),
    ):
        rows.append(
            Row(
                "`ApiClient`, `Configuration`, `RunaiClient` imported, against requests",
                quantity,
                NAMES,
                "requests",
                f"{NAMES} of the peer",
                goal=None if limit is None else Goal(limit),
            )
        )
        rows += [
            Row(
                f"the same and a client made of `{kind}`, against {library}",
                quantity,
                kind,
                library,
                f"{kind} of the peer",
                goal=None if limit is None else Goal(limit),
            )
            for kind, library in TRANSPORTS.items()
        ]
    return rows


IMPORTS = Benchmark(
    "imports",
    "Importing",
    "Against importing the transport library alone. Ours imports that library when a client is"
    " made, so the rows to look at are those with a client; the peer gets a token then.",
    (
        *_libraries(),
        Contender(NAMES, "beginning:names_imported"),
        Contender(f"{NAMES} of the peer", "beginning:names_imported", interpreter=_PEER),
        *_clients(),
    ),
    tuple(_import_rows()),
    is_fresh=True,
    share_of_rounds=0.5,
)


_FIRST = "get_workspace"
_BARE_PROGRAMS = {
    "bare": "first_answer",
    "pydantic and": "first_answer_and_pydantic",
    "all of": "everything_to_first_answer",
}


def _first_answers() -> list[Contender]:
    contenders = [
        Contender(f"{name} {library}", f"bare_beginning:{function}", (library, answers.WORKSPACE))
        for name, function in _BARE_PROGRAMS.items()
        for library in TRANSPORTS.values()
    ]
    for kind in TRANSPORTS:
        whole = "beginning:everything_to_first_answer"
        settings = (kind, _FIRST)
        contenders += [
            Contender(kind, "beginning:first_typed_answer", settings),
            Contender(f"all of {kind}", whole, settings),
            Contender(f"all of {kind} of the peer", whole, settings, interpreter=_PEER),
        ]
    smallest = ("ApiClient", "count_projects")
    return [*contenders, Contender("smallest", "beginning:first_typed_answer", smallest)]


def _first_answer_row(what: str, ours: str, bare: str, goal: Goal | None) -> Row:
    cannot = "has paid for it when imported"
    return Row(what, Quantity.MILLISECONDS_MORE, ours, bare, cannot=cannot, goal=goal)


FIRST_ANSWERS = Benchmark(
    "first-answers",
    "The first typed answer",
    "The first call of a client that is made already, up to its `model`, in a new interpreter:"
    " token, connection, and the import of pydantic and of the models. Against the library's first"
    " call, decoded. `get_workspace` has 39 model classes, `count_projects` one.",
    tuple(_first_answers()),
    (
        *(
            _first_answer_row(
                f"`get_workspace`, `{kind}`, against {library}", kind, f"bare {library}", Goal(40)
            )
            for kind, library in TRANSPORTS.items()
        ),
        _first_answer_row(
            "`count_projects`, `ApiClient`, against requests", "smallest", "bare requests", Goal(40)
        ),
        *(
            _first_answer_row(
                f"`get_workspace`, `{kind}`, against {library} and importing pydantic",
                kind,
                f"pydantic and {library}",
                None,
            )
            for kind, library in TRANSPORTS.items()
        ),
        *(
            Row(
                f"from the first import to `get_workspace`, `{kind}`, against {library}",
                Quantity.MILLISECONDS_MORE,
                f"all of {kind}",
                f"all of {library}",
                f"all of {kind} of the peer",
            )
            for kind, library in TRANSPORTS.items()
        ),
    ),
    is_fresh=True,
    share_of_rounds=0.5,
)
