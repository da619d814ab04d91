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


@dataclass(frozen=True, slots=True)
class Turned:
    """Which of several lists is leafed through, by its name, and at which page of it; else all show their
    beginnings."""

    name: str = ""
    page: int = 1


def listed(name: str, items: Sequence[T], turned: Turned, few: int, size: int) -> Page[T]:
    """A page of the list where that one is leafed through, else its first `few`."""
    if turned.name == name:
        return page_of(items, turned.page, size)
    return Page(items[:few], 1, 1, len(items))


def page_of(items: Sequence[T], number: int, size: int) -> Page[T]:
    """That page, or the nearest there is."""
    last = max(1, -(-len(items) // size))
    number = min(max(number, 1), last)
    return Page(items[(number - 1) * size : number * size], number, last, len(items))


def before_from(text: str) -> int | None:
    """The number before which a list begins, by the address; None where it says none: from the newest."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def number_from(text: str) -> int:
    """The page that an address asks for; the first where it says nothing of sense."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
