"""The built wheels, installed as users install them; `every_install.py` has all the other ways."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from runai.testing import SampleControlPlane

from ..environments import ROOT
from .conftest import Fresh
from .environment import INSTALLERS
from .expected import NEWEST, VERSIONS, categories, minor, prove, release
from .served import ControlPlanes
from .simple_index import SimpleIndex

ALONE = ["runapy-common", "runapy-organizations"]


def example(path: Path, control_plane: SampleControlPlane) -> str:
    """The first Python block of a document that builds a category, aimed at the control plane."""
    blocks = re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    code = next(block for block in blocks if "Organizations(client)" in block)
    for placeholder, value in (
        ("https://my-company.run.ai", control_plane.url),
        ("my-service-account", control_plane.client_id),
        ("its secret", control_plane.client_secret),
    ):
        assert placeholder in code
        code = code.replace(placeholder, value)
    return str(code)


def test_the_index_is_a_simple_one(index: SimpleIndex) -> None:
    with urlopen(index.url) as answer:
        assert '<a href="runapy-audit/">runapy-audit</a>' in answer.read().decode()
    with urlopen(f"{index.url}runapy-audit/") as answer:
        links = re.findall(r'href="(.*?)#sha256=[0-9a-f]{64}"', answer.read().decode())
    assert len(links) == 2 * len(VERSIONS)
    with urlopen(index.url.partition("/simple/")[0].rsplit("/", 1)[0] + links[0]) as answer:
        assert answer.read(2) in (b"PK", b"\x1f\x8b")
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{index.url}requests/")
    assert refused.value.code == 404
    refused.value.close()


def test_one_category_alone(fresh: Fresh, served: ControlPlanes) -> None:
    environment = fresh("pip")
    environment.install(f"runapy-organizations~={minor(NEWEST)}.0")
    prove(environment, served, NEWEST, ALONE, has_aiohttp=False)

    control_plane = served[NEWEST]
    control_plane.requests.clear()
    printed = environment.run(example(ROOT / "README.md", control_plane))
    assert len(printed.splitlines()) == control_plane.total_items
    assert control_plane.requests[-1].operation_id == "projects.get_projects"
    environment.run(example(ROOT / "packages/runapy-organizations/README.md", control_plane))

    # Each answer starts an interpreter.
    for other in ("workload_assets", "authn", "runai_client", "models", "api", "testing"):
        assert not environment.can_import(f"runai.{other}"), other
    assert not environment.can_import("aiohttp")


def test_one_category_with_its_extra(fresh: Fresh, served: ControlPlanes) -> None:
    environment = fresh("uv")
    environment.install(f"runapy-organizations[async]~={minor(NEWEST)}.0")
    prove(environment, served, NEWEST, ALONE, has_aiohttp=True)


def test_everything(fresh: Fresh, served: ControlPlanes) -> None:
    environment = fresh("pip")
    environment.install("runapy")
    everything = ["runapy", "runapy-common", *categories(NEWEST)]
    assert len(everything) == 11
    prove(environment, served, NEWEST, everything, has_aiohttp=True)
    printed = environment.run(
        "from runai import models\nprint(models.Project.__module__, len(models.__all__))"
    )
    module, count = printed.split()
    assert module.startswith("runai.organizations.models.")
    assert int(count) == 1127


def test_everything_for_an_older_control_plane(fresh: Fresh, served: ControlPlanes) -> None:
    environment = fresh("uv")
    environment.install("runapy~=1.219.0")
    everything = ["runapy", "runapy-common", *categories("2.19")]
    prove(environment, served, "2.19", everything, has_aiohttp=True)


@pytest.mark.parametrize("installer", INSTALLERS)
def test_categories_of_two_control_planes_are_refused(fresh: Fresh, installer: str) -> None:
    older = f"runapy-workloads=={release('2.19')}"
    newer = f"runapy-organizations=={release(NEWEST)}"
    environment = fresh(installer)
    done = environment.try_to_install(older, newer)
    assert done.returncode != 0
    said = " ".join((done.stdout + done.stderr).split())
    for name, version in (("workloads", "2.19"), ("organizations", NEWEST)):
        assert f"runapy-{name}=={release(version)}" in said
        assert re.search(rf"runapy-{name}\S* ?\S* depends on runapy-common", said), said
    assert re.search("conflicting dependencies|requirements are unsatisfiable", said), said
    assert not environment.can_import("runai")


def test_the_embedded_control_plane_serves_every_version(fresh: Fresh) -> None:
    environment = fresh("uv")
    environment.install("runapy-testing")
    command = [str(environment.folder / "bin" / "runapy-testing"), "--control-plane", "2.19"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        settings = (line.partition("export RUNAI_BASE_URL=")[2] for line in process.stdout)
        address = next(filter(None, settings)).strip()
        for path, status in (("/api/v1/org-unit/projects", 401), ("/api/v1/ai-applications", 404)):
            with pytest.raises(HTTPError) as refused:
                urlopen(f"{address}{path}", timeout=20)
            assert refused.value.code == status
            refused.value.close()
        process.terminate()
        assert process.wait(timeout=20) == 0
    shipped = environment.run(
        "from runai.testing.specification import load, shipped_versions\n"
        "print(*[(version, len(load(version).operations)) for version in shipped_versions()])\n"
    )
    assert re.findall(r"'([\d.]+)'", shipped) == VERSIONS
