from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from typing import Any, Sequence

import pytest

from runai.testing.answers import Refusal
from runai.testing.queries import Selection, select
from runai.testing.specification import Operation, load
from runai.testing.table import GivenTable

Records = Sequence[Any]
WORKLOADS = "workloads.get_workloads"
NODE_POOLS = "node_pools.get_nodepools"


def _operation(operation_id: str) -> Operation:
    return load("2.24").operation(operation_id)


def _select(records: Records, operation_id: str, **query: Any) -> Selection:
    return select(GivenTable(records), _operation(operation_id), query)


def _ids(records: Records, operation_id: str = WORKLOADS, **query: Any) -> list[Any]:
    return [record["id"] for record in _select(records, operation_id, **query).records]


def _problems(operation_id: str, **query: Any) -> tuple[str, ...]:
    records = [{"id": 1, "name": "a", "priority": 5, "swapEnabled": True}]
    with pytest.raises(Refusal) as refused:
        _select(records, operation_id, **query)
    assert refused.value.status == 400
    assert refused.value.message == f"{operation_id}: bad request"
    return refused.value.problems


TEXTS = ["alpha", "beta", "Beta", "alphabet", None]
NUMBERS = [-1, 2, 2.5, 10, None]
BOOLEANS = [True, False, None]
TIMES = [
    "2025-01-01T00:00:00Z",
    "2025-01-01T02:00:00+02:00",
    "2025-01-01T00:00:00.5Z",
    "2024-12-31T23:59:59.999999999Z",
    "2025-01-01t00:00:01.000z",
    "2025-01-01T00:00:00.500+00:00",
    None,
]


@pytest.mark.parametrize(
    ("field", "values", "condition", "passing"),
    [
        ("name", TEXTS, "==beta", [1]),
        ("name", TEXTS, "!=beta", [0, 2, 3, 4]),
        ("name", TEXTS, "<=alphabet", [0, 2, 3]),
        ("name", TEXTS, ">=alphabet", [1, 3]),
        ("name", TEXTS, "=@bet", [1, 3]),
        ("name", TEXTS, "!@bet", [0, 2, 4]),
        ("name", TEXTS, "=^alpha", [0, 3]),
        ("name", TEXTS, "=$eta", [1, 2]),
        ("priority", NUMBERS, "==2", [1]),
        ("priority", NUMBERS, "==2.50", [2]),
        ("priority", NUMBERS, "!=2", [0, 2, 3, 4]),
        ("priority", NUMBERS, "<=2.5", [0, 1, 2]),
        ("priority", NUMBERS, ">=2", [1, 2, 3]),
        ("priority", NUMBERS, ">=1e1", [3]),
        ("priority", NUMBERS, "=@1", [0, 3]),
        ("priority", NUMBERS, "!@1", [1, 2, 4]),
        ("priority", NUMBERS, "=^2", [1, 2]),
        ("priority", NUMBERS, "=$0", [3]),
        ("createdAt", TIMES, "==2025-01-01T01:00:00+01:00", [0, 1]),
        ("createdAt", TIMES, "!=2025-01-01T00:00:00Z", [2, 3, 4, 5, 6]),
        ("createdAt", TIMES, "<=2025-01-01T00:00:00.000Z", [0, 1, 3]),
        ("createdAt", TIMES, ">=2025-01-01T00:00:00.50Z", [2, 4, 5]),
        ("createdAt", TIMES, ">=2024-12-31T19:00:01-05:00", [4]),
        ("createdAt", TIMES, "<=2025-01-01", [0, 1, 3]),
        ("createdAt", TIMES, "==2025-01-01T00:00:01", [4]),
    ],
)
def test_operators(field: str, values: list[Any], condition: str, passing: list[int]) -> None:
    records = [{"id": number, field: value} for number, value in enumerate(values)]
    assert _ids(records, filterBy=[field + condition]) == passing


@pytest.mark.parametrize(
    ("condition", "passing"),
    [("==true", [0]), ("!=true", [1, 2]), ("==false", [1]), ("=^f", [1]), ("!@ru", [1, 2])],
)
def test_operators_on_booleans(condition: str, passing: list[int]) -> None:
    records = [{"id": number, "swapEnabled": value} for number, value in enumerate(BOOLEANS)]
    assert _ids(records, NODE_POOLS, filterBy=[f"swapEnabled{condition}"]) == passing


