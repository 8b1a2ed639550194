"""Settings: what is accepted, what is refused and with which words, and what is never shown."""

from __future__ import annotations

import base64
import copy
import inspect
import json
import logging
import os
import pickle
import re
from typing import Any, Dict

import pytest

from runai.cliv2_config_loader import CLIv2Config
from runai.configuration import Configuration
from runai.exceptions import InsecureTlsWarning

GIVEN: Dict[str, Any] = {
    "client_id": "me",
    "client_secret": "s3cret",
    "runai_base_url": "https://example.run.ai",
}
# The parameters of the package that this one replaces, in its order.
NAMES = (
    "client_id client_secret bearer_token runai_base_url verify_ssl ssl_ca_cert cert_file key_file"
    " pool_maxsize pool_size retry_enabled retry_max_retries retry_backoff_factor proxy_url"
    " proxy_headers proxy_server_name auto_refresh_token token_refresh_margin debug logger"
).split()


def test_names_and_order() -> None:
    assert list(inspect.signature(Configuration).parameters) == [
        *NAMES,
        "connect_timeout",
        "read_timeout",
        "on_request",
        "on_response",
    ]


def test_defaults() -> None:
    configuration = Configuration(**GIVEN)
    values = {name: getattr(configuration, name) for name in NAMES if name not in GIVEN}
    assert values == {
        "bearer_token": None,
        "verify_ssl": True,
        "ssl_ca_cert": None,
        "cert_file": None,
        "key_file": None,
        "pool_maxsize": 4,
        "pool_size": 4,
        "retry_enabled": True,
        "retry_max_retries": 3,
        "retry_backoff_factor": 0.5,
        "proxy_url": None,
        "proxy_headers": None,
        "proxy_server_name": None,
        "auto_refresh_token": True,
        "token_refresh_margin": 60,
        "debug": False,
        "logger": logging.getLogger("runai"),
    }
    assert (configuration.connect_timeout, configuration.read_timeout) == (10, 60)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"runai_base_url": None}, "runai_base_url is missing"),
        ({"runai_base_url": ""}, "runai_base_url is missing"),
        ({"runai_base_url": "example.run.ai"}, "must begin with https://"),
        ({"runai_base_url": "ftp://example.run.ai"}, "must begin with https://"),
        ({"runai_base_url": "https://example run.ai"}, "space"),
        ({"runai_base_url": "https://"}, "names no host"),
        ({"runai_base_url": "https://x:port"}, "runai_base_url"),
        ({"runai_base_url": "https://me:pw@x"}, "without user"),
        ({"runai_base_url": "https://x/?a=b"}, "query"),
        ({"runai_base_url": 5}, "must be a string"),
        ({"client_secret": None}, "client_secret is missing"),
        ({"client_id": ""}, "client_id is missing"),
        ({"client_id": None, "client_secret": None}, "no credentials: give client_id"),
        ({"bearer_token": "a.b.c"}, "both given"),
        ({"client_secret": 5}, "client_secret must be a string"),
        ({"verify_ssl": "false"}, "verify_ssl='false' must be True or False"),
        ({"verify_ssl": "/ca.pem"}, "ssl_ca_cert"),
        ({"ssl_ca_cert": "/no/such.pem"}, "ssl_ca_cert='/no/such.pem' is no file"),
        ({"ssl_ca_cert": __file__}, "holds no certificates"),
        ({"cert_file": __file__}, "no certificate and its"),
        ({"key_file": __file__}, "without cert_file"),
        ({"pool_maxsize": 0}, "pool_maxsize=0 must be a whole number of at least 1"),
        ({"pool_size": 0}, "pool_size=0"),
        ({"pool_maxsize": 2.5}, "pool_maxsize=2.5"),
        ({"retry_enabled": 1}, "retry_enabled=1"),
        ({"retry_max_retries": -1}, "retry_max_retries=-1"),
        ({"retry_max_retries": True}, "retry_max_retries=True"),
        ({"retry_backoff_factor": "1"}, "retry_backoff_factor='1'"),
        ({"retry_backoff_factor": float("nan")}, "retry_backoff_factor=nan"),
        ({"proxy_url": "proxy:3128"}, "proxy_url"),
        ({"proxy_url": "socks5://proxy"}, "must begin with https://"),
        ({"proxy_headers": ["a"]}, "proxy_headers must be a dict"),
        ({"proxy_headers": {"A": "x\r\ny"}}, "proxy_headers: the value of header A"),
        ({"proxy_server_name": "https://x"}, "host name alone"),
        ({"auto_refresh_token": None}, "auto_refresh_token=None"),
        ({"token_refresh_margin": -1}, "token_refresh_margin=-1"),
        ({"debug": "yes"}, "debug='yes'"),
        ({"logger": "runai"}, "logger='runai' must be a logging.Logger"),
        ({"connect_timeout": 0}, "connect_timeout=0"),
        ({"read_timeout": None}, "read_timeout=None"),
        ({"read_timeout": float("inf")}, "read_timeout=inf"),
    ],
)
def test_refusals_name_parameter_and_value(changes: Any, words: Any) -> None:
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        Configuration(**{**GIVEN, **changes})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("token", ["Bearer abc", "abc\n", "ä"])
def test_bearer_token_is_one_word(token: Any) -> None:
    with pytest.raises(ValueError, match="the token alone") as caught:
        Configuration(bearer_token=token, runai_base_url="https://x")
    assert token not in str(caught.value)


@pytest.mark.parametrize("url", ["https://x.run.ai/", "https://x.run.ai///"])
def test_slashes_at_the_end(url: Any) -> None:
    assert Configuration(**{**GIVEN, "runai_base_url": url}).runai_base_url == "https://x.run.ai"


def test_secrets_are_not_shown() -> None:
    configuration = Configuration(
        **GIVEN, proxy_url="http://me:hunter2@proxy:3128", proxy_headers={"A": "hunter3"}
    )
    shown = repr(configuration)
    assert "client_id='me'" in shown
    assert "http://me:***@proxy:3128" in shown
    for secret in ("s3cret", "hunter2", "hunter3"):
        assert secret not in shown
    assert "t0ken" not in repr(Configuration(bearer_token="t0ken", runai_base_url="https://x"))


def test_it_cannot_be_changed() -> None:
    configuration = Configuration(**GIVEN, proxy_headers={"A": "b"})
    with pytest.raises(AttributeError, match=r"replace\(verify_ssl=\.\.\.\)"):
        configuration.verify_ssl = False
    with pytest.raises(AttributeError):
        del configuration.verify_ssl
    copied = configuration.proxy_headers
    assert copied is not None
    copied["A"] = "c"
    assert configuration.proxy_headers == {"A": "b"}


def test_replace() -> None:
    configuration = Configuration(**GIVEN, pool_maxsize=7)
    other = configuration.replace(read_timeout=5)
    assert (other.read_timeout, other.pool_maxsize, other.client_id) == (5, 7, "me")
    assert configuration.read_timeout == 60
    with pytest.raises(ValueError, match="read_timeout=0"):
        configuration.replace(read_timeout=0)


def test_copies() -> None:
    configuration = Configuration(**GIVEN, pool_maxsize=7, proxy_headers={"A": "b"})
    for other in (
        copy.deepcopy(configuration),
        copy.copy(configuration),
        pickle.loads(pickle.dumps(configuration)),
    ):
        assert other.client_secret == "s3cret"
        assert other.proxy_headers == {"A": "b"}
        assert other.logger is configuration.logger
        assert repr(other) == repr(configuration)


def test_logging_is_left_alone() -> None:
    root, urllib3 = logging.getLogger(), logging.getLogger("urllib3")
    before = (list(root.handlers), root.level, urllib3.level, logging.getLogger("runai").level)
    Configuration(**GIVEN, debug=True)
    after = (list(root.handlers), root.level, urllib3.level, logging.getLogger("runai").level)
    assert after == before
    handlers = logging.getLogger("runai").handlers
    assert [type(each) for each in handlers] == [logging.NullHandler]


def test_bearer_token_is_never_renewed() -> None:
    configuration = Configuration(bearer_token="a", runai_base_url="https://x")
    assert (configuration.auto_refresh_token, configuration.token_refresh_margin) == (False, 0)


class TestEnvironment:
    @pytest.fixture(autouse=True)
    def _empty(self, monkeypatch: Any) -> None:
        for name in list(os.environ):
            if name.startswith("RUNAI_"):
                monkeypatch.delenv(name)
        monkeypatch.setenv("RUNAI_BASE_URL", "https://x.run.ai")
        self.set = monkeypatch.setenv

    def test_all_parameters(self) -> None:
        values = {
            "CLIENT_ID": "me",
            "CLIENT_SECRET": "s3cret",
            "VERIFY_SSL": "False",
            "POOL_MAXSIZE": "9",
            "POOL_SIZE": "8",
            "RETRY_ENABLED": "0",
            "RETRY_MAX_RETRIES": "1",
            "RETRY_BACKOFF_FACTOR": "0.25",
            "PROXY_URL": "http://proxy:3128",
            "PROXY_HEADERS": '{"A": "b"}',
            "PROXY_SERVER_NAME": "name",
            "AUTO_REFRESH_TOKEN": "no",
            "TOKEN_REFRESH_MARGIN": "5",
            "DEBUG": "on",
            "CONNECT_TIMEOUT": "1.5",
            "READ_TIMEOUT": "2",
        }
        for name, value in values.items():
            self.set(f"RUNAI_{name}", value)
        with pytest.warns(InsecureTlsWarning):
            found = Configuration.from_env()
        assert {name: getattr(found, name.lower()) for name in values} == {
            "CLIENT_ID": "me",
            "CLIENT_SECRET": "s3cret",
            "VERIFY_SSL": False,
            "POOL_MAXSIZE": 9,
            "POOL_SIZE": 8,
            "RETRY_ENABLED": False,
            "RETRY_MAX_RETRIES": 1,
            "RETRY_BACKOFF_FACTOR": 0.25,
            "PROXY_URL": "http://proxy:3128",
            "PROXY_HEADERS": {"A": "b"},
            "PROXY_SERVER_NAME": "name",
            "AUTO_REFRESH_TOKEN": False,
            "TOKEN_REFRESH_MARGIN": 5,
            "DEBUG": True,
            "CONNECT_TIMEOUT": 1.5,
            "READ_TIMEOUT": 2,
        }
        assert found.runai_base_url == "https://x.run.ai"

    @pytest.mark.parametrize(
        ("name", "value"),
        [("DEBUG", "maybe"), ("POOL_MAXSIZE", "many"), ("PROXY_HEADERS", "A: b")],
    )
    def test_refusals_name_the_variable(self, name: Any, value: Any) -> None:
        self.set("RUNAI_BEARER_TOKEN", "a")
        self.set(f"RUNAI_{name}", value)
        with pytest.raises(ValueError, match=f"RUNAI_{name}"):
            Configuration.from_env()

    def test_overrides(self) -> None:
        self.set("RUNAI_CLIENT_ID", "me")
        self.set("RUNAI_CLIENT_SECRET", "s3cret")
        assert Configuration.from_env(client_id="you").client_id == "you"
        assert Configuration.from_env(bearer_token="a").client_id is None

    def test_empty_is_absent(self) -> None:
        self.set("RUNAI_BEARER_TOKEN", "a")
        self.set("RUNAI_CLIENT_ID", "")
        assert Configuration.from_env().client_id is None


