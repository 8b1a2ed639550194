"""Models that were read are pickled, as for another process, and copied."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator

from pydantic.json_schema import models_json_schema

from runai import models
from runai._core.model import JsonConversions
from runai.testing.specification import Schemas

from .answers import Answers


def every_model() -> Iterator[JsonConversions]:
    """An instance of each with all that it knows, and one with what it does not know as well."""
    exported = [getattr(models, name) for name in vars(models)["__all__"]]
    classes = [each for each in exported if issubclass(each, JsonConversions)]
    # A quarter is in no answer, and so not in the control plane's document.
    schemas, definitions = models_json_schema([(each, "validation") for each in classes])
    answers = Answers(Schemas(definitions))
    for model in classes:
        schema = schemas[model, "validation"]
        yield model.from_dict(answers.full(schema))
        yield model.from_dict(answers.newer(schema))


def test_pickled_and_copied_models_equal_what_they_were() -> None:
    different: set[str] = set()
    count = 0
    for model in every_model():
        for made in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
            if made is model or made != model:
                different.add(type(model).__name__)
        count += 1
    assert different == set()
    assert count == 2 * 1024
