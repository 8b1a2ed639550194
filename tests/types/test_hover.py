"""What an editor shows over every operation: what it gives on this client, and its docstring."""

from __future__ import annotations

from pathlib import Path

from .checkers import spelled
from .every_operation import RETURNED, lines
from .language_server import LanguageServer


def test_hovering_shows_the_docstring_of_the_operation(everything: Path, tmp_path: Path) -> None:
    wrong = []
    with LanguageServer(tmp_path, everything) as server:
        for client, returned in RETURNED.items():
            program = lines(client)
            file = tmp_path / f"{client}.py"
            file.write_text("\n".join(line for line, _ in program), "utf-8")
            server.open(file)
            for number, (line, operation) in enumerate(program):
                if operation is None:
                    continue
                shown = server.hover(file, number, line.rindex(".") + 1)
                signature, _, _ = shown.partition(operation.summary)
                given = f"-> {returned.format(operation.model)} "
                if signature == shown or not spelled(signature).endswith(given):
                    wrong.append((line, shown))
    assert wrong == []
