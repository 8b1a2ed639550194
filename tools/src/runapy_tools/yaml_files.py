"""Reading and writing YAML, fast and plain."""

from __future__ import annotations

from typing import Any

import yaml

# The loader in C is the safe one too; some platforms have only that in Python.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(text: str | bytes) -> Any:
    """The content of a YAML (or JSON) text."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader


def write(content: Any) -> str:
    """Block style in the order given; equal parts are written out, so that a diff reads well."""
    return yaml.dump(content, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=100)


class _PlainDumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)
