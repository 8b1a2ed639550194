"""Amounts as Kubernetes writes them."""

from __future__ import annotations

import math
import re
from typing import Any

BYTES_OF_GPU = 80 * 2**30
"""The memory of each GPU."""

_DECIMAL = {suffix: 1000.0**power for power, suffix in enumerate(("", "k", "M", "G", "T", "P"))}
_BINARY = {f"{suffix}i": 1024.0**power for power, suffix in enumerate(" KMGTP")}
_FACTORS = {**_DECIMAL, **_BINARY, "K": 1000.0, "m": 0.001, "E": 1000.0**6, "Ei": 1024.0**6}


def quantity(value: Any) -> float:
    """The number that a quantity is, such as 0.5 for "500m"; 0 for what is none."""
    split = re.fullmatch(r"([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]*)", str(value))
    if split is None or split.group(2) not in _FACTORS:
        return 0.0
    try:
        number = float(split.group(1)) * _FACTORS[split.group(2)]
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0


def quantity_bytes(value: Any) -> int:
    """The bytes of a quantity such as "2Gi"."""
    return int(quantity(value))
