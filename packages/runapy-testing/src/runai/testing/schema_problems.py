"""What is wrong with a value by a schema, in words; apart, since loading jsonschema takes long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators

from runai.testing.answers import shortened
from runai.testing.ecma_patterns import python_pattern
from runai.testing.formats import FORMATS
from runai.testing.redaction import HIDDEN, is_secret, visible
from runai.testing.schema_views import NOTHING

FORMAT_CHECKER = FormatChecker(formats=())
"""Of the formats that are demanded of values."""
for _name, _check in FORMATS.items():
    FORMAT_CHECKER.checks(_name)(_check)


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not re.search(python_pattern(pattern), value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


# The stubs of jsonschema give `extend` no types.
_Validator: type[Draft202012Validator] = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"pattern": _pattern}
)


class SchemaProblems:
    """Finds what is wrong.

    Args:
        view: the document that references are into.
    """

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._validator = _Validator(view, format_checker=FORMAT_CHECKER)

    def described(self, schema: Any, value: Any, place: str) -> Iterator[str]:
        """Each problem with its place and the value."""
        for error in self._validator.evolve(schema=schema).iter_errors(value):
            for cause in _causes(error):
                yield _described(cause, place)

    def is_valid(self, schema: Any, value: Any) -> bool:
        """Whether there is no problem."""
        return bool(self._validator.evolve(schema=schema).is_valid(value))


def _causes(error: ValidationError) -> Iterator[ValidationError]:
    """The errors within the one alternative that is meant, where only one has the value's type."""
    alternatives: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        alternatives.setdefault(inner.schema_path[0], []).append(inner)
    meant = [
        errors
        for errors in alternatives.values()
        if not any(inner.validator == "type" and not inner.path for inner in errors)
    ]
    if len(meant) == 1:
        for inner in meant[0]:
            yield from _causes(inner)
    else:
        yield error


def _described(error: ValidationError, place: str) -> str:
    where = place + "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path
    )
    if error.schema == NOTHING:
        return f"{where}: {_shown(error)} must not be sent, the property is read-only"
    if error.validator in ("additionalProperties", "unevaluatedProperties", "required"):
        return f"{where}: {error.message}"
    rule = shortened(error.validator_value)
    return f"{where}: {_shown(error)} does not meet {error.validator} {rule}"


def _shown(error: ValidationError) -> str:
    """The value that is wrong; what a client is told ends in its logs, so no secret."""
    if any(is_secret(str(step)) for step in error.absolute_path):
        return HIDDEN
    return shortened(visible(error.instance))
