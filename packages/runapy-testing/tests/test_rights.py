from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from runai.testing import ControlPlane

RULES = "/api/v1/authorization/access-rules"
MY_RULES = "/api/v1/authorization/me/access-rules"
ROLES = "/api/v1/authorization/roles"
CLUSTERS = "/api/v1/clusters"
DEPARTMENTS = "/api/v1/org-unit/departments"
PROJECTS = "/api/v1/org-unit/projects"
COMPUTE = "/api/v1/asset/compute"
WORKSPACES = "/api/v1/workloads/workspaces"
APPS = "/api/v1/apps"
USERS = "/api/v1/users"
GROUPS = {"ada@example.com": ["researchers", "vision"], "bob@example.com": ["speech"]}


class Tenant:
    """Two clusters; the first has departments a and b, with a project each, the second c."""

    def __init__(self, wire: Any, control_plane: ControlPlane) -> None:
        self.wire = wire
        self.control_plane = control_plane
        self.ids: dict[str, Any] = {"": "tenant"}
        (cluster,) = wire.call("GET", CLUSTERS).json()
        self.ids["cluster"] = cluster["uuid"]
        self.ids["other cluster"] = self._make(CLUSTERS, name="cluster-2")
        for letter, place in (("a", "cluster"), ("b", "cluster"), ("c", "other cluster")):
            facts = {"clusterId": self.ids[place], "resources": []}
            department = self._make(DEPARTMENTS, name=f"department-{letter}", **facts)
            self.ids[f"department {letter}"] = department
            project = self._make(PROJECTS, name=f"project-{letter}", parentId=department, **facts)
            self.ids[f"project {letter}"] = project

    def _make(self, path: str, **content: Any) -> Any:
        reply = self.wire.call("POST", path, content)
        assert reply.status in (200, 201, 202), reply.body
        made = reply.json()
        return made.get("uuid") or made["id"]

    def workspace(self, letter: str) -> dict[str, Any]:
        """What asks for a workspace in a project."""
        return {
            "name": f"workspace-{letter}",
            "projectId": str(self.ids[f"project {letter}"]),
            "clusterId": self.ids["other cluster" if letter == "c" else "cluster"],
            "spec": {"image": "python"},
        }

    def compute(self, name: str, scope: str, **where: Any) -> dict[str, Any]:
        """What asks for a compute asset."""
        spec = {"cpuCoreRequest": 1}
        return {"meta": {"name": name, "scope": scope, **where}, "spec": spec}

    def role(self, name: str) -> int:
        roles = self.wire.call("GET", ROLES).json()
        return int(next(each["id"] for each in roles if each["name"] == name))

    def rule(self, subject: str, role: str, scope: str, subject_type: str = "app") -> Any:
        """Give a role in a scope, such as "project a"."""
        content = {
            "subjectId": subject,
            "subjectType": subject_type,
            "roleId": self.role(role),
            "scopeType": scope.split()[-2 if scope[-2:-1] == " " else -1],
            "scopeId": str(self.ids.get(scope, "tenant")),
        }
        reply = self.wire.call("POST", RULES, content)
        assert reply.status == 201, reply.body
        return reply.json()

    def caller(self, *rules: tuple[str, str]) -> Caller:
        """A new application with roles in scopes."""
        name = f"robot-{len(self.wire.call('GET', APPS).json())}"
        made = self.wire.call("POST", APPS, {"name": name}).json()
        for role, scope in rules:
            self.rule(made["id"], role, scope)
        return Caller(self.wire, made["id"], name, _token(self.wire, made))


class Caller(NamedTuple):
    wire: Any
    id: str
    name: str
    token: str

    def call(self, method: str, target: str, content: Any = None) -> Any:
        return self.wire.call(method, target, content, {"Authorization": f"Bearer {self.token}"})

    def names(self, path: str) -> list[str]:
        content = self.call("GET", path).json()
        items = content
        if isinstance(content, dict):
            items = next(value for value in content.values() if isinstance(value, list))
        return sorted(each["meta"]["name"] if "meta" in each else each["name"] for each in items)


