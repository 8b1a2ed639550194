"""Whether the committed descriptions are what the importer writes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from runapy_tools.imported import imported_versions
from runapy_tools.spec_import import import_document


def check_imports(root: Path, documents: Path) -> list[str]:
    """Compare spec/ with fresh imports.

    Args:
        root: of the project.
        documents: a folder of the control planes' documents, `<version>.json` each, or a folder
            `<version>` of one for each group.

    Returns:
        What differs, a line each; empty when nothing does.

    Raises:
        OSError: there is no document of a version that was imported.
    """
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for version in imported_versions(root):
            groups = documents / version
            location = groups if groups.is_dir() else documents / f"{version}.json"
            import_document(str(location), version, Path(folder))
            fresh, committed = (_files(each / version) for each in (Path(folder), root / "spec"))
            found += [
                f"not what `import` writes: spec/{version}/{name}"
                for name in sorted({*fresh, *committed})
                if fresh.get(name) != committed.get(name)
            ]
    return found


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
