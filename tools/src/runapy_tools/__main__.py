"""Command line of the tools: `runapy-tools <verb>`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from runapy_tools import changelog, marked_place
from runapy_tools.build import build, chosen_versions
from runapy_tools.generator import check, generate
from runapy_tools.image_sizes import image_table
from runapy_tools.release.links import unlinked
from runapy_tools.release.readiness import obstacles
from runapy_tools.release.rehearsal import rehearse
from runapy_tools.release.stages import listed, stage
from runapy_tools.sizes import file_list, size_table
from runapy_tools.spec_diff import diff
from runapy_tools.spec_diff.rendering import FORMATS
from runapy_tools.spec_import import import_document
from runapy_tools.spec_import.committed import check_imports


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
    proving = verbs.add_parser("check", help="fail if what is committed differs from fresh files")
    proving.add_argument(
        "--documents", type=Path, help="folder of the documents that spec/ was imported from"
    )

    comparing = verbs.add_parser("diff", help="what changed between two control planes")
    comparing.add_argument("older", help="a control plane in spec/, such as 2.23")
    comparing.add_argument("newer", help="another one, such as 2.24")
    comparing.add_argument("--format", choices=FORMATS, default="text", help="(default: text)")

    building = verbs.add_parser("build", help="wheels and sdists of every distribution")
    building.add_argument(
        "--control-plane", help="one, such as 2.19, or `all` (default: the newest)"
    )
    building.add_argument(
        "--out", type=Path, default=Path("dist"), dest="output", help="folder (default: dist)"
    )
    building.add_argument(
        "--sizes", action="store_true", help="list what installs bring, not the files"
    )

    building.add_argument(
        "--write-sizes", type=Path, metavar="DOCUMENT", help="put their table between its marks"
    )

    collecting = verbs.add_parser("changelog", help="changelog.d/ and API changes to CHANGELOG.md")
    collecting.add_argument("version", help="of the release, such as 1.224.1")

    releasing = verbs.add_parser("release", help="the steps of a release, and a dry run of them")
    steps = releasing.add_subparsers(dest="step", required=True)
    checking = steps.add_parser("check", help="fail unless the tree is what its tag says")
    checking.add_argument("tag", help="such as v1.224.1")
    steps.add_parser("links", help="fail unless all distributions link to the project's pages")
    steps.add_parser("stage", help="verify what is in dist/, and sort it by order of publishing")
    steps.add_parser("dry-run", help="every step but the upload, in a copy of the tree")

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
        proven = "the committed distributions are what `generate` writes"
        if options.documents:
            differences += check_imports(options.root, options.documents)
            proven += ", and spec/ is what `import` writes"
        print("\n".join(differences) or proven)
        return 1 if differences else 0
    elif options.verb == "diff":
        difference = diff(options.root, options.older, options.newer)
        print(FORMATS[options.format](difference), end="")
    elif options.verb == "build":
        versions = chosen_versions(options.root, options.control_plane)
        if options.write_sizes and versions != chosen_versions(options.root, None):
            raise ValueError(
                "--write-sizes is of the newest control plane alone: leave --control-plane out"
            )
        files = build(options.root, options.output, versions)
        print(size_table(files) if options.sizes else file_list(files))
        if options.write_sizes:
            marked_place.write(options.write_sizes, "sizes", image_table(files))
    elif options.verb == "changelog":
        print(changelog.collect(options.root, options.version), end="")
    elif options.verb == "release":
        return _release(options)
    return 0


def _release(options: argparse.Namespace) -> int:
    if options.step == "check":
        found = obstacles(options.root, options.tag)
        print("\n".join(found) or f"the tree can be released as {options.tag}")
        return 1 if found else 0
    if options.step == "links":
        found = unlinked(options.root)
        print("\n".join(found) or "every distribution links to the project's pages")
        return 1 if found else 0
    if options.step == "stage":
        print(listed(stage(options.root / "dist")))
    elif options.step == "dry-run":
        rehearse(options.root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
