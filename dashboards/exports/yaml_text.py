"""YAML, as far as the exports need it: mappings, lists and strings. Every string is quoted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from dashboards.wording import plain_line

Value = str | Sequence["Value"] | Mapping[str, "Value"]


def document(values: Mapping[str, Value], comment: str = "") -> str:
    head = [f"# {comment}"] if comment else []
    return "\n".join([*head, *_mapping(values)]) + "\n"


def _mapping(values: Mapping[str, Value]) -> Iterator[str]:
    for key, value in values.items():
        yield from _item(f"{key}:", value)


def _item(head: str, value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield f"{head} {quoted(value)}"
        return
    yield head
    lines = _mapping(value) if isinstance(value, Mapping) else _list(value)
    yield from (f"  {line}" for line in lines)


def _list(values: Sequence[Value]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield f"- {quoted(value)}"
        elif isinstance(value, Mapping):
            first, *rest = _mapping(value)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)


def quoted(text: str) -> str:
    """A string of JSON is one of YAML, once it has nothing that cannot be printed."""
    return json.dumps(plain_line(text), ensure_ascii=False)
