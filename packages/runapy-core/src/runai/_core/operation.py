"""One operation of the API: parameters and body, checked and encoded before anything is sent."""

from __future__ import annotations

from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
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
        form = body.fields if isinstance(body, FormBody) else ()
        self._parameters = (*self.path_parameters, *self.query, *self.headers, *form)
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
        query = query_string(
            [(each, values[each.name]) for each in self.query if each.name in values]
        )
        return Call(
            operation=self.name,
            method=self.method,
            target=self._path(values) + (f"?{query}" if query else ""),
            headers=headers,
            body=content,
            media_types=self.answers,
            model=self.model,
            authenticated=self.authenticated,
            template=self.path,
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
        for parameter in self._parameters:
            value = checked.get(parameter.name)
            if value == [] and parameter.required:
                raise ApiValueError(f"{self.name}: {parameter.name} needs at least one value")
            refuse_unencodable(f"{self.name}: {parameter.name}", value)
        # An empty list leaves no trace in a query (RFC 6570, 2.3).
        return {name: value for name, value in checked.items() if value != []}

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
        path = self.path
        for parameter in self.path_parameters:
            value = text(values[parameter.name])
            # An empty segment calls another operation, and dots climb even when encoded.
            if value in ("", ".", ".."):
                raise ApiValueError(
                    f"{self.name}: {parameter.name} must name something, and {value!r} cannot be"
                    " part of a path"
                )
            path = path.replace("{" + parameter.wire_name + "}", percent_encoded(value))
        return path

    def _headers(self, values: Mapping[str, Any], accept: Optional[str]) -> Dict[str, str]:
        if accept is not None and accept not in self.answers:
            raise ApiValueError(
                f"{self.name}: accept must be one of {', '.join(self.answers)}, not {accept!r}"
            )
        headers = {
            each.wire_name: text(values[each.name]) for each in self.headers if each.name in values
        }
        # Errors are JSON whatever a success is.
        wanted = accept or (self.answers[0] if self.answers else "application/json")
        headers["Accept"] = (
            wanted if wanted == "application/json" else f"{wanted}, application/json;q=0.5"
        )
        return headers