def _token(wire: Any, made: Any) -> str:
    secret = made.get("secret") or made["clientSecret"]
    content = {
        "grantType": "client_credentials",
        "clientID": made["clientId"],
        "clientSecret": secret,
    }
    return str(wire.call("POST", "/api/v1/token", content).json()["accessToken"])


@pytest.fixture
def control_plane() -> Iterator[ControlPlane]:
    with ControlPlane() as control_plane:
        yield control_plane


@pytest.fixture
def tenant(wire: Any, control_plane: ControlPlane) -> Tenant:
    return Tenant(wire, control_plane)


def test_nothing_without_a_rule(tenant: Tenant) -> None:
    caller = tenant.caller()
    for method, path, content in [
        ("GET", PROJECTS, None),
        ("GET", f"{PROJECTS}/count", None),
        ("GET", f"{PROJECTS}/{tenant.ids['project a']}", None),
        ("POST", WORKSPACES, tenant.workspace("a")),
        ("GET", APPS, None),
        ("GET", "/api/v2/policy/workspaces?scope=tenant", None),
        ("GET", "/api/v1/nodes", None),
        ("PUT", "/api/v1/notification-channels/email", {"type": "email", "config": {}}),
    ]:
        assert caller.call(method, path, content).status == 403, path
    assert tenant.wire.call("GET", "/api/v1/workloads").json()["workloads"] == []


def test_what_a_refusal_says(tenant: Tenant) -> None:
    caller = tenant.caller()
    refused = caller.call("GET", PROJECTS).json()
    assert refused["code"] == 403
    assert refused["message"] == f"{caller.name} (app) may not read project anywhere"
    assert f"subjectId '{caller.id}'" in refused["details"]
    assert RULES in refused["details"]

    caller = tenant.caller(("Editor", "project a"))
    refused = caller.call("POST", WORKSPACES, tenant.workspace("b")).json()
    where = f"project {tenant.ids['project b']}"
    assert refused["message"] == f"{caller.name} (app) may not create workspaces in {where}"


@pytest.mark.parametrize(
    ("scope", "projects", "departments", "clusters"),
    [
        ("project a", ["a"], [], []),
        ("department b", ["b"], ["department-b"], []),
        ("cluster", ["a", "b"], ["default", "department-a", "department-b"], ["cluster-1"]),
        ("other cluster", ["c"], ["default", "department-c"], ["cluster-2"]),
        ("tenant", ["a", "b", "c"], None, ["cluster-1", "cluster-2"]),
        ("system", ["a", "b", "c"], None, ["cluster-1", "cluster-2"]),
    ],
)
def test_lists_show_what_is_in_scope(
    tenant: Tenant, scope: str, projects: list[str], departments: Any, clusters: list[str]
) -> None:
    caller = tenant.caller(("Viewer", scope))
    assert caller.names(PROJECTS) == [f"project-{letter}" for letter in projects]
    assert caller.call("GET", f"{PROJECTS}/count").json()["count"] == len(projects)
    if departments is not None:
        assert caller.names(DEPARTMENTS) == departments
    assert caller.names(CLUSTERS) == clusters
    for letter in "abc":
        item = f"{PROJECTS}/{tenant.ids[f'project {letter}']}"
        assert caller.call("GET", item).status == (200 if letter in projects else 403)


@pytest.mark.parametrize("scope", ["project a", "department a", "cluster", "tenant"])
@pytest.mark.parametrize(
    ("role", "workspace", "project"),
    [
        ("Viewer", 403, 403),
        ("L1 researcher", 202, 403),
        ("ML engineer", 202, 403),
        ("Editor", 202, 200),
        ("Department administrator", 202, 200),
        ("System administrator", 202, 200),
    ],
)
def test_roles(tenant: Tenant, role: str, scope: str, workspace: int, project: int) -> None:
    caller = tenant.caller((role, scope))
    assert caller.call("POST", WORKSPACES, tenant.workspace("a")).status == workspace
    assert caller.call("POST", WORKSPACES, tenant.workspace("c")).status == (
        workspace if scope == "tenant" else 403
    )
    item = f"{PROJECTS}/{tenant.ids['project a']}"
    shown = caller.call("GET", item)
    assert shown.status == 200
    change = {"resources": [], "description": "changed"}
    assert caller.call("PUT", item, change).status == project
    assert caller.call("GET", WORKSPACES.rpartition("/")[0]).status == 200


