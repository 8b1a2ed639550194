"""What docs/slim-images.md tells to put into an image works, without Docker."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from runai.configuration import Configuration

from ..environments import ROOT, made_once
from .conftest import Fresh
from .environment import Environment, python_with_pip
from .expected import NEWEST, prove, release
from .pythons import RUNNING, interpreter
from .served import ControlPlanes

TEXT = (ROOT / "docs" / "slim-images.md").read_text("utf-8")
DOCKERFILE, OTHER_LINE = re.findall(r"^```dockerfile\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
BUILDER, IMAGE = DOCKERFILE.split("\n\n")
(PROGRAM,) = re.findall(r"^```py\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
ALONE = ["runapy-common", "runapy-organizations"]


def lines(instruction: str, text: str) -> list[str]:
    return re.findall(rf"^{instruction} (.*)$", text, re.MULTILINE)


def run(commands: list[str], environment: Environment, base: Path) -> None:
    """Run the lines as the builder's shell does, in a folder of this test for `/venv`.

    Args:
        commands: what follows RUN.
        environment: gets what they install.
        base: a Python with pip, as the builder's image has it.
    """
    variables = {
        **os.environ,
        "PATH": f"{base / 'bin'}:{os.environ['PATH']}",
        "PIP_EXTRA_INDEX_URL": environment.index,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    for command in commands:
        assert "/venv" in command
        here = command.replace("/venv", str(environment.folder))
        done = subprocess.run(
            ["sh", "-c", here], env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


@pytest.mark.parametrize("has_aiohttp", [False, True])
def test_the_builders_commands_make_what_the_program_needs(
    fresh: Fresh,
    served: ControlPlanes,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    has_aiohttp: bool,
) -> None:
    python = interpreter(RUNNING)
    assert python is not None
    base = made_once(f"pip-{RUNNING}", tmp_path_factory, python_with_pip(python))
    environment = fresh("pip")
    make, install = lines("RUN", BUILDER)
    if has_aiohttp:
        (install,) = lines("RUN", OTHER_LINE)
    run([make, install], environment, base)
    (packages,) = environment.folder.glob("lib/python*/site-packages")
    assert list(packages.rglob("*.pyc")) == []
    assert list(packages.glob("pip*")) == []
    (bill,) = packages.glob("runapy_organizations-*.dist-info/sboms/*.cdx.json")
    assert b'"CycloneDX"' in bill.read_bytes()

    control_plane = served[NEWEST]
    prove(environment, served, NEWEST, ALONE, has_aiohttp=has_aiohttp)
    program = tmp_path / "report.py"
    program.write_text(PROGRAM)
    printed = subprocess.run(
        [environment.interpreter, program],
        env={
            "RUNAI_BASE_URL": control_plane.url,
            "RUNAI_CLIENT_ID": control_plane.client_id,
            "RUNAI_CLIENT_SECRET": control_plane.client_secret,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(printed.stdout.splitlines()) == control_plane.total_items
    assert printed.stderr == ""


def test_the_commands_install_the_newest_release_of_one_category() -> None:
    for text, extras in ((BUILDER, set[str]()), (OTHER_LINE, {"async"})):
        install = lines("RUN", text)[-1]
        assert "--no-cache-dir --no-compile" in install
        wanted = Requirement(install.rpartition(" ")[2].strip('"'))
        assert (wanted.name, wanted.extras) == ("runapy-organizations", extras)
        # An earlier patch is as good: it takes all later ones.
        assert release(NEWEST) in wanted.specifier


def test_the_image_has_the_environment_alone_and_no_root() -> None:
    (base,), (same,) = lines("FROM", BUILDER), lines("FROM", IMAGE)
    assert base == f"{same} AS build"
    assert lines("COPY", IMAGE) == ["--from=build /venv /venv", "report.py /app/report.py"]
    (user,) = lines("USER", IMAGE)
    assert f"--uid {user} " in lines("RUN", IMAGE)[0]
    assert int(user) > 0
    assert IMAGE.index("USER ") < IMAGE.index("ENTRYPOINT ")


def test_no_secret_is_in_the_image_and_each_has_a_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "RUNAI_" not in DOCKERFILE
    assert lines("ARG", DOCKERFILE) == []
    assert "\n```\n*\n!report.py\n```\n" in TEXT
    named = re.findall(r"^\| `(RUNAI_\w+)` \|", TEXT, re.MULTILINE)
    assert named[:4] == [
        "RUNAI_BASE_URL", "RUNAI_CLIENT_ID", "RUNAI_CLIENT_SECRET", "RUNAI_BEARER_TOKEN",
    ]  # fmt: skip
    for name in named[:3]:
        monkeypatch.setenv(name, "https://runai.example")
    configuration = Configuration.from_env()
    assert configuration.runai_base_url == configuration.client_secret == "https://runai.example"
