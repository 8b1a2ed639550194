"""Which methods keep former names of operations, and in which groups."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from runapy_tools.generator.api import Api, Category, FormerMethod, Group
from runapy_tools.spec_diff.control_plane import endpoint
from runapy_tools.spec_diff.former_names import former_names


def with_former_methods(api: Api) -> list[Category]:
    """The categories of an API, each group with the former names of its time.

    A group that has no operations any more is there for its former names alone, after the others.
    """
    operations = {endpoint(each.method, each.path): each for each in api.operations()}
    found: dict[str, dict[str, list[FormerMethod]]] = defaultdict(lambda: defaultdict(list))
    for name in former_names(api.root, api.version).free:
        before = name.before
        (tag,) = before.facts["tags"]
        found[before.category][tag].append(
            FormerMethod(
                before.name,
                before.facts.get("requestBody", {}).get("x-name", ""),
                operations[endpoint(before.method, before.path)],
                name.since,
            )
        )
    return [_with_methods(each, found[each.package]) for each in api.categories]


def _with_methods(category: Category, former: dict[str, list[FormerMethod]]) -> Category:
    # A group is known by its attribute: its tag's spelling may have changed.
    by_attribute = {Group(tag, []).attribute: Group(tag, [], each) for tag, each in former.items()}
    groups = []
    for group in category.groups:
        old = by_attribute.pop(group.attribute, None)
        groups.append(replace(group, former=old.former) if old else group)
    return replace(category, groups=[*groups, *by_attribute.values()])