def test_what_needs_no_rule(tenant: Tenant) -> None:
    caller = tenant.caller()
    for path in [ROLES, MY_RULES, "/api/v1/workload-categories", "/api/v1/access-keys"]:
        assert caller.call("GET", path).status == 200, path
    assert caller.call("POST", "/api/v1/access-keys", {"name": "laptop"}).status == 201


def test_two_rules_add_up(tenant: Tenant) -> None:
    caller = tenant.caller(("Viewer", "department a"), ("L1 researcher", "project c"))
    assert caller.names(PROJECTS) == ["project-a", "project-c"]
    assert caller.call("POST", WORKSPACES, tenant.workspace("a")).status == 403
    assert caller.call("POST", WORKSPACES, tenant.workspace("c")).status == 202


def test_what_is_the_tenants_needs_a_rule_for_the_tenant(tenant: Tenant) -> None:
    inside = tenant.caller(("System administrator", "cluster"))
    assert inside.call("POST", APPS, {"name": "robot"}).status == 403
    assert inside.call("POST", CLUSTERS, {"name": "cluster-3"}).status == 403
    assert inside.names(APPS) == []
    everywhere = tenant.caller(("System administrator", "tenant"))
    assert everywhere.call("POST", APPS, {"name": "robot"}).status == 201
    assert everywhere.names(APPS) == ["robot", "robot-0", "robot-1"]


def test_deletion(tenant: Tenant) -> None:
    made = tenant.wire.call("POST", WORKSPACES, tenant.workspace("a")).json()
    item = f"{WORKSPACES}/{made['workloadId']}"
    for rules in [("Viewer", "project a"), ("Editor", "project b")]:
        assert tenant.caller(rules).call("DELETE", item).status == 403
    assert tenant.wire.call("GET", item).status == 200
    assert tenant.caller(("Editor", "project a")).call("DELETE", item).status in (200, 202)


def test_what_is_not_there_is_not_found(tenant: Tenant) -> None:
    caller = tenant.caller(("Department administrator", "department a"))
    nobody = "00000000-0000-4000-8000-000000000000"
    for path in (
        f"{WORKSPACES}/{nobody}",
        f"{PROJECTS}/999999",
        f"{DEPARTMENTS}/{nobody}",
        f"/api/v1/users/{nobody}",
        f"{COMPUTE}/{nobody}",
    ):
        for method in ("GET", "DELETE"):
            assert caller.call(method, path).status == 404, (method, path)
    assert caller.call("GET", f"{CLUSTERS}/{nobody}").status == 404
    made = caller.call("POST", WORKSPACES, tenant.workspace("a")).json()
    item = f"{WORKSPACES}/{made['workloadId']}"
    assert [caller.call("DELETE", item).status for _ in range(2)] == [202, 404]
    # What has a key is written, be it there or not.
    setting = "/api/v1/security/settings/browserSessionTimeout"
    assert caller.call("PUT", setting, {"idleTimeout": 5}).status == 403


def test_what_paths_name_a_cluster_by(tenant: Tenant) -> None:
    caller = tenant.caller(("System administrator", "cluster"), ("L1 researcher", "project c"))
    for name, status in (("cluster", 200), ("other cluster", 403)):
        cluster = tenant.ids[name]
        for path in ("installfile?cloud=op", "storage-classes"):
            found = caller.call("GET", f"/v1/k8s/clusters/{cluster}/{path}")
            assert found.status == status, (name, path)


