from __future__ import annotations

import pytest

from runapy_tools.naming import class_name, enum_member_name, python_name, snake_case


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("clusterId", "cluster_id"),
        ("clusterUUID", "cluster_uuid"),
        ("nodeID", "node_id"),
        ("AssetId", "asset_id"),
        ("enforceRunaiScheduler", "enforce_runai_scheduler"),
        ("enforceRun:aiScheduler", "enforce_run_ai_scheduler"),
        ("gpu-memory", "gpu_memory"),
        ("config_map", "config_map"),
        ("Spec", "spec"),
        ("HTTPGet", "http_get"),
        ("getK8sVersion", "get_k8s_version"),
        ("V1Error", "v1_error"),
        ("range24hData", "range24h_data"),
        ("Access keys", "access_keys"),
        ("AI Applications", "ai_applications"),
        ("currentAllocatedGPUs", "current_allocated_gpus"),
        ("requestedGPUsPerPodGroup", "requested_gpus_per_pod_group"),
        ("PodIPsOf", "pod_ips_of"),
        ("aUserPVC", "a_user_pvc"),
        ("-odd-", "odd"),
    ],
)
def test_snake_case(name: str, expected: str) -> None:
    assert snake_case(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Project", "Project"),
        ("project", "Project"),
        ("access_key", "AccessKey"),
        ("Org unit", "OrgUnit"),
        ("settingsKeyEnum", "SettingsKeyEnum"),
        ("ServingPortRules-2", "ServingPortRules2"),
        ("NFSAsset", "NFSAsset"),
        ("Authentication and Authorization", "AuthenticationAndAuthorization"),
    ],
)
def test_class_name(name: str, expected: str) -> None:
    assert class_name(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("from", "var_from"),
        ("field", "var_field"),
        ("Field", "var_field"),
        ("class", "var_class"),
        ("fromDate", "from_date"),
        # Builtins that are shadowed and not reserved: scripts use these names.
        ("id", "id"),
        ("format", "format"),
        ("filter", "filter"),
        ("type", "type"),
    ],
)
def test_python_name(name: str, expected: str) -> None:
    assert python_name(name) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Running", "RUNNING"),
        ("auth_login", "AUTH_LOGIN"),
        ("config-map", "CONFIG_MINUS_MAP"),
        ("v1.2", "V1_DOT_2"),
        ("Over quota", "OVER_QUOTA"),
        ("a/b", "A_SLASH_B"),
        ("", "EMPTY"),
        ("5m", "ENUM_5M"),
        ("NIM_E2E_REQUEST_LATENCY_SECONDS", "NIM_E2_E_REQUEST_LATENCY_SECONDS"),
        ("NIM_E2E_OTHER", "NIM_E2E_OTHER"),
    ],
)
def test_enum_member_name(value: str, expected: str) -> None:
    assert enum_member_name(value) == expected
