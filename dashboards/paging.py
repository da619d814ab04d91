"""A long list, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The `items` of one page; `number` counts from 1 to `last`, of `total` items in all."""

    items: Sequence[T]
    number: int
    last: int
    total: int


def page_of(items: Sequence[T], number: int, size: int) -> Page[T]:
    """That page, or the nearest there is."""
    last = max(1, -(-len(items) // size))
    number = min(max(number, 1), last)
    return Page(items[(number - 1) * size : number * size], number, last, len(items))


def number_from(text: str) -> int:
    """The page that an address asks for; the first where it says nothing of sense."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
