"""The files that an import writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from runapy_tools.__main__ import main
from runapy_tools.openapi import Document
from runapy_tools.spec_import import import_document

from .documents import answer, document, imported, operation, reference

VERSION = "9.1"


def two_categories() -> Document:
    """Warehouse and Front Office share Box, which refers to Lid; nothing reaches Ladder."""
    model: dict[str, Any] = {"type": "object", "properties": {"id": {"type": "string"}}}
    return document(
        {
            "/shelves": {"get": operation(responses=answer(reference("Box")))},
            "/racks": {"get": operation("list_racks", responses=answer(reference("Rack")))},
            "/orders": {
                "get": operation("list_orders", tags=["Orders"], responses=answer(reference("Box")))
            },
        },
        {
            "Box": {"type": "object", "properties": {"lid": reference("Lid")}},
            "Lid": model,
            "Rack": {"type": "object", "properties": {"box": reference("Box")}},
            "Ladder": model,
        },
    )


@pytest.fixture
def location(tmp_path: Path) -> Path:
    path = tmp_path / "document.json"
    path.write_text(json.dumps(two_categories()))
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / VERSION).iterdir()}


def test_each_category_has_a_file_and_shared_models_another() -> None:
    files = imported(two_categories()).files
    assert {name: sorted(file["components"]["schemas"]) for name, file in files.items()} == {
        "warehouse": ["Rack"],
        "front_office": [],
        "common": ["Box", "Lid"],
        "unreached": ["Ladder"],
    }
    assert {name: list(file.get("paths", {})) for name, file in files.items()} == {
        "warehouse": ["/shelves", "/racks"],
        "front_office": ["/orders"],
        "common": [],
        "unreached": [],
    }
    assert files["front_office"]["x-category"] == {
        "attribute": "front_office",
        "class": "FrontOffice",
    }


def test_a_reference_to_another_file_names_the_file() -> None:
    files = imported(two_categories()).files
    rack = files["warehouse"]["components"]["schemas"]["Rack"]
    assert rack["properties"]["box"] == {"$ref": "common.yaml#/components/schemas/Box"}
    box = files["common"]["components"]["schemas"]["Box"]
    assert box["properties"]["lid"] == {"$ref": "#/components/schemas/Lid"}


def test_importing_twice_gives_the_same_bytes(location: Path, tmp_path: Path) -> None:
    import_document(str(location), VERSION, tmp_path / "first")
    import_document(str(location), VERSION, tmp_path / "second")
    first = contents(tmp_path / "first")
    assert set(first) == {
        "warehouse.yaml",
        "front_office.yaml",
        "common.yaml",
        "unreached.yaml",
    }
    assert first == contents(tmp_path / "second")


def test_the_files_are_valid_openapi(location: Path, tmp_path: Path) -> None:
    import_document(str(location), VERSION, tmp_path)
    for path in (tmp_path / VERSION).iterdir():
        validate(yaml.safe_load(path.read_text()), base_uri=path.as_uri())


def test_yaml_gives_what_json_gives(location: Path, tmp_path: Path) -> None:
    written = yaml.safe_dump(two_categories(), sort_keys=False)
    # As people write YAML: a status without quotes is a number.
    written = written.replace("'200':", "200:")
    assert "200:" in written
    other = tmp_path / "document.yaml"
    other.write_text(written)
    import_document(str(location), VERSION, tmp_path / "json")
    import_document(str(other), VERSION, tmp_path / "yaml")
    assert contents(tmp_path / "yaml") == contents(tmp_path / "json")


@pytest.fixture
def server() -> Iterator[str]:
    """Serves the document at every path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(two_categories()).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}/openapi.json"
        served.shutdown()
        thread.join()


def test_a_url_gives_what_a_file_gives(
    location: Path, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    import_document(str(location), VERSION, tmp_path / "file")
    import_document(server, VERSION, tmp_path / "url")
    assert contents(tmp_path / "url") == contents(tmp_path / "file")


def test_a_file_of_a_category_that_is_gone_is_removed(location: Path, tmp_path: Path) -> None:
    stale = tmp_path / "spec" / VERSION / "cellar.yaml"
    other = tmp_path / "spec" / "9.0" / "cellar.yaml"
    for path in (stale, other):
        path.parent.mkdir(parents=True)
        path.write_text("openapi: 3.1.0\n")
    import_document(str(location), VERSION, tmp_path / "spec")
    assert not stale.exists()
    assert other.exists()


def test_the_command_prints_the_report(
    location: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = two_categories()
    del source["components"]["schemas"]["Lid"]["type"]
    location.write_text(json.dumps(source))
    code = main(["--root", str(tmp_path), "import", str(location), "--version", VERSION])
    assert code == 0
    assert "  an object without a type (2): Lid, Ladder" in capsys.readouterr().out.splitlines()
    assert (tmp_path / "spec" / VERSION / "warehouse.yaml").exists()
