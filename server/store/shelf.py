"""What a process has at hand of what it read: those values asked for last, of a bounded weight together."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

V = TypeVar("V")


class Shelf(Generic[V]):
    """Values by key. `weigh` says what one weighs; the last one stays, however much that is."""

    def __init__(self, most: int, weigh: Callable[[V], int]) -> None:
        self._most, self._weigh = most, weigh
        self._found: OrderedDict[Hashable, V] = OrderedDict()
        self._turn = threading.Lock()
        self._busy: dict[Hashable, tuple[threading.RLock, int]] = {}

    def peek(self, key: Hashable) -> V | None:
        with self._turn:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: Hashable, value: V) -> None:
        with self._turn:
            self._found[key] = value
            self._found.move_to_end(key)
            while len(self._found) > 1 and sum(map(self._weigh, self._found.values())) > self._most:
                self._found.popitem(last=False)

    def get(self, key: Hashable, read: Callable[[], V]) -> V:
        """`key` must never mean two things. Of those who want the same at once, one reads it."""
        with self.turn(key):
            known = self.peek(key)
            if known is not None:
                return known
            found = read()
            self.put(key, found)
            return found

    @contextmanager
    def turn(self, key: Hashable) -> Iterator[None]:
        """One thread at a time sees to what is kept under `key`."""
        with self._turn:
            lock, users = self._busy.get(key, (threading.RLock(), 0))
            self._busy[key] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._turn:
                lock, users = self._busy[key]
                if users == 1:
                    del self._busy[key]
                else:
                    self._busy[key] = (lock, users - 1)
