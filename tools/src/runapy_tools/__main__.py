"""Command line of the tools: `runapy-tools <verb>`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from runapy_tools.build import build
from runapy_tools.generator import check, generate
from runapy_tools.spec_import import import_document


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; the exit code says whether it succeeded."""
    parser = argparse.ArgumentParser(prog="runapy-tools", description=__doc__)
    parser.add_argument(
        "--root", type=Path, default=Path.cwd(), help="the project's folder (default: here)"
    )
    verbs = parser.add_subparsers(dest="verb", required=True)

    importing = verbs.add_parser("import", help="control-plane document to spec/<version>/")
    importing.add_argument("document", help="path or URL of the OpenAPI document")
    importing.add_argument("--version", required=True, help="the control plane's, such as 2.24")

    verbs.add_parser("generate", help="spec/ to the generated distributions in packages/")
    verbs.add_parser("check", help="fail if the committed distributions differ from fresh ones")

    building = verbs.add_parser("build", help="wheels and sdists of every distribution")
    building.add_argument(
        "--output", type=Path, default=Path("dist"), help="folder (default: dist)"
    )

    options = parser.parse_args(arguments)
    try:
        return _run(options)
    except (OSError, ValueError, LookupError, RuntimeError, OpenAPIValidationError) as error:
        print(f"runapy-tools {options.verb}: {error}", file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    if options.verb == "import":
        print(import_document(options.document, options.version, options.root / "spec"))
    elif options.verb == "generate":
        counts = generate(options.root)
        print(f"{counts['written']} files written, {counts['removed']} stale ones removed")
    elif options.verb == "check":
        differences = check(options.root)
        print("\n".join(differences) or "the committed distributions are what `generate` writes")
        return 1 if differences else 0
    elif options.verb == "build":
        for path in build(options.root, options.output):
            print(f"{path.stat().st_size:>9,} {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
