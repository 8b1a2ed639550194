"""What a successful call returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Generic, Mapping, Optional, Tuple, TypeVar

from runai._core.headers import Headers
from runai._core.media_type import charset_of, essence

if TYPE_CHECKING:
    from pathlib import Path

    from runai._core.call import Call
    from runai._core.wire import Answer, Request

T = TypeVar("T")

_ABSENT: Any = object()


class ApiResponse(Generic[T]):
    """The answer to a call; decoded when it is first looked at, and then kept.

    Attributes:
        status_code: the HTTP status, 200 to 299.
        headers: looked up without regard to case.
        raw: the body's bytes, without content coding; empty when it was streamed to a file.
        path: the file that `stream_to` named; None when the body was not streamed, or to a file
            that was open.
        size: how many bytes the body has, without content coding, wherever they went.

    Arguments (for a test double; a client makes its own):
        status_code, headers, raw: as above.
        data: the decoded body, in place of `raw`.
    """

    def __init__(
        self,
        status_code: int = 200,
        headers: Optional[Mapping[str, str]] = None,
        data: Any = _ABSENT,
        *,
        raw: bytes = b"",
    ) -> None:
        self.status_code = status_code
        self.headers: Mapping[str, str] = (
            headers if isinstance(headers, Headers) else Headers((headers or {}).items())
        )
        self.raw = raw
        self.path: Optional[Path] = None
        self.size = len(raw)
        self._call: Optional[Call] = None
        self._sent: Optional[Tuple[str, str, int]] = None
        self._data = data
        self._model: Any = _ABSENT

    @classmethod
    def of(cls, call: Call, answer: Answer, request: Request, attempts: int) -> ApiResponse[Any]:
        """The response that an answer makes for the call it came to."""
        response: ApiResponse[Any] = cls(answer.status, answer.headers, raw=answer.body)
        response._call = call
        response._sent = (request.method, request.url, attempts)
        return response

    def streamed(self, path: Optional[Path], size: int) -> ApiResponse[T]:
        """This response, whose body went to a file."""
        self.raw = b""
        self.path = path
        self.size = size
        self._data = None
        return self

    @property
    def text(self) -> str:
        """The body as text, by the charset of its `Content-Type` (UTF-8 when it names none)."""
        return self.raw.decode(charset_of(self.headers.get("Content-Type")), "replace")

    @property
    def data(self) -> Any:
        """The body: plain dicts, lists and strings of JSON; text as str; anything else as bytes.

        None when it is empty, or was streamed to a file.

        Raises:
            ResponseDecodeError: it is not what the operation promises.
        """
        if self._data is _ABSENT:
            from runai._core.decoding import decoded

            promised = self._call.media_types if self._call else ()
            self._data = decoded(self, promised, self._request())
        return self._data

    @property
    def model(self) -> T:
        """The JSON body as the operation's type; None where it has none, or the body is no JSON.

        Raises:
            ResponseValidationError: the body does not fit; `data` still holds it.
        """
        if self._model is _ABSENT:
            self._model = self._validated()
        return self._model  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        operation = f" {self._call.operation}" if self._call else ""
        return f"<ApiResponse [{self.status_code}]{operation}>"

    def __getstate__(self) -> Dict[str, Any]:
        state = dict(self.__dict__)
        for kept in ("_data", "_model"):
            # What is absent is found by identity, which does not survive pickling.
            if state[kept] is _ABSENT:
                del state[kept]
        call = self._call
        if call is not None and call.model is not None:
            state["_call"] = call._replace(model=_Constant(call.model()))
        return state

    def __setstate__(self, state: Dict[str, Any]) -> None:
        self.__dict__.update({"_data": _ABSENT, "_model": _ABSENT, **state})

    def _validated(self) -> Any:
        call = self._call
        if call is None or call.model is None or not self.raw:
            return None
        from runai._core.decoding import carries_json

        if not carries_json(essence(self.headers.get("Content-Type")), call.media_types):
            return None
        from runai._core.validation import validated

        return validated(self, call.operation, call.model(), self._request())

    def _request(self) -> Dict[str, Any]:
        """What an error says of the request."""
        return dict(zip(("method", "url", "attempts"), self._sent or ()))


class _Constant:
    """Gives one value; unlike a lambda it can be pickled."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __call__(self) -> Any:
        return self._value
