"""Chains of netstrings (`5:hello,`), in which our Lean programs write what may hold any character."""

from __future__ import annotations

from collections.abc import Iterator


def fields(data: bytes) -> Iterator[bytes]:
    """The fields of a chain. Raises `ValueError` where it is not one."""
    at = 0
    while at < len(data):
        colon = data.find(b":", at, at + 12)
        digits = data[at:colon]
        if colon < 0 or not digits.isdigit():
            raise ValueError("a length is missing")
        end = colon + 1 + int(digits)
        if data[end : end + 1] != b",":
            raise ValueError("a field is cut short")
        yield data[colon + 1 : end]
        at = end + 1


def text(field: bytes) -> str:
    return field.decode("utf-8", "replace")


def chain(*values: bytes) -> bytes:
    """The chain whose fields these are."""
    return b"".join(b"%d:%s," % (len(value), value) for value in values)
