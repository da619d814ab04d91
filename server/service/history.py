"""The history of a project, kept in memory and brought up to date by what is new on the books."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from dashboards.history import KINDS, History, followed
from server.records.log import Extent
from server.records.projects import ProjectRow
from server.store import Store

# Rows of all histories that are at hand, of about 150 bytes each.
MOST_ROWS = 400_000
# Transactions that run side by side may end in another order than that of the numbers that they took; one
# that is so far behind has long ended.
_UNSETTLED = 1000


@dataclass(frozen=True, slots=True)
class _Kept:
    """A history with the marks of what it was made from: its points, and its events above a floor.

    `merged` says who was known to be somebody with another number.
    """

    history: History
    points: Extent
    events: Extent
    floor: int
    merged: Mapping[int, int]

    @property
    def rows(self) -> int:
        own = self.history
        return sum(map(len, (own.points, own.passages, own.regressions, own.openings, own.acts, own.free)))


def history(store: Store, project: ProjectRow) -> History:
    """What happened up to this moment; where little is new, little is read."""
    shelf = _SHELVES.setdefault(store.source, _Shelf())
    kept = shelf.get(project.id)
    points = store.tallies.newest(project.id)
    events = store.tallies.newest_events(project.id, kept.floor if kept else 0)
    merged = store.people.merged()
    if kept and (kept.points, kept.events, kept.merged) == (points, events, merged):
        return kept.history
    if kept is None or kept.merged != merged or not _goes_on(store, project, kept):
        kept = _Kept(History(), Extent(0, 0, None), Extent(0, 0, None), 0, merged)
    made = _extended(store, project, kept, points)
    shelf.put(project.id, made)
    return made.history


def _goes_on(store: Store, project: ProjectRow, kept: _Kept) -> bool:
    """Whether what it was made from is still there; a copy of the books may have been brought back."""
    here = store.tallies.newest_events(project.id, kept.floor, kept.events.last)
    return here == kept.events


def _extended(store: Store, project: ProjectRow, kept: _Kept, points: Extent) -> _Kept:
    new = store.tallies.happened(project.id, kept.events.last, KINDS)
    found = followed(kept.history, new, kept.merged)
    if points != kept.points:
        found = replace(found, points=store.tallies.after(project.id, 0))
    last = store.tallies.newest_events(project.id, kept.events.last).last or kept.events.last
    floor = max(0, last - _UNSETTLED)
    return _Kept(found, points, store.tallies.newest_events(project.id, floor), floor, kept.merged)


class _Shelf:
    """The histories that were asked for last, of a bounded number of rows."""

    def __init__(self) -> None:
        self._found: OrderedDict[int, _Kept] = OrderedDict()
        self._turn = threading.Lock()

    def get(self, key: int) -> _Kept | None:
        with self._turn:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: int, kept: _Kept) -> None:
        with self._turn:
            self._found[key] = kept
            self._found.move_to_end(key)
            while len(self._found) > 1 and sum(one.rows for one in self._found.values()) > MOST_ROWS:
                self._found.popitem(last=False)


_SHELVES: WeakKeyDictionary[object, _Shelf] = WeakKeyDictionary()
