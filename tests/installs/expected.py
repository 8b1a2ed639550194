"""What an install of a version has to bring and to do."""

from __future__ import annotations

from runapy_tools import versions
from runapy_tools.imported import imported_versions
from runapy_tools.versions import minor

from ..environments import ROOT
from .environment import Environment
from .served import ControlPlanes

VERSIONS = imported_versions(ROOT)
NEWEST = VERSIONS[-1]

__all__ = ["NEWEST", "VERSIONS", "categories", "minor", "prove", "release"]


def release(version: str) -> str:
    """The version of the distributions for a control plane."""
    return versions.release(ROOT, version)


def categories(version: str) -> list[str]:
    """The distributions of the categories that a control plane has."""
    stems = {path.stem for path in (ROOT / "spec" / version).glob("*.yaml")}
    return sorted(f"runapy-{each.replace('_', '-')}" for each in stems - {"common", "unreached"})


def prove(
    environment: Environment,
    served: ControlPlanes,
    version: str,
    names: list[str],
    *,
    has_aiohttp: bool,
    is_strict: bool = True,
) -> None:
    """The environment has these distributions and core, of this version, and they work.

    Args:
        environment: after an install.
        served: the control planes.
        version: of the control plane.
        names: of the distributions made for it.
        has_aiohttp: whether the asynchronous client works too; it says what to install otherwise.
        is_strict: whether a warning is a failure.
    """
    control_plane = served[version]
    control_plane.reset()
    found = environment.smoke(served.settings(version), is_strict=is_strict)
    assert found["installed"] == {
        "runapy-core": versions.own_version(ROOT, "runapy-core"),
        **{name: release(version) for name in names},
    }
    assert environment.conflicts() == []

    called = found["called"]
    operations = called["ApiClient"]
    there = [name for name in categories(version) if name in names]
    assert len(operations) == len(there) > 0
    assert called["ThreadedApiClient"] == operations
    if "runapy" in names:
        assert len(called["attributes"]) == len(there)
    clients = 2
    if has_aiohttp:
        assert called["AsyncApiClient"] == operations
        clients = 3
    else:
        assert 'pip install "runapy-core[async]"' in called["AsyncApiClient"]
    for operation in operations:
        requests = control_plane.requests.of(operation)
        assert [each.problems for each in requests] == [()] * clients
