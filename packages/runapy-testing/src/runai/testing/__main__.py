"""The embedded control plane from the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from runai.testing.command_line import serve


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted; what a client needs goes to standard output first."""
    serve(sys.argv[1:] if arguments is None else arguments, lambda text: print(text, flush=True))


if __name__ == "__main__":
    main()
