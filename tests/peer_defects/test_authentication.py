"""Clients that could not be made."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any

import pytest

from runai.api_client import ApiClient
from runai.exceptions import ApiTypeError
from runai.runai_client import RunaiClient

CLUSTER = "5e1a7c3b-6d8f-4b0e-9b4e-2f4f0a3d9c11"


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: RunaiClient(cluster_id=CLUSTER), ApiTypeError),  # type: ignore[call-overload]
        (lambda: RunaiClient(bearer_token="t", runai_base_url="no url"), ValueError),
        (lambda: RunaiClient(no_such_setting=1), TypeError),  # type: ignore[call-overload]
        (lambda: ApiClient({}), ApiTypeError),  # type: ignore[arg-type]
    ],
    ids=["no client", "a wrong URL", "no such setting", "no configuration"],
)
def test_what_could_not_be_made_is_collected_in_silence(
    make: Callable[[], Any], expected: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", raised.append)
    with pytest.raises(expected) as caught:
        make()
    del caught
    gc.collect()
    assert raised == []
