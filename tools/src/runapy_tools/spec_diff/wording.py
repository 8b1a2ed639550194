"""One change in a few words; names stand between backticks."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from runapy_tools.spec_diff.changes import Change

_SHORT = 60
_VERBS = {
    "added": "added",
    "removed": "removed",
    "deprecated": "deprecated",
    "restored": "no longer deprecated",
}
_MARKS: dict[tuple[str, Any], str] = {
    ("required", True): "now required",
    ("required", False): "now optional",
    ("nullable", True): "may be null",
    ("nullable", None): "is never null",
    ("readOnly", True): "only read",
    ("readOnly", None): "no longer only read",
    ("writeOnly", True): "only written",
    ("writeOnly", None): "no longer only written",
    ("needs a token", True): "needs a token",
    ("needs a token", False): "needs no token",
    ("explode", True): "one query value for each element",
    ("explode", False): "elements joined by commas",
}

_MARKED = {aspect for aspect, _ in _MARKS}


def phrases(changes: Sequence[Change]) -> list[str]:
    """A phrase for each change; answers, and members of one enum, that came or went share one."""
    alike: dict[tuple[object, ...], list[Change]] = {}
    for position, change in enumerate(changes):
        shares = change.subject in ("member", "response") and change.kind in ("added", "removed")
        key = (change.kind, change.subject, change.of) if shares else (position,)
        alike.setdefault(key, []).append(change)
    return [_shared(each) if len(key) > 1 else phrase(each[0]) for key, each in alike.items()]


def phrase(change: Change) -> str:
    """What happened to what is inside an operation or a model, or to these themselves."""
    what = _subject(change)
    if change.kind in ("renamed", "moved"):
        return _renamed(change, what)
    if change.kind == "changed":
        return f"{what}: {_changed(change)}" if what else _changed(change)
    said = f"{what} {_VERBS[change.kind]}".strip()
    if change.kind == "deprecated" and change.after:
        return f"{said}, use `{change.after}`"
    if change.kind == "added" and isinstance(change.after, dict) and change.subject != "body":
        return f"{said}: {_facts(change.after)}"
    if change.kind == "added" and change.subject == "body":
        return f"{said}: {' or '.join(sorted(set(change.after.values())))}"
    return said


def _subject(change: Change) -> str:
    if change.subject in ("operation", "model"):
        return ""
    if change.subject == "member":
        return f"`{change.of}`" if change.of else ""
    if change.subject == "response":
        return f"answer {change.name}"
    return f"{change.subject} `{change.name}`" if change.name else change.subject


def _shared(changes: list[Change]) -> str:
    first, end = changes[0], "" if len(changes) == 1 else "s"
    if first.subject == "response":
        listed = ", ".join(change.name for change in changes)
        return f"answer{end} {listed} {_VERBS[first.kind]}"
    listed = ", ".join(f"`{change.name}`" for change in changes)
    if first.of:
        return f"`{first.of}`: value{end} {listed} {_VERBS[first.kind]}"
    return f"member{end} {listed} {_VERBS[first.kind]}"


def _renamed(change: Change, what: str) -> str:
    if change.aspect == "category":
        return f"moved from {change.before} to {change.after}"
    if change.subject == "body":
        return f"body's name `{change.before}` -> `{change.after}`"
    if change.aspect == "client":
        return f"{what}: the client's name `{change.before}` -> `{change.after}`"
    if what:
        return f"{change.subject} `{change.before}` renamed `{change.after}`"
    return f"`{change.before}` -> `{change.after}`"


def _changed(change: Change) -> str:
    mark = (change.aspect, change.after)
    if change.aspect in _MARKED and mark in _MARKS:
        return _MARKS[mark]
    if change.aspect == "values" and change.before is None:
        return f"only {', '.join(f'`{each}`' for each in change.after)}"
    if change.aspect == "values":
        return "any value"
    if change.aspect.endswith("pattern"):
        return _pattern(change)
    if change.aspect in ("type", "media types"):
        return f"{_value(change.before)} -> {_value(change.after)}"
    return f"{_words(change.aspect)} {_value(change.before)} -> {_value(change.after)}"


def _pattern(change: Change) -> str:
    texts = [change.before or "", change.after or ""]
    if max(map(len, texts)) <= _SHORT:
        return f"{change.aspect} {_code(change.before)} -> {_code(change.after)}"
    before, after = (re.findall(r"[A-Za-z_]{3,}", text) for text in texts)
    gained = [f"`{word}`" for word in dict.fromkeys(after) if word not in before]
    lost = [f"`{word}`" for word in dict.fromkeys(before) if word not in after]
    said = [f"with {', '.join(gained)}"] if gained else []
    said += [f"without {', '.join(lost)}"] if lost else []
    if before and after and said:
        return f"{change.aspect} {', '.join(said)}"
    if not all(texts):
        return f"{change.aspect} {'gone' if change.before else 'given'}"
    return f"another {change.aspect}"


def _facts(facts: dict[str, Any]) -> str:
    said = str(facts["type"])
    if "members" in facts:
        said = " or ".join(f"`{each}`" for each in facts["members"])
        said = said if len(said) <= _SHORT else f"{facts['type']}, one of {len(facts['members'])}"
    if facts.get("nullable"):
        said += " or null"
    if facts.get("required"):
        said += ", required"
    if facts.get("deprecated"):
        said += ", deprecated"
    return said


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, str):
        return value if len(value) <= _SHORT else f"{value[:_SHORT]}..."
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return " or ".join(value) or "none"
    return json.dumps(value)


def _code(text: str | None) -> str:
    return f"`{text}`" if text else "none"


def _words(aspect: str) -> str:
    """`items' maxLength` as a reader says it."""
    return re.sub(r"([a-z])([A-Z])", lambda found: f"{found[1]} {found[2].lower()}", aspect)
