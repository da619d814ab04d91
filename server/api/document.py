"""The API's description in OpenAPI 3.1, made from the declarations that its routes are made from. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from dashboards.documents.describing import PARENTS
from lean_project.reports import SIGNATURE_HEADER
from server.api.asking import JSON, NoQuery
from server.api.operations import Access, Operation
from server.api.problems import PROBLEM, ROOT, ErrorDocument
from server.forges.events import Forge
from server.service.queues import Queue

Json = dict[str, Any]

_REF = "#/components/schemas/{model}"
_PART = re.compile(r"<(?:[^<>]*:)?([a-z_]+)>")
# Parts of addresses: what they are called there, what they look like, what they mean.
_PLACES: Mapping[str, tuple[str, Json, str]] = {
    "slug": ("slug", {"type": "string"}, "The project's name in addresses."),
    "segment": ("node", {"type": "string"}, "The node's label."),
    "number": (
        "number",
        {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
        "The number of the task, the person, the entry, the message or the delivery.",
    ),
    "sha": ("sha", {"type": "string", "minLength": 1}, "The hash of a commit, or its beginning."),
    "queue": ("queue", {"type": "string", "enum": list(Queue)}, "Which queue."),
    "forge": ("forge", {"type": "string", "enum": list(Forge)}, "Which forge."),
    "name": ("name", {"type": "string", "minLength": 1}, "The reporter's name."),
}
_ERRORS: Mapping[int, tuple[str, str]] = {
    400: ("NotUnderstood", "The request is not well formed, or says something that is not known here."),
    401: ("NotYou", "Nobody asks, or the token is not good (any more)."),
    403: ("NotAllowed", "The token may not do that, or your role here does not cover it."),
    404: ("NotHere", "What the address names is not here."),
    409: ("Refused", "The rules refuse it; the sentence says why, and what to do instead."),
    413: ("TooLarge", "The request is larger than the server takes."),
    415: ("NotJson", "The body is not sent as JSON."),
    429: ("TooMany", "Too many requests; wait a minute."),
}
# The header that comes with an error: its name, what it says, and its type.
_WITH: Mapping[int, tuple[str, str, str]] = {
    401: ("WWW-Authenticate", "How to say who asks.", "string"),
    429: ("Retry-After", "After how many seconds to ask again.", "integer"),
}
_TAGS: Mapping[str, str] = {
    "Projects": "Projects as of their newest checked commit.",
    "Nodes": "The theorems, lemmas and definitions of a blueprint.",
    "Tasks": "What is to be done.",
    "Doing": "What can be done to tasks and nodes: the chat's commands, each with an address of its own.",
    "Talking": "The chat's commands as one would write them.",
    "People": "Who takes part.",
    "Credit": "Who contributed what.",
    "What happened": "Events, past commits, reports.",
    "Yourself": "Who asks, and what they wish.",
    "Maintaining": "What maintainers decide.",
    "Webhooks": "Which forges may tell of a project, and what they told.",
    "Checks": "What a project's own CI reports.",
}
_ABOUT = (
    "What the pages show, and what can be done on them, by the same rules and in the same words. "
    "Send a token as `Authorization: Bearer TOKEN`; it is made on one's own page, for reading alone or for "
    "acting in one's name too. Reading needs none. Lists come a page at a time: `next` is the `cursor` of "
    "the page that follows, whose address is in the `Link` header too. An answer has an `ETag`; sent back "
    "as `If-None-Match`, it says whether anything is new."
)


class _Schemas(GenerateJsonSchema):
    """Without titles made up from the names of fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def document(operations: Sequence[Operation]) -> Json:
    """All of it. The same operations give the same document, to the letter."""
    schemas = _Library(operations)
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(address(operation.rule), {})[operation.method.lower()] = _described(
            operation, schemas
        )
    found: Json = {
        "openapi": "3.1.0",
        "info": {"title": "Chantier", "version": version("chantier"), "description": _ABOUT},
        "servers": [{"url": "/", "description": "This server."}],
        "tags": [{"name": name, "description": words} for name, words in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas.definitions,
            "responses": {name: _error(schemas, status) for status, (name, _) in _ERRORS.items()},
            "securitySchemes": _SCHEMES,
        },
    }
    return {name: _renamed(value) for name, value in found.items()}


