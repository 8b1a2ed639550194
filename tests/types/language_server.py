"""What an editor shows: pyright's language server, spoken to as an editor does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any


class LanguageServer:
    """A server for one folder, which ends with its `with` block.

    Arguments:
        folder: the programs.
        python: of the environment that has the packages.
    """

    def __init__(self, folder: Path, python: Path) -> None:
        self._folder = folder
        self._python = python
        self._requests = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pyright.langserver", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> LanguageServer:
        folder = self._folder.as_uri()
        self._answer_to(
            "initialize",
            processId=None,
            rootUri=folder,
            workspaceFolders=[{"uri": folder, "name": self._folder.name}],
            capabilities={
                "workspace": {"configuration": True},
                "textDocument": {"hover": {"contentFormat": ["plaintext"]}},
            },
        )
        self._send({"method": "initialized", "params": {}})
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._process:
            if exception is None:
                self._answer_to("shutdown")
                self._send({"method": "exit"})
            else:
                self._process.kill()

    def open(self, file: Path) -> None:
        """Open a program, as it is on disk."""
        document = {
            "uri": file.as_uri(),
            "languageId": "python",
            "version": 1,
            "text": file.read_text("utf-8"),
        }
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def hover(self, file: Path, line: int, column: int) -> str:
        """What is shown over a place, which is counted from 0; white space in one form."""
        answer = self._answer_to(
            "textDocument/hover",
            textDocument={"uri": file.as_uri()},
            position={"line": line, "character": column},
        )
        return " ".join(answer["contents"]["value"].split()) if answer else ""

    def _answer_to(self, method: str, **parameters: Any) -> Any:
        self._requests += 1
        self._send({"id": self._requests, "method": method, "params": parameters})
        while True:
            message = self._received()
            if "method" in message:
                self._obey(message)
            elif message["id"] == self._requests:
                assert "error" not in message, message
                return message["result"]

    def _obey(self, message: dict[str, Any]) -> None:
        """Answer what the server asks its editor for; what it only tells needs no answer."""
        if message["method"] == "workspace/configuration":
            settings = [
                {"pythonPath": str(self._python)} if item.get("section") == "python" else {}
                for item in message["params"]["items"]
            ]
            self._send({"id": message["id"], "result": settings})
        elif "id" in message:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self._process.stdin.flush()

    def _received(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while header := self._process.stdout.readline().strip():
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the language server has ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message
