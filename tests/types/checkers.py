"""mypy and pyright, run on a folder of programs as their users run them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

REVEALED = "revealed"
_MODULES = re.compile(r"\b(?:\w+\.)+(?=\w)")
_REVEALED_BY_MYPY = re.compile(r'^Revealed type is "(.*)"$', re.MULTILINE)
_REVEALED_BY_PYRIGHT = re.compile(r'Type of ".*" is "(.*)"', re.DOTALL)
_OLD_NAMES = re.compile(r"\b(Dict|List|Set|Tuple|Type)\b")


@dataclass(frozen=True)
class Finding:
    """What a checker says of a line.

    Attributes:
        code: the checker's own name of the rule; `REVEALED` for the type in a `reveal_type`.
        text: the message, or the type as `spelled` spells it.
    """

    line: int
    code: str
    text: str


Findings = dict[str, list[Finding]]
"""By the name of the program's file."""


def spelled(type_text: str) -> str:
    """A type in one spelling for both checkers: no modules, `list` for `List`."""
    return _OLD_NAMES.sub(lambda name: name[0].lower(), _MODULES.sub("", type_text))


def mypy(python: Path, version: str, folder: Path) -> Findings:
    """What `mypy --strict` finds.

    Arguments:
        python: of the environment that has the packages.
        version: of Python, for which the programs are checked.
        folder: the programs.
    """
    options = [
        "--strict",
        # Off by default; it is what strikes a deprecated call through.
        "--enable-error-code=deprecated",
        "--config-file=",
        f"--cache-dir={python.parents[1] / 'mypy_cache'}",
        "--output=json",
        f"--python-version={version}",
        f"--python-executable={python}",
    ]
    printed = _run("mypy", *options, ".", folder=folder)
    found: Findings = defaultdict(list)
    for each in map(json.loads, printed.splitlines()):
        # A type is a note of its own, or a hint to an error of the same line.
        said = "\n".join(filter(None, [each["message"], each["hint"]]))
        others = _REVEALED_BY_MYPY.sub("", said)
        for revealed in _REVEALED_BY_MYPY.findall(said):
            found[each["file"]].append(Finding(each["line"], REVEALED, spelled(revealed)))
        if others:
            code = each["code"] or each["severity"]
            found[each["file"]].append(Finding(each["line"], code, others))
    return found


def pyright(python: Path, version: str, folder: Path) -> Findings:
    """What pyright finds in its strict mode; the arguments are those of `mypy`."""
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    options = ["--outputjson", "--pythonversion", version, "--pythonpath", str(python)]
    printed = _run("pyright", *options, folder=folder)
    found: Findings = defaultdict(list)
    for each in json.loads(printed)["generalDiagnostics"]:
        name = Path(each["file"]).name
        line = each["range"]["start"]["line"] + 1
        revealed = _REVEALED_BY_PYRIGHT.fullmatch(each["message"])
        found[name].append(
            Finding(line, REVEALED, spelled(revealed[1]))
            if revealed and each["severity"] == "information"
            else Finding(line, each.get("rule", each["severity"]), each["message"])
        )
    return found


@dataclass(frozen=True)
class View:
    """A checker, "mypy" or "pyright", and the Python for which it checks."""

    checker: str
    version: str

    def __str__(self) -> str:
        return f"{self.checker} {self.version}"

    def of(self, python: Path, folder: Path) -> Findings:
        """What it finds; the arguments are those of `mypy`."""
        return (mypy if self.checker == "mypy" else pyright)(python, self.version, folder)


# The oldest and the newest Python that we support; mypy knows none older than 3.10.
VIEWS = [
    View("mypy", "3.10"),
    View("mypy", "3.13"),
    View("pyright", "3.8"),
    View("pyright", "3.13"),
]


def _run(module: str, *options: str, folder: Path) -> str:
    command = [sys.executable, "-m", module, *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    # 1 says that something was found.
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout
