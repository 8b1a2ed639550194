"""Refuses distributions of two control planes side by side, which installers do not always do."""

from __future__ import annotations

_WITHOUT_CONTROL_PLANE = ("runapy-core", "runapy-testing", "runapy-common")


def require_one_control_plane(distribution: str, version: str, common: str) -> None:
    """Compare a distribution with the shared models that are installed.

    An install that comes later may have changed these: pip only says so, and uv says nothing.

    Arguments:
        distribution: that is being imported.
        version: its own.
        common: the version of runapy-common.

    Raises:
        ImportError: they are made for two control planes.
    """
    if _minor(version) != _minor(common):
        raise ImportError(
            f"{distribution} {version} (control plane {_control_plane(version)}) cannot use "
            f"runapy-common {common} (control plane {_control_plane(common)}). Install all for the "
            f"same: pip install {_requirements(distribution, version)}; or with ~={common}"
        )


def _minor(version: str) -> str:
    return version.rpartition(".")[0]


def _control_plane(version: str) -> str:
    """1.224.1 is for 2.24."""
    number = version.split(".")[1]
    return f"{number[0]}.{number[1:]}"


def _requirements(distribution: str, version: str) -> str:
    """What brings everything that is installed to a version's control plane."""
    from importlib.metadata import distributions

    found = {str(each.metadata["Name"]) for each in distributions()} | {distribution}
    if "runapy" in found:
        found = {"runapy"}  # It needs all the others.
    names = sorted(name for name in found if name.partition("-")[0] == "runapy")
    return " ".join(f'"{name}~={version}"' for name in names if name not in _WITHOUT_CONTROL_PLANE)
