"""Patterns as JSON Schema has them (ECMA-262), in Python."""

from __future__ import annotations

import re

import pytest

from runai.testing.ecma_patterns import python_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "is_met"),
    [
        ("^a$", "a", True),
        ("^a$", "a\n", False),
        ("^a(b$|c$)", "ac\n", False),
        (r"^a\$", "a$", True),
        (r"^a\$", "a$\n", True),
        (r"^a\\$", "a\\\n", False),
        ("^[$]$", "$", True),
        (r"^[\]$]$", "$", True),
        (r"^\d$", "7", True),
        (r"^\d$", "\u0667", False),
        (r"^[\d-]+$", "7-7", True),
        (r"^[\d]$", "\u0667", False),
        (r"^\D$", "\u0667", True),
        (r"^\w$", "\u00e9", False),
        (r"^\W$", "\u00e9", True),
        (r"^[\w.]+$", "a_.9", True),
        (r"^a\sb$", "a\x1cb", False),
        (r"^a\sb$", "a\u00a0b", True),
        (r"^\S$", "\x1c", True),
        (r"^[^\s]$", "\x1c", True),
        (r"^[^\s]$", "\n", False),
        (r"^\x2F$", "/", True),
    ],
)
def test_meaning(pattern: str, text: str, is_met: bool) -> None:
    assert bool(re.search(python_pattern(pattern), text)) is is_met