def test_negations_are_complements() -> None:
    records = [{"id": number, "name": value} for number, value in enumerate(TEXTS)]
    for positive, negative in (("==", "!="), ("=@", "!@")):
        for operand in ("alpha", "eta", "x"):
            met = _ids(records, filterBy=[f"name{positive}{operand}"])
            assert sorted(met + _ids(records, filterBy=[f"name{negative}{operand}"])) == [*range(5)]


def test_every_condition_must_be_met() -> None:
    records = [{"id": number, "name": f"n{number}", "priority": number} for number in range(9)]
    assert _ids(records, filterBy=["priority>=3", "priority<=5", "name!=n4"]) == [3, 5]


def test_an_operand_may_hold_anything() -> None:
    records = [{"id": 1, "name": "a==b,c\nd"}, {"id": 2, "name": "a"}]
    assert _ids(records, filterBy=["name==a==b,c\nd"]) == [1]
    assert _ids(records, filterBy=["name=@==b"]) == [1]


def test_text_that_looks_like_a_number_or_a_boolean_stays_text() -> None:
    records = [{"id": 1, "name": "10"}, {"id": 2, "name": "9"}, {"id": 3, "name": "true"}]
    assert _ids(records, filterBy=["name==10"]) == [1]
    assert _ids(records, filterBy=["name<=9"]) == [1, 2]
    assert _ids(records, filterBy=["name==true"]) == [3]


def test_a_list_meets_what_one_of_its_items_meets() -> None:
    records = [
        {"id": 1, "currentNodePools": ["default", "a100"]},
        {"id": 2, "currentNodePools": []},
        {"id": 3, "currentNodePools": ["h100"]},
    ]
    assert _ids(records, filterBy=["nodepool==default"]) == [1]
    assert _ids(records, filterBy=["nodepool=$100"]) == [1, 3]
    assert _ids(records, filterBy=["nodepool!=default"]) == [2, 3]


@pytest.mark.parametrize(
    ("operation_id", "field", "record"),
    [
        (WORKLOADS, "allocatedGPU", {"allocatedResources": {"gpu": 2}}),
        (NODE_POOLS, "phase", {"phase": 2}),
        (NODE_POOLS, "phase", {"status": {"phase": 2}}),
        (NODE_POOLS, "swapEnabled", {"gpuResourceOptimization": {"swapEnabled": 2}}),
        ("nodes.get_nodes", "gpuType", {"gpuInfo": {"gpuType": 2}}),
        ("pods.list_pods", "currentNodepool", {"currentNodePool": 2}),
        ("audit_logs.get_audit_logs", "source_ip", {"sourceIp": 2}),
        ("projects.get_projects", "departmentId", {"parentId": 2}),
        ("projects.get_projects", "parentName", {"parent": {"name": 2}}),
        ("projects.get_projects", "totalGpuQuota", {"totalResources": {"gpuQuota": 2}}),
        (
            "projects.get_projects",
            "gpuAllocated",
            {"status": {"quotaStatus": {"allocated": {"gpu": 2}}}},
        ),
        (
            "departments.get_departments",
            "avgGpuMemoryUtilization7d",
            {"overtimeData": {"range7dData": {"averageGpuMemoryUtilization": 2}}},
        ),
        ("workload_templates.list_templates1", "runnable", {"runnable": {"isRunnable": 2}}),
        (
            "workload_templates.list_templates1",
            "name",
            {"spec": {"x": {"name": 1}}, "meta": {"name": 2}},
        ),
    ],
)
def test_where_a_field_is_in_a_record(
    operation_id: str, field: str, record: dict[str, Any]
) -> None:
    records = [{"id": 0}, {"id": 1, **record}]
    assert _ids(records, operation_id, filterBy=[f"{field}==2"]) == [1]
    assert _ids(records, operation_id, sortBy=field) == [1, 0]


def test_the_property_of_a_field_may_be_rare() -> None:
    records: list[dict[str, Any]] = [{"id": number} for number in range(5001)]
    records[4321]["deletedAt"] = "2025-01-01T00:00:00Z"
    records[1234]["status"] = {"phase": "Ready"}
    assert _ids(records, filterBy=["deletedAt>=2024-01-01T00:00:00Z"]) == [4321]
    assert _ids(records, sortBy="deletedAt", limit=1) == [4321]
    assert _ids(records, NODE_POOLS, filterBy=["phase==Ready"]) == [1234]


def test_users_sort_by_fields_of_other_names() -> None:
    users = [
        {"id": 1, "isLocal": True, "createdAt": "2025-01-02T00:00:00Z"},
        {"id": 2, "isLocal": False, "createdAt": "2025-01-01T00:00:00Z"},
    ]
    assert _ids(users, "users.get_users", sortBy="creationTime") == [2, 1]
    assert _ids(users, "users.get_users", sortBy="type") == [2, 1]
    assert _ids(users, "users.get_users", filterBy=["creationTime>=2025-01-02T00:00:00Z"]) == [1]


