from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from runai.testing import ControlPlane
from runai.testing.page import Page

CLUSTERS = "/api/v1/clusters"
PROJECTS = "/api/v1/org-unit/projects"
HOSTILE = "<script>document.title='hacked'</script>\"'&"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture
def control_plane() -> Iterator[ControlPlane]:
    """One that keeps what is created."""
    with ControlPlane() as made:
        yield made


class Document(HTMLParser):
    """A page's rows, texts and tags; fails for what is left open."""

    VOID = frozenset({"meta", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.texts: list[str] = []
        self.tags: set[str] = set()
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        if tag not in self.VOID:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._open and self._open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


def _page(wire: Any) -> Document:
    reply = wire.send("GET", "/")
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    return Document(reply.body.decode())


def test_an_idle_control_plane(wire: Any, control_plane: ControlPlane) -> None:
    page = _page(wire)
    text = " ".join(page.texts)
    assert "Embedded control plane 2.24" in text
    assert control_plane.url in text
    assert "None has come in." in text


def test_the_last_requests(wire: Any, control_plane: ControlPlane) -> None:
    wire.call("GET", f"{PROJECTS}?limit=5&access_token=abc123")
    wire.call("GET", "/unknown/<b>")
    wire.call("GET", PROJECTS)
    page = _page(wire)
    requests = page.rows[-4:]
    assert requests == [
        ["method", "path", "status", "operation"],
        ["GET", PROJECTS, "200", "projects.get_projects"],
        ["GET", "/unknown/<b>", "400", ""],
        ["GET", f"{PROJECTS}?limit=5&access_token=***", "400", "projects.get_projects"],
    ]
    assert "3 of 3, newest first." in page.texts


def test_no_more_than_fifty_requests(wire: Any, control_plane: ControlPlane) -> None:
    for number in range(60):
        wire.send("GET", f"{PROJECTS}/{number}")
    page = _page(wire)
    assert "50 of 60, newest first." in page.texts
    assert page.rows[-50][1] == f"{PROJECTS}/59"
    assert page.rows[-1][1] == f"{PROJECTS}/10"


def test_the_state(wire: Any, control_plane: ControlPlane) -> None:
    for name in ("demo", HOSTILE):
        assert wire.call("POST", CLUSTERS, {"name": name}).status == 201
    page = _page(wire)
    names = [row[0] for row in page.rows]
    assert "demo" in names
    assert HOSTILE in names
    assert [text for text in page.texts if re.fullmatch(rf"{CLUSTERS} \(\d+\)", text)]
    assert page.rows[names.index("demo")][1]
    assert "script" not in page.tags


def test_what_is_sent_with_it(wire: Any) -> None:
    reply = wire.send("GET", "/")
    assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert reply.headers["Cache-Control"] == "no-store"
    assert wire.send("HEAD", "/").headers["Content-Length"] == str(len(reply.body))
    assert wire.send("POST", "/").status == 404


def test_records_of_every_shape() -> None:
    kept: dict[str, list[dict[str, Any]]] = {
        "odd": [{"name": "half \ud800"}, {}, {"meta": {"name": "asset", "id": 7}}],
        "none": [],
        "many": [{"username": f"u{number}"} for number in range(101)],
    }
    with ControlPlane() as control_plane:
        answer = Page(control_plane, lambda: kept).answer("GET", "/", b"")
    page = Document(answer.body.decode())
    assert ["half ?", "", ""] in page.rows
    assert ["asset", "7", ""] in page.rows
    assert "odd (3)" in page.texts
    assert "many (101)" in page.texts
    assert "and 1 more" in page.texts
    assert "none (0)" not in page.texts
    assert ["u99", "", ""] in page.rows
    assert ["u100", "", ""] not in page.rows


def test_in_a_browser(wire: Any, control_plane: ControlPlane, tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip(f"no browser is on the PATH: {', '.join(BROWSERS)}")
    wire.call("POST", CLUSTERS, {"name": HOSTILE})
    wire.call("GET", f"{PROJECTS}?search=%3Cscript%3Edocument.title=1%3C/script%3E")
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={tmp_path}", "--dump-dom", f"{control_plane.url}/",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "<title>Control plane 2.24</title>" in done.stdout, done.stderr
    assert html.escape(HOSTILE, quote=False) in done.stdout
    assert "<script" not in done.stdout
    assert "projects.get_projects" in done.stdout
    # Neither the page nor its icon was asked of the API.
    assert [request.method for request in control_plane.requests] == ["POST", "GET"]
