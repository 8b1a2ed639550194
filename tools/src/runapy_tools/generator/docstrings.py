"""Docstrings: this project's words, and the facts of the description."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from runapy_tools.control_plane import Operation
from runapy_tools.generator.api import Api, FormerMethod
from runapy_tools.generator.python_types import without_null
from runapy_tools.openapi import Schema, reference_name
from runapy_tools.spec_diff.history import Since

if TYPE_CHECKING:
    from runapy_tools.generator.operation_source import Argument

WIDTH = 100
_METHOD_INDENT = 8
_QUOTES = '"""'


def operation_docstring(
    api: Api,
    operation: Operation,
    arguments: list[Argument],
    answers: list[str],
    model: str | None,
) -> str:
    """The text between the quotes of a method's docstring, indented for its place."""
    words = api.words.get("operations", {}).get(operation.id)
    summary = words or f"Calls `{operation.method} {operation.path}`."
    # The quotes take the place of an indent.
    lines = _wrapped(f"{_QUOTES}{summary}", 0)
    if words:
        lines += ["", f"`{operation.method} {operation.path}`"]
    since = api.history.operations[operation.method, operation.path]
    newer = api.history.newer(since)
    if newer:
        lines += ["", f"Since control plane {newer}."]
    if operation.facts.get("deprecated"):
        replacement = operation.facts.get("x-replacement")
        advice = f" Use `{replacement}`." if replacement else ""
        lines += ["", f"{deprecation(api, since)}{advice}"]
    lines += ["", "Args:"]
    for argument in arguments:
        lines += _wrapped(f"{argument.name}: {_argument_text(api, operation, argument)}", 4)
    if len(answers) > 1:
        lines += _wrapped(
            f"accept: The form of the answer, {answers[0]} unless another is asked for.", 4
        )
    lines += _wrapped("options: `timeout` and `max_retries` of this call.", 4)
    lines += ["", "Returns:", *_wrapped(_returns(answers, model), 4)]
    errors = [status for status in operation.facts["responses"] if status[0] in "45"]
    lines += ["", "Raises:"]
    lines.append("    ApiValueError: an argument is refused; nothing was sent.")
    listed = f" ({', '.join(errors)})" if errors else ""
    lines += _wrapped(f"ApiException: the call failed{listed}.", 4)
    return _indented(lines)


def deprecation(api: Api, since: Since) -> str:
    """What is said of an operation or a model that is deprecated."""
    when = api.history.newly_deprecated(since)
    return f"Deprecated by the control plane{f' since {when}' if when else ''}."


def former_docstring(former: FormerMethod) -> str:
    """The same of a method that keeps a former name."""
    operation = former.operation
    body = operation.facts.get("requestBody", {}).get("x-name", "")
    is_renamed = former.body and body and former.body != body
    arguments = f"has `{body}` for `{former.body}`" if is_renamed else "takes the same arguments"
    summary = f"{_QUOTES}Calls `{operation.id}`, as it is named since control plane {former.since}."
    return _indented(
        [
            *_wrapped(summary, 0),
            "",
            f"`{operation.method} {operation.path}`",
            "",
            *_wrapped(f"Deprecated: use `{operation.id}`, which {arguments}.", 0),
        ]
    )


def _indented(lines: list[str]) -> str:
    indent = " " * _METHOD_INDENT
    text = "\n".join(indent + line if line else "" for line in lines).strip()
    return f"{text.removeprefix(_QUOTES)}\n{indent}"


def _argument_text(api: Api, operation: Operation, argument: Argument) -> str:
    specific = api.words.get("parameters of operations", {})
    general = api.words.get("parameters", {})
    words = specific.get(f"{operation.id}.{argument.name}") or general.get(argument.name, "")
    facts = argument_facts(argument.schema)
    history = api.history
    since = history.parameters.get((operation.method, operation.path, argument.wire_name))
    if since and since.deprecated:
        when = history.newly_deprecated(since)
        facts.append(f"deprecated since control plane {when}" if when else "deprecated")
    newer = history.newer(since) if since else ""
    if newer and newer != history.newer(history.operations[operation.method, operation.path]):
        facts.append(f"since control plane {newer}")
    sentence = f"{'; '.join(facts)}." if facts else ""
    return " ".join(part for part in (words, sentence[:1].upper() + sentence[1:]) if part)


def argument_facts(schema: Schema) -> list[str]:
    """Limits and default of a value, as a docstring says them."""
    schema = without_null(schema)
    if reference_name(schema):
        return []
    facts = []
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        facts.append(f"from {low} to {high}")
    elif low is not None:
        facts.append(f"at least {low}")
    elif high is not None:
        facts.append(f"at most {high}")
    shortest, longest = schema.get("minLength"), schema.get("maxLength")
    if shortest and longest:
        facts.append(f"{shortest} to {longest} characters")
    elif longest:
        facts.append(f"at most {longest} characters")
    if schema.get("default") is not None:
        default = schema["default"]
        written = str(default).lower() if isinstance(default, bool) else default
        facts.append(f"the control plane takes {written} where it is not given")
    return facts


def _returns(answers: list[str], model: str | None) -> str:
    if not answers:
        return "ApiResponse without a body."
    kinds = " or ".join(f"`{each}`" for each in answers)
    if model:
        return f"ApiResponse with {kinds}; its `model` is `{model.replace('models.', '')}`."
    return f"ApiResponse with {kinds}."


def _wrapped(text: str, indent: int) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH - _METHOD_INDENT,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 4 if indent else 0),
        break_long_words=False,
        break_on_hyphens=False,
    )
