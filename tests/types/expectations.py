"""What a program's comments say that type checkers find in it.

At the end of a line:

- `# is: ApiResponse[Project]`: the type that the line's `reveal_type` reveals, as
  `checkers.spelled` spells it.
- `# error: arg-type | reportArgumentType | "limit"`: the codes that mypy reports for the line, and
  those that pyright reports, each separated by commas, `-` for none; and, if wanted, a regular
  expression that is found in what each of them says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .checkers import REVEALED, Finding

_TYPE = re.compile(r"# is: (.*?)(?=  # |$)")
_ERROR = re.compile(r"# error: (.*)$")


def differences(program: str, checker: str, findings: Sequence[Finding]) -> Iterator[str]:
    """Where a checker does not find what the comments say, or finds what they do not say.

    Arguments:
        program: its source.
        checker: "mypy" or "pyright".
        findings: what the checker found.
    """
    for number, line in enumerate(program.splitlines(), 1):
        found = [each for each in findings if each.line == number]
        types = [each.text for each in found if each.code == REVEALED]
        errors = _without_echoes([each for each in found if each.code != REVEALED])
        expected_types = [match[1] for match in _TYPE.finditer(line)]
        codes, pattern = _expected_errors(line, checker)
        if types != expected_types:
            yield f"line {number}: {types} is revealed, {expected_types} is expected"
        if sorted(each.code for each in errors) != sorted(codes):
            yield f"line {number}: {errors} is reported, {codes} is expected"
        elif errors and not re.search(pattern, "\n".join(each.text for each in errors)):
            yield f"line {number}: {pattern} is not in {errors}"


def _expected_errors(line: str, checker: str) -> tuple[list[str], str]:
    match = _ERROR.search(line)
    if match is None:
        return [], ""
    by_mypy, by_pyright, *pattern = match[1].split(" | ", 2)
    codes = by_mypy if checker == "mypy" else by_pyright
    return [] if codes == "-" else codes.split(", "), "".join(pattern)


def _without_echoes(errors: list[Finding]) -> list[Finding]:
    """Without what pyright only adds to another error: that it does not know the type, then."""
    others = [each for each in errors if not each.code.startswith("reportUnknown")]
    return others or errors
