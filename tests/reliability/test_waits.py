"""How long a call waits, and how often it is sent, by header, setting and option."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest

from runai.exceptions import ApiException, ApiTimeoutError, ServiceException
from runai.organizations import Organizations
from runai.testing import SampleControlPlane
from runai.testing.faults import Delay, SlowBody, Status

from .callers import Caller, Waits
from .documented import bounds, keywords, table, words_in_code

PATH = "/api/v1/org-unit/projects"


def ahead(seconds: float) -> str:
    moment = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return format_datetime(moment, usegmt=True)


WRITTEN: dict[str, Callable[[], str]] = {
    "a number of 400 digits": lambda: "9" * 400,
    "a date 9 seconds ahead": lambda: ahead(9),
    "a date 9 seconds ago": lambda: ahead(-9),
    "an empty value": lambda: "",
}
HEADERS = table("Waits")
SETTINGS = table("Settings and options")


@pytest.mark.parametrize("row", HEADERS, ids=lambda row: row["`Retry-After` of a 503"])
def test_retry_after(
    row: dict[str, str], control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    name = row["`Retry-After` of a 503"]
    value = WRITTEN[name]() if name in WRITTEN else words_in_code(name)[0]
    client = caller.client(control_plane.configuration(), waits)
    caller(client, "GET", PATH)
    control_plane.faults.add("*", Status(503, {"Retry-After": value}))
    with pytest.raises(ServiceException):
        caller(client, "GET", PATH)
    ((least, most),) = bounds(row["Wait before the first repetition"])
    assert least <= waits.seconds[0] <= most
    control_plane.requests.clear()
    with pytest.raises(ServiceException):
        caller(client, "POST", PATH)
    assert len(control_plane.requests) == {"yes": 4, "no": 1}[row["`POST` sent again"]]


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 01 Jan 2026 00:00:00 +9999",
        "Mon, 32 Jan 2026 25:61:61 GMT",
    ],
)
def test_a_date_that_does_not_exist_counts_as_none(
    value: str, control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    client = caller.client(control_plane.configuration(), waits)
    caller(client, "GET", PATH)
    control_plane.faults.add("*", Status(503, {"Retry-After": value}))
    with pytest.raises(ServiceException) as caught:
        caller(client, "GET", PATH)
    assert caught.value.attempts == 4
    assert waits.seconds[0] <= 0.5


@pytest.mark.parametrize(
    "row", SETTINGS, ids=lambda row: f"{row['Configuration']}, {row['One call']}"
)
def test_settings_and_options(
    row: dict[str, str], control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    configuration = control_plane.configuration().replace(**keywords(row["Configuration"]))
    client = caller.client(configuration, waits)
    projects: Any = Organizations(client).projects
    caller.wait(projects.get_projects())
    control_plane.requests.clear()
    control_plane.faults.add("*", Status(503, {"Retry-After": "2"}))
    with pytest.raises(ServiceException) as caught:
        caller.wait(projects.get_projects(**keywords(row["One call"])))
    assert caught.value.attempts == len(control_plane.requests) == int(row["Sent"])
    assert waits.seconds == [2.0] * (int(row["Sent"]) - 1)


def test_no_repetition_of_connection_failures_when_it_is_switched_off(
    control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    configuration = control_plane.configuration().replace(
        runai_base_url="http://127.0.0.1:9", retry_enabled=False
    )
    with pytest.raises(ApiException) as caught:
        caller(caller.client(configuration, waits), "GET", PATH)
    assert (caught.value.attempts, waits.seconds) == (1, [])


def test_one_budget_for_token_call_and_resend(
    control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    """Two repetitions for the first token, one for the second: none is left for the call."""
    busy = Status(503, {"Retry-After": "1"})
    control_plane.faults.add("tokens.grant_token", busy, times=2)
    control_plane.faults.add("projects.get_projects", Status(401), times=1)
    control_plane.faults.add("tokens.grant_token", busy, skip=1, times=1)
    control_plane.faults.add("projects.get_projects", busy)
    with pytest.raises(ServiceException) as caught:
        caller(caller.client(control_plane.configuration(), waits), "GET", PATH)
    assert [each.status for each in control_plane.requests] == [503, 503, 200, 401, 503, 200, 503]
    assert caught.value.attempts == 2
    assert waits.seconds == [1.0] * 3


def test_deadline_counts_the_token_request(
    control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    control_plane.faults.add("tokens.grant_token", Status(503, {"Retry-After": "3"}), times=1)
    control_plane.faults.add("projects.get_projects", Status(503, {"Retry-After": "3"}))
    client = caller.client(control_plane.configuration(), waits)
    with pytest.raises(ServiceException) as caught:
        caller(client, "GET", PATH, _request_timeout=5)
    assert (caught.value.attempts, waits.seconds) == (1, [3.0])


def test_deadline_shortens_the_last_attempt(
    control_plane: SampleControlPlane, caller: Caller
) -> None:
    client = caller.client(control_plane.configuration())
    caller(client, "GET", PATH)
    control_plane.faults.add("*", Delay(3600))
    begun = time.monotonic()
    with pytest.raises(ApiException) as caught:
        caller(client, "GET", PATH, _request_timeout=0.2)
    assert time.monotonic() - begun < 5
    assert caught.value.attempts == 1


def test_deadline_ends_an_answer_that_trickles(
    control_plane: SampleControlPlane, caller: Caller
) -> None:
    """No silence is as long as `read_timeout`, and still the call ends."""
    client = caller.client(control_plane.configuration())
    caller(client, "GET", PATH)
    control_plane.faults.add("projects.get_projects", SlowBody(1, 0.05))
    begun = time.monotonic()
    with pytest.raises(ApiTimeoutError):
        caller(client, "GET", PATH, _request_timeout=0.3)
    assert time.monotonic() - begun < 5


def test_chance_spreads_the_waits(
    control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    client = caller.client(control_plane.configuration(), waits)
    caller(client, "GET", PATH)
    control_plane.faults.add("*", Status(503))
    for _ in range(8):
        with pytest.raises(ServiceException):
            caller(client, "GET", PATH)
    assert len(set(waits.seconds)) == len(waits.seconds) == 24
    for number, seconds in enumerate(waits.seconds):
        longest = 0.5 * 2 ** (number % 3)
        assert longest / 2 <= seconds <= longest


def test_waits_end_at_the_longest(
    control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    configuration = control_plane.configuration().replace(
        retry_backoff_factor=8, retry_max_retries=6
    )
    control_plane.faults.add("tokens.grant_token", Status(503))
    with pytest.raises(ApiException):
        caller(caller.client(configuration, waits), "GET", PATH)
    assert all(15 <= each <= 30 for each in waits.seconds[2:])


def test_a_wait_is_waited(control_plane: SampleControlPlane, caller: Caller) -> None:
    client = caller.client(control_plane.configuration())
    caller(client, "GET", PATH)
    control_plane.faults.add("*", Status(503, {"Retry-After": "0.3"}), times=1)
    begun = time.monotonic()
    assert caller(client, "GET", PATH).status_code == 200
    assert time.monotonic() - begun >= 0.3
