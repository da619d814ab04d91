"""What is wrong with a value that somebody wrote, in our words rather than the validator's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# How pydantic's names of mistakes begin -> what it should have been.
_SHOULD = {
    "bool": "it must be `true` or `false`",
    "int": "it must be a whole number",
    "float": "it must be a number",
    "finite": "it must be a number",
    "string": "it must be text",
    "tuple": "it must be a list",
    "list": "it must be a list",
    "model": "it must be a table",
    "dataclass": "it must be a table",
    "datetime": "it must be a moment, such as `2026-12-24T12:00:00Z`",
    "missing": "it is missing",
    "extra": "there is no such key",
    "unexpected": "there is no such key",
}


def mistake(first: Mapping[str, Any]) -> str:
    """A clause, such as `it must be 1 or more`, for one of the errors that a `ValidationError` lists."""
    kind, about = str(first["type"]), first.get("ctx", {})
    match kind:
        case "value_error":
            return str(about["error"])
        case "greater_than_equal":
            return f"it must be {about['ge']} or more"
        case "less_than_equal":
            return f"it must be {about['le']} or less"
        case "literal_error" | "enum":
            return f"it must be {about['expected']}"
        case _:
            return _SHOULD.get(kind.split("_")[0], "it cannot be read")
