"""The values of rows as JSON, and back: the same text whatever the database."""

from __future__ import annotations

import binascii
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Table

# A number that every database can keep.
LARGEST_NUMBER = 2**31 - 1
# What something kept compressed may unpack to, in bytes: a blueprint of 100,000 nodes takes a quarter of it.
LARGEST_UNPACKED = 1 << 30

Values = dict[str, Any]


def encoded(table: Table, row: Mapping[str, Any]) -> Values:
    """A row as JSON can say it: moments in UTC, bytes in base64, all by the names of their columns."""
    return {column.name: _encode(row[column.name]) for column in table.columns}


def decoded(table: Table, values: Mapping[str, Any]) -> Values:
    """The row again. Raises `ValueError`, with words for a person, where the values are not of the table."""
    if values.keys() != {column.name for column in table.columns}:
        raise ValueError(f"a row of `{table.name}` has other columns")
    return {column.name: _decode(column, values[column.name]) for column in table.columns}


def unpacked(data: bytes) -> bytes:
    """What was compressed. Raises `ValueError` where it is damaged, or larger than anything of ours."""
    stream = zlib.decompressobj()
    try:
        out = stream.decompress(data, LARGEST_UNPACKED)
    except zlib.error as error:
        raise ValueError("what is kept compressed is damaged") from error
    if not stream.eof:
        raise ValueError("what is kept compressed is cut off, or larger than anything of ours")
    return out


def _encode(value: Any) -> Any:
    if isinstance(value, datetime):
        known = value if value.tzinfo else value.replace(tzinfo=UTC)
        return known.astimezone(UTC).isoformat()
    return b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def _decode(column: Column[Any], value: Any) -> Any:
    if value is None and column.nullable:
        return None
    try:
        return _READERS[column.type.python_type](column, value)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"`{column.table.name}.{column.name}` holds what cannot stand there") from error


def _text(column: Column[Any], value: Any) -> str:
    longest = getattr(column.type, "length", None)
    if not isinstance(value, str) or "\0" in value or (longest is not None and len(value) > longest):
        raise ValueError
    value.encode("utf-8")
    return value


def _number(column: Column[Any], value: Any) -> int:
    if type(value) is not int or abs(value) > LARGEST_NUMBER:
        raise ValueError
    return value


def _measure(column: Column[Any], value: Any) -> float:
    if type(value) not in (int, float):
        raise ValueError
    return float(value)


def _truth(column: Column[Any], value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _moment(column: Column[Any], value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(column, value))
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _data(column: Column[Any], value: Any) -> bytes:
    if not isinstance(value, str):
        raise ValueError
    try:
        return b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError from error


def _json(column: Column[Any], value: Any) -> Any:
    said = json.dumps(value, ensure_ascii=False)
    said.encode("utf-8")
    if "\\u0000" in said:
        raise ValueError
    return value


_READERS: Mapping[type, Callable[[Column[Any], Any], Any]] = {
    str: _text,
    int: _number,
    float: _measure,
    bool: _truth,
    datetime: _moment,
    bytes: _data,
    object: _json,  # what SQLAlchemy says of its JSON
}
