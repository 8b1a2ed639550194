"""Every example does its job: what it prints, and what the control plane receives from it."""

from __future__ import annotations

import base64
import csv
import json
import re
from pathlib import Path

import pytest

from runai.testing import ControlPlane

from .conftest import CLUSTER, EXAMPLES, Run, operations, sent


def test_every_example_has_a_test_of_its_name() -> None:
    tests = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    named = set(re.findall(r"^def test_(\w+)\(", tests, re.MULTILINE))
    scripts = {file.stem for file in EXAMPLES.glob("*.py")}
    assert scripts
    assert scripts - named == set()


def test_the_readme_lists_every_example() -> None:
    rows = re.findall(r"^\| \[(\S+)\]\((\S+)\) \|", (EXAMPLES / "README.md").read_text(), re.M)
    assert sorted(rows) == sorted((file.name, file.name) for file in EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.py")), ids=lambda file: file.name)
def test_usage_shows_this_file(file: Path) -> None:
    documentation = file.read_text("utf-8").split('"""')[1]
    shown = re.findall(r"python (\w+\.py)", documentation)
    assert shown == [file.name] or file.name == "demo.py"


def test_create_projects(run: Run, control_plane: ControlPlane) -> None:
    control_plane.total_items = 250
    arguments = ["vision=4", "name-249=1", "--cluster", CLUSTER, "--department", "4500001"]
    printed = run("create_projects.py", *arguments).splitlines()

    assert operations(control_plane) == ["projects.get_projects"] * 3 + ["projects.create_project"]
    pages = control_plane.requests.of("projects.get_projects")
    assert [page.query["offset"] for page in pages] == [0, 100, 200]
    assert len(printed) == 252
    assert "name-249 is there already" in printed
    assert re.fullmatch(r"vision was created \(id \S+\) with 4 GPUs", printed[250])
    assert sent(control_plane, "projects.create_project") == {
        "name": "vision",
        "clusterId": CLUSTER,
        "parentId": "4500001",
        "resources": [{"gpu": {"deserved": 4}}],
    }


def test_add_users_to_project(
    run: Run, control_plane: ControlPlane, capsys: pytest.CaptureFixture[str]
) -> None:
    create = "access_rules.create_access_rule"
    control_plane.respond(create, 409, body=b'{"message": "there is one"}')
    control_plane.respond(create, 400, body=b'{"message": "no such user"}')
    control_plane.respond(create, 201, body=b"{}")
    people = ["ada@example.com", "nobody@example.com", "alan@example.com"]
    with pytest.raises(SystemExit) as ended:
        run("add_users_to_project.py", "name-0", "Name-0", *people)

    assert ended.value.code == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "ada@example.com has this role already",
        "alan@example.com is Name-0 in name-0",
    ]
    assert printed.err.startswith("nobody@example.com was not added: POST /api/v1/authorization")
    assert "no such user" in printed.err
    assert operations(control_plane) == [
        "projects.get_projects",
        "roles.get_roles_v1",
        *[create] * 3,
    ]
    rules = [json.loads(request.body) for request in control_plane.requests.of(create)]
    assert [rule["subjectId"] for rule in rules] == people
    assert {rule["scopeId"] for rule in rules} == {"id-0"}
    assert {(rule["subjectType"], rule["scopeType"]) for rule in rules} == {("user", "project")}


@pytest.mark.parametrize(
    ("project", "role", "message"),
    [("nowhere", "name-0", "no project 'nowhere'"), ("name-0", "king", "no role 'king', but name")],
)
def test_add_users_to_project_that_is_not_there(
    project: str, role: str, message: str, run: Run, control_plane: ControlPlane
) -> None:
    with pytest.raises(SystemExit, match=message):
        run("add_users_to_project.py", project, role, "ada@example.com")
    assert "access_rules.create_access_rule" not in operations(control_plane)


def test_node_pool(run: Run, control_plane: ControlPlane) -> None:
    arguments = ["--cluster", CLUSTER, "--label", "gpu.product=A100", "--placement", "spread"]
    printed = run("node_pool.py", "a100", *arguments).splitlines()

    assert operations(control_plane) == ["node_pools.get_nodepools", "node_pools.create_nodepool"]
    assert len(printed) == control_plane.total_items + 1
    assert printed[-1].startswith("a100 was created")
    assert sent(control_plane, "node_pools.create_nodepool") == {
        "name": "a100",
        "clusterId": CLUSTER,
        "labelKey": "gpu.product",
        "labelValue": "A100",
        "placementStrategy": {"gpu": "spread"},
    }


def test_node_pool_that_is_there_is_changed(run: Run, control_plane: ControlPlane) -> None:
    printed = run("node_pool.py", "name-1", "--cluster", CLUSTER, "--label", "key=value")

    assert operations(control_plane) == ["node_pools.get_nodepools", "node_pools.patch_nodepool"]
    assert printed.endswith("name-1 now places GPU workloads by binpack\n")
    change = {"placementStrategy": {"gpu": "binpack"}}
    assert sent(control_plane, "node_pools.patch_nodepool") == change


