"""The workflow does what the dry run does, and only its publish jobs can publish."""

from __future__ import annotations

import re
import shlex

import pytest

from runapy_tools.release.readiness import tree_version
from runapy_tools.release.rehearsal import STEPS

from ..environments import ROOT
from .workflow import JOBS, PUBLISHING, TEXT, WORKFLOW

PUBLISH_ACTION = "pypa/gh-action-pypi-publish"
INSTALL = 'python -m pip install "hatch>=1.18"'


def commands(job: str) -> list[str]:
    return [step["run"] for step in JOBS[job]["steps"] if "run" in step]


def actions(job: str) -> list[str]:
    return [step["uses"].partition("@")[0] for step in JOBS[job]["steps"] if "uses" in step]


def scripts(environment: str) -> dict[str, str]:
    """Those of hatch.toml's that are one command."""
    settings = (ROOT / "hatch.toml").read_text("utf-8")
    of_it = settings.partition(f"\n[envs.{environment}.scripts]\n")[2].partition("\n[")[0]
    return dict(re.findall(r'^([\w-]+) = "(.*)"$', of_it, re.MULTILINE))


def resolved(command: str) -> tuple[str, ...]:
    """The arguments of `runapy-tools` that a `hatch run` command comes to."""
    hatch, run, script, *arguments = shlex.split(command)
    assert (hatch, run) == ("hatch", "run")
    environment, _, name = script.partition(":")
    # Nobody publishes with what tests need beside them.
    assert environment == "builder"
    found = scripts(environment)[name]
    assert found == scripts("default")[name]
    tool, *own = found.removesuffix(" {args}").split()
    assert tool == "runapy-tools"
    return (*own, *arguments)


def test_the_build_job_runs_what_the_dry_run_runs() -> None:
    install, *rest = commands("build")
    assert install == INSTALL
    requirement = INSTALL.rpartition(" ")[2]
    assert f"install -q {requirement}\n" in (ROOT / ".ci" / "run").read_text("utf-8")
    expected = [tuple(each.format(tag="$GITHUB_REF_NAME") for each in step) for step in STEPS]
    assert [resolved(each) for each in rest] == expected


def test_the_build_job_can_only_read() -> None:
    assert WORKFLOW["permissions"] == {}
    assert JOBS["build"]["permissions"] == {"contents": "read"}
    assert "environment" not in JOBS["build"]
    assert PUBLISH_ACTION not in actions("build")
    checkout = JOBS["build"]["steps"][0]
    assert checkout["uses"].startswith("actions/checkout@")
    assert checkout["with"] == {"persist-credentials": False, "fetch-depth": 0}


@pytest.mark.parametrize("number", range(1, len(PUBLISHING) + 1))
def test_a_publish_job_publishes_one_stage_and_builds_nothing(number: int) -> None:
    job = JOBS[f"publish-{number}"]
    assert job["permissions"] == {"id-token": "write"}
    assert job["environment"] == "pypi"
    assert job["needs"] == ("build" if number == 1 else f"publish-{number - 1}")
    assert commands(f"publish-{number}") == []
    assert actions(f"publish-{number}") == ["actions/download-artifact", PUBLISH_ACTION]
    download, publish = job["steps"]
    upload = JOBS["build"]["steps"][-1]
    assert upload["with"] == {**download["with"], "if-no-files-found": "error"}
    assert publish["with"] == {
        "packages-dir": f"{download['with']['path']}stage-{number}/",
        "attestations": True,
        "skip-existing": True,
    }


def test_there_is_no_other_job_and_no_secret() -> None:
    assert list(JOBS) == ["build", *PUBLISHING]
    assert "secrets" not in TEXT


def test_a_tag_of_a_version_starts_it_and_nothing_else() -> None:
    # YAML 1.1 reads the key `on` as a boolean.
    started_by = WORKFLOW[True]
    assert list(started_by) == ["push"]
    assert list(started_by["push"]) == ["tags"]
    (pattern,) = started_by["push"]["tags"]
    allowed = re.compile(pattern.replace(".", r"\."))
    assert allowed.fullmatch(f"v{tree_version(ROOT)}")
    for other in ("main", "v1.224", "v1.224.1-rc1", "x1.224.1"):
        assert not allowed.fullmatch(other)


def test_actions_are_pinned_by_commit() -> None:
    used = re.findall(r"uses: (.*)$", TEXT, re.MULTILINE)
    assert len(used) == 3 + 2 * len(PUBLISHING)
    for each in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each), each
    assert len(set(used)) == 5


def test_the_instructions_run_scripts_that_exist() -> None:
    instructions = (ROOT / "RELEASING.md").read_text("utf-8")
    named = re.findall(r"hatch run (?:(\w+):)?([\w-]+)", instructions)
    assert len(named) > 5
    for environment, name in named:
        assert name in scripts(environment or "default"), name


def test_the_build_jobs_environment_is_made_of_our_own_alone() -> None:
    settings = (ROOT / "hatch.toml").read_text("utf-8")
    of_it = settings.partition("\n[envs.builder]\n")[2].partition("\n[")[0]
    assert 'template = "builder"\n' in of_it
    assert 'workspace.members = ["packages/runapy-core", "tools"]\n' in of_it
    assert "dependencies" not in of_it


def test_the_instructions_name_the_steps_and_the_stages() -> None:
    instructions = (ROOT / "RELEASING.md").read_text("utf-8")
    for command in commands("build")[1:]:
        shown = command.replace('"$GITHUB_REF_NAME"', "<tag>")
        assert f"`{shown}`" in instructions
    assert f"`publish-1` to `{PUBLISHING[-1]}`" in instructions
    assert f"each of the {len(list((ROOT / 'packages').iterdir()))} projects" in instructions
    assert JOBS["publish-1"]["environment"] in instructions
