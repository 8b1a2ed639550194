"""Whether a host name that could not be resolved is worth another try."""

from __future__ import annotations

import socket
from typing import Optional

from runai._core.wire import FailureKind


def name_failure(error: Optional[BaseException]) -> Optional[FailureKind]:
    """NAME if an exception, or one that led to it, says that a host name does not resolve.

    A resolver that is merely busy is NOT_CONNECTED; None if names are not what went wrong.
    """
    while error is not None:
        if isinstance(error, socket.gaierror):
            is_busy = error.errno == socket.EAI_AGAIN
            return FailureKind.NOT_CONNECTED if is_busy else FailureKind.NAME
        error = error.__cause__ or error.__context__
    return None