def test_git_data_source(
    run: Run, control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TOKEN", "a secret token")
    url = "https://git.example.com/models.git"
    printed = run("git_data_source.py", "models", url, "--project", 4500012, "--user", "bot")

    assert operations(control_plane) == ["credentials.create_password", "git.create_git_asset"]
    credential = sent(control_plane, "credentials.create_password")
    assert credential["spec"] == {"user": "bot", "password": "a secret token"}
    data_source = sent(control_plane, "git.create_git_asset")
    assert data_source["meta"] == {"name": "models", "scope": "project", "projectId": 4500012}
    assert data_source["spec"]["repository"] == url
    first, second = printed.splitlines()
    assert first == f"credential models-login, id {data_source['spec']['credentialId']}"
    assert second.startswith("data source models, id ")
    assert "a secret token" not in printed


def test_audit_log_to_csv(run: Run, control_plane: ControlPlane, tmp_path: Path) -> None:
    entry = {"subject": "ada@example.com", "action": "create", "tenant_id": "1"}
    first = {"audit_logs": [entry] * 2, "next": 2}
    last = {"audit_logs": [{**entry, "subject": "alan@example.com"}]}
    for page in (first, last):
        control_plane.respond("audit_logs.get_audit_logs", body=json.dumps(page).encode())
    file = tmp_path / "audit.csv"
    printed = run("audit_log_to_csv.py", file, "--days", 30)

    assert printed == f"3 entries in {file}\n"
    assert operations(control_plane) == ["audit_logs.get_audit_logs"] * 2
    assert [request.query["offset"] for request in control_plane.requests[1:]] == [0, 2]
    with file.open(newline="") as written:
        rows = list(csv.DictReader(written))
    people = ["ada@example.com", "ada@example.com", "alan@example.com"]
    assert [row["subject"] for row in rows] == people
    assert rows[0]["action"] == "create"


def test_audit_log_to_csv_as_it_is(run: Run, control_plane: ControlPlane, tmp_path: Path) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    control_plane.respond("audit_logs.download_audit_logs", headers=headers, body=b"a,b\r\n1,2\r\n")
    file = tmp_path / "audit.csv"
    printed = run("audit_log_to_csv.py", file, "--as-is")

    assert printed == f"10 bytes in {file}\n"
    assert file.read_bytes() == b"a,b\r\n1,2\r\n"
    assert operations(control_plane) == ["audit_logs.download_audit_logs"]
    assert control_plane.requests[-1].query["file_type"] == "CSV"


def test_many_calls_async(run: Run, control_plane: ControlPlane) -> None:
    control_plane.total_items = 40
    printed = run("many_calls_async.py", "--at-once", 8).splitlines()

    called = operations(control_plane)
    assert called[0] == "workloads.get_workloads"
    assert called[1:] == ["pods.get_workload_pods"] * 40
    assert printed == [f"name-{number}: 40 pods" for number in range(40)]


def test_many_calls_threads(run: Run, control_plane: ControlPlane) -> None:
    control_plane.total_items = 20
    printed = run("many_calls_threads.py", "--threads", 4).splitlines()

    called = operations(control_plane)
    assert called[0] == "projects.get_projects"
    assert called[1:] == ["projects.get_project_metrics"] * 20
    assert sorted(line.split(":")[0] for line in printed) == sorted(f"name-{n}" for n in range(20))
    assert all(re.fullmatch(r"\S+: \S+ GPUs", line) for line in printed)


def test_command_line_login(
    run: Run, control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sign_in(control_plane, tmp_path)
    monkeypatch.setenv("RUNAI_CLI_CONFIG_PATH", str(tmp_path))
    monkeypatch.delenv("RUNAI_CLIENT_SECRET")
    printed = run("command_line_login.py").splitlines()

    (request,) = control_plane.requests  # no token is asked for
    assert request.operation_id == "workloads.get_workloads"
    assert request.problems == ()
    assert request.query["filterBy"] == [f"clusterId=={CLUSTER}", "phase==Running"]
    assert len(printed) == control_plane.total_items
    assert re.fullmatch(r"\d{4}-\d\d-\d\d projectName-0/name-0", printed[0])


def sign_in(control_plane: ControlPlane, folder: Path) -> None:
    """What `runai login` leaves behind."""
    token = base64.b64encode(control_plane.tokens.issue().encode()).decode()
    (folder / "authentication.json").write_text(json.dumps({"accessToken": token}))
    config = {"control_plane": {"url": control_plane.url}, "cluster": {"uuid": CLUSTER}}
    (folder / "config.json").write_text(json.dumps(config))
