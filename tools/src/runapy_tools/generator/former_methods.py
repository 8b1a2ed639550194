"""Which methods keep former names of operations, and in which groups."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from runapy_tools.control_plane import Operation, endpoint
from runapy_tools.generator.api import Api, Category, FormerMethod, Group
from runapy_tools.spec_diff.former_names import former_names


def with_former_methods(api: Api) -> list[Category]:
    """The categories of an API, each group with the former names of its time.

    A group that has no operations any more is there for its former names alone, after the others.

    Raises:
        ValueError: an operation is in another category now, whose package this one cannot need.
    """
    operations = {endpoint(each.method, each.path): each for each in api.operations()}
    found: dict[str, dict[str, list[FormerMethod]]] = defaultdict(lambda: defaultdict(list))
    names = former_names(api.root, api.version)
    moved = [_moved(each.before, each.now, each.since) for each in names.lost if each.now]
    if moved:
        raise ValueError("\n".join(moved))
    for name in names.free:
        before = name.before
        found[before.category][before.tag].append(
            FormerMethod(
                before.name,
                before.facts.get("requestBody", {}).get("x-name", ""),
                operations[endpoint(before.method, before.path)],
                name.since,
            )
        )
    return [_with_methods(each, found[each.package]) for each in api.categories]


def _moved(before: Operation, now: Operation, since: str) -> str:
    return (
        f"{before.id} of {before.category} is {now.id} of {now.category} since control plane"
        f" {since}, and scripts that call it where it was would fail: leave the tag"
        f" {now.tag!r} in its category, by an entry in spec_import/repairs.py that"
        " changes the document's x-tagGroups, and import again"
    )


def _with_methods(category: Category, former: dict[str, list[FormerMethod]]) -> Category:
    # A group is known by its attribute: its tag's spelling may have changed.
    by_attribute = {Group(tag, []).attribute: Group(tag, [], each) for tag, each in former.items()}
    groups = []
    for group in category.groups:
        old = by_attribute.pop(group.attribute, None)
        groups.append(replace(group, former=old.former) if old else group)
    return replace(category, groups=[*groups, *by_attribute.values()])