@pytest.mark.parametrize(
    ("kind", "names"),
    [("projects", ["project-a"]), ("departments", ["department-a"]), ("node-pools", [])],
)
def test_lists_below_a_cluster_show_what_is_in_scope(
    tenant: Tenant, kind: str, names: list[str]
) -> None:
    caller = tenant.caller(("Department administrator", "department a"))
    path = f"/v1/k8s/clusters/{tenant.ids['cluster']}/{kind}"
    assert caller.names(path) == names
    assert tenant.caller().call("GET", path).status == 403


def test_a_password_asset_is_created(tenant: Tenant) -> None:
    path = "/api/v1/asset/credentials/password"
    wanted = {"meta": {"name": "pw", "scope": "tenant"}, "spec": {"user": "u", "password": "p"}}
    message = tenant.caller(("Viewer", "tenant")).call("POST", path, wanted).json()["message"]
    assert "may not create credentials" in message


def test_subscriptions_are_those_of_who_asks(tenant: Tenant) -> None:
    path = "/api/v1/subscriptions"
    first, second = tenant.caller(), tenant.caller()
    wanted = {"events": [], "channels": ["email"]}
    made = first.call("POST", path, wanted).json()
    assert [each["id"] for each in first.call("GET", path).json()] == [made["id"]]
    assert second.call("GET", path).json() == tenant.wire.call("GET", path).json() == []
    item = f"{path}/{made['id']}"
    assert second.call("DELETE", item).status == 403
    assert second.call("PUT", item, wanted).status == 403
    assert first.call("DELETE", item).status == 204


def test_batch(tenant: Tenant) -> None:
    ids = [
        tenant.wire.call("POST", WORKSPACES, tenant.workspace(letter)).json()["workloadId"]
        for letter in "ab"
    ]
    caller = tenant.caller(("Editor", "project a"))
    batch = "/api/v1/workloads/batch"
    assert caller.call("POST", batch, {"action": "delete", "ids": ids}).status == 403
    assert caller.call("POST", batch, {"action": "delete", "ids": ids[:1]}).status in (200, 207)
    assert tenant.wire.call("GET", f"{WORKSPACES}/{ids[1]}").status == 200


def test_assets_are_shared_with_what_is_below(tenant: Tenant) -> None:
    ids = tenant.ids
    assets: dict[str, dict[str, Any]] = {
        "mine": {"scope": "project", "projectId": int(ids["project a"])},
        "of-b": {"scope": "project", "projectId": int(ids["project b"])},
        "of-cluster": {"scope": "cluster", "clusterId": ids["cluster"]},
        "of-other-cluster": {"scope": "cluster", "clusterId": ids["other cluster"]},
        "of-tenant": {"scope": "tenant"},
    }
    for name, content in assets.items():
        asset = tenant.compute(name, **content)
        assert tenant.wire.call("POST", COMPUTE, asset).status == 202
    caller = tenant.caller(("L1 researcher", "project a"))
    assert caller.names(COMPUTE) == ["mine", "of-cluster", "of-tenant"]
    own = tenant.compute("own", "project", projectId=int(ids["project a"]))
    assert caller.call("POST", COMPUTE, own).status == 202
    wider = tenant.compute("wider", "cluster", clusterId=ids["cluster"])
    assert caller.call("POST", COMPUTE, wider).status == 403
    assert caller.call("POST", COMPUTE, tenant.compute("widest", "tenant")).status == 403