@pytest.mark.parametrize(
    ("operation_id", "query", "parts"),
    [
        (WORKLOADS, {"filterBy": ["owner==me"]}, ["owner==me", "no field 'owner'", "projectName"]),
        (WORKLOADS, {"filterBy": ["==me"]}, ["no field ''", "projectName"]),
        (WORKLOADS, {"filterBy": ["name"]}, ["'name'", "=@, !@, =^, =$"]),
        (WORKLOADS, {"filterBy": ["name=a"]}, ["'name=a'", "==, !="]),
        (WORKLOADS, {"filterBy": ["name=="]}, ["'name=='"]),
        ("users.get_users", {"filterBy": ["username!=me"]}, ["no operator !=", "==, <=, >=, =@"]),
        (WORKLOADS, {"filterBy": ["createdAt>=yesterday"]}, ["createdAt>=yesterday", "RFC 3339"]),
        (WORKLOADS, {"filterBy": ["createdAt==2025-13-01T00:00:00Z"]}, ["RFC 3339"]),
        (WORKLOADS, {"filterBy": ["createdAt=@2025"]}, ["is a time", "==, !=, <=, >="]),
        (WORKLOADS, {"filterBy": ["priority>=high"]}, ["priority>=high", "number", "'high'"]),
        (NODE_POOLS, {"filterBy": ["swapEnabled==yes"]}, ["swapEnabled==yes", "true or false"]),
        (NODE_POOLS, {"filterBy": ["swapEnabled>=true"]}, ["swapEnabled>=true", "== or !="]),
        (WORKLOADS, {"sortBy": "owner"}, ["'owner'", "projectName"]),
        (WORKLOADS, {"offset": -1}, ["offset: -1"]),
    ],
)
def test_refusals(operation_id: str, query: dict[str, Any], parts: list[str]) -> None:
    (problem,) = _problems(operation_id, **query)
    assert [part for part in parts if part not in problem] == []


def test_every_problem_is_told() -> None:
    filters = ["owner==me", "name", "createdAt>=now"]
    assert len(_problems(WORKLOADS, filterBy=filters, offset=-1)) == 4


def test_sorting_is_stable_and_puts_missing_values_last() -> None:
    priorities = [2, None, 1, 2, 1, None]
    records = [{"id": number, "priority": value} for number, value in enumerate(priorities)]
    assert _ids(records, sortBy="priority") == [2, 4, 0, 3, 1, 5]
    assert _ids(records, sortBy="priority", sortOrder="desc") == [0, 3, 2, 4, 1, 5]


def test_times_sort_as_instants() -> None:
    records = [{"id": number, "createdAt": time} for number, time in enumerate(TIMES)]
    assert _ids(records, sortBy="createdAt") == [3, 0, 1, 2, 5, 4, 6]


def test_values_of_several_types_sort_each_type_apart() -> None:
    values = ["b", 2, True, None, "a", 1]
    records = [{"id": number, "priority": value} for number, value in enumerate(values)]
    assert _ids(records, sortBy="priority") == [2, 5, 1, 4, 0, 3]


def test_without_a_field_to_sort_by() -> None:
    records = [{"id": number} for number in range(3)]
    assert _ids(records) == [0, 1, 2]
    assert _ids(records, sortOrder="desc") == [2, 1, 0]
    # Events come newest first unless asked otherwise.
    assert _ids(records, "events.get_workload_events") == [2, 1, 0]
    assert _ids(records, "events.get_workload_events", sortOrder="asc") == [0, 1, 2]


def test_pages_of_any_size_make_up_the_sorted_list() -> None:
    chance = random.Random(20)
    start = datetime(2025, 1, 1, tzinfo=timezone.utc)
    for size in (0, 1, 7, 300):
        records = [
            {"id": number, "createdAt": (start + timedelta(chance.randrange(90))).isoformat()}
            for number in range(size)
        ]
        for order in ("asc", "desc"):
            expected = sorted(records, key=lambda r: str(r["createdAt"]), reverse=order == "desc")
            for limit in (1, 2, 50, 299, 300, 301):
                found: list[dict[str, Any]] = []
                offset: int | None = 0
                while offset is not None:
                    page = _select(
                        records, WORKLOADS,
                        sortBy="createdAt", sortOrder=order, limit=limit, offset=offset,
                    )  # fmt: skip
                    assert page.total == size
                    found += page.records
                    offset = page.next
                assert found == expected


