"""What pydantic found wrong with a request, in the API's terms and without secrets."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Sequence

from runai.exceptions import ApiValueError

if TYPE_CHECKING:
    from pydantic_core import ValidationError

_BEFORE_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_QUOTED = re.compile(r"'([^']*)'")
_SECRET = re.compile(r"password|secret|token|credential|private|api_?key", re.IGNORECASE)


def refusal(operation: str, error: ValidationError, *place: str) -> ApiValueError:
    """An error that names the operation, every wrong place, its value and what would be right.

    Arguments:
        operation: `group.method`.
        error: what the check raised.
        place: the argument that was checked, if the check was of one argument alone.
    """
    problems = [
        f"{both_spellings((*place, *each['loc']))}: {each['msg']}{_got(each, place)}"
        for each in error.errors(include_url=False)
    ]
    return ApiValueError(f"{operation}: " + "; ".join(problems))


def both_spellings(parts: Sequence[Any]) -> str:
    """A location, and the name that its field has in Python where that is another."""
    wire = next((part for part in reversed(parts) if isinstance(part, str)), "")
    python = _BEFORE_CAPITAL.sub("_", wire).lower()
    return location(parts) + (f" ({python})" if python != wire else "")


def location(parts: Sequence[Any]) -> str:
    """`("spec", "ports", 0, "name")` as `spec.ports[0].name`."""
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return written.lstrip(".")


def shown(value: Any, parts: Sequence[Any]) -> str:
    """A value as an error may show it: shortened, and hidden where it may hold a secret."""
    if any(may_be_secret(str(part)) for part in parts):
        return "a value that is not shown"
    if not isinstance(value, (str, bytes, int, float, bool, type(None))):
        # Its parts may be secrets under names of their own.
        return f"a {type(value).__name__}"
    written = repr(value)
    return written if len(written) <= 80 else f"{written[:77]}..."


def may_be_secret(name: str) -> bool:
    """Whether what has this name may be a secret."""
    return _SECRET.search(name) is not None


def _got(problem: Any, place: Sequence[Any]) -> str:
    if problem["type"] == "missing":
        return ""
    parts = (*place, *problem["loc"])
    return f" (got {shown(problem['input'], parts)}{_nearest(problem)})"


def _nearest(problem: Any) -> str:
    """The members of an enum that are most like a value: the list of all may be long."""
    members = _QUOTED.findall(problem.get("ctx", {}).get("expected", ""))
    given = problem["input"]
    if len(members) < 2 or not isinstance(given, str):
        return ""
    lower = {member.lower(): member for member in members}
    near = [lower[name] for name in get_close_matches(given.lower(), list(lower))]
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
