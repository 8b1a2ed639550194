"""The session of the Run:ai command line, version 2, as it lies on disk."""

from __future__ import annotations

import base64
import binascii
import json
import os
from pathlib import Path
from typing import Any, Dict, Optional, Tuple, Union

_DIRECTORY_VARIABLE = "RUNAI_CLI_CONFIG_PATH"
_DEFAULT_DIRECTORY = "~/.runai"


class CLIv2Config:
    """What the command line knows: who is signed in, and where.

    Files are read when an attribute is asked for, and read again when they have changed.

    Arguments:
        cliv2_config_path: the directory with `authentication.json` and `config.json`; if not
            given, `RUNAI_CLI_CONFIG_PATH`, else `~/.runai`.

    Raises:
        ValueError: there is no such directory.
    """

    def __init__(self, cliv2_config_path: Union[str, Path, None] = None) -> None:
        place = cliv2_config_path or os.environ.get(_DIRECTORY_VARIABLE) or _DEFAULT_DIRECTORY
        self.cliv2_dir = Path(place).expanduser()
        if not self.cliv2_dir.is_dir():
            raise ValueError(
                f"cliv2_config_path={str(self.cliv2_dir)!r} is no directory: run `runai login`, or"
                f" name the directory here or in {_DIRECTORY_VARIABLE}"
            )
        self.auth_file_path = self.cliv2_dir / "authentication.json"
        self.config_file_path = self.cliv2_dir / "config.json"
        self._authentication = _JsonFile(self.auth_file_path)
        self._config = _JsonFile(self.config_file_path)

    def load(self) -> None:
        """Read both files now.

        Raises:
            FileNotFoundError: one is not there.
            ValueError: one is no JSON, or lacks what is needed.
        """
        self._authentication.forget()
        self._config.forget()
        _ = self.token, self.cluster_uuid, self.control_plane_url

    @property
    def token(self) -> str:
        """The access token, ready for use.

        Raises:
            FileNotFoundError: `authentication.json` is not there.
            ValueError: it holds no access token.
        """
        return _token(self._authentication.value("accessToken"), self.auth_file_path)

    @property
    def control_plane_url(self) -> str:
        """The URL of the control plane.

        Raises:
            FileNotFoundError: `config.json` is not there.
            ValueError: it names no control plane.
        """
        return self._config.value("control_plane", "url")

    @property
    def cluster_uuid(self) -> str:
        """The identifier of the cluster in use.

        Raises:
            FileNotFoundError: `config.json` is not there.
            ValueError: it names no cluster.
        """
        return self._config.value("cluster", "uuid")

    def __repr__(self) -> str:
        return f"CLIv2Config({str(self.cliv2_dir)!r})"


class _JsonFile:
    """A JSON object in a file, read again when the file is another one than before."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: Optional[Tuple[Tuple[int, int, int], Dict[str, Any]]] = None

    def forget(self) -> None:
        self._read = None

    def value(self, *keys: str) -> str:
        found: Any = self._content()
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        if not isinstance(found, str) or not found:
            raise ValueError(
                f"{self._path} has no {'.'.join(keys)}: sign in again with the command line"
            )
        return found

    def _content(self) -> Any:
        try:
            state = self._path.stat()
        except FileNotFoundError:
            raise FileNotFoundError(
                f"{self._path} is not there: run `runai login`, or name another directory"
            ) from None
        version = (state.st_mtime_ns, state.st_size, state.st_ino)
        read = self._read
        if read is None or read[0] != version:
            read = self._read = (version, _json(self._path))
        return read[1]


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError:
        # The cause would show the file's content, which is a secret.
        raise ValueError(
            f"{path} holds no valid JSON: sign in again with the command line"
        ) from None


def _token(text: str, path: Path) -> str:
    """A JWT as it is, or out of the base64 that some versions of the command line write."""
    if text.count(".") == 2:
        return text
    standard = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        token = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True).decode(
            "ascii"
        )
    except (binascii.Error, UnicodeDecodeError):
        token = ""
    if not token.isprintable() or not token:
        raise ValueError(
            f"accessToken in {path} is neither a token nor one in base64: sign in again with the"
            " command line"
        )
    return token
