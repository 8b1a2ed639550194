"""The software bill of materials of a wheel: CycloneDX 1.6, where PEP 770 wants it.

It says what the wheel's own metadata says, and nothing that differs between two builds: no time,
no serial number. Hatchling takes such files from 1.28 on, which does not run on the oldest Pythons
that our source archives are built on; hence the file is put in once the wheel is there.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from runapy_tools.wheels import Wheel, read

_PREFIX = "runapy:"
"""Of the properties that are ours."""


def embed(path: Path) -> None:
    """Put the bill of materials into a wheel."""
    content = bill_of_materials(read(path))
    with zipfile.ZipFile(path) as archive:
        members = [(each, archive.read(each)) for each in archive.infolist()]
    record, lines = members.pop()
    if not record.filename.endswith(".dist-info/RECORD"):
        raise ValueError(f"{path.name} does not end with its RECORD but with {record.filename}")
    added = zipfile.ZipInfo(_place(record.filename, read(path)), record.date_time)
    added.compress_type, added.external_attr = record.compress_type, record.external_attr
    added.create_system = record.create_system
    own_line = f"{record.filename},,\n".encode()
    lines = lines.replace(own_line, _record_line(added.filename, content) + own_line)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for info, data in [*members, (added, content), (record, lines)]:
            archive.writestr(info, data)
    path.write_bytes(written.getvalue())


def problem(path: Path) -> str | None:
    """What is wrong with the bill of materials of a wheel, if anything is."""
    wheel = read(path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        (record,) = [name for name in names if name.endswith(".dist-info/RECORD")]
        place = _place(record, wheel)
        if place not in names:
            return f"{path.name} has no {place}"
        content = archive.read(place)
        if content != bill_of_materials(wheel):
            return f"{path.name}: {place} does not say what METADATA says"
        if _record_line(place, content) not in archive.read(record).splitlines(keepends=True):
            return f"{path.name}: RECORD does not have {place} as it is"
    return None


def bill_of_materials(wheel: Wheel) -> bytes:
    """The document: the distribution, its licence, and what it declares to need."""
    own = _purl(wheel.name, wheel.version)
    named: dict[str, list[Requirement]] = {}
    for each in wheel.requirements:
        named.setdefault(each.name, []).append(each)
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "lifecycles": [{"phase": "build"}],
            "component": {
                "type": "library",
                "bom-ref": own,
                "authors": [{"name": wheel.metadata["Author"]}],
                "name": wheel.name,
                "version": wheel.version,
                "description": wheel.metadata["Summary"],
                "licenses": [{"expression": wheel.metadata["License-Expression"]}],
                "purl": own,
                "properties": [_property("requires-python", wheel.metadata["Requires-Python"])],
            },
        },
        "components": [_component(name, named[name]) for name in sorted(named)],
        "dependencies": [
            {"ref": own, "dependsOn": sorted(_purl(name) for name in named)},
            *({"ref": _purl(name)} for name in sorted(named)),
        ],
    }
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _component(name: str, requirements: list[Requirement]) -> dict[str, Any]:
    """One that is declared; which version is there, the installer decides."""
    is_optional = all(each.marker is not None for each in requirements)
    return {
        "type": "library",
        "bom-ref": _purl(name),
        "name": name,
        "scope": "optional" if is_optional else "required",
        "purl": _purl(name),
        "properties": [_property("requirement", str(each)) for each in requirements],
    }


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": f"{_PREFIX}{name}", "value": value}


def _purl(name: str, version: str | None = None) -> str:
    return f"pkg:pypi/{name}" + (f"@{version}" if version else "")


def _place(record: str, wheel: Wheel) -> str:
    return f"{record.rpartition('/')[0]}/sboms/{wheel.name}.cdx.json"


def _record_line(place: str, content: bytes) -> bytes:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{place},sha256={digest},{len(content)}\n".encode()
