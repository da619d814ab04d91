"""The API's description for people: what its OpenAPI document says, as a page has it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

_SHORTEST = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value looks like: in words, and the schema that says more, if one does."""

    words: str
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or something that a JSON object has."""

    name: str
    kind: Kind
    needed: bool
    meaning: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What may come back."""

    status: str
    meaning: str
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class Operation:
    """Something to ask; `access` says for whom."""

    name: str
    method: str
    path: str
    summary: str
    meaning: str
    access: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The operations of one tag."""

    name: str
    meaning: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """The shape of a JSON object, or the words that a text may be."""

    name: str
    meaning: str
    fields: tuple[Field, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    title: str
    meaning: str
    sections: tuple[Section, ...]
    schemas: tuple[Schema, ...]


def view(document: Json) -> View:
    """What there is to show, in the document's order."""
    every = list(_operations(document))
    return View(
        document["info"]["title"],
        document["info"]["description"],
        tuple(
            Section(tag["name"], tag["description"], tuple(one for name, one in every if name == tag["name"]))
            for tag in document["tags"]
        ),
        tuple(_schema(name, found) for name, found in document["components"]["schemas"].items()),
    )


def _operations(document: Json) -> Iterator[tuple[str, Operation]]:
    for path, methods in document["paths"].items():
        for method, found in methods.items():
            yield found["tags"][0], _operation(document, method.upper(), path, found)


def _operation(document: Json, method: str, path: str, found: Json) -> Operation:
    body = found.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    whole = document["components"]["schemas"].get(body.get("$ref", "").removeprefix(_SHORTEST), {})
    meaning = "" if found["description"].rstrip(".") == found["summary"] else found["description"]
    return Operation(
        name=found["operationId"],
        method=method,
        path=path,
        summary=found["summary"],
        meaning=meaning,
        access=_access(found["security"]),
        parameters=tuple(_parameter(each) for each in found["parameters"]),
        body=tuple(_fields(whole)),
        answers=tuple(_answer(document, status, each) for status, each in found["responses"].items()),
    )


def _access(security: list[Json]) -> str:
    names = {(name, *scopes) for each in security for name, scopes in each.items()}
    if {} in security:
        return "anybody"
    if ("reporter",) in names:
        return "a reporter"
    return "a token to write" if ("token", "write") in names else "a token to read"


def _parameter(found: Json) -> Field:
    return Field(found["name"], _kind(found["schema"]), found["required"], found["description"], found["in"])


def _answer(document: Json, status: str, found: Json) -> Answer:
    whole = found
    if "$ref" in found:
        whole = document["components"]["responses"][found["$ref"].rpartition("/")[2]]
    shapes = [each["schema"] for each in whole.get("content", {}).values()]
    return Answer(status, whole["description"], _kind(shapes[0]) if shapes else None)


def _schema(name: str, found: Json) -> Schema:
    words = tuple(str(word) for word in found.get("enum", ()))
    return Schema(name, found.get("description", ""), tuple(_fields(found)), words)


def _fields(found: Json) -> Iterator[Field]:
    needed = found.get("required", ())
    for name, each in found.get("properties", {}).items():
        yield Field(name, _kind(each), name in needed, each.get("description", ""))


def _kind(schema: Json) -> Kind:
    """In words: `text`, `list of`, a schema's name."""
    if ref := schema.get("$ref"):
        return Kind("", ref.removeprefix(_SHORTEST))
    if choices := schema.get("anyOf"):
        return _either([_kind(each) for each in choices])
    if "enum" in schema:
        return Kind(", ".join(str(word) for word in schema["enum"]))
    if schema.get("type") == "array":
        inner = _kind(schema.get("items", {}))
        return Kind(f"list of {inner.words}".strip(), inner.schema)
    return Kind(_simple(schema))


def _either(kinds: list[Kind]) -> Kind:
    words = list(dict.fromkeys(kind.words for kind in kinds if kind.words))
    return Kind(" or ".join(words), next((kind.schema for kind in kinds if kind.schema), None))


def _simple(schema: Json) -> str:
    names = {"string": "text", "integer": "number", "boolean": "true or false", "null": "nothing"}
    name = names.get(schema.get("type", ""), "object")
    if "maximum" in schema and schema["maximum"] < 2**31 - 1:
        return f"{name} from {schema['minimum']} to {schema['maximum']}"
    return f"{name} of at most {schema['maxLength']} characters" if "maxLength" in schema else name
