"""The embedded control plane from the command line."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Sequence

from runai.testing.control_plane import ControlPlane


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted; URL and credentials go to standard output first."""
    parser = argparse.ArgumentParser(
        prog="runapy-testing", description="Serve an embedded control plane on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, default=0, help="default: any free port")
    parser.add_argument("--version", default="2.24", help="of the control plane, default: 2.24")
    given = parser.parse_args(arguments)
    try:
        control_plane = ControlPlane(given.version, port=given.port)
        control_plane.start()
    except (ValueError, OSError, OverflowError) as error:
        parser.error(str(error))
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        # The names are those that Configuration.from_env reads.
        print(f"RUNAI_BASE_URL={control_plane.url}")
        print(f"RUNAI_CLIENT_ID={control_plane.client_id}")
        print(f"RUNAI_CLIENT_SECRET={control_plane.client_secret}", flush=True)
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        control_plane.close()


if __name__ == "__main__":
    main()
