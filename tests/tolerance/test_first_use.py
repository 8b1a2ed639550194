"""The first use of models, by many threads at once or up front."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runai import api, models

THREADS = Path(__file__).with_name("sixteen_threads.py")
NAMES = len(vars(models)["__all__"])
IMPORTING = """
import json
import runai.api
import runai.models
there = {
    package.__name__: [name for name in package.__all__ if name in vars(package)]
    for package in (runai.api, runai.models)
}
models = [getattr(runai.models, name) for name in there["runai.models"]]
built = [each.__name__ for each in models if vars(each).get("__pydantic_complete__")]
print(json.dumps([there, built]))
"""


def printed(*arguments: str, eager: str) -> Any:
    """What Python prints, which fails where it warns or says anything else."""
    ended = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env={**os.environ, "RUNAI_EAGER_IMPORT": eager},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return json.loads(ended.stdout)


@pytest.mark.parametrize("eager", ["", "1"], ids=["lazy", "eager"])
def test_16_threads_at_once(eager: str) -> None:
    assert printed(str(THREADS), "a seed", eager=eager) == NAMES


def test_everything_is_there_after_an_eager_import() -> None:
    there, built = printed("-c", IMPORTING, eager="1")
    assert there == {each.__name__: vars(each)["__all__"] for each in (api, models)}
    # Enums have no schema that would have to be built.
    classes = {name: getattr(models, name) for name in there["runai.models"]}
    assert built == [name for name, each in classes.items() if hasattr(each, "model_fields")]
    assert len(built) == 1024


def test_nothing_is_there_without_it() -> None:
    assert printed("-c", IMPORTING, eager="0") == [{"runai.api": [], "runai.models": []}, []]
