"""Several processes that answer at one address: Python runs one thread at a time in each."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from socket import socket

import structlog

from server import collecting

# Whoever ends at once is begun anew only after so many seconds.
PAUSE = 1.0

log = structlog.get_logger(__name__)

Answer = Callable[[socket], None]


@contextmanager
def others(count: int, answer: Answer, door: socket) -> Iterator[None]:
    """While this lasts, `count` more processes run `answer`, a function of a module, over the bound `door`.

    One that ends is begun anew. They end with this process, however it ends.
    """
    over = threading.Event()
    keepers = [_Keeper(answer, door, over) for _ in range(count)]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        over.set()
        for keeper in keepers:
            keeper.end()


class _Keeper(threading.Thread):
    """Looks after one of them."""

    def __init__(self, answer: Answer, door: socket, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self._answer, self._door, self._over = answer, door, over
        self._process = self._begin()

    def run(self) -> None:
        while not self._over.is_set():
            self._process.join()
            if self._over.wait(PAUSE):
                return
            log.error("a process of the server ended", exitcode=self._process.exitcode)
            self._process = self._begin()

    def end(self) -> None:
        self._process.terminate()
        self._process.join()

    def _begin(self) -> BaseProcess:
        process = get_context("spawn").Process(target=_work, args=(self._answer, self._door), daemon=True)
        process.start()
        return process


def _work(answer: Answer, door: socket) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    collecting.serve()
    answer(door)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
