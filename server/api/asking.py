"""What comes with a request, read strictly: one that says something we do not know is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from blueprint.errors import UserError

JSON = "application/json"
# No character that a database refuses. What is no text at all, the reading of JSON refuses.
_NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(pattern=_NO_NUL)]
Words = Annotated[Text, Field(max_length=200)]


class Query(BaseModel):
    """What may stand after the `?` of an address."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Body(BaseModel):
    """The JSON object that comes with a request."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Asked = TypeVar("Asked", bound=BaseModel)


class NoQuery(Query):
    """Nothing."""


class NoBody(Body):
    """Nothing is needed."""


def query(model: type[Asked]) -> Asked:
    """The address's query. Raises `UserError` where it is not as the model has it."""
    found = request.args.to_dict(flat=False)
    for name, given in found.items():
        if len(given) > 1:
            raise UserError(f"The parameter `{name[:40]}` is there more than once.")
    try:
        return model.model_validate({name: given[0] for name, given in found.items()})
    except ValidationError as error:
        raise UserError(_sentence(error, model, "parameter")) from error


def body(model: type[Asked]) -> Asked:
    """The request's body; none at all is an empty object. Raises `UserError` and `UnsupportedMediaType`."""
    data = request.get_data()
    if data and request.mimetype != JSON:
        raise UnsupportedMediaType
    try:
        return model.model_validate_json(data or b"{}")
    except ValidationError as error:
        raise UserError(_sentence(error, model, "field")) from error


def fields(asked: BaseModel) -> dict[str, str]:
    """A body's fields as the chat would have them: a list is what stands between commas."""
    given = ((name, getattr(asked, name)) for name in asked.model_fields_set)
    return {name: _text(name, value) for name, value in given if value is not None}


def _text(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return f"#{value}" if name == "who" and isinstance(value, int) else str(value)


# How pydantic calls what is wrong -> how we do, with what it knows of it.
_WRONG: Mapping[str, str] = {
    "missing": "is needed",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is too large",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "string_too_long": "has more than {max_length} characters",
    "string_too_short": "has fewer than {min_length} characters",
    "too_long": "has more than {max_length} entries",
    "string_pattern_mismatch": "has characters that cannot be there",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
}


_UNREADABLE = "cannot be read"


def _sentence(error: ValidationError, model: type[BaseModel], what: str) -> str:
    found = error.errors(include_url=False, include_input=False)
    first = found[0]
    kind, place = first["type"], first["loc"]
    if kind in ("json_invalid", "model_type", "model_attributes_type") or not place:
        return 'The body must be a JSON object, such as {"days": 14}.'
    name = str(place[0])[:40]
    if kind == "extra_forbidden":
        known = ", ".join(sorted(model.model_fields))
        return f"There is no {what} `{name}` here; {f'there are {known}' if known else 'none is needed'}."
    one_way = sum(each["loc"][:1] == place[:1] for each in found) == 1
    wrong = _WRONG.get(kind, _UNREADABLE).format(**first.get("ctx", {})) if one_way else _UNREADABLE
    return f"The {what} `{name}` {wrong}."
