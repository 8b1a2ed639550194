"""What the documents say about settings, commands, names and files is so."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import trustme
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import runai.exceptions
from runai.configuration import Configuration
from runai.exceptions import InsecureTlsWarning
from runai.runai_client import RunaiClient
from runapy_tools.imported import imported_versions, newest_version
from runapy_tools.versions import minor, release

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
DOCUMENTS = sorted(
    file
    for pattern in ("*.md", "examples/*.md", "docs/**/*.md", "changelog.d/README.md")
    for file in ROOT.glob(pattern)
)
SETTINGS = inspect.signature(Configuration).parameters
REQUIRED = {
    "RUNAI_CLIENT_ID": "an id",
    "RUNAI_CLIENT_SECRET": "a secret",
    "RUNAI_BASE_URL": "https://runai.example",
}


def section(document: str, heading: str) -> str:
    """The text under a heading, up to the next one."""
    start = document.index(f"\n## {heading}\n")
    end = document.find("\n## ", start + 1)
    return document[start : end if end > 0 else None]


def rows(text: str) -> list[list[str]]:
    """The cells of a table, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


CONFIGURATION = {row[0].strip("`"): row for row in rows(section(README, "Configuration"))}


def test_the_readme_names_every_parameter_in_order() -> None:
    assert list(CONFIGURATION) == list(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_the_readme_names_the_default(name: str) -> None:
    named = CONFIGURATION[name][2].strip("`")
    configuration = Configuration("an id", "a secret", runai_base_url="https://runai.example")
    if name == "logger":
        assert configuration.logger.name == named
    elif name == "pool_size":
        assert named == "pool_maxsize"
        assert configuration.replace(pool_maxsize=7).pool_size == 7
    else:
        default = SETTINGS[name].default
        assert named == ("" if default is None else str(default))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files that the settings of TLS can name."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    client = authority.issue_cert("client.example")
    files = {name: folder / f"{name}.pem" for name in ("ssl_ca_cert", "cert_file", "key_file")}
    authority.cert_pem.write_to_path(str(files["ssl_ca_cert"]))
    client.cert_chain_pems[0].write_to_path(str(files["cert_file"]))
    client.private_key_pem.write_to_path(str(files["key_file"]))
    return {name: str(file) for name, file in files.items()}


VALUES: dict[str, tuple[str, Any]] = {
    "client_id": ("another", "another"),
    "client_secret": ("another", "another"),
    "bearer_token": ("a.b.c", "a.b.c"),
    "runai_base_url": ("https://other.example/path/", "https://other.example/path"),
    "verify_ssl": ("false", False),
    "pool_maxsize": ("9", 9),
    "pool_size": ("2", 2),
    "retry_enabled": ("false", False),
    "retry_max_retries": ("1", 1),
    "retry_backoff_factor": ("0.25", 0.25),
    "proxy_url": ("http://proxy.example:3128", "http://proxy.example:3128"),
    "proxy_headers": ('{"X-Team": "vision"}', {"X-Team": "vision"}),
    "proxy_server_name": ("name.example", "name.example"),
    "auto_refresh_token": ("false", False),
    "token_refresh_margin": ("5", 5),
    "debug": ("true", True),
    "connect_timeout": ("3", 3),
    "read_timeout": ("4.5", 4.5),
}


OBJECTS = ("logger", "on_request", "on_response")


@pytest.mark.parametrize("name", [name for name in SETTINGS if name not in OBJECTS])
def test_the_readme_names_the_variable(
    name: str, certificates: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = CONFIGURATION[name][1].strip("`")
    environment = dict(REQUIRED)
    if name == "bearer_token":
        environment = {"RUNAI_BASE_URL": REQUIRED["RUNAI_BASE_URL"]}
    if name in ("cert_file", "key_file"):
        for each in ("cert_file", "key_file"):
            environment[CONFIGURATION[each][1].strip("`")] = certificates[each]
    text, value = VALUES[name] if name in VALUES else (certificates[name],) * 2
    environment[variable] = text
    for each, given in environment.items():
        monkeypatch.setenv(each, given)

    if name == "verify_ssl":
        with pytest.warns(InsecureTlsWarning):
            configuration = Configuration.from_env()
    else:
        configuration = Configuration.from_env()
    assert value != SETTINGS[name].default
    assert getattr(configuration, name) == value


@pytest.mark.parametrize("name", OBJECTS)
def test_the_readme_names_no_variable_for_an_object(name: str) -> None:
    assert CONFIGURATION[name][1] == ""


def test_the_readme_names_exceptions_that_exist() -> None:
    table = section(README, "How the API is laid out").split("| exception | when |")[1]
    names = re.findall(r"`(\w+)`", "".join(row[0] for row in rows(table)))
    assert len(names) > 10
    exceptions = [getattr(runai.exceptions, name) for name in names]
    base = runai.exceptions.OpenApiException
    assert all(issubclass(exception, base) for exception in exceptions)


def test_the_readme_names_every_category() -> None:
    table = section(README, "Install").split("| distribution | imports as |")[1]
    named = [[cell.strip("`") for cell in row] for row in rows(table)]
    client = RunaiClient(bearer_token="a.b.c", runai_base_url="https://runai.example")
    assert sorted(attribute for _, _, attribute in named) == client.options()
    for distribution, module, attribute in named:
        assert (ROOT / "packages" / distribution).is_dir()
        importlib.import_module(module)
        assert type(getattr(client, attribute)).__module__.startswith(f"{module}.")
    client.close()


def scripts() -> dict[str, str]:
    """The scripts of hatch.toml, by what follows `hatch run`."""
    found: dict[str, str] = {}
    environment = ""
    for line in (ROOT / "hatch.toml").read_text("utf-8").splitlines():
        if heading := re.match(r"\[envs\.(\w+)\.scripts\]", line):
            environment = heading[1]
        elif line.startswith("["):
            environment = ""
        elif environment and (script := re.match(r"(\w+) = (.*)", line)):
            prefix = "" if environment == "default" else f"{environment}:"
            found[prefix + script[1]] = script[2]
    return found


def test_the_commands_of_the_readme_are_those_that_ci_and_hatch_run() -> None:
    shown = re.findall(r"^```\n(.+)\n```$", README, re.MULTILINE)
    install = 'python3 -m venv .venv && .venv/bin/pip install -q "hatch>=1.18" && '
    demo, test = (f"{install}.venv/bin/hatch run {name}" for name in ("demo", "test"))
    assert shown == [demo, test]
    assert f"test_command='{test}'\n" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert scripts()["demo"].startswith('"python examples/demo.py')
    assert scripts()["test"].startswith('"pytest')


def test_the_documents_name_scripts_that_exist() -> None:
    """An environment of a matrix, such as alone.core, has the scripts of alone."""
    named = re.findall(r"hatch run ([\w.:]+)", README + CONTRIBUTING)
    assert "alone.core:test" in named
    assert {re.sub(r"\.\w+:", ":", name) for name in named} == set(scripts())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", document.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = unquote(target).partition("#")
        linked = document.parent / path if path else document
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked), target


def anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize(
    "file", ["README.md", "docs/migrating.md", "docs/slim-images.md", "examples/README.md"]
)
def test_the_documents_install_the_newest_control_planes_client(file: str) -> None:
    """A patch changes none of them: each takes later ones."""
    text = (ROOT / file).read_text("utf-8")
    named = [Requirement(each) for each in re.findall(r"\brunapy[\w-]*(?:\[\w+\])?~=[\d.]+", text)]
    assert named
    for each in named:
        assert release(ROOT, newest_version(ROOT)) in each.specifier, each
        # The control plane alone would take the older client, too.
        assert f"{minor(newest_version(ROOT))}.0" not in each.specifier, each


def test_the_readme_says_how_to_pin_each_control_plane() -> None:
    """Without the older clients on PyPI, one of which has a patch more than the others."""
    found = dict(re.findall(r"^\| ([\d.]+) \| `(~=[\d.]+)` \|$", README, re.MULTILINE))
    assert list(found) == imported_versions(ROOT)[::-1]
    for version, pin in found.items():
        older = [f"{minor(version)}.0", "1.221.1"]
        assert list(SpecifierSet(pin).filter([*older, release(ROOT, version)])) == [
            release(ROOT, version)
        ]


def test_contributing_names_folders_that_exist() -> None:
    named = [row[0] for row in rows(section(CONTRIBUTING, "Where things are"))]
    folders = re.findall(r"`([\w/-]+)`", " ".join(named))
    assert "packages/runapy-core" in folders
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []
