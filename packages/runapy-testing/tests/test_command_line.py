from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from runai.api_client import ApiClient
from runai.configuration import Configuration
from runai.testing import ControlPlane

CLUSTERS = "/api/v1/clusters"
DEPARTMENTS = "/api/v1/org-unit/departments"
PROJECTS = "/api/v1/org-unit/projects"
COMMAND = [
    sys.executable,
    "-Werror",
    # What trustme stands on says so when it is imported.
    "-Wignore:Python 3.8 is no longer supported",
    "-m",
    "runai.testing",
]
SETTING = re.compile(r"  export (RUNAI_[A-Z_]+)=(.*)")


class Served:
    """A control plane in another process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        self.process = process
        self.stderr = process.stderr
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith("Ctrl+C"):
                break
        else:
            raise AssertionError(process.stderr.read())
        self.banner = "\n".join(lines)
        self.settings = dict(SETTING.findall(self.banner))

    def client(self) -> ApiClient:
        names = {name[len("RUNAI_") :].lower(): text for name, text in self.settings.items()}
        names["runai_base_url"] = names.pop("base_url")
        return ApiClient(Configuration(**names))

    def names(self, path: str) -> list[str]:
        """The names of everything in a list of the API."""
        with self.client() as client:
            content: Any = client.call_api("GET", path).data
        items = content if isinstance(content, list) else next(iter(content.values()))
        return [item["name"] for item in items]

    def end(self, number: signal.Signals = signal.SIGTERM) -> str:
        """Its standard error, once it has ended as it was told to."""
        self.process.send_signal(number)
        assert self.process.wait(timeout=20) == 0
        return self.stderr.read()


@contextmanager
def _serving(*arguments: str) -> Generator[Served, None, None]:
    with subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Served(process)
        finally:
            process.kill()


def _refused(*arguments: str, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr


def _without(module: str, folder: Path) -> dict[str, str]:
    """An environment in which a module cannot be found."""
    code = f"raise ModuleNotFoundError({module!r})\n"
    (folder / f"{module}.py").write_text(code)
    return {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}


@contextmanager
def _hanging_up(means: signal.Handlers) -> Generator[None, None, None]:
    """What the end of the terminal means to processes that are started, however the tests were."""
    before = signal.signal(signal.SIGHUP, means)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_serves_until_it_is_ended(number: signal.Signals) -> None:
    with _hanging_up(signal.SIG_DFL), _serving("--control-plane", "2.24", "--port", "0") as served:
        url = served.settings["RUNAI_BASE_URL"]
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
        assert set(served.settings) == {
            "RUNAI_BASE_URL", "RUNAI_CLIENT_ID", "RUNAI_CLIENT_SECRET"
        }  # fmt: skip
        assert "control plane 2.24" in served.banner
        assert f"  URL            {url}\n  client id      test-client-id\n" in served.banner
        with served.client() as client:
            assert client.call_api("GET", PROJECTS).status_code == 200
        assert served.end(number) == ""


def test_under_nohup_it_outlives_its_terminal() -> None:
    with _hanging_up(signal.SIG_IGN), _serving("--port", "0") as served:
        served.process.send_signal(signal.SIGHUP)
        assert served.names(PROJECTS) == []
        assert served.end() == ""


def test_it_ends_while_a_request_waits() -> None:
    with _serving() as served:
        url = served.settings["RUNAI_BASE_URL"]
        order = {"scope": "*", "fault": {"kind": "Delay", "seconds": 300}}
        body = json.dumps(order).encode()
        urllib.request.urlopen(f"{url}/_control_plane/faults", body, timeout=20).close()
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), 20) as waiting:
            waiting.sendall(b"GET /api/v1/nodes HTTP/1.1\r\nHost: a\r\n\r\n")
            while b'"requests": 1' not in _summary(url):
                continue
            assert served.end(signal.SIGINT) == ""


def _summary(url: str) -> bytes:
    with urllib.request.urlopen(f"{url}/_control_plane", timeout=20) as answer:
        content: bytes = answer.read()
        return content


def test_a_port_that_is_chosen() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with _serving("--port", str(port)) as served:
        assert served.settings["RUNAI_BASE_URL"] == f"http://127.0.0.1:{port}"
        said = _refused("--port", str(port))
        assert f"port {port}: Address already in use; give another, or 0" in said


def test_token_lifetime() -> None:
    with _serving("--token-lifetime", "77") as served:
        grant = {
            "grantType": "client_credentials",
            "clientID": served.settings["RUNAI_CLIENT_ID"],
            "clientSecret": served.settings["RUNAI_CLIENT_SECRET"],
        }
        request = urllib.request.Request(
            f"{served.settings['RUNAI_BASE_URL']}/api/v1/token",
            json.dumps(grant).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert json.load(answer)["expiresIn"] == 77


def test_log(tmp_path: Path) -> None:
    seed_data = tmp_path / "demo.json"
    seed_data.write_text(json.dumps({"clusters": [{"name": "north"}]}))
    with _serving("--log", "--seed-data", str(seed_data)) as served:
        with served.client() as client:
            client.call_api("GET", PROJECTS)
        token, call = served.end().splitlines()
    assert re.fullmatch(r"[\d:, -]+ POST /api/v1/token -> 200 tokens\.grant_token \{.*\}", token)
    assert served.settings["RUNAI_CLIENT_SECRET"] not in token
    assert call.endswith(f" GET {PROJECTS} -> 200 projects.get_projects")


def test_tls() -> None:
    pytest.importorskip("trustme")
    with _serving("--tls") as served:
        assert served.settings["RUNAI_BASE_URL"].startswith("https://127.0.0.1:")
        ca_file = Path(served.settings["RUNAI_SSL_CA_CERT"])
        assert f"  authority      {ca_file}\n" in served.banner
        with served.client() as client:
            assert client.call_api("GET", PROJECTS).status_code == 200
        url = served.settings["RUNAI_BASE_URL"].replace("127.0.0.1", "localhost")
        trust = ssl.create_default_context(cafile=str(ca_file))
        with urllib.request.urlopen(f"{url}/", timeout=20, context=trust) as page:
            assert b"<title>" in page.read()
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(f"{url}/", timeout=20)
        served.end()
    assert not ca_file.parent.exists()


def test_tls_with_a_file_for_the_authority(tmp_path: Path) -> None:
    pytest.importorskip("trustme")
    ca_file = tmp_path / "an authority.pem"
    with _serving("--tls", str(ca_file)) as served:
        assert served.settings["RUNAI_SSL_CA_CERT"] == f"'{ca_file}'"
        assert "BEGIN CERTIFICATE" in ca_file.read_text()
        served.end()
    assert ca_file.exists()


def test_tls_without_its_library(tmp_path: Path) -> None:
    said = _refused("--tls", environment=_without("trustme", tmp_path))
    assert 'error: --tls needs trustme: pip install "runapy-testing[tls]"' in said


SEED_DATA = {
    "clusters": [{"name": "north"}, {"name": "south"}],
    "departments": [
        {"name": "research", "clusterId": {"id of": "clusters/south"}, "resources": []}
    ],
    "org-unit/projects": [
        {
            "name": "vision",
            "clusterId": {"id of": "clusters/south"},
            "parentId": {"id of": "departments/research"},
            "resources": [],
        }
    ],
}
SEED_YAML = """
clusters:
  - name: north
  - name: south
