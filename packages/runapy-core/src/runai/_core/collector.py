"""The garbage collector, while a large answer becomes objects."""

from __future__ import annotations

import gc
from typing import Callable, TypeVar

T = TypeVar("T")

# From this many bytes on, the collector runs several times within one answer.
_LARGE = 2**16


def without_collecting(read: Callable[[bytes], T], content: bytes) -> T:
    """What a reader makes of a text.

    The objects of a large one are no garbage, and yet the collector would walk over them again and
    again while they are made. It rests meanwhile, unless the program has switched it off itself.
    """
    if len(content) < _LARGE or not gc.isenabled():
        return read(content)
    gc.disable()
    try:
        return read(content)
    finally:
        gc.enable()
