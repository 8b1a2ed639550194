"""The built wheels, installed as users install them, in environments of their own."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from runai.testing import ControlPlane
from runapy_tools.build import build

from ..environments import RELEASE, ROOT, Environment

UUID = "5e1a7c3b-6d8f-4b0e-9b4e-2f4f0a3d9c11"


@pytest.fixture(scope="module")
def served() -> Iterator[ControlPlane]:
    with ControlPlane() as control_plane:
        yield control_plane


def example(path: Path, control_plane: ControlPlane) -> str:
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


def test_one_category_alone(tmp_path: Path, wheelhouse: Path, served: ControlPlane) -> None:
    environment = Environment(tmp_path / "venv", wheelhouse, f"runapy-organizations~={RELEASE}.0")
    served.requests.clear()
    printed = environment.run(example(ROOT / "README.md", served))
    assert len(printed.splitlines()) == served.total_items
    assert served.requests[-1].operation_id == "projects.get_projects"
    environment.run(example(ROOT / "packages/runapy-organizations/README.md", served))

    assert environment.can_import("runai.organizations")
    assert environment.can_import("runai.common")
    others = "authn workloads workload_assets policies datavolumes audit notifications"
    for other in [*others.split(), "ai_applications", "runai_client", "models", "api", "testing"]:
        assert not environment.can_import(f"runai.{other}"), other
    assert not environment.can_import("aiohttp")
    explained = environment.run(
        "from runai.api_client import AsyncApiClient\n"
        "from runai.configuration import Configuration\n"
        "try:\n"
        "    AsyncApiClient(Configuration(bearer_token='t', runai_base_url='https://x.run.ai'))\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    assert 'pip install "runapy-core[async]"' in explained


def test_everything(tmp_path: Path, wheelhouse: Path, served: ControlPlane) -> None:
    environment = Environment(tmp_path / "venv", wheelhouse, f"runapy~={RELEASE}.0")
    printed = environment.run(
        "import asyncio\n"
        "from runai import models\n"
        "from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient\n"
        "from runai.configuration import Configuration\n"
        "from runai.runai_client import RunaiClient\n"
        f"settings = Configuration({served.client_id!r}, {served.client_secret!r},"
        f" runai_base_url={served.url!r})\n"
        "with RunaiClient(ApiClient(settings)) as client:\n"
        "    print(client.organizations.projects.get_projects().status_code)\n"
        "with RunaiClient(ThreadedApiClient(settings)) as client:\n"
        f"    print(client.workloads.workspaces.get_workspace('{UUID}').get().status_code)\n"
        "async def main():\n"
        "    async with RunaiClient(AsyncApiClient(settings)) as client:\n"
        "        print((await client.policies.policy.list_policies()).status_code)\n"
        "asyncio.run(main())\n"
        "print(models.Project.__module__, len(models.__all__))\n"
    )
    lines = printed.split()
    assert lines[:3] == ["200", "200", "200"]
    assert lines[3].startswith("runai.organizations.models.")
    assert lines[4] == "1127"


def test_what_wheels_contain(wheelhouse: Path) -> None:
    wheels = sorted(wheelhouse.glob("*.whl"))
    assert len(wheels) == len(list((ROOT / "packages").glob("*/pyproject.toml")))
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
        assert "runai/__init__.py" not in names
        strangers = [
            name for name in names if not name.startswith("runai/") and ".dist-info/" not in name
        ]
        assert strangers == []
        assert [name for name in names if "/tests/" in name or name.endswith(".yaml")] == []
        packages = {
            name.split("/")[1] for name in names if name.count("/") > 1 and name[:6] == "runai/"
        }
        for package in packages - {"_core"}:
            if f"runai/{package}/__init__.py" in names:
                assert f"runai/{package}/py.typed" in names, wheel.name
        assert any(name.endswith("licenses/LICENSE") for name in names), wheel.name


def test_building_twice_gives_the_same_bytes(wheelhouse: Path, tmp_path: Path) -> None:
    again = {path.name: path.read_bytes() for path in build(ROOT, tmp_path)}
    assert again == {path.name: path.read_bytes() for path in wheelhouse.iterdir()}
