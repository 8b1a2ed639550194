"""Docstrings of generated methods: our words, and the facts."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from . import gadget_shop


def docstring(method: Any) -> str:
    return inspect.getdoc(method) or ""


def sections(method: Any) -> dict[str, list[str]]:
    """Lines below each heading, those above the first under an empty one."""
    found: dict[str, list[str]] = {"": []}
    heading = ""
    for line in docstring(method).splitlines():
        if line in ("Args:", "Returns:", "Raises:"):
            heading = line.removesuffix(":")
            found[heading] = []
        elif line:
            found[heading].append(line.removeprefix("    "))
    return found


def argument(method: Any, name: str) -> str:
    """The whole text of an argument, which may be wrapped."""
    lines = sections(method)["Args"]
    start = next(index for index, line in enumerate(lines) if line.startswith(f"{name}:"))
    text = [lines[start].partition(":")[2]]
    for line in lines[start + 1 :]:
        if not line.startswith("    "):
            break
        text.append(line)
    return " ".join(" ".join(text).split())


def test_an_operation_starts_with_its_words(gadgets: Any) -> None:
    assert sections(gadgets.list_gadgets)[""] == ["Lists the gadgets.", "`GET /gadgets`"]


def test_an_operation_without_words_starts_with_its_facts(gadgets: Any) -> None:
    assert sections(gadgets.get_gadget)[""] == ["Calls `GET /gadgets/{gadgetId}`."]


def test_every_argument_is_explained(gadgets: Any) -> None:
    names = [line.partition(":")[0] for line in sections(gadgets.list_gadgets)["Args"]]
    explained = [name for name in names if not name.startswith(" ")]
    assert explained == list(inspect.signature(gadgets.list_gadgets).parameters)


def test_an_argument_has_words_and_facts(gadgets: Any) -> None:
    assert argument(gadgets.list_gadgets, "limit") == (
        "How many to list. From 1 to 500; the control plane takes 50 where it is not given."
    )
    assert argument(gadgets.list_gadgets, "weight") == "At most 9."
    assert argument(gadgets.list_gadgets, "code") == "At most 3 characters."
    assert argument(gadgets.list_gadgets, "old") == "Deprecated."
    assert "takes false where" in argument(gadgets.list_gadgets, "exact")


def test_words_of_one_operation_count_more_than_general_ones(gadgets: Any) -> None:
    assert argument(gadgets.get_gadget, "gadget_id") == "Which gadget."
    assert argument(gadgets.delete_gadget, "gadget_id") == "The gadget to scrap."


def test_a_body_has_words(gadgets: Any) -> None:
    assert argument(gadgets.create_gadget, "gadget") == "The new gadget."


def test_the_form_of_an_answer_can_be_chosen(gadgets: Any) -> None:
    expected = "The form of the answer, application/json unless another is asked for."
    assert argument(gadgets.list_gadgets, "accept") == expected


def test_the_answer_is_named(gadgets: Any) -> None:
    assert sections(gadgets.list_gadgets)["Returns"] == [
        "ApiResponse with `application/json` or `text/csv`; its `model` is `List[Gadget]`."
    ]
    assert sections(gadgets.replace_lists)["Returns"] == ["ApiResponse without a body."]


def test_errors_are_named(gadgets: Any) -> None:
    assert sections(gadgets.list_gadgets)["Raises"] == [
        "ApiValueError: an argument is refused; nothing was sent.",
        "ApiException: the call failed (400, 503).",
    ]
    assert sections(gadgets.create_gadget)["Raises"][-1] == "ApiException: the call failed."


def test_a_deprecated_operation_says_so(gadgets: Any) -> None:
    above = sections(gadgets.delete_gadget)[""]
    assert above[-1] == "Deprecated by the control plane. Use `gadgets.sell`."
    assert sections(gadgets.update_gadget)[""][-1] == "Deprecated by the control plane."


def test_groups_and_categories_have_words(gadgets: Any) -> None:
    # One that fits stands on one line.
    assert type(gadgets).__doc__ == "Things with a purpose."
    words = gadget_shop.WORDS["category"]
    assert " ".join(docstring(category_of(gadgets)).split()) == f"Gadget Shop: {words}"


def category_of(gadgets: Any) -> Any:
    return importlib.import_module(type(gadgets).__module__.partition(".api.")[0]).GadgetShop


def test_long_words_are_wrapped(gadgets: Any) -> None:
    lines = docstring(category_of(gadgets)).splitlines()
    assert len(lines) > 1
    assert max(map(len, lines)) <= 100
