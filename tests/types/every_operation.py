"""Programs that reveal the type of every operation, and what must be revealed.

There is one for each client; in each, an operation is reached through `RunaiClient`, and through
its category alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from .checkers import REVEALED, Finding
from .operations import Shown, categories, operations

RETURNED = {
    "ApiClient": "ApiResponse[{}]",
    "ThreadedApiClient": "ApiFuture[{}]",
    "AsyncApiClient": "Coroutine[None, None, ApiResponse[{}]]",
}
"""What a call on each client gives, around the model."""
_UNKNOWN = re.compile(r"(?<!')\bUnknown\b")
DEPRECATED = {"mypy": "deprecated", "pyright": "reportDeprecated"}


def lines(client: str) -> list[tuple[str, Shown | None]]:
    """A program, each line with the operation whose type it reveals."""
    classes = {name: kind.rpartition(".") for name, kind in categories().items()}
    head = [
        *(f"from {module} import {name}" for module, _, name in classes.values()),
        f"from runai.api_client import {client}",
        "from runai.runai_client import RunaiClient",
        f"root = RunaiClient({client}())",
        *(f"{attribute} = {name}({client}())" for attribute, (_, _, name) in classes.items()),
    ]
    return [
        *((line, None) for line in head),
        *((f"reveal_type(root.{each.path})", each) for each in operations()),
        *((f"reveal_type({each.path})", each) for each in operations()),
    ]


def differences(client: str, checker: str, findings: Sequence[Finding]) -> Iterator[str]:
    """Where a checker finds something else than what the operations are at run time."""
    by_line = defaultdict(list)
    for each in findings:
        by_line[each.line].append(each)
    for number, (line, operation) in enumerate(lines(client), 1):
        types = [each.text for each in by_line[number] if each.code == REVEALED]
        reported = [each.code for each in by_line[number] if each.code != REVEALED]
        expected = [DEPRECATED[checker]] if operation and operation.deprecated else []
        if reported != expected:
            yield f"{line}: {reported}"
        if operation and [_fits(each, operation, client, checker) for each in types] != [True]:
            yield f"{line}: {types}"


def _fits(text: str, operation: Shown, client: str, checker: str) -> bool:
    if not text.endswith(f"-> {RETURNED[client].format(operation.model)}") or _UNKNOWN.search(text):
        return False
    # mypy writes the fields of a dict in place of its name.
    if operation.body is None or checker == "mypy":
        return True
    name, kind = operation.body
    annotation = re.search(rf"\b{name}: (.*?)(?=, \w+: |, \*\*options)", text)
    if annotation is None:
        return False
    is_list = kind.startswith("list[")
    names = set(re.findall(r"\w+", annotation[1]))
    return (
        annotation[1].startswith("Sequence[") == is_list
        and kind.removeprefix("list[").removesuffix("]") in names
        and any(each.endswith("Dict") for each in names)
        and "Any" not in names
    )