def test_policies(tenant: Tenant) -> None:
    path = "/api/v2/policy/workspaces"
    caller = tenant.caller(("Editor", "project a"))
    statuses = {}
    for letter in "ab":
        project = tenant.ids[f"project {letter}"]
        meta = {"name": "images", "scope": "project", "projectId": int(project)}
        written = caller.call("PUT", path, {"meta": meta, "policy": {"imposedAssets": []}})
        place = f"{path}?scope=project&projectId={project}"
        read, deleted = (caller.call(method, place) for method in ("GET", "DELETE"))
        statuses[letter] = [reply.status // 100 for reply in (written, read, deleted)]
    assert statuses == {"a": [2, 2, 2], "b": [4, 4, 4]}
    department = f"{path}?scope=department&departmentId={tenant.ids['department a']}"
    # What counts for a project comes from above too.
    assert caller.call("GET", department).status == 404
    assert caller.call("DELETE", department).status == 403


@pytest.mark.parametrize("scope", ["tenant", "cluster", "department"])
def test_a_narrower_id_does_not_open_a_wider_scope(tenant: Tenant, scope: str) -> None:
    caller = tenant.caller(("Editor", "project a"))
    project = int(tenant.ids["project a"])
    wider = {
        "tenant": {},
        "cluster": {"clusterId": tenant.ids["cluster"]},
        "department": {"departmentId": tenant.ids["department a"]},
    }
    meta = {"name": "images", "scope": scope, "projectId": project, **wider[scope]}
    path = "/api/v2/policy/workspaces"
    assert caller.call("PUT", path, {"meta": meta, "policy": {}}).status == 403
    query = "&".join(f"{name}={value}" for name, value in meta.items() if name != "name")
    assert caller.call("DELETE", f"{path}?{query}").status == 403
    wanted = {"meta": meta, "spec": {"cpuCoreRequest": 1}}
    assert caller.call("POST", COMPUTE, wanted).status == 403


def test_policies_that_are_listed(tenant: Tenant) -> None:
    places: list[dict[str, Any]] = [
        {"scope": "tenant"},
        {"scope": "department", "departmentId": tenant.ids["department a"]},
        *({"scope": "project", "projectId": int(tenant.ids[f"project {each}"])} for each in "abc"),
    ]
    for number, place in enumerate(places):
        meta = {"name": f"policy-{number}", **place}
        path = "/api/v2/policy/workspaces"
        assert tenant.wire.call("PUT", path, {"meta": meta, "policy": {}}).status == 200
    caller = tenant.caller(("Viewer", "project a"))
    assert caller.names("/api/v2/policy") == ["policy-0", "policy-1", "policy-2"]
    assert Caller(tenant.wire, "", "", tenant.control_plane.tokens.issue()).names(
        "/api/v2/policy"
    ) == [f"policy-{number}" for number in range(5)]


def test_a_rule_for_others_needs_its_scope(tenant: Tenant) -> None:
    caller = tenant.caller(("Department administrator", "department a"))
    rule = {"subjectId": "ada@example.com", "subjectType": "user", "roleId": tenant.role("Viewer")}
    inside = {**rule, "scopeType": "project", "scopeId": str(tenant.ids["project a"])}
    assert caller.call("POST", RULES, inside).status == 201
    outside = {**rule, "scopeType": "project", "scopeId": str(tenant.ids["project b"])}
    assert caller.call("POST", RULES, outside).status == 403
    everywhere = {**rule, "scopeType": "system", "scopeId": "tenant"}
    assert caller.call("POST", RULES, everywhere).status == 403
    many = {
        "payload": {
            "roleId": rule["roleId"],
            "subjects": [{"subjectId": "ada@example.com", "subjectType": "user"}],
            "scopes": [
                {"scopeType": "project", "scopeId": str(tenant.ids[f"project {letter}"])}
                for letter in "ab"
            ],
        }
    }
    assert caller.call("POST", f"{RULES}/batch-create", many).status == 403


def test_rules_at_once(tenant: Tenant) -> None:
    caller, other = tenant.caller(), tenant.caller()
    scopes = [str(tenant.ids["project a"]), "4711", str(tenant.ids["project c"])]
    payload = {
        "roleId": tenant.role("Viewer"),
        "subjects": [{"subjectId": each.id, "subjectType": "app"} for each in (caller, other)],
        "scopes": [{"scopeType": "project", "scopeId": scope} for scope in scopes],
    }
    reply = tenant.wire.call("POST", f"{RULES}/batch-create", {"payload": payload})
    made, failed = reply.json()["succeeded"], reply.json()["failed"]
    assert [each["scopeId"] for each in made] == [scopes[0], scopes[2]] * 2
    assert [each["payload"]["scopeId"] for each in failed] == ["4711"] * 2
    assert caller.names(PROJECTS) == other.names(PROJECTS) == ["project-a", "project-c"]


def test_deleted_rule(tenant: Tenant) -> None:
    caller = tenant.caller()
    rule = tenant.rule(caller.id, "Viewer", "project a")
    assert caller.call("GET", PROJECTS).status == 200
    tenant.wire.call("DELETE", f"{RULES}/{rule['id']}")
    assert caller.call("GET", PROJECTS).status == 403


@pytest.mark.parametrize("alias", ["id", "clientId", "name"])
def test_what_rules_may_call_a_service_account(tenant: Tenant, alias: str) -> None:
    made = tenant.wire.call("POST", "/api/v1/service-accounts", {"name": "deployer"}).json()
    caller = Caller(tenant.wire, made["id"], "deployer", _token(tenant.wire, made))
    tenant.rule(made[alias], "Viewer", "project a", "app")
    assert caller.call("GET", PROJECTS).status == 403
    tenant.rule(made[alias], "Viewer", "project a", "service-account")
    assert caller.names(PROJECTS) == ["project-a"]


def test_access_key_has_the_rights_of_its_user(tenant: Tenant) -> None:
    user = tenant.wire.call("POST", USERS, {"email": "ada@example.com"}).json()
    password = {"username": "ada@example.com", "password": user["tempPassword"]}
    reply = tenant.wire.call("POST", "/api/v1/token", {"grantType": "password", **password})
    person = Caller(tenant.wire, user["id"], "ada@example.com", reply.json()["accessToken"])
    made = person.call("POST", "/api/v1/access-keys", {"name": "laptop"}).json()
    key = Caller(tenant.wire, made["id"], "laptop", _token(tenant.wire, made))
    assert key.call("GET", PROJECTS).status == 403
    tenant.rule("ada@example.com", "Viewer", "project a", "user")
    assert key.names(PROJECTS) == person.names(PROJECTS) == ["project-a"]


def _person(tenant: Tenant, email: str) -> Caller:
    user = tenant.wire.call("POST", USERS, {"email": email}).json()
    tenant.control_plane.state.credentials.put_in_groups(email, GROUPS[email])
    password = {"username": email, "password": user["tempPassword"]}
    reply = tenant.wire.call("POST", "/api/v1/token", {"grantType": "password", **password})
    return Caller(tenant.wire, user["id"], email, reply.json()["accessToken"])


def test_a_rule_for_a_group(tenant: Tenant) -> None:
    ada = _person(tenant, "ada@example.com")
    bob = _person(tenant, "bob@example.com")
    shown = tenant.wire.call("GET", f"{USERS}/{ada.id}").json()
    assert shown["groups"] == ["researchers", "vision"]
    tenant.rule("vision", "Viewer", "project a", "group")
    tenant.rule("speech", "Viewer", "project b", "user")
    tenant.rule("bob@example.com", "Viewer", "project b", "group")
    assert ada.names(PROJECTS) == ["project-a"]
    assert ada.call("POST", WORKSPACES, tenant.workspace("a")).status == 403
    assert bob.call("GET", PROJECTS).status == 403
    tenant.rule("ada@example.com", "L1 researcher", "project a", "user")
    assert ada.call("POST", WORKSPACES, tenant.workspace("a")).status == 202
    answer = ada.call("GET", MY_RULES).json()["accessRules"]
    subjects = [(each["subjectType"], each["subjectId"]) for each in answer["accessRules"]]
    assert subjects == [("group", "vision"), ("user", "ada@example.com")]


def test_access_key_has_the_rights_of_the_groups_of_its_user(tenant: Tenant) -> None:
    ada = _person(tenant, "ada@example.com")
    made = ada.call("POST", "/api/v1/access-keys", {"name": "laptop"}).json()
    key = Caller(tenant.wire, made["id"], "laptop", _token(tenant.wire, made))
    assert key.call("GET", PROJECTS).status == 403
    tenant.rule("vision", "Viewer", "project a", "group")
    assert key.names(PROJECTS) == ["project-a"]


def test_groups_that_change(tenant: Tenant) -> None:
    ada = _person(tenant, "ada@example.com")
    tenant.rule("speech", "Viewer", "project b", "group")
    credentials = tenant.control_plane.state.credentials
    credentials.put_in_groups(ada.id, ["speech"])
    # As long as a token lives, it says what it said.
    assert ada.call("GET", PROJECTS).status == 403
    password = tenant.wire.call("POST", f"{USERS}/{ada.id}/password").json()["tempPassword"]
    grant = {"grantType": "password", "username": ada.name, "password": password}
    again = ada._replace(
        token=tenant.wire.call("POST", "/api/v1/token", grant).json()["accessToken"]
    )
    assert again.names(PROJECTS) == ["project-b"]
    with pytest.raises(ValueError, match="there is no such user"):
        credentials.put_in_groups("eve@example.com", [])


def test_creator(tenant: Tenant) -> None:
    caller = tenant.caller(("Editor", "tenant"))
    made = caller.call("POST", WORKSPACES, tenant.workspace("a")).json()
    assert made["createdBy"] == caller.name
    project = f"{PROJECTS}/{tenant.ids['project a']}"
    assert tenant.wire.call("GET", project).json()["createdBy"] == "test-client-id"
    changed = caller.call("PUT", project, {"resources": []}).json()
    assert (changed["createdBy"], changed["updatedBy"]) == ("test-client-id", caller.name)


def test_own_rules(tenant: Tenant) -> None:
    caller = tenant.caller(("Viewer", "project a"), ("Editor", "project b"))
    tenant.caller(("Viewer", "tenant"))
    answer = caller.call("GET", MY_RULES).json()["accessRules"]
    assert (answer["totalRecords"], answer["displayRecords"]) == (2, 2)
    rules = [(each["roleName"], each["scopeName"]) for each in answer["accessRules"]]
    assert rules == [("Viewer", "project-a"), ("Editor", "project-b")]
    assert caller.call("GET", f"{MY_RULES}/count").json() == {"count": 2}
    (own,) = tenant.wire.call("GET", MY_RULES).json()["accessRules"]["accessRules"]
    assert (own["roleName"], own["scopeType"]) == ("System administrator", "system")


def test_permitted_scopes(tenant: Tenant) -> None:
    caller = tenant.caller(("Viewer", "project a"), ("Editor", "project b"))
    path = "/api/v1/authorization/permitted-scopes"
    answer = caller.call("POST", path, {"resourceType": "workspaces"}).json()
    ids = [str(tenant.ids[f"project {letter}"]) for letter in "ab"]
    assert answer["read"]["projects"] == ids
    assert answer["create"]["projects"] == ids[1:]
    assert answer["create"]["system"] is False
    answer = tenant.wire.call("POST", path, {"resourceType": "workspaces"}).json()
    assert answer["delete"]["system"] is True


def test_permissions_of_roles(tenant: Tenant) -> None:
    known = tenant.wire.call("GET", "/api/v1/authorization/permissions").json()
    assert {each["resourceType"] for each in known} > {"project", "workspaces", "access_rules"}
    viewer = tenant.wire.call("GET", f"{ROLES}/{tenant.role('Viewer')}").json()
    assert {tuple(each["actions"]) for each in viewer["permissions"]} == {("read",)}


def test_everything_is_open_to_the_first_administrator(tenant: Tenant) -> None:
    assert tenant.wire.call("POST", WORKSPACES, tenant.workspace("c")).status == 202
    assert len(tenant.wire.call("GET", PROJECTS).json()["projects"]) == 3


def test_preset_answers_need_no_rights(tenant: Tenant, control_plane: ControlPlane) -> None:
    control_plane.respond("projects.get_projects", 200, body=b'{"projects": []}')
    assert tenant.caller().call("GET", PROJECTS).json() == {"projects": []}