_SCHEMES: Json = {
    "token": {"type": "http", "scheme": "bearer", "description": "A person's token, to read or to write."},
    "reporter": {"type": "http", "scheme": "bearer", "description": "The token of a trusted reporter."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "chantier",
        "description": "Somebody who is signed in on the pages; over https it is `__Host-chantier`.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": f"`csrf_token` of `{ROOT}/session`, with whatever a session changes.",
    },
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": SIGNATURE_HEADER,
        "description": "The body, signed with the reporter's key.",
    },
}
_SECURITY: Mapping[Access, list[dict[str, list[str]]]] = {
    Access.OPEN: [{}, {"token": ["read"]}, {"session": []}],
    Access.OWN: [{"token": ["read"]}, {"session": []}],
    Access.WRITE: [{"token": ["write"]}, {"session": [], "csrf": []}],
    Access.REPORTER: [{"reporter": [], "signature": []}],
}


def address(rule: str) -> str:
    """`/projects/<slug>/nodes/<segment>` as `/api/v1/projects/{slug}/nodes/{node}`."""
    return ROOT + _PART.sub(lambda part: f"{{{_PLACES[part[1]][0]}}}", rule)


class _Library:
    """The schemas of all types that the operations name, each once."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        read = [one.body for one in operations if one.body] + [one.query for one in operations]
        made = [ErrorDocument, *(one.answer for one in operations)]
        wanted = [(kind, "validation") for kind in read] + [(kind, "serialization") for kind in made]
        once = {(str(kind), mode): (kind, mode) for kind, mode in wanted}
        self._refs, found = TypeAdapter.json_schemas(
            [(str(kind), mode, TypeAdapter(kind)) for kind, mode in once.values()],
            ref_template=_REF,
            schema_generator=_Schemas,
        )
        queries = {one.query.__name__ for one in operations}
        self._queries = {name: schema for name, schema in found["$defs"].items() if name in queries}
        self.definitions = {
            name: {key: value for key, value in schema.items() if key != "title"}
            for name, schema in sorted(found["$defs"].items())
            if name not in queries
        }
        for name in PARENTS.keys() & self.definitions.keys():
            self._tell(name)

    def _tell(self, name: str) -> None:
        """What a shape has from another is described there."""
        known = TypeAdapter(PARENTS[name]).json_schema()["properties"]
        for field, schema in self.definitions[name]["properties"].items():
            if "description" not in schema:
                schema["description"] = known[field]["description"]

    def of(self, kind: Any, mode: str) -> Json:
        return dict(self._refs[str(kind), mode])  # type: ignore[index]

    def query(self, kind: type[BaseModel]) -> Json:
        """The parameters of a query, by name."""
        found: Json = self._queries[kind.__name__]["properties"] if kind is not NoQuery else {}
        return found


def _described(operation: Operation, schemas: _Library) -> Json:
    found: Json = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary.removesuffix("."),
        "description": operation.description or operation.summary,
        "security": _SECURITY[operation.access],
        "parameters": [*_places(operation.rule), *_parameters(operation, schemas)],
        "responses": _answers(operation, schemas),
    }
    if operation.body is not None and operation.method != "DELETE":
        needed = any(each.is_required() for each in operation.body.model_fields.values())
        schema = schemas.of(operation.body, "validation")
        found["requestBody"] = {"required": needed, "content": {JSON: {"schema": schema}}}
    if operation.access is Access.REPORTER:
        found["requestBody"] = {"required": True, "content": {JSON: {"schema": {"type": "object"}}}}
    return found


def _places(rule: str) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "description": words, "schema": schema}
        for name, schema, words in (_PLACES[part] for part in _PART.findall(rule))
    ]


def _parameters(operation: Operation, schemas: _Library) -> list[Json]:
    needed = {name for name, each in operation.query.model_fields.items() if each.is_required()}
    return [
        {
            "name": name,
            "in": "query",
            "required": name in needed,
            "description": schema["description"],
            "schema": _given(schema),
        }
        for name, schema in schemas.query(operation.query).items()
    ]


def _given(schema: Json) -> Json:
    """The schema of a parameter that is there: an address knows no null."""
    kept = {key: value for key, value in schema.items() if key not in ("description", "anyOf")}
    for choice in schema.get("anyOf", ()):
        kept |= choice if choice != {"type": "null"} else {}
    return {key: value for key, value in kept.items() if not (key == "default" and value is None)}


def _answers(operation: Operation, schemas: _Library) -> Json:
    good = [status for status in operation.answers if status < 300] or [200]
    words = operation.answers
    found: Json = {str(status): _good(operation, schemas, words.get(status)) for status in good}
    if operation.method == "GET" and not operation.secret:
        found["304"] = {"description": "It is as it was when `If-None-Match` was given out."}
    for status in sorted({*_errors(operation), *(status for status in words if status >= 400)}):
        found[str(status)] = {"$ref": f"#/components/responses/{_ERRORS[status][0]}"}
    return found


def _good(operation: Operation, schemas: _Library, words: str | None) -> Json:
    content: Json = {kind: {"schema": {"type": "string"}} for kind in operation.media}
    content[JSON] = {"schema": schemas.of(operation.answer, "serialization")}
    found: Json = {"description": words or "What was asked for.", "content": content}
    if headers := _headers(operation):
        found["headers"] = headers
    if operation.links:
        found["links"] = {f"to_{name}": _link(name, given) for name, given in operation.links.items()}
    return found


def _headers(operation: Operation) -> Json:
    text: Json = {"schema": {"type": "string"}}
    found: Json = {}
    if operation.method == "GET" and not operation.secret:
        found["ETag"] = {"description": "A mark of the content.", "required": True, **text}
    if operation.listed:
        found["Link"] = {"description": "The address of the next page, with `rel=next`.", **text}
    return found


def _link(name: str, given: Mapping[str, str]) -> Json:
    """A value is a pointer into the answer, or says which parameter of the request it is."""
    values = {
        parameter: f"$response.body#{where}" if where.startswith("/") else f"$request.{where}"
        for parameter, where in given.items()
    }
    return {"operationId": name, "parameters": values}


def _errors(operation: Operation) -> Iterable[int]:
    yield from (400, 401, 403, 429)
    if "<" in operation.rule:
        yield 404
    if operation.access is Access.WRITE:
        yield from (409, 413)
        yield from (415,) if operation.body is not None else ()


def _error(schemas: _Library, status: int) -> Json:
    schema = schemas.of(ErrorDocument, "serialization")
    found: Json = {"description": _ERRORS[status][1], "content": {PROBLEM: {"schema": schema}}}
    if header := _WITH.get(status):
        name, words, kind = header
        found["headers"] = {name: {"description": words, "required": True, "schema": {"type": kind}}}
    return found


_LISTED = re.compile(r"Listed_(\w+)Document_")
_SUFFIXES = ("Document", "Document_")


def _renamed(value: Any) -> Any:
    """With schemas called as people would: `TaskDocument` is `Task`, and a page of them `TaskList`."""
    if isinstance(value, list):
        return [_renamed(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {_name(key) if key.endswith(_SUFFIXES) else key: _renamed(each) for key, each in value.items()}
    if isinstance(ref := found.get("$ref"), str):
        found["$ref"] = _name(ref)
    return found


def _name(text: str) -> str:
    return _LISTED.sub(r"\1List", text).removesuffix("Document")
