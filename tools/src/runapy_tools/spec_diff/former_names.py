"""What older control planes' clients called operations that have another name in a newer one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from runapy_tools.control_plane import ControlPlane, Operation, read
from runapy_tools.imported import imported_versions


@dataclass(frozen=True)
class FormerName:
    """One name of an operation in older control planes.

    Attributes:
        before: the operation as the last control plane with this name has it.
        now: the same operation in the control plane told of; None where that has it no longer.
        since: the first control plane without this name for it.
    """

    before: Operation
    now: Operation | None
    since: str


@dataclass
class FormerNames:
    """The names that one control plane's client has no longer, or has for something else.

    Attributes:
        free: of operations that are still there, in the same category; nothing else has the name.
        reused: now the name of another operation, whether their own is still there or not.
        lost: of operations that are in another category now; nothing else has the name.
    """

    free: list[FormerName] = field(default_factory=list)
    reused: list[FormerName] = field(default_factory=list)
    lost: list[FormerName] = field(default_factory=list)


def former_names(root: Path, version: str) -> FormerNames:
    """Compare the names in a control plane with those in all older ones in `spec/`.

    A name that meant different operations at different times counts for the last of them.

    Raises:
        FileNotFoundError: that control plane was not imported.
    """
    known = imported_versions(root)
    if version not in known:
        raise FileNotFoundError(f"{root / 'spec'} holds no control plane {version}")
    *older, present = (read(root / "spec" / each) for each in known[: known.index(version) + 1])
    return compare_names(older, present)


def compare_names(older: list[ControlPlane], present: ControlPlane) -> FormerNames:
    """The same of control planes that were read; the older ones oldest first."""
    names = {(each.category, each.id): key for key, each in present.operations.items()}
    last: dict[tuple[str, str], FormerName] = {}
    for plane, next_plane in zip(older, [*older[1:], present], strict=False):
        for key, before in plane.operations.items():
            name = before.category, before.id
            if names.get(name) != key:
                last[name] = FormerName(before, present.operations.get(key), next_plane.version)
    result = FormerNames()
    for name, former in sorted(last.items()):
        if name in names:
            result.reused.append(former)
        elif former.now is not None:
            is_there = former.now.category == former.before.category
            (result.free if is_there else result.lost).append(former)
    return result
