"""What `python -m runai.testing` takes and does."""

from __future__ import annotations

import argparse
import logging
import os
import shlex
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from runai.testing.control_plane import ControlPlane
from runai.testing.own_certificate import make_certificate
from runai.testing.seed_data import read_seed_data, seeded_state
from runai.testing.specification import shipped_versions
from runai.testing.state_file import read_state, version_of, write_state

_NEWEST = "2.24"
_WAKES_UP = 0.5
"""Seconds after which a signal has its effect at the latest, where it does not end a wait."""


def serve(arguments: Sequence[str], show: Callable[[str], None]) -> None:
    """Serve as the arguments say, until SIGINT, SIGTERM or the end of the terminal (SIGHUP).

    Args:
        arguments: of the command line.
        show: takes the banner, once it serves.

    Raises:
        SystemExit: the arguments are wrong, with what to do instead on standard error, or the state
            cannot be written at the end.
    """
    parser = _parser()
    given = parser.parse_args(arguments)
    with _ending_signals() as ended, ExitStack() as stack:
        try:
            banner = _start(given, stack)
        except (ValueError, ImportError, OSError, OverflowError) as error:
            parser.error(str(error))
        show(banner)
        while not ended.wait(_WAKES_UP):
            continue


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="runapy-testing", description="Serve an embedded control plane on 127.0.0.1."
    )
    parser.add_argument(
        "--control-plane",
        metavar="VERSION",
        help=f"default: {_NEWEST}, or that of the state file; any of "
        f"{', '.join(shipped_versions())}",
    )
    parser.add_argument("--port", type=int, default=0, help="default: any free port")
    parser.add_argument(
        "--tls",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="CA_FILE",
        help="serve HTTPS by a new authority of its own, which is written to this file, or to a "
        "temporary one; needs runapy-testing[tls]",
    )
    parser.add_argument(
        "--seed-data",
        type=Path,
        metavar="FILE",
        help="what to create at first, as JSON, or as YAML with runapy-testing[yaml]; "
        "left out where the state file has a state",
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="goes on with the state in this file, if there is one, and writes it at the end",
    )
    parser.add_argument(
        "--token-lifetime", type=float, default=3600, metavar="SECONDS", help="default: 3600"
    )
    parser.add_argument(
        "--log", action="store_true", help="write a line for each request to standard error"
    )
    return parser


def _start(given: argparse.Namespace, stack: ExitStack) -> str:
    """Serve until the stack is closed; the banner.

    Raises:
        ValueError, ImportError, OSError, OverflowError: it cannot be done as it was asked for.
    """
    saved = read_state(given.state) if given.state else None
    version = given.control_plane or (version_of(saved) if saved else _NEWEST)
    if not given.token_lifetime > 0:
        raise ValueError(f"--token-lifetime {given.token_lifetime}: give seconds, more than 0")
    ca_file, ssl_context = None, None
    if given.tls is not None:
        ca_file = given.tls if given.tls.name else _temporary_file(stack)
        ssl_context = make_certificate(ca_file)
    control_plane = ControlPlane(
        version, port=given.port, token_lifetime=given.token_lifetime, ssl_context=ssl_context
    )
    if saved:
        _restore(control_plane, saved, given.state)
    elif given.seed_data:
        control_plane.state.restore(seeded_state(read_seed_data(given.seed_data), version))
    if given.log:
        # Not before, since seed data is created by requests, too.
        _log_requests()
    stack.enter_context(control_plane)
    if given.state:
        # Now, to fail early, and once it serves no more.
        write_state(given.state, control_plane.state.dump())
        stack.callback(_save, control_plane, given.state)
    return _banner(control_plane, ca_file)


def _restore(control_plane: ControlPlane, saved: Mapping[str, Any], file: Path) -> None:
    try:
        control_plane.state.restore(saved)
    except ValueError as error:
        raise ValueError(f"the state in {file} cannot be restored: {error}") from error


def _save(control_plane: ControlPlane, file: Path) -> None:
    control_plane.close()
    try:
        write_state(file, control_plane.state.dump())
    except OSError as error:
        raise SystemExit(f"runapy-testing: error: the state is lost: {error}") from error


def _temporary_file(stack: ExitStack) -> Path:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="runapy-testing-"))
    return Path(folder) / "ca.pem"


def _log_requests() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger = logging.getLogger("runai.testing")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


def _banner(control_plane: ControlPlane, ca_file: Path | None) -> str:
    settings = {
        "RUNAI_BASE_URL": control_plane.url,
        "RUNAI_CLIENT_ID": control_plane.client_id,
        "RUNAI_CLIENT_SECRET": control_plane.client_secret,
    }
    if ca_file:
        settings["RUNAI_SSL_CA_CERT"] = str(ca_file.resolve())
    facts = [
        ("URL", control_plane.url),
        ("client id", control_plane.client_id),
        ("client secret", control_plane.client_secret),
        *([("authority", settings["RUNAI_SSL_CA_CERT"])] if ca_file else []),
    ]
    return "\n".join(
        [
            f"Embedded control plane {control_plane.version}; its page is at the URL, too.",
            "",
            *(f"  {name:13}  {value}" for name, value in facts),
            "",
            "For Configuration.from_env() in another terminal:",
            "",
            *_exports(settings),
            "",
            "Ctrl+C ends it.",
        ]
    )


def _exports(settings: Mapping[str, str]) -> Iterator[str]:
    for name, value in settings.items():
        if os.name == "nt":
            yield f"  $env:{name} = '{value}'"
        else:
            yield f"  export {name}={shlex.quote(value)}"


@contextmanager
def _ending_signals() -> Generator[threading.Event, None, None]:
    """An event that the signals set; a second one of the same kind ends the process at once."""
    ended = threading.Event()
    before = {}
    numbers = [signal.SIGINT, signal.SIGTERM]
    hang_up = getattr(signal, "SIGHUP", None)
    # Windows has none, and nohup has it ignored.
    if hang_up is not None and signal.getsignal(hang_up) is signal.SIG_DFL:
        numbers.append(hang_up)

    def end(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        ended.set()

    for number in numbers:
        before[number] = signal.signal(number, end)
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
