"""Patterns of JSON Schema, which are regular expressions of ECMA-262, in Python's `re`."""

from __future__ import annotations

import functools
import re

_TOKEN = re.compile(r"\\.|.", re.DOTALL)
_DIGITS = "0-9"
_WORD = "A-Za-z0-9_"
# WhiteSpace and LineTerminator.
_SPACE = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_CLASSES = {r"\d": _DIGITS, r"\w": _WORD, r"\s": _SPACE}
_COMPLEMENTS = {r"\D": _DIGITS, r"\W": _WORD, r"\S": _SPACE}


@functools.lru_cache(maxsize=512)
def python_pattern(pattern: str) -> str:
    """A pattern for `re.search` that means what the given one means in ECMA-262.

    Python's own `$` also comes before a newline at the end, and its classes hold all of Unicode. A
    complement within brackets stays as Python has it.
    """
    parts: list[str] = []
    in_brackets = False
    for token in _TOKEN.findall(pattern):
        if token in _CLASSES:
            parts.append(_CLASSES[token] if in_brackets else f"[{_CLASSES[token]}]")
        elif token in _COMPLEMENTS and not in_brackets:
            parts.append(f"[^{_COMPLEMENTS[token]}]")
        elif token == "$" and not in_brackets:
            parts.append(r"\Z")
        else:
            parts.append(token)
        if token == "[":
            in_brackets = True
        elif token == "]":
            in_brackets = False
    return "".join(parts)
