"""Series of samples, whatever they measure: their times and values, and the answers with them."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Dict, List

from runai.testing.answers import JSON, Refusal, shortened
from runai.testing.clock import timestamp
from runai.testing.contents import Content
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation, Schemas

Series = Dict[str, Any]
"""The type of a metric, its values, and what they are of in particular, as answers have it."""

_USUAL_SAMPLES = 20
_WAVE_SECONDS = 300.0


def sample_times(query: Mapping[str, Any]) -> list[float]:
    """When the samples are that a query asks for: the first at its start, the last at its end.

    Raises:
        Refusal: 400 where it ends before it starts.
    """
    start, end = seconds(query["start"]), seconds(query["end"])
    if end < start:
        raise Refusal(
            400,
            "The end of the series is before its start",
            [f"query parameter end: {shortened(query['end'])} is before {query['start']!r}"],
        )
    count = int(query.get("numberOfSamples", _USUAL_SAMPLES))
    step = (end - start) / (count - 1) if count > 1 else 0.0
    return [start + step * number for number in range(count)]


def asked(request: CheckedRequest, name: str) -> list[str]:
    """The different values of a parameter that may be given several times."""
    value = request.query.get(name, [])
    return list(dict.fromkeys(value if isinstance(value, list) else [value]))


def samples(values: Iterable[float], times: Sequence[float]) -> list[dict[str, Any]]:
    """The values at those times, as series have them."""
    return [
        {"value": number(value), "timestamp": timestamp(time)} for value, time in zip(values, times)
    ]


def number(value: float) -> str:
    """A value as answers write it."""
    return f"{value:.15g}"


def share(seed: str, time: float) -> float:
    """Of what is asked for, how much is in use: from 0 to 1, different at any time.

    Args:
        seed: who uses it, and of what; the same seed has the same wave.
        time: in seconds since the epoch.
    """
    hashed = zlib.crc32(seed.encode())
    turn = 2 * math.pi * (time / _WAVE_SECONDS + hashed % 100 / 100)
    return round(0.55 + hashed % 30 / 100 + 0.1 * math.sin(turn), 5)


def answer(
    operation: Operation,
    schemas: Schemas,
    measurements: List[Series],
    histogram: Sequence[Series] = (),
) -> Content:
    """What is answered with series: an object of them, or a table with a row for each sample."""
    made: dict[str, Any] = {"measurements": measurements}
    properties = schemas.resolved(operation.answer_schemas[JSON]).get("properties", {})
    if histogram and "histogram" in properties:
        made["histogram"] = list(histogram)
    percentiles = [each for one in histogram for each in _by_percentile(one)]
    return Content(made, rows=_table([*measurements, *percentiles]))


def seconds(text: str) -> float:
    """A time as RFC 3339 writes it, in seconds since the epoch."""
    # Python before 3.11 reads neither Z nor every length of fractions.
    minute = datetime.fromisoformat(f"{text[:10]}T{text[11:16]}+00:00")
    rest = text[17:].rstrip("zZ")
    second, sign, offset = next(
        (rest.partition(sign) for sign in "+-" if sign in rest), (rest, "", "")
    )
    ahead = 60 * (60 * int(offset[:2]) + int(offset[3:])) if sign else 0
    whole = minute.timestamp() + float(second)
    return whole + ahead if sign == "-" else whole - ahead


def _by_percentile(histogram: Series) -> Iterator[Series]:
    """A series for each of the percentiles that a histogram has at every time."""
    values = histogram["values"]
    for name in dict.fromkeys(name for each in values for name in each["data"]):
        rows = [{"value": each["data"][name], "timestamp": each["timestamp"]} for each in values]
        yield {"type": histogram["type"], "labels": {"percentile": name}, "values": rows}


def _table(series: Sequence[Series]) -> list[dict[str, Any]]:
    particulars = [
        {**each.get("labels", {}), **{one["key"]: one["value"] for one in each.get("groups", ())}}
        for each in series
    ]
    columns = dict.fromkeys(name for each in particulars for name in each)
    return [
        {"type": each["type"], **columns, **particular, **sample}
        for each, particular in zip(series, particulars)
        for sample in each["values"]
    ]
