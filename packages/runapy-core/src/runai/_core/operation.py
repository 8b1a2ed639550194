"""One operation of the API: parameters and body, checked and encoded before anything is sent."""

from __future__ import annotations

from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
)

from runai._core.body import Body, FormBody
from runai._core.call import Call
from runai._core.parameters import (
    Parameter,
    percent_encoded,
    plain,
    query_string,
    refuse_unencodable,
    text,
)
from runai._core.refusal import refusal
from runai.exceptions import ApiValueError

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator


class Operation:
    """What the control plane's document says of one operation.

    Arguments:
        name: `group.method`.
        method: the HTTP method, upper case.
        path: with parameters as `{wire_name}`.
        path_parameters, query, headers: by where their values go.
        body: the request's body, if it has one.
        answers: media types that a success may carry; the first is asked for by default.
        model: gives the type of a success's JSON; None when the document has none.
        authenticated: False where the control plane asks for no token.
        since: the control plane that it came with; empty where all that are known have it.
    """

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        *,
        path_parameters: Sequence[Parameter] = (),
        query: Sequence[Parameter] = (),
        headers: Sequence[Parameter] = (),
        body: Optional[Body] = None,
        answers: Tuple[str, ...] = (),
        model: Optional[Callable[[], Any]] = None,
        authenticated: bool = True,
        since: str = "",
    ) -> None:
        self.name = name
        self.method = method
        self.path = path
        self.path_parameters = tuple(path_parameters)
        self.query = tuple(query)
        self.headers = tuple(headers)
        self.body = body
        self.answers = answers
        self.model = model
        self.authenticated = authenticated
        self.since = since
        form = body.fields if isinstance(body, FormBody) else ()
        self._parameters = (*self.path_parameters, *self.query, *self.headers, *form)
        self._required = frozenset(each.name for each in self._parameters if each.required)
        self._segments = _segments(path, self.path_parameters)
        self._accept = {"Accept": _accept(answers[0] if answers else "application/json")}
        self._validator: Optional[SchemaValidator] = None

    def prepare(self, arguments: Mapping[str, Any]) -> Call:
        """Check and encode the arguments of one call.

        Arguments:
            arguments: by the method's parameter names; None is an argument not given. `accept`
                names the media type to ask for, where the operation can answer in several.

        Raises:
            ApiValueError: a value is not what the document allows; nothing was sent.
        """
        values = self._checked(arguments)
        headers = self._headers(values, arguments.get("accept"))
        content = None
        if self.body is not None:
            content = self.body.encoded(self.name, {**arguments, **values})
        if content is not None and self.body is not None:
            headers["Content-Type"] = self.body.media_type
        target = self._path(values)
        given = [(each, values[each.name]) for each in self.query if each.name in values]
        if given:
            target = f"{target}?{query_string(given)}"
        return Call(
            self.name,
            self.method,
            target,
            headers,
            content,
            self.answers,
            self.model,
            self.authenticated,
            self.path,
            self.since,
        )

    def _checked(self, arguments: Mapping[str, Any]) -> Dict[str, Any]:
        """Values by parameter name, as the types that their schemas give."""
        from pydantic_core import ValidationError

        given: Dict[str, Any] = {}
        for parameter in self._parameters:
            value = arguments.get(parameter.name)
            if value is not None:
                given[parameter.name] = plain(value, parameter.schema)
            elif parameter.required:
                raise ApiValueError(
                    f"{self.name}: {parameter.name} is required, and None was given"
                )
        try:
            checked: Dict[str, Any] = self._schema_validator().validate_python(given)
        except ValidationError as error:
            raise refusal(self.name, error) from None
        for name, value in list(checked.items()):
            if value == []:
                if name in self._required:
                    raise ApiValueError(f"{self.name}: {name} needs at least one value")
                # It leaves no trace in a query (RFC 6570, 2.3).
                del checked[name]
            elif isinstance(value, (str, list)):
                refuse_unencodable(f"{self.name}: {name}", value)
        return checked

    def _schema_validator(self) -> SchemaValidator:
        if self._validator is None:
            from pydantic_core import SchemaValidator, core_schema

            self._validator = SchemaValidator(
                core_schema.typed_dict_schema(
                    {
                        each.name: core_schema.typed_dict_field(each.schema, required=False)
                        for each in self._parameters
                    }
                )
            )
        return self._validator

    def _path(self, values: Mapping[str, Any]) -> str:
        written = []
        for literal, name in self._segments:
            written.append(literal)
            if name:
                value = text(values[name])
                # An empty segment calls another operation, and dots climb even when encoded.
                if value in ("", ".", ".."):
                    raise ApiValueError(
                        f"{self.name}: {name} must name something, and {value!r} cannot be part"
                        " of a path"
                    )
                written.append(percent_encoded(value))
        return "".join(written)

    def _headers(self, values: Mapping[str, Any], accept: Optional[str]) -> Dict[str, str]:
        if accept is not None and accept not in self.answers:
            raise ApiValueError(
                f"{self.name}: accept must be one of {', '.join(self.answers)}, not {accept!r}"
            )
        headers = {"Accept": _accept(accept)} if accept else dict(self._accept)
        for each in self.headers:
            if each.name in values:
                headers[each.wire_name] = text(values[each.name])
        return headers


def _segments(path: str, parameters: Sequence[Parameter]) -> List[Tuple[str, str]]:
    """The path's own text up to each parameter, and that parameter's name; the last has none."""
    names = {each.wire_name: each.name for each in parameters}
    found = []
    rest = path
    while "{" in rest:
        literal, _, rest = rest.partition("{")
        wire_name, _, rest = rest.partition("}")
        found.append((literal, names[wire_name]))
    return [*found, (rest, "")]


def _accept(wanted: str) -> str:
    # Errors are JSON whatever a success is.
    return wanted if wanted == "application/json" else f"{wanted}, application/json;q=0.5"
