from __future__ import annotations

import importlib.util
import subprocess
import sys
from typing import Callable

import pytest

pytest_plugins = ["pytester"]

Run = Callable[..., pytest.RunResult]
HAS_AIOHTTP = importlib.util.find_spec("aiohttp") is not None
HAS_WHOLE_API = importlib.util.find_spec("runai.runai_client") is not None


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs tests by this plugin, by others that are named, and by no more."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run_tests(code: str, *plugins: str, settings: str = "") -> pytest.RunResult:
        pytester.makeini(f"[pytest]\n{settings}")
        pytester.makepyfile(code)
        named = [f"-p{plugin}" for plugin in ("runai.testing.pytest_plugin", *plugins)]
        return pytester.runpytest_subprocess("-W", "error", *named, timeout=60)

    return run_tests


TWO_TESTS = """
def call(control_plane):
    before = len(control_plane.requests)
    import urllib.error, urllib.request
    try:
        urllib.request.urlopen(control_plane.url + "/api/v1/nodes")
    except urllib.error.HTTPError as error:
        error.close()
    control_plane.requests.assert_called("nodes.get_tenant_nodes", times=before + 1, status=401)
    return before, control_plane.url

seen = []

def test_first(runai_control_plane):
    seen.append(call(runai_control_plane))

class TestOthers:
    def test_second(self, runai_control_plane):
        seen.append(call(runai_control_plane))

    def test_third(self, runai_control_plane):
        seen.append(call(runai_control_plane))
        print([before for before, _ in seen], len({url for _, url in seen}))
"""


def test_each_test_has_a_control_plane_of_its_own(run: Run) -> None:
    done = run(TWO_TESTS)
    done.assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [("function", [0, 0, 0]), ("class", [0, 0, 1]), ("module", [0, 1, 2]), ("session", [0, 1, 2])],
)
def test_scopes(run: Run, scope: str, expected: list[int]) -> None:
    settings = f"runai_control_plane_scope = {scope}\naddopts = -s"
    done = run(TWO_TESTS, settings=settings)
    done.assert_outcomes(passed=3)
    assert str(expected) in done.stdout.str()


def test_a_scope_that_there_is_not(run: Run) -> None:
    done = run("", settings="runai_control_plane_scope = test")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines("*runai_control_plane_scope is 'test': give one of function, class*")


def test_version(run: Run) -> None:
    code = "def test_it(runai_control_plane):\n    assert runai_control_plane.version == '2.24'"
    run(code, settings="runai_control_plane_version = 2.24").assert_outcomes(passed=1)
    done = run(code, settings="runai_control_plane_version = 1.0")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines("*no control plane '1.0' is shipped*")


def test_an_expectation_that_fails(run: Run) -> None:
    done = run(
        """
        def test_it(runai_control_plane):
            runai_control_plane.requests.assert_called("projects.create_project")
        """
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines("E*AssertionError: projects.create_project: expected once or more*")
    done.stdout.no_fnmatch_line("*_difference*")


def test_client(run: Run) -> None:
    done = run(
        """
        import pytest

        clients = []

        def test_call(runai_control_plane, runai_client):
            client = getattr(runai_client, "api_client", runai_client)
            clients.append(client)
            answer = client.call_api("GET", "/api/v1/org-unit/projects")
            assert answer.status_code == 200
            runai_control_plane.requests.assert_called("projects.get_projects", times=1)

        def test_it_is_closed():
            with pytest.raises(Exception, match="closed"):
                clients[0].call_api("GET", "/api/v1/org-unit/projects")
        """
    )
    done.assert_outcomes(passed=2)


@pytest.mark.skipif(not HAS_WHOLE_API, reason="the distribution runapy is not installed")
def test_client_of_the_whole_api(run: Run) -> None:
    done = run(
        """
        def test_it(runai_control_plane, runai_client):
            runai_client.organizations.projects.get_projects()
            runai_control_plane.requests.assert_called("projects.get_projects", status=200)
        """
    )
    done.assert_outcomes(passed=1)


def test_client_without_the_whole_api(run: Run) -> None:
    done = run(
        """
        import sys

        sys.modules["runai.runai_client"] = None

        def test_it(runai_client):
            assert type(runai_client).__name__ == "ApiClient"
        """
    )
    done.assert_outcomes(passed=1)


ASYNCHRONOUS = """
import asyncio
import pytest

async def call(client):
    client = getattr(client, "api_client", client)
    return (await client.call_api("GET", "/api/v1/org-unit/projects")).status_code
"""
WITHOUT_RUNNER = f"""{ASYNCHRONOUS}
def test_one_loop(runai_async_client):
    assert asyncio.run(call(runai_async_client)) == 200

def test_two_loops(runai_async_client):
    assert [asyncio.run(call(runai_async_client)) for _ in range(2)] == [200, 200]

def test_no_loop(runai_async_client):
    pass

@pytest.fixture
def open_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()

# The loop is closed after the client, and before it.
def test_open_loop(open_loop, runai_async_client):
    assert open_loop.run_until_complete(call(runai_async_client)) == 200

def test_closed_loop(runai_async_client, open_loop):
    assert open_loop.run_until_complete(call(runai_async_client)) == 200
    open_loop.run_until_complete(open_loop.shutdown_asyncgens())

clients = []

def test_client(runai_async_client):
    clients.append(getattr(runai_async_client, "api_client", runai_async_client))

def test_it_is_closed():
    with pytest.raises(Exception, match="closed"):
        asyncio.run(call(clients[0]))
"""


@pytest.mark.aiohttp
def test_async_client_without_a_runner(run: Run) -> None:
    run(WITHOUT_RUNNER).assert_outcomes(passed=7)


WITH_RUNNER = f"""{ASYNCHRONOUS}
@pytest.mark.MARK
async def test_first(runai_control_plane, runai_async_client):
    assert await call(runai_async_client) == 200
    runai_control_plane.requests.assert_called("projects.get_projects", times=1)

@pytest.mark.MARK
async def test_second(runai_async_client, runai_control_plane):
    assert await asyncio.gather(*(call(runai_async_client) for _ in range(5))) == [200] * 5

@pytest.fixture
def anyio_backend():
    return "asyncio"
"""


@pytest.mark.aiohttp
@pytest.mark.parametrize("scope", ["function", "session"])
@pytest.mark.parametrize(
    ("distribution", "plugin", "mark", "settings"),
    [
        ("anyio", "anyio.pytest_plugin", "anyio", ""),
        (
            "pytest_asyncio",
            "pytest_asyncio.plugin",
            "asyncio",
            "asyncio_default_fixture_loop_scope = function",
        ),
    ],
)
def test_async_client_with_a_runner(
    run: Run, scope: str, distribution: str, plugin: str, mark: str, settings: str
) -> None:
    pytest.importorskip(distribution)
    settings += f"\nrunai_control_plane_scope = {scope}"
    run(WITH_RUNNER.replace("MARK", mark), plugin, settings=settings).assert_outcomes(passed=2)


def test_the_plugin_imports_no_server() -> None:
    code = (
        "import sys, runai.testing.pytest_plugin; "
        "print(sorted({'jsonschema', 'http.server', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr
