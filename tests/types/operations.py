"""All operations, as programs reach them and as they are described at run time."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin

from runai._core.body import JsonBody
from runai._core.operation import Operation
from runai.api_client import ApiClient
from runai.configuration import Configuration
from runai.runai_client import RunaiClient


@dataclass(frozen=True)
class Shown:
    """One operation.

    Attributes:
        path: behind the client: `organizations.projects.get_projects`.
        model: the type of `response.model`, as the operation reads its answers.
        body: the name of the argument that is sent as JSON, and its type; empty without one.
        summary: the first sentence of the docstring.
    """

    path: str
    model: str
    body: tuple[str, str] | None
    summary: str
    deprecated: bool


@cache
def operations() -> tuple[Shown, ...]:
    """Every operation of `RunaiClient`, those under former names included."""
    settings = Configuration(bearer_token="token", runai_base_url="https://my-company.run.ai")
    with RunaiClient(ApiClient(settings)) as client:
        return tuple(_of_client(client))


@cache
def categories() -> dict[str, str]:
    """The class of each category, as `module.Class`, by the attribute of `RunaiClient`."""
    settings = Configuration(bearer_token="token", runai_base_url="https://my-company.run.ai")
    with RunaiClient(ApiClient(settings)) as client:
        kinds = {
            name: type(getattr(client, name)) for name in client.options(include_deprecated=True)
        }
    return {
        name: f"{kind.__module__.rpartition('.')[0]}.{kind.__name__}"
        for name, kind in kinds.items()
    }


def _of_client(client: RunaiClient) -> Iterator[Shown]:
    for category_name in client.options(include_deprecated=True):
        category = getattr(client, category_name)
        for group_name in category.options(include_deprecated=True):
            group = getattr(category, group_name)
            for name in group.options(include_deprecated=True):
                method = getattr(type(group), name)
                plan = _plan(method)
                yield Shown(
                    path=f"{category_name}.{group_name}.{name}",
                    model=_spelled(plan.model() if plan.model else None),
                    body=_body(plan, method),
                    summary=_first_sentence(inspect.getdoc(method) or ""),
                    deprecated=hasattr(method, "__deprecated__"),
                )


def _plan(method: Any) -> Operation:
    """What a method gives to its client."""
    function = inspect.unwrap(method)
    named = [function.__globals__.get(name) for name in function.__code__.co_names]
    (found,) = (each for each in named if isinstance(each, Operation))
    return found


def _body(plan: Operation, method: Any) -> tuple[str, str] | None:
    if not isinstance(plan.body, JsonBody):
        return None
    # Under a former name, the body has the name that it had.
    others = {"self", *(each.name for each in plan._parameters)}
    (name,) = (
        each.name
        for each in inspect.signature(method).parameters.values()
        if each.kind is each.POSITIONAL_OR_KEYWORD and each.name not in others
    )
    return name, _spelled(plan.body._model())


def _spelled(kind: Any) -> str:
    """A type as `checkers.spelled` spells it."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Union:
        return " | ".join(map(_spelled, arguments))
    if origin is not None:
        return f"{origin.__name__}[{', '.join(map(_spelled, arguments))}]"
    return "None" if kind in (None, type(None)) else str(getattr(kind, "__name__", kind))


def _first_sentence(docstring: str) -> str:
    return " ".join(docstring.split("\n\n", maxsplit=1)[0].split())
