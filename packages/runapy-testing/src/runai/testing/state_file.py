"""The file that a control plane's state survives a restart in."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runai.testing.answers import shortened

_VERSION = "version"


def read_state(file: Path) -> dict[str, Any] | None:
    """The state that was dumped to a file; None where there is no file.

    Raises:
        ValueError: the file holds none.
        OSError: it cannot be read.
    """
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        return None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or not isinstance(content.get(_VERSION), str):
        raise ValueError(
            f"{file} holds no state of a control plane, but {shortened(text[:200])}: give a file "
            "that --state has written, or one that is not there yet"
        )
    return content


def version_of(state: Mapping[str, Any]) -> str:
    """The version of the control plane that dumped a state."""
    return str(state[_VERSION])


def write_state(file: Path, state: Mapping[str, Any]) -> None:
    """Write a state to a file, whole or not at all; only its owner may read it.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    # Not a link to it, which would be replaced by another file.
    file = file.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=str(file.parent))
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(state, stream)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except BaseException:
        unfinished.unlink()
        raise
