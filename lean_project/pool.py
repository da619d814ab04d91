"""Leans kept ready: each has seen no project, serves one check, and is thrown away and replaced after it.

A Lean that has elaborated somebody's code is not believed afterwards, so nothing here is ever used twice.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from blueprint.errors import UserError
from lean_project.memory import available
from lean_project.modules import Module
from lean_project.sandbox_process import NoAnswerError, Process
from lean_project.toolchain import Toolchain, require
from lean_project.toolchain_build import built
from lean_project.toolchain_judge import Judge
from lean_project.toolchain_process import Limits
from lean_project.toolchain_seat import BUILDER, ROLES, Role, Seat, kind, started

# Bytes that one Lean needs, and those that stay free for everything else.
NEEDED, SPARED = 4_500_000_000, 1_500_000_000
PAUSE = 0.5
AFTER_TROUBLE = 60.0
# Text of ours that makes Lean translate the code that most modules need.
WARM_UP = Module(
    ("WarmUp",),
    "WarmUp.lean",
    b"""module
@[expose] public section
namespace WarmUp
def sum : Nat -> Nat
  | 0 => 0
  | n + 1 => sum n + n
inductive Tree where
  | leaf
  | node (left right : Tree)
structure Pair where
  first : Nat
  second : Nat
deriving DecidableEq, Repr
theorem le (n : Nat) : sum n <= sum (n + 1) := by
  induction n with
  | zero => decide
  | succ n ih => simp only [sum] at *; omega
theorem both (p q : Prop) (h : p) (k : q) : p /\\ q := by
  constructor
  . exact h
  . rcases k with k; simpa using k
end WarmUp
""",
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stock:
    """How many checks find a builder and a judge ready (0: none), and the seconds without one after which
    they are let go until the next."""

    pairs: int = 1
    idle: float = 3600


@dataclass(slots=True)
class _Ready:
    """A Lean in its seat, and how to end it."""

    seat: Seat
    process: Process
    kind: str
    stack: ExitStack


@dataclass(slots=True)
class Health:
    """How many Leans are ready and out, how many were handed out and died waiting, and the last trouble."""

    ready: dict[str, int] = field(default_factory=dict)
    out: int = 0
    served: int = 0
    lost: int = 0
    trouble: str = ""


class Pool:
    """Keeps Leans ready in a thread of its own while it is open."""

    def __init__(self, stock: Stock) -> None:
        self._stock, self._limits = stock, Limits()
        self._ready: dict[str, list[_Ready]] = {name: [] for name in ROLES}
        self._lock, self._over = threading.Lock(), threading.Event()
        self._health, self._used = Health(), time.monotonic()
        self._thread = threading.Thread(target=self._keep, name="pool", daemon=True)

    def __enter__(self) -> Pool:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._let_go(lambda _one: True)

    @contextmanager
    def lent(self, role: str, wanted: str) -> Iterator[tuple[Seat, Process] | None]:
        """A ready Lean of that role and kind, if there is one; it is ended with the block."""
        self._used = time.monotonic()
        one = self._taken(role, wanted)
        if one is None:
            yield None
            return
        with self._lock:
            self._health.out += 1
            self._health.served += 1
        try:
            with one.stack:
                yield one.seat, one.process
        finally:
            with self._lock:
                self._health.out -= 1

    def health(self) -> Health:
        with self._lock:
            self._health.ready = {role: len(waiting) for role, waiting in self._ready.items()}
            return Health(**{name: getattr(self._health, name) for name in Health.__slots__})

    def _taken(self, role: str, wanted: str) -> _Ready | None:
        with self._lock:
            fit = (
                one for one in self._ready.get(role, ()) if one.kind == wanted and one.process.is_running()
            )
            one = next(fit, None)
            if one is not None:
                self._ready[role].remove(one)
            return one

    # --- the thread ---

    def _keep(self) -> None:
        while not self._over.wait(PAUSE):
            try:
                self._look_after()
            except (NoAnswerError, UserError, OSError) as error:
                self._health.trouble = str(error)
                log.warning("no Lean could be got ready: %s", error)
                self._over.wait(AFTER_TROUBLE)

    def _look_after(self) -> None:
        if time.monotonic() - self._used > self._stock.idle:
            self._let_go(lambda _one: True)
            return
        toolchain = require()
        wanted = kind(toolchain, self._limits)
        self._let_go(lambda one: one.kind != wanted or not one.process.is_running())
        # A check that runs now needs the processors itself.
        if not self._health.out and (role := self._missing()) and available() > NEEDED + SPARED:
            self._get_ready(toolchain, role, wanted)

    def _missing(self) -> str | None:
        with self._lock:
            fewest = min(self._ready, key=lambda role: len(self._ready[role]))
            return fewest if len(self._ready[fewest]) < self._stock.pairs else None

    def _get_ready(self, toolchain: Toolchain, role: str, wanted: str) -> None:
        with ExitStack() as stack:
            seat = stack.enter_context(started(toolchain, ROLES[role], self._limits))
            process = seat.process
            if not isinstance(process, Process):
                raise TypeError("a Lean started here is a process of ours")
            process.wait_until(lambda: self._over.is_set() or _is_ready(seat), self._limits.start)
            if self._over.is_set():
                return
            process.wait_for(seat.scratch / "ready", 1)
            _warm_up(ROLES[role], seat, self._limits)
            with self._lock:
                self._ready[role].append(_Ready(seat, process, wanted, stack.pop_all()))
                self._health.trouble = ""

    def _let_go(self, unwanted: Callable[[_Ready], bool]) -> None:
        with self._lock:
            gone = [one for waiting in self._ready.values() for one in waiting if unwanted(one)]
            for waiting in self._ready.values():
                waiting[:] = [one for one in waiting if one not in gone]
            self._health.lost += sum(not one.process.is_running() for one in gone)
        for one in gone:
            one.stack.close()


def _is_ready(seat: Seat) -> bool:
    return (seat.scratch / "ready").is_file()


def _warm_up(role: Role, seat: Seat, limits: Limits) -> None:
    """Have it do once what it will be asked to do, with text of ours."""
    if role is BUILDER:
        built(seat, WARM_UP, limits)
    else:
        Judge(seat, limits).judge(b"Init")