class TestCommandLine:
    TOKEN = "eyJh.eyJi.c2ln"

    @pytest.fixture
    def directory(self, tmp_path: Any) -> Any:
        self.write(tmp_path, self.TOKEN)
        (tmp_path / "config.json").write_text(
            json.dumps({"cluster": {"uuid": "c-1"}, "control_plane": {"url": "https://cp.run.ai/"}})
        )
        return tmp_path

    def write(self, directory: Any, token: Any) -> None:
        (directory / "authentication.json").write_text(json.dumps({"accessToken": token}))

    def test_attributes_at_once(self, directory: Any) -> None:
        config = CLIv2Config(cliv2_config_path=str(directory))
        assert (config.token, config.cluster_uuid, config.control_plane_url) == (
            self.TOKEN,
            "c-1",
            "https://cp.run.ai/",
        )
        config.load()
        assert config.token == self.TOKEN
        assert self.TOKEN not in repr(config)

    @pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
    @pytest.mark.parametrize("padded", [True, False])
    def test_token_in_base64(self, directory: Any, encode: Any, padded: Any) -> None:
        # The bytes at the end make base64 and base64url differ.
        token = "eyJh.eyJi.~~~???>>>"
        text = encode(token.encode()).decode()
        self.write(directory, text if padded else text.rstrip("="))
        assert CLIv2Config(directory).token == token

    def test_renewed_file_is_read_again(self, directory: Any) -> None:
        config = CLIv2Config(directory)
        assert config.token == self.TOKEN
        self.write(directory, "eyJh.eyJi.bmV3ZXI")
        assert config.token == "eyJh.eyJi.bmV3ZXI"

    def test_where_it_looks(self, directory: Any, monkeypatch: Any, tmp_path: Any) -> None:
        monkeypatch.setenv("RUNAI_CLI_CONFIG_PATH", str(directory))
        assert CLIv2Config().cluster_uuid == "c-1"
        monkeypatch.delenv("RUNAI_CLI_CONFIG_PATH")
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        with pytest.raises(ValueError, match="runai login"):
            CLIv2Config()
        monkeypatch.setenv("HOME", str(directory.parent))
        assert CLIv2Config(f"~/{directory.name}").cluster_uuid == "c-1"

    def test_what_is_missing(self, directory: Any) -> None:
        (directory / "config.json").write_text("{}")
        config = CLIv2Config(directory)
        assert config.token == self.TOKEN
        with pytest.raises(ValueError, match=r"config\.json has no cluster\.uuid"):
            _ = config.cluster_uuid
        with pytest.raises(ValueError, match=r"control_plane\.url"):
            _ = config.control_plane_url
        (directory / "config.json").write_text("{broken")
        with pytest.raises(ValueError, match="no valid JSON"):
            _ = config.cluster_uuid
        (directory / "authentication.json").unlink()
        with pytest.raises(FileNotFoundError, match="is not there"):
            config.load()

    @pytest.mark.parametrize("token", ["%%%", "AAAA", "", 5, None])
    def test_no_token(self, directory: Any, token: Any) -> None:
        self.write(directory, token)
        with pytest.raises(ValueError, match="accessToken"):
            _ = CLIv2Config(directory).token

    def test_configuration(self, directory: Any) -> None:
        configuration = Configuration.from_cliv2(directory, read_timeout=5)
        assert configuration.bearer_token == self.TOKEN
        assert configuration.runai_base_url == "https://cp.run.ai"
        assert configuration.read_timeout == 5
        assert pickle.loads(pickle.dumps(configuration)).cliv2.token == self.TOKEN
        assert configuration.replace(read_timeout=6).cliv2 is configuration.cliv2
