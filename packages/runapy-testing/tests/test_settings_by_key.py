"""What is written at a scope or by a key, and read there again."""

from __future__ import annotations

from typing import Any, Iterator

import pytest

from runai.testing import ControlPlane

POLICY = "/api/v2/policy/workspaces"
SECURITY = "/api/v1/security/settings"
TENANT = "/v1/k8s/setting"


@pytest.fixture
def call(open_wire: Any) -> Iterator[Any]:
    with ControlPlane() as control_plane:
        yield open_wire(control_plane).call


def _policy(gpus: int) -> dict[str, Any]:
    defaults = {"compute": {"gpuDevicesRequest": gpus}}
    return {"meta": {"name": "all", "scope": "tenant"}, "policy": {"defaults": defaults}}


def test_a_policy_is_read_at_its_scope(call: Any) -> None:
    assert call("GET", f"{POLICY}?scope=tenant").status == 404
    made = call("PUT", POLICY, _policy(1)).json()
    assert made["meta"]["createdBy"] == "test-client-id"
    assert call("GET", f"{POLICY}?scope=tenant").json() == made

    changed = call("PUT", POLICY, _policy(2)).json()
    assert changed["policy"]["defaults"]["compute"]["gpuDevicesRequest"] == 2
    assert changed["meta"]["id"] == made["meta"]["id"]
    [listed] = call("GET", "/api/v2/policy").json()["policies"]
    assert (listed["type"], listed["meta"]["name"]) == ("workspace", "all")

    cluster = call("GET", "/api/v1/clusters").json()[0]["uuid"]
    below = call("GET", f"{POLICY}?scope=cluster&clusterId={cluster}").json()
    assert below["effective"]["defaults"] == changed["policy"]["defaults"]
    assert "meta" not in below
    assert call("DELETE", f"{POLICY}?scope=tenant").status == 204
    assert call("GET", "/api/v2/policy").json() == {"policies": []}


def test_a_policy_that_is_only_validated_is_not_kept(call: Any) -> None:
    assert call("PUT", f"{POLICY}?validateOnly=true", _policy(1)).status == 200
    assert call("GET", f"{POLICY}?scope=tenant").status == 404


def test_security_settings(call: Any) -> None:
    assert call("GET", SECURITY).json()["browserSessionTimeout"] == {"idleTimeout": 60}
    assert call("PUT", f"{SECURITY}/browserSessionTimeout", {"idleTimeout": 5}).status == 200
    assert call("GET", SECURITY).json()["browserSessionTimeout"] == {"idleTimeout": 5}
    assert call("GET", f"{SECURITY}/browserSessionTimeout").json() == {"idleTimeout": 5}


def test_tenant_settings(call: Any) -> None:
    assert call("PUT", TENANT, {"key": "a", "value": True}).status == 200
    assert call("GET", f"{TENANT}/a").json() is True
    assert call("GET", f"{TENANT}/b").status == 404
    assert [(each["key"], each["value"]) for each in call("GET", TENANT).json()] == [("a", "true")]


def test_a_template_names_its_assets(call: Any) -> None:
    meta = {"name": "one", "scope": "tenant"}
    path = "/api/v1/asset/workload-template"
    missing = {"assets": {"environment": "00000000-0000-4000-8000-000000000000"}}
    refused = call("POST", path, {"meta": meta, "spec": missing})
    assert refused.status == 400
    assert "assets.environment" in refused.json()["details"]
    asset = call("POST", "/api/v1/asset/environment", {"meta": meta, "spec": {"image": "a/b"}})
    identity = asset.json()["meta"]["id"]
    spec = {"assets": {"environment": identity}}
    made = call("POST", path, {"meta": meta, "spec": spec}).json()
    assert made["spec"]["assets"]["environment"] == {"id": identity, "name": "one"}


def test_a_changed_quota_shows_in_the_total(call: Any) -> None:
    [cluster] = call("GET", "/api/v1/clusters").json()
    body = {"name": "one", "clusterId": cluster["uuid"], "resources": []}
    made = call("POST", "/api/v1/org-unit/projects", body).json()
    assert made["totalResources"]["gpuQuota"] == 0
    pool = {"nodePool": {"id": "1", "name": "default"}, "gpu": {"deserved": 3}}
    changed = call("PUT", f"/api/v1/org-unit/projects/{made['id']}", {"resources": [pool]})
    assert changed.json()["totalResources"]["gpuQuota"] == 3
