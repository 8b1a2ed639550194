"""What waiting for a future ends with when it takes too long; imported only then."""

from __future__ import annotations

import concurrent.futures
import multiprocessing


class NotReadyError(concurrent.futures.TimeoutError, multiprocessing.TimeoutError):
    """The call has not ended yet: what futures raise, and what results of `multiprocessing` do."""
