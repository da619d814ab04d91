"""Answers that are remembered by what was asked, where that is too large to be compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache, wraps
from typing import Generic, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")
# What is compared by its value; all else is by its identity.
_SMALL = (str, int, float, Enum, type(None))


@dataclass(frozen=True, slots=True, eq=False)
class Same(Generic[T]):
    """A value as the key of a cache, equal only to that very object: a graph takes long to hash."""

    value: T

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def remembered(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a function answer again what it answered before for the very same arguments, `most` times over.

    Words and numbers need only be equal. What is given, and what is answered, must never change.
    """

    def remember(function: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=most)
        def known(*keys: object) -> T:
            given = (key.value if isinstance(key, Same) else key for key in keys)
            return function(*given)  # type: ignore[call-arg, arg-type]

        @wraps(function)
        def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            if kwargs:
                raise TypeError(f"{function.__name__} takes its arguments by their places")
            return known(*(one if isinstance(one, _SMALL) else Same(one) for one in args))

        return answer

    return remember
