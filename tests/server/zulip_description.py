"""What goes between the bot and the fake Zulip, held against Zulip's own description of its API.

The description is a file beside the checkout, and reading it takes openapi-core; without either nothing is
held against anything, and `MISSING` says what is missing.
"""

from __future__ import annotations

import importlib.util
import json
import urllib.parse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, reduce
from operator import getitem
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[3] / "shared" / "zulip" / "openapi.yaml"
MISSING = (
    f"Zulip's description of its API is not at {FILE}"
    if not FILE.is_file()
    else "openapi-core is not installed"
    if importlib.util.find_spec("openapi_core") is None
    else None
)
_HOST = "https://example.zulipchat.com"  # one of the servers that the description names
_FORM = "application/x-www-form-urlencoded"
_ERRORS = {
    "BAD_EVENT_QUEUE_ID": "BadEventQueueIdError",
    "RATE_LIMIT_HIT": "RateLimitedError",
    "INVALID_API_KEY": "InvalidApiKeyError",
    "USER_DEACTIVATED": "UserDeactivatedError",
    "REQUEST_VARIABLE_MISSING": "MissingArgumentError",
}


@dataclass(frozen=True)
class Exchange:
    """A request and its answer; `query` and `body` as they went over the network."""

    method: str
    path: str
    query: str
    body: bytes
    status: int
    answer: bytes

    def __str__(self) -> str:
        return f"{self.method} {self.path}?{self.query} {self.body.decode()} -> {self.status}"


def faults(exchanges: Iterable[Exchange]) -> list[str]:
    """What is not as described, with the request it happened at; nothing where there is no description."""
    return [] if MISSING else [f"{each}: {fault}" for each in exchanges for fault in _faults(each)]


def _faults(exchange: Exchange) -> Iterator[str]:
    from openapi_core.exceptions import OpenAPIError
    from openapi_core.testing import MockRequest

    query = dict(urllib.parse.parse_qsl(exchange.query, keep_blank_values=True))
    body = _quoted(exchange.body)
    request = MockRequest(
        _HOST, exchange.method.lower(), exchange.path, args=query, data=body, content_type=_FORM
    )
    try:
        _api().validate_request(request)
    except OpenAPIError as error:
        yield f"request: {_words(error)}"
    yield from _unknown_fields(exchange, query)
    if exchange.status == 502:
        return
    answer = json.loads(exchange.answer)
    if exchange.status != 200:
        yield from _against(_error_schema(answer), answer)
    elif exchange.path.endswith("/events") and exchange.method == "GET":
        for event in answer["events"]:
            yield from _against(_event_schema(event["type"], event.get("op")), event)
    else:
        yield from _answer_faults(request, exchange.answer)


def _quoted(body: bytes) -> bytes:
    """The name of a channel as JSON; Zulip's own client sends it bare, and Zulip takes that."""
    form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
    if not form.get("to", "0").startswith(("[", '"', *"0123456789")):
        form["to"] = json.dumps(form["to"])
    return urllib.parse.urlencode(form).encode()


def _answer_faults(request: Any, answer: bytes) -> Iterator[str]:
    from openapi_core.exceptions import OpenAPIError
    from openapi_core.testing import MockResponse

    try:
        _api().validate_response(request, MockResponse(answer, content_type="application/json"))
    except OpenAPIError as error:
        yield f"answer {answer.decode()[:500]}: {_words(error)}"


def _unknown_fields(exchange: Exchange, query: dict[str, str]) -> Iterator[str]:
    """Names that Zulip would ignore, and the description says nothing of."""
    operation = _operation(exchange)
    known = {_resolved(each)["name"] for each in operation.get("parameters", ())}
    body = operation.get("requestBody", {}).get("content", {}).get(_FORM, {}).get("schema", {})
    known |= set(_properties(body))
    sent = {*query, *dict(urllib.parse.parse_qsl(exchange.body.decode(), keep_blank_values=True))}
    for name in sorted(sent - known):
        yield f"request: there is no {name}"


