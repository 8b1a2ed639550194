"""What of an argument reaches the URL, and which arguments never leave."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest

from runai._core.operation import Operation
from runai._core.parameters import (
    Parameter,
    boolean,
    choice,
    integer,
    list_of,
    number,
    string,
    timestamp,
)
from runai.exceptions import ApiValueError


class Order(str, Enum):
    ASCENDING = "asc"


OPERATION = Operation(
    "things.get_thing",
    "GET",
    "/api/v1/my_things/{thing_id}/sharedScopes",
    path_parameters=[Parameter("thing_id", "thing_id", string(), required=True)],
    query=[
        Parameter("names", "filterBy", list_of(string(pattern="^[^;]*$"), max_items=3)),
        Parameter("tags", "tag", list_of(string()), explode=True),
        Parameter("order", "sort-order", choice("asc", "desc")),
        Parameter("limit", "limit", integer(minimum=1, maximum=500)),
        Parameter("ratio", "ratio", number(minimum=0)),
        Parameter("force", "force", boolean()),
        Parameter("start", "start", timestamp()),
        Parameter("search", "file_type", string(min_length=0, max_length=40)),
    ],
    headers=[Parameter("agent", "X-Agent", string())],
)


def target(**arguments: Any) -> str:
    return OPERATION.prepare({"thing_id": "t", **arguments}).target


def query(**arguments: Any) -> str:
    return target(**arguments).partition("?")[2]


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        ("my_pool_1", "my_pool_1"),
        ("a b", "a%20b"),
        ("a/b?c&d+e=f%g#h", "a%2Fb%3Fc%26d%2Be%3Df%25g%23h"),
        ("../../../v1/token", "..%2F..%2F..%2Fv1%2Ftoken"),
        ("..a", "..a"),
        ("%2e%2e", "%252e%252e"),
        ("größe-漢", "gr%C3%B6%C3%9Fe-%E6%BC%A2"),
        ("~-._", "~-._"),
        (7, "7"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Decimal("1.50"), "1.50"),
    ],
)
def test_a_path_value_is_one_segment(value: Any, segment: str) -> None:
    assert target(thing_id=value) == f"/api/v1/my_things/{segment}/sharedScopes"


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_path_value_that_is_no_segment_is_refused(value: str) -> None:
    with pytest.raises(ApiValueError, match=r"things\.get_thing: thing_id must name something"):
        target(thing_id=value)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, ""),
        ({"names": None, "search": None}, ""),
        ({"names": ["a", "b"]}, "filterBy=a,b"),
        ({"names": ("a,b", "c d")}, "filterBy=a%2Cb,c%20d"),
        ({"names": frozenset(["a"])}, "filterBy=a"),
        ({"names": "name==x"}, "filterBy=name%3D%3Dx"),
        ({"names": [Order.ASCENDING]}, "filterBy=asc"),
        ({"names": [1, UUID(int=2)]}, "filterBy=1,00000000-0000-0000-0000-000000000002"),
        ({"names": [""]}, "filterBy="),
        ({"names": []}, ""),
        ({"tags": ["a", "b,c"]}, "tag=a&tag=b%2Cc"),
        ({"order": Order.ASCENDING}, "sort-order=asc"),
        ({"order": "desc"}, "sort-order=desc"),
        ({"limit": 500}, "limit=500"),
        ({"limit": "7"}, "limit=7"),
        ({"ratio": 0.25}, "ratio=0.25"),
        ({"ratio": "0.5"}, "ratio=0.5"),
        ({"ratio": Decimal("1.5")}, "ratio=1.5"),
        ({"force": True}, "force=true"),
        ({"force": False}, "force=false"),
        ({"search": ""}, "file_type="),
        ({"search": "a b&c=d+e%/?#ü"}, "file_type=a%20b%26c%3Dd%2Be%25%2F%3F%23%C3%BC"),
        (
            {"start": datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))},
            "start=2026-01-02T03%3A04%3A05%2B02%3A00",
        ),
        ({"start": datetime(2026, 1, 2)}, "start=2026-01-02T00%3A00%3A00%2B00%3A00"),  # noqa: DTZ001
        ({"start": "2026-01-02T03:04:05Z"}, "start=2026-01-02T03%3A04%3A05Z"),
        (
            {"start": "2026-01-02T03:04:05.123456789+01:00"},
            "start=2026-01-02T03%3A04%3A05.123456789%2B01%3A00",
        ),
        ({"start": "2026-01-02T03:04:05"}, "start=2026-01-02T03%3A04%3A05%2B00%3A00"),
        ({"start": "2026-01-02"}, "start=2026-01-02T00%3A00%3A00%2B00%3A00"),
        ({"start": date(2026, 1, 2)}, "start=2026-01-02T00%3A00%3A00%2B00%3A00"),
        ({"search": date(2026, 1, 2)}, "file_type=2026-01-02"),
        ({"limit": 1, "names": ["a"]}, "filterBy=a&limit=1"),
    ],
)
def test_query(arguments: dict[str, Any], expected: str) -> None:
    assert query(**arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"limit": "abc"}, r"limit: .*integer.*'abc'"),
        ({"limit": 501}, r"limit: .*500.*501"),
        ({"limit": 0}, r"limit: .*1.*0"),
        ({"limit": 1.5}, r"limit: .*integer.*1\.5"),
        ({"limit": True}, r"limit: .*integer.*True"),
        ({"limit": " 5 "}, r"limit: .*integer.*' 5 '"),
        ({"limit": "1_0"}, r"limit: .*integer.*'1_0'"),
        ({"ratio": True}, r"ratio: .*number.*True"),
        ({"start": 1700000000}, r"start: .*RFC 3339.*1700000000"),
        ({"start": "1700000000"}, r"start: .*RFC 3339.*'1700000000'"),
        ({"search": "\ud800"}, r"search: .*unicode"),
        ({"names": ["\ud800"]}, r"names\[0\]: .*unicode"),
        ({"thing_id": "\ud800"}, r"thing_id: .*(UTF-8|unicode)"),
        ({"ratio": float("nan")}, r"ratio: .*finite.*nan"),
        ({"order": "bogus"}, r"order: .*'asc' or 'desc'.*'bogus'"),
        ({"names": ["a;b"]}, r"names\[0\]: .*pattern.*'a;b'"),
        ({"names": ["a"] * 4}, r"names: .*3 items"),
        ({"names": [None]}, r"names\[0\]: .*string"),
        ({"force": "perhaps"}, r"force: .*boolean.*'perhaps'"),
        ({"start": "yesterday"}, r"start: .*RFC 3339.*'yesterday'"),
        ({"search": "x" * 41}, r"search: .*40 characters"),
        ({"search": object()}, r"search: .*string"),
        ({"thing_id": None}, r"thing_id is required"),
    ],
)
def test_what_the_document_does_not_allow_is_refused(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ApiValueError, match=rf"^things\.get_thing: {words}"):
        target(**arguments)


def test_a_required_list_needs_a_value() -> None:
    operation = Operation(
        "x.y", "GET", "/x", query=[Parameter("kinds", "kind", list_of(string()), required=True)]
    )
    assert operation.prepare({"kinds": ["a"]}).target == "/x?kind=a"
    with pytest.raises(ApiValueError, match=r"x\.y: kinds needs at least one value"):
        operation.prepare({"kinds": []})


def test_a_secret_value_is_not_shown() -> None:
    operation = Operation(
        "x.y", "GET", "/x", query=[Parameter("password", "password", string(max_length=3))]
    )
    with pytest.raises(ApiValueError) as refused:
        operation.prepare({"password": "hunter2"})
    assert "hunter2" not in str(refused.value)


def test_headers_are_sent_as_they_are() -> None:
    headers = OPERATION.prepare({"thing_id": "t", "agent": "me/1"}).headers
    assert headers == {"Accept": "application/json", "X-Agent": "me/1"}


def test_accept_is_what_the_operation_can_answer() -> None:
    operation = Operation("x.y", "GET", "/x", answers=("application/json", "text/csv"))
    assert operation.prepare({}).headers["Accept"] == "application/json"
    assert operation.prepare({"accept": "text/csv"}).headers["Accept"].startswith("text/csv,")
    with pytest.raises(ApiValueError, match=r"accept must be one of application/json, text/csv"):
        operation.prepare({"accept": "text/html"})
    binary = Operation("x.y", "GET", "/x", answers=("application/octet-stream",))
    assert binary.prepare({}).headers["Accept"].startswith("application/octet-stream,")
