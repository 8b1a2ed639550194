"""Where the body of an answer goes that is not kept in memory."""

from __future__ import annotations

import io
import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Callable, Mapping, Optional, Sequence, Union

from runai._core.media_type import essence, is_page_instead
from runai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    Target = Union[str, "os.PathLike[str]", BinaryIO]
    Progress = Callable[[int, Optional[int]], object]


class Download:
    """The body of one call's success on its way to a file; errors stay in memory.

    Arguments:
        target: a path, or an open binary file.
        progress: called with the bytes received so far and all there will be, if that is known.
        promised: the media types that the operation may answer with; empty when not known.

    Attributes:
        size: bytes written.

    Raises:
        ApiTypeError, ApiValueError: the target is nothing that can be written to.
    """

    def __init__(
        self, target: Target, progress: Optional[Progress], promised: Sequence[str]
    ) -> None:
        if progress is not None and not callable(progress):
            raise ApiTypeError(f"progress must be callable, not {type(progress).__name__}")
        self._file: Union[_NewFile, _OpenFile]
        if isinstance(target, (str, os.PathLike)):
            self._file = _NewFile(Path(target))
        else:
            self._file = _OpenFile(target)
        self._progress = progress
        self._promised = promised
        self._total: Optional[int] = None
        self._has_begun = False
        self.size = 0

    @property
    def path(self) -> Optional[Path]:
        """The file's path; None for an open file."""
        return self._file.path

    @property
    def can_restart(self) -> bool:
        """Whether the answer may come once more: what is written must not stay before it."""
        return self._file.can_restart or not self.size

    def takes(self, status: int, headers: Mapping[str, str]) -> bool:
        """Whether an answer with these headers goes to the file."""
        actual = essence(headers.get("Content-Type"))
        return 200 <= status <= 299 and not is_page_instead(actual, self._promised)

    def begin(self, headers: Mapping[str, str]) -> None:
        """Start the file, or start it anew."""
        self._file.start()
        self._has_begun = True
        self.size = 0
        length = headers.get("Content-Length", "")
        is_known = length.isdecimal() and "Content-Encoding" not in headers
        self._total = int(length) if is_known else None

    def write(self, chunk: bytes) -> None:
        """Append to the file."""
        self._file.write(chunk)
        self.size += len(chunk)

    def report(self) -> None:
        """Tell of the progress."""
        if self._progress is not None:
            self._progress(self.size, self._total)

    def keep(self, headers: Mapping[str, str], rest: bytes) -> None:
        """The answer is whole, and the file with it.

        Arguments:
            headers: of the answer.
            rest: a body that the transport has read after all.
        """
        if rest or not self._has_begun:
            self.begin(headers)
            self.write(rest)
            self.report()
        self._file.keep()
        self._has_begun = False

    def discard(self) -> None:
        """Take back what was written, unless it was kept."""
        if self._has_begun:
            self._has_begun = False
            self._file.discard()


class _NewFile:
    """A file under a temporary name beside its own, which it gets when it is whole."""

    can_restart = True

    def __init__(self, path: Path) -> None:
        self.path = path
        # What a link leads to is replaced, and not the link.
        self._target = Path(os.path.realpath(path))
        if self._target.exists() and not self._target.is_file():
            raise ApiValueError(f"stream_to={str(path)!r} is no regular file: open it, to write it")
        if not self._target.parent.is_dir():
            raise ApiValueError(f"stream_to={str(path)!r}: there is no such folder")
        name = f".{self._target.name}.{secrets.token_hex(4)}.part"
        self._part = self._target.with_name(name)
        self._file: Any = None

    def start(self) -> None:
        if self._file is None:
            self._file = self._part.open("xb")
        else:
            self._file.seek(0)
            self._file.truncate()

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)

    def keep(self) -> None:
        self._file.close()
        self._part.replace(self._target)
        self._file = None

    def discard(self) -> None:
        try:
            self._file.close()
        finally:
            self._part.unlink()
            self._file = None


class _OpenFile:
    """A file of the caller's, which stays open."""

    path = None

    def __init__(self, file: Any) -> None:
        if not callable(getattr(file, "write", None)) or isinstance(file, io.TextIOBase):
            raise ApiTypeError(
                f"stream_to must be a path or a file that is open for writing bytes, not"
                f" {type(file).__name__}"
            )
        writable = getattr(file, "writable", None)
        if writable and not writable():
            raise ApiValueError("stream_to is a file that is not open for writing")
        self._file = file
        self.can_restart = _can_go_back(file)
        self._origin = file.tell() if self.can_restart else 0
        self._has_written = False

    def start(self) -> None:
        if self._has_written and self.can_restart:
            self._file.seek(self._origin)
            self._file.truncate()
        self._has_written = False

    def write(self, chunk: bytes) -> None:
        rest = chunk
        self._has_written = True
        while rest:
            written = self._file.write(rest)
            # A raw file may take less than it is given.
            rest = rest[written:] if isinstance(written, int) else b""

    def keep(self) -> None:
        flush = getattr(self._file, "flush", None)
        if flush:
            flush()

    def discard(self) -> None:
        self.start()


def _can_go_back(file: Any) -> bool:
    """Whether what was written can be taken back: terminals and devices seek, to no effect."""
    seekable = getattr(file, "seekable", None)
    if seekable is None or not seekable():
        return False
    try:
        return stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    except (AttributeError, io.UnsupportedOperation):
        return True
