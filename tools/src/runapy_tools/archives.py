"""The wheel and the source archive of one distribution."""

from __future__ import annotations

import os
from pathlib import Path

from hatchling.build import build_sdist, build_wheel

from runapy_tools import sbom

BY_PRODUCTS = ("__pycache__", "*.pyc", "dist", ".*_cache")
"""What running and building leave in a project's folder, as patterns of names."""


def build_archives(project: Path, output: Path) -> None:
    """Build both in this process: it becomes the project's, so it has to be one of a pool.

    Args:
        project: the folder of the distribution.
        output: where the files go; an absolute path.

    Raises:
        RuntimeError: the distribution cannot be built.
    """
    # The same date for every build (hatchling's own), whatever the environment says.
    os.environ.pop("SOURCE_DATE_EPOCH", None)
    os.chdir(project)
    try:
        build_sdist(str(output))
        sbom.embed(output / build_wheel(str(output)))
    except (Exception, SystemExit) as error:
        raise RuntimeError(f"{project.name} cannot be built:\n{error}") from error
