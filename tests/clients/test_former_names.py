"""Names that operations had in older control planes, on each client: they call, and they warn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from runai.api_client import ApiClient
from runai.runai_client import RunaiClient
from runai.testing import SampleControlPlane
from runapy_tools.imported import newest_version
from runapy_tools.spec_diff.former_names import former_names

from ..environments import ROOT
from ..reliability.callers import Caller

ID = "5e1a7c3b-6d8f-4b0e-9b4e-2f4f0a3d9c11"
USER: dict[str, Any] = {"user_creation_request1": {"email": "someone@my-company.run.ai"}}
IDLE = {"idleTimeout": 30}
DAY = {"start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z"}
DAY_SENT = "start=2026-01-01T00%3A00%3A00Z&end=2026-01-02T00%3A00%3A00Z"

# Looked up by hand. For each group: the old name, what it is called with, what it asks for, the
# operation's name now, and since which control plane.
FORMER: dict[str, list[tuple[str, dict[str, Any], str, str, str]]] = {
    "audit.audit_logs": [
        ("get_audit_logs1", DAY, f"GET /audit/log?{DAY_SENT}", "audit_logs.get_audit_logs", "2.20")
    ],
    "organizations.logo": [
        (
            "upload_tenant_logo1",
            {"logo200_response": {"logo": "iVBORw0KGgo="}},
            "POST /logo",
            "logo.upload_tenant_logo",
            "2.19",
        )
    ],
    "authentication_and_authorization.applications": [
        (f"{name}_0", arguments, request, f"applications.{name}", "2.23")
        for name, arguments, request in (
            ("create_application", {"application_creation_request": {"name": "ci"}}, "POST /apps"),
            ("get_applications", {}, "GET /apps"),
            ("get_application_by_id", {"app_id": ID}, f"GET /apps/{ID}"),
            ("update_application_by_id", {"app_id": ID}, f"PATCH /apps/{ID}"),
            ("delete_application_by_id", {"app_id": ID}, f"DELETE /apps/{ID}"),
        )
    ],
    "authentication_and_authorization.users": [
        (f"{name}_0", arguments, request, f"users.{name}", "2.23")
        for name, arguments, request in (
            ("create_user", USER, "POST /users"),
            ("get_users", {"limit": 5}, "GET /users?limit=5"),
            ("get_user_by_id", {"user_id": ID}, f"GET /users/{ID}"),
            ("delete_user_by_id", {"user_id": ID}, f"DELETE /users/{ID}"),
        )
    ],
    "authentication_and_authorization.roles": [
        (name, arguments, request, f"roles.{name}_v1", "2.21")
        for name, arguments, request in (
            ("get_roles", {}, "GET /authorization/roles"),
            ("get_role", {"role_id_path": 7}, "GET /authorization/roles/7"),
        )
    ],
    "authentication_and_authorization.settings": [
        (name.replace("security", "idm"), arguments, request, f"settings.{name}", "2.22")
        for name, arguments, request in (
            ("get_security_settings", {}, "GET /security/settings"),
            (
                "get_security_setting_by_key",
                {"key": "logoutRedirectUri"},
                "GET /security/settings/logoutRedirectUri",
            ),
            (
                "update_security_setting_by_key",
                {"key": "browserSessionTimeout", "update_idm_setting_by_key_request": IDLE},
                "PUT /security/settings/browserSessionTimeout",
            ),
        )
    ],
    "workloads.workloads": [
        (name, arguments, request, f"workload_properties.{name}", "2.23")
        for name, arguments, request in (
            ("list_categories", {}, "GET /workload-categories"),
            ("get_category_by_id", {"category_id": ID}, f"GET /workload-categories/{ID}"),
            (
                "list_workload_types",
                {"external_types_only": True},
                "GET /workload-types?externalTypesOnly=true",
            ),
            ("get_workload_type", {"workload_type_id": ID}, f"GET /workload-types/{ID}"),
            (
                "update_workload_type",
                {
                    "workload_type_id": ID,
                    "workload_type_config_update_fields": {"categoryId": ID},
                },
                f"PUT /workload-types/{ID}",
            ),
        )
    ],
    "workloads.workloads_priorities": [
        (
            "get_workload_priorities",
            {"sort_by": "value"},
            "GET /workload-priorities?sortBy=value",
            "workload_properties.get_workload_priorities",
            "2.23",
        )
    ],
}
CALLS = [(path, *each) for path, calls in FORMER.items() for each in calls]


@pytest.fixture(scope="module")
def served() -> Iterator[SampleControlPlane]:
    with SampleControlPlane() as control_plane:
        yield control_plane


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]}.{call[1]}")
def test_it_calls_its_operation_and_warns(
    call: tuple[str, str, dict[str, Any], str, str, str], caller: Caller, served: SampleControlPlane
) -> None:
    path, name, arguments, request_line, now, since = call
    client = RunaiClient(caller.client(served.configuration()))
    category, group = path.split(".")
    former = getattr(getattr(getattr(client, category), group), name)
    served.requests.clear()
    message = rf"^{group}\.{name} was renamed with control plane {since}; use {now}(, which .*)?$"
    with pytest.warns(DeprecationWarning, match=message) as warned:
        answer = caller.wait(former(**arguments))
    assert [each.filename for each in warned] == [__file__]
    (received,) = served.requests.of(now)
    assert received.problems == ()
    assert f"{received.method} {received.target.removeprefix('/api/v1')}" == request_line
    assert 200 <= answer.status_code < 300


def test_these_are_all() -> None:
    found = {each.before.id for each in former_names(ROOT, newest_version(ROOT)).free}
    assert found == {f"{path.partition('.')[2]}.{name}" for path, name, *_ in CALLS}
    assert len(found) == len(CALLS) == 22


def test_a_group_of_former_names_is_listed_as_deprecated(served: SampleControlPlane) -> None:
    with RunaiClient(ApiClient(served.configuration())) as client:
        assert "workloads_priorities" not in client.workloads.options()
        assert "workloads_priorities" in client.workloads.options(include_deprecated=True)
