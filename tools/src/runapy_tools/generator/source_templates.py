"""The templates that generated files are written from."""

from __future__ import annotations

import textwrap
from typing import Any

import jinja2


def templates(**constants: str) -> jinja2.Environment:
    """What `templates/` holds; each template knows the constants."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("runapy_tools.generator"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    # Jinja2 types both dictionaries by what it puts in them itself.
    filters: dict[str, Any] = environment.filters
    filters.update(wrap=_wrap, names=_names)
    known: dict[str, Any] = environment.globals
    known.update(constants)
    return environment


def _names(names: list[str]) -> str:
    """A set display, without the comma that would spread it over lines."""
    return "{" + ", ".join(f'"{name}"' for name in sorted(names)) + "}"


def _wrap(text: str, indent: int) -> str:
    """A docstring's text: on one line if it fits, else wrapped, its end on a line of its own."""
    margin = " " * indent
    if len(text) + indent <= 94:
        return text
    width = 100 - indent - len('"""')
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return f"\n{margin}".join([*lines, ""])