def test_the_operation_says_the_default_limit() -> None:
    records = [{"id": number} for number in range(600)]
    page = _select(records, WORKLOADS)
    assert (len(page.records), page.total, page.next) == (50, 600, 50)
    page = _select(records, "users.get_users")
    assert (len(page.records), page.total, page.next) == (500, 600, 500)
    page = _select(records, WORKLOADS, offset=600)
    assert (page.records, page.total, page.next) == ([], 600, None)


def test_what_has_no_pages_gives_all() -> None:
    records = [{"id": number, "phase": "Running"} for number in range(600)]
    page = _select(records, "workloads.count_workloads", filterBy=["phase==Running"])
    assert (len(page.records), page.total, page.next) == (600, 600, None)


def test_search_finds_names_in_any_case() -> None:
    records = [
        {"id": 1, "name": "Train-BERT", "command": "bert"},
        {"id": 2, "projectName": "bert-team"},
        {"id": 3, "name": None, "command": "bert", "labels": {"name": "bert"}},
        {"id": 4, "meta": {"name": "xBertx"}},
    ]
    assert _ids(records, search="bErT") == [1, 2, 4]
    assert _ids(records, search="bErT", filterBy=["name=^Train"]) == [1]
    assert _ids(records, search="") == [1, 2, 3, 4]
    assert _ids(records, search="roberta") == []


ENVIRONMENTS = "environment.list_environment_assets"
ASSETS: list[dict[str, Any]] = [
    {"meta": {"name": "a", "scope": "project", "projectId": 1}, "id": 0},
    {"meta": {"name": "b", "scope": "project", "projectId": 2}, "id": 1},
    {"meta": {"name": "b", "scope": "tenant", "projectId": None}, "id": 2},
]


def test_other_parameters_are_filters_where_records_have_their_property() -> None:
    assert _ids(ASSETS, ENVIRONMENTS, name="b") == [1, 2]
    assert _ids(ASSETS, ENVIRONMENTS, name="b", scope="project") == [1]
    assert _ids(ASSETS, ENVIRONMENTS, projectId=1) == [0]
    others = {"usageInfo": True, "complyToProject": 9, "isTraining": True}
    assert _ids(ASSETS, ENVIRONMENTS, **others) == [0, 1, 2]


def test_parameters_with_several_values() -> None:
    rules = [{"id": number, "subjectId": subject} for number, subject in enumerate("abc")]
    assert _ids(rules, "access_rules.get_access_rules", subjectIds=["a", "c"]) == [0, 2]
    assert _ids(rules, "access_rules.get_access_rules", subjectIdFilter="b") == [1]
    assets = [{"id": "x", "meta": {"id": "x"}}, {"id": "y", "meta": {"id": "y"}}]
    assert _ids(assets, "git.list_git_assets", assetIds="y,z") == ["y"]


def test_deleted_and_completed() -> None:
    time = "2025-01-01T00:00:00Z"
    records = [{"id": 1}, {"id": 2, "deletedAt": time}, {"id": 3, "completedAt": time}]
    assert _ids(records, "pods.list_pods", deleted=True) == [2]
    assert _ids(records, "pods.list_pods", deleted=False) == [1, 3]
    assert _ids(records, "pods.list_pods", completed="true") == [3]
    assert _ids(records, "pods.list_pods", completed="all") == [1, 2, 3]
    assert _ids(records, "access_rules.get_access_rules", includeDeleted=False) == [1, 3]


def test_the_period_of_audit_logs() -> None:
    records = [{"id": day, "timestamp": f"2025-01-0{day}T00:00:00Z"} for day in range(1, 6)]
    query = {"start": "2025-01-02T00:00:00Z", "end": "2025-01-03T12:00:00Z"}
    assert _ids(records, "audit_logs.get_audit_logs", **query) == [2, 3]


def test_filter_of_users() -> None:
    users = [{"id": 1, "username": "me"}, {"id": 2, "username": "you"}]
    assert _ids(users, "users.get_users", filter="username:you") == [2]
    assert _ids(users, "users.get_users", filter="locale:en") == [1, 2]


def test_records_are_not_changed() -> None:
    records = [{"id": 2, "name": "b"}, {"id": 1, "name": "a"}]
    page = _select(records, WORKLOADS, sortBy="name")
    assert page.records == [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    page.records.clear()
    assert records == [{"id": 2, "name": "b"}, {"id": 1, "name": "a"}]
    everything = _select(records, "workloads.count_workloads")
    everything.records.clear()
    assert len(records) == 2