def _operation(exchange: Exchange) -> dict[str, Any]:
    """The operation that a path is about; a literal path comes before one with a number in it."""
    pieces = exchange.path.removeprefix("/api/v1").split("/")
    fitting = [
        path
        for path in _document()["paths"]
        if len(path.split("/")) == len(pieces)
        and all(own in (piece,) or own[:1] == "{" for own, piece in zip(path.split("/"), pieces, strict=True))
    ]
    found: dict[str, Any] = _document()["paths"][min(fitting, key=lambda path: path.count("{"))]
    return found[exchange.method.lower()]


def _error_schema(answer: dict[str, Any]) -> str:
    """The responses of an operation are alternatives that often all fit, so the code chooses."""
    name = _ERRORS.get(answer.get("code"), "CodedError")
    if answer.get("code") == "STREAM_DOES_NOT_EXIST":
        name = "NonExistingChannelIdError" if "stream_id" in answer else "NonExistingChannelNameError"
    return f"#/components/schemas/{name}"


@cache
def _event_schema(kind: str, op: str | None) -> str | None:
    """That of the event's own type and op; the whole response of /events fits several at once."""
    path = ("/events", "get", "responses", "200", "content", "application/json", "schema")
    listed = _properties(reduce(getitem, path, _document()["paths"]))["events"]["items"]
    for each in _resolved(listed)["oneOf"]:
        properties = _properties(each)
        ops = _choices(properties.get("op", {}))
        if _choices(properties["type"]) == {kind} and (not ops or op in ops):
            return str(each["$ref"])
    return None


def _against(schema: str | None, value: object) -> Iterator[str]:
    if schema is None:
        yield f"{json.dumps(value)[:500]}: there are no events of that type"
        return
    for error in _validator(schema).iter_errors(value):
        yield f"{json.dumps(value)[:500]}: {error.message[:300]}"


@cache
def _validator(schema: str) -> Any:
    from openapi_schema_validator import OAS30Validator

    return OAS30Validator({"allOf": [{"$ref": schema}], "components": _document()["components"]})


def _properties(schema: dict[str, Any]) -> dict[str, Any]:
    """Of a schema and all it is made of; where two say something, what says more."""
    schema = _resolved(schema)
    found: dict[str, Any] = {}
    for part in (*schema.get("allOf", ()), {"properties": schema.get("properties", {})}):
        own = part["properties"] if list(part) == ["properties"] else _properties(part)
        found |= {name: each for name, each in own.items() if each or name not in found}
    return found


def _choices(schema: dict[str, Any]) -> set[str]:
    schema = _resolved(schema)
    return set(schema.get("enum", ())).union(*(_choices(part) for part in schema.get("allOf", ())))


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = _document()
        for piece in schema["$ref"].removeprefix("#/").split("/"):
            found = found[piece]
        schema = found
    return schema


def _words(error: BaseException) -> str:
    """The sentences of an error and of those it came from."""
    said = []
    cause: BaseException | None = error
    while cause is not None:
        said += [
            type(cause).__name__,
            *(str(each.message)[:300] for each in getattr(cause, "schema_errors", ())),
        ]
        cause = cause.__cause__
    return " / ".join(said)


@cache
def _api() -> Any:
    from openapi_core import Config, OpenAPI

    return OpenAPI.from_dict(_document(), Config(spec_validator_cls=None))


@cache
def _document() -> dict[str, Any]:
    """The description, without two slips: fields that are JSON *and* in form style, and whole seconds."""
    import yaml

    document: dict[str, Any] = yaml.load(FILE.read_text(), yaml.CSafeLoader)
    for path in document["paths"].values():
        for operation in path.values():
            form = operation.get("requestBody", {}).get("content", {}).get(_FORM, {})
            for encoding in form.get("encoding", {}).values():
                if encoding.get("contentType") == "application/json":
                    encoding.pop("style", None)
    limited = document["components"]["schemas"]["RateLimitedError"]["allOf"][1]
    limited["properties"]["retry-after"]["type"] = "number"  # its own example has a fraction
    return document
