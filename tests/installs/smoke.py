"""Calls what is installed; runs in the environment itself, on any Python from 3.8 on.

Its argument is JSON: where the control plane is, and what may be called by group. It prints JSON.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from importlib.metadata import distributions
from importlib.util import find_spec
from typing import Any, Dict, Iterator, List, Mapping, Tuple

from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.configuration import Configuration

Operations = Mapping[str, Tuple[str, Mapping[str, str]]]
NO_CATEGORIES = ("runapy-core", "runapy-common", "runapy-testing", "runapy")


def installed() -> Dict[str, str]:
    """Versions of our distributions by their names."""
    found = {each.metadata["Name"]: each.version for each in distributions()}
    return {name: found[name] for name in sorted(found) if name.startswith("runapy")}


def categories(client: Any) -> Iterator[Any]:
    """Each installed category, made as someone does who has it alone."""
    for name in installed():
        if name not in NO_CATEGORIES:
            module = importlib.import_module("runai." + name[len("runapy-") :].replace("-", "_"))
            (class_name,) = module.__all__
            yield getattr(module, class_name)(client)


def first_calls(client: Any, operations: Operations) -> Iterator[Tuple[str, Any]]:
    """One operation of each category, begun."""
    for category in categories(client):
        group = next(each for each in category.options() if each in operations)
        method, arguments = operations[group]
        yield f"{group}.{method}", getattr(getattr(category, group), method)(**arguments)


def check(operation: str, response: Any) -> str:
    if response.status_code != 200 or response.data is None or response.model is None:
        raise AssertionError(f"{operation}: {response.status_code} {response.text}")
    return operation


async def call_asynchronously(configuration: Configuration, operations: Operations) -> List[str]:
    async with AsyncApiClient(configuration) as client:
        return [check(name, await begun) for name, begun in first_calls(client, operations)]


def main(settings: Mapping[str, Any]) -> Dict[str, Any]:
    configuration = Configuration(
        settings["client_id"], settings["client_secret"], runai_base_url=settings["url"]
    )
    operations = settings["operations"]
    called: Dict[str, Any] = {}
    with ApiClient(configuration) as client:
        called["ApiClient"] = [check(*each) for each in first_calls(client, operations)]
        if find_spec("runai.runai_client"):
            from runai.runai_client import RunaiClient

            called["attributes"] = RunaiClient(client).options()
    with ThreadedApiClient(configuration) as threaded:
        called["ThreadedApiClient"] = [
            check(name, begun.get()) for name, begun in first_calls(threaded, operations)
        ]
    try:
        called["AsyncApiClient"] = asyncio.run(call_asynchronously(configuration, operations))
    except ImportError as error:
        called["AsyncApiClient"] = str(error)
    return {"installed": installed(), "called": called}


if __name__ == "__main__":
    json.dump(main(json.loads(sys.argv[1])), sys.stdout)
