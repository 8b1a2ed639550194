"""Every example does its job: what it prints, and what the control plane receives from it."""

from __future__ import annotations

import base64
import csv
import json
import re
from pathlib import Path

import pytest

from runai.testing import ControlPlane

from .conftest import EXAMPLES, Run, Tenant, operations, sent


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


def test_create_projects(run: Run, control_plane: ControlPlane, tenant: Tenant) -> None:
    for number in range(250):
        tenant.project(f"team-{number}")
    places = ["--cluster", tenant.cluster, "--department", tenant.department]
    printed = run("create_projects.py", "vision=4", "team-249=1", *places).splitlines()

    assert operations(control_plane) == ["projects.get_projects"] * 3 + ["projects.create_project"]
    pages = control_plane.requests.of("projects.get_projects")
    assert [page.query["offset"] for page in pages] == [0, 100, 200]
    assert len(printed) == 252
    assert "team-249 is there already" in printed
    assert re.fullmatch(r"vision was created \(id \S+\) with 4 GPUs", printed[250])
    assert sent(control_plane, "projects.create_project") == {
        "name": "vision",
        "clusterId": tenant.cluster,
        "parentId": tenant.department,
        "resources": [{"gpu": {"deserved": 4}}],
    }


def test_add_users_to_project(
    run: Run, control_plane: ControlPlane, tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    tenant.project("speech")
    project = tenant.project("vision")
    create = "access_rules.create_access_rule"
    control_plane.respond(create, 409, body=b'{"message": "there is one"}')
    control_plane.respond(create, 400, body=b'{"message": "no such user"}')
    control_plane.respond(create, 201, body=b"{}")
    people = ["ada@example.com", "nobody@example.com", "alan@example.com"]
    with pytest.raises(SystemExit) as ended:
        run("add_users_to_project.py", "vision", "l1 researcher", *people)

    assert ended.value.code == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "ada@example.com has this role already",
        "alan@example.com is l1 researcher in vision",
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
    assert {rule["scopeId"] for rule in rules} == {project}
    assert {(rule["subjectType"], rule["scopeType"]) for rule in rules} == {("user", "project")}


@pytest.mark.parametrize(
    ("project", "role", "message"),
    [
        ("nowhere", "Editor", "no project 'nowhere'"),
        ("vision", "king", "no role 'king', but System administrator, .*Editor"),
    ],
)
def test_add_users_to_project_that_is_not_there(
    project: str, role: str, message: str, run: Run, control_plane: ControlPlane, tenant: Tenant
) -> None:
    tenant.project("vision")
    with pytest.raises(SystemExit, match=message):
        run("add_users_to_project.py", project, role, "ada@example.com")
    assert "access_rules.create_access_rule" not in operations(control_plane)


def test_node_pool(run: Run, control_plane: ControlPlane, tenant: Tenant) -> None:
    tenant.node_pool("v100")
    arguments = ["a100", "--cluster", tenant.cluster, "--label", "gpu.product=A100"]
    printed = run("node_pool.py", *arguments, "--placement", "spread").splitlines()

    assert operations(control_plane) == ["node_pools.get_nodepools", "node_pools.create_nodepool"]
    assert printed[1] == "v100: nodes with pool=v100"
    assert len(printed) == 3
    assert printed[-1].startswith("a100 was created")
    assert sent(control_plane, "node_pools.create_nodepool") == {
        "name": "a100",
        "clusterId": tenant.cluster,
        "labelKey": "gpu.product",
        "labelValue": "A100",
        "placementStrategy": {"gpu": "spread"},
    }


def test_node_pool_that_is_there_is_changed(
    run: Run, control_plane: ControlPlane, tenant: Tenant
) -> None:
    tenant.node_pool("a100")
    printed = run("node_pool.py", "a100", "--cluster", tenant.cluster, "--label", "key=value")

    assert operations(control_plane) == ["node_pools.get_nodepools", "node_pools.patch_nodepool"]
    assert printed.endswith("a100 now places GPU workloads by binpack\n")
    change = {"placementStrategy": {"gpu": "binpack"}}
    assert sent(control_plane, "node_pools.patch_nodepool") == change


def test_git_data_source(
    run: Run, control_plane: ControlPlane, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = int(tenant.project("vision"))
    monkeypatch.setenv("GIT_TOKEN", "a secret token")
    url = "https://git.example.com/models.git"
    printed = run("git_data_source.py", "models", url, "--project", project, "--user", "bot")

    assert operations(control_plane) == ["credentials.create_password", "git.create_git_asset"]
    credential = sent(control_plane, "credentials.create_password")
    assert credential["spec"] == {"user": "bot", "password": "a secret token"}
    data_source = sent(control_plane, "git.create_git_asset")
    assert data_source["meta"] == {"name": "models", "scope": "project", "projectId": project}
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


def test_many_calls_async(run: Run, control_plane: ControlPlane, tenant: Tenant) -> None:
    project = tenant.project("vision")
    names = [f"notebook-{number}" for number in range(40)]
    for name in names:
        tenant.workspace(name, project)
    control_plane.clock.advance(60)
    printed = run("many_calls_async.py", "--at-once", 8).splitlines()

    called = operations(control_plane)
    assert called[0] == "workloads.get_workloads"
    assert called[1:] == ["pods.get_workload_pods"] * 40
    assert sorted(printed) == sorted(f"{name}: 1 pods" for name in names)


def test_many_calls_threads(run: Run, control_plane: ControlPlane, tenant: Tenant) -> None:
    for number in range(20):
        tenant.project(f"team-{number}")
    printed = run("many_calls_threads.py", "--threads", 4).splitlines()

    called = operations(control_plane)
    assert called[0] == "projects.get_projects"
    assert called[1:] == ["projects.get_project_metrics"] * 20
    assert sorted(line.split(":")[0] for line in printed) == sorted(f"team-{n}" for n in range(20))
    assert all(re.fullmatch(r"\S+: \S+ GPUs", line) for line in printed)


def test_command_line_login(
    run: Run,
    control_plane: ControlPlane,
    tenant: Tenant,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    project = tenant.project("vision")
    for name, gpus in [("first", 1), ("more-than-there-is", 1000), ("second", 1)]:
        tenant.workspace(name, project, gpus)
        control_plane.clock.advance(60)
    sign_in(control_plane, tenant.cluster, tmp_path)
    monkeypatch.setenv("RUNAI_CLI_CONFIG_PATH", str(tmp_path))
    monkeypatch.delenv("RUNAI_CLIENT_SECRET")
    printed = run("command_line_login.py").splitlines()

    (request,) = control_plane.requests  # no token is asked for
    assert request.operation_id == "workloads.get_workloads"
    assert request.problems == ()
    assert request.query["filterBy"] == [f"clusterId=={tenant.cluster}", "phase==Running"]
    assert [line.split()[1] for line in printed] == ["vision/second", "vision/first"]
    assert all(re.match(r"\d{4}-\d\d-\d\d ", line) for line in printed)


def sign_in(control_plane: ControlPlane, cluster: str, folder: Path) -> None:
    """What `runai login` leaves behind."""
    token = base64.b64encode(control_plane.tokens.issue().encode()).decode()
    (folder / "authentication.json").write_text(json.dumps({"accessToken": token}))
    config = {"control_plane": {"url": control_plane.url}, "cluster": {"uuid": cluster}}
    (folder / "config.json").write_text(json.dumps(config))