departments:
  - {name: research, clusterId: {id of: clusters/south}, resources: []}
org-unit/projects:
  - name: vision
    clusterId: {id of: clusters/south}
    parentId: {id of: departments/research}
    resources: []
"""


@pytest.mark.parametrize("file_name", ["demo.json", "demo.txt", "demo.yaml"])
def test_seed_data(tmp_path: Path, file_name: str) -> None:
    if file_name.endswith(".yaml"):
        pytest.importorskip("yaml")
    file = tmp_path / file_name
    file.write_text(SEED_YAML if file_name.endswith(".yaml") else json.dumps(SEED_DATA))
    with _serving("--seed-data", str(file)) as served:
        assert {"north", "south"} <= set(served.names(CLUSTERS))
        assert "research" in served.names(DEPARTMENTS)
        with served.client() as client:
            clusters: Any = client.call_api("GET", CLUSTERS).data
            departments: Any = client.call_api("GET", DEPARTMENTS).data
            projects: Any = client.call_api("GET", PROJECTS).data
        south = next(each["uuid"] for each in clusters if each["name"] == "south")
        research = next(d for d in departments["departments"] if d["name"] == "research")
        vision = next(p for p in projects["projects"] if p["name"] == "vision")
        assert research["clusterId"] == vision["clusterId"] == south
        assert vision["parentId"] == research["id"]
        # Nobody has asked for anything yet.
        with urllib.request.urlopen(
            f"{served.settings['RUNAI_BASE_URL']}/_control_plane/requests", timeout=20
        ) as answer:
            targets = [request["target"] for request in json.load(answer)["requests"]]
        assert targets[0] == "/api/v1/token"
        assert CLUSTERS in targets[1]


def test_seed_data_that_refers_to_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    project = {"name": "vision", "clusterId": {"id of": "clusters/cluster-1"}, "resources": []}
    file.write_text(json.dumps({"org-unit/projects": [project]}))
    with _serving("--seed-data", str(file), "--control-plane", "2.24") as served:
        assert served.names(PROJECTS) == ["vision"]


def test_seed_data_that_refers_to_what_cannot_be_created(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    rule = {
        "subjectId": "ada@example.com",
        "subjectType": "user",
        "roleId": {"id of": "authorization/roles/L1 researcher"},
        "scopeType": "cluster",
        "scopeId": {"id of": "clusters/cluster-1"},
    }
    file.write_text(json.dumps({"authorization/access-rules": [rule]}))
    with _serving("--seed-data", str(file)) as served, served.client() as client:
        found: Any = client.call_api("GET", "/api/v1/authorization/access-rules").data
        (kept,) = [r for r in found["accessRules"] if r["subjectId"] == "ada@example.com"]
        assert kept["roleName"] == "L1 researcher"


def test_groups_of_users_in_seed_data(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    ada = {"email": "ada@example.com", "groups": ["vision"]}
    file.write_text(json.dumps({"api/v1/users": [ada]}))
    with _serving("--seed-data", str(file)) as served, served.client() as client:
        users: Any = client.call_api("GET", "/api/v1/users").data
    assert [(user["username"], user["groups"]) for user in users] == [
        ("ada@example.com", ["vision"])
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[]", "holds []: give a mapping"),
        ('{"clusters": {"name": "x"}}', "give a mapping whose keys are the ends of paths"),
        ('{"workspaces": [{}]}', "'workspaces' is no key of seed data: there are /api/v1/workload"),
        ('{"cluster": [{}]}', "'cluster' is no key of seed data: no path to create at ends so"),
        ('{"clusters": [{"name": "x", "colour": "red"}]}', "clusters[0]: "),
        (
            '{"org-unit/projects": [{"clusterId": {"id of": "clusters/x"}}]}',
            "org-unit/projects[0].clusterId is the id of 'clusters/x', which is not there",
        ),
        (
            '{"org-unit/projects": [{"clusterId": {"id of": "demo"}}]}',
            "org-unit/projects[0].clusterId is the id of 'demo': give a key and a name",
        ),
    ],
)
def test_seed_data_that_cannot_be_created(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "demo.json"
    file.write_text(content)
    assert said in _refused("--seed-data", str(file))


def test_seed_data_in_yaml_without_its_library(tmp_path: Path) -> None:
    file = tmp_path / "demo.yaml"
    file.write_text(SEED_YAML)
    said = _refused("--seed-data", str(file), environment=_without("yaml", tmp_path))
    assert 'YAML needs PyYAML: pip install "runapy-testing[yaml]"' in said


def test_seed_data_in_broken_yaml(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    file = tmp_path / "demo.yaml"
    file.write_text("clusters: [")
    assert f"{file} is neither JSON nor YAML" in _refused("--seed-data", str(file))


def test_a_state_survives_a_restart(tmp_path: Path) -> None:
    state, seed_data = tmp_path / "state.json", tmp_path / "demo.json"
    seed_data.write_text(json.dumps(SEED_DATA))
    arguments = ["--state", str(state), "--seed-data", str(seed_data)]
    with _serving(*arguments) as served:
        with served.client() as client:
            client.call_api("POST", CLUSTERS, body={"name": "west"})
        before = served.names(CLUSTERS)
        assert {"north", "south", "west"} <= set(before)
        served.end(signal.SIGINT)
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    with _serving(*arguments) as served:
        # The seed data is not created again.
        assert served.names(CLUSTERS) == before
        served.end(signal.SIGTERM)
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["demo.json", "state.json"]


def test_a_state_of_another_control_plane(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text('{"version": "2.19", "records": []}')
    said = _refused("--state", str(state), "--control-plane", "2.24")
    assert f"the state in {state} cannot be restored: " in said
    assert "'2.19'" in said


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"version": 5}', b"\x80\xff", b"[" * 100_000]
)
def test_a_file_without_a_state(tmp_path: Path, content: bytes) -> None:
    state = tmp_path / "state.json"
    state.write_bytes(content)
    said = _refused("--state", str(state))
    assert f"{state} holds no state of a control plane" in said
    assert len(said) < 1500
    assert state.read_bytes() == content


def test_a_state_in_a_file_that_a_link_leads_to(tmp_path: Path) -> None:
    state, link = tmp_path / "state.json", tmp_path / "folder" / "link.json"
    link.parent.mkdir()
    link.symlink_to(state)
    for name in ("first", "second"):
        with _serving("--state", str(link)) as served:
            with served.client() as client:
                client.call_api("POST", CLUSTERS, body={"name": name})
            served.end()
    assert link.is_symlink()
    with _serving("--state", str(state)) as served:
        assert {"first", "second"} <= set(served.names(CLUSTERS))


@pytest.mark.parametrize("content", ['{"version": "2.24"}', '{"version": "2.24", "records": [5]}'])
def test_a_state_that_cannot_be_restored(tmp_path: Path, content: str) -> None:
    state = tmp_path / "state.json"
    state.write_text(content)
    assert f"the state in {state} cannot be restored: " in _refused("--state", str(state))
    assert state.read_text() == content


def test_a_state_that_cannot_be_written(tmp_path: Path) -> None:
    said = _refused("--state", str(tmp_path / "missing" / "state.json"))
    assert "No such file or directory" in said


def test_a_state_that_cannot_be_written_at_the_end(tmp_path: Path) -> None:
    state = tmp_path / "folder" / "state.json"
    state.parent.mkdir()
    with _serving("--state", str(state)) as served:
        shutil.rmtree(state.parent)
        served.process.terminate()
        assert served.process.wait(timeout=20) == 1
        said = served.stderr.read()
    assert said.startswith("runapy-testing: error: the state is lost: [Errno 2] No such file")
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--control-plane", "9.9"], "no control plane '9.9' is shipped"),
        (["--port", "70000"], "port must be 0-65535"),
        (["--token-lifetime", "0"], "--token-lifetime 0.0: give seconds, more than 0"),
        (["--token-lifetime", "nan"], "--token-lifetime nan: give seconds"),
        (["--token-lifetime", "inf"], "token_lifetime inf is no time: give seconds"),
        (["--seed-data", "missing.yaml"], "No such file or directory: 'missing.yaml'"),
        (["--version"], "unrecognized arguments: --version"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], said: str) -> None:
    assert said in _refused(*arguments)


def test_async_context_manager() -> None:
    import asyncio

    async def turns() -> int:
        """How often the loop turns while a control plane starts, serves and closes."""
        count = 0

        async def turn() -> None:
            nonlocal count
            while True:
                count += 1
                await asyncio.sleep(0)

        turning = asyncio.ensure_future(turn())
        control_plane = ControlPlane()
        async with control_plane as entered:
            assert entered is control_plane
            assert control_plane.url
            before = count
        turning.cancel()
        assert count > before + 1
        with pytest.raises(RuntimeError, match="does not serve"):
            _ = control_plane.url
        return count

    assert asyncio.run(turns()) > 2


def test_an_async_start_that_is_cancelled_leaves_nothing() -> None:
    import asyncio

    async def cancelled() -> ControlPlane:
        control_plane = ControlPlane()
        entering = asyncio.ensure_future(control_plane.__aenter__())
        await asyncio.sleep(0)
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering
        return control_plane

    with pytest.raises(RuntimeError, match="does not serve"):
        _ = asyncio.run(cancelled()).url
