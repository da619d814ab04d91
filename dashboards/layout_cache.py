"""Layouts as files, by what is laid out: whatever process asks, the same content is laid out once."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from typing import Any

from blueprint import caches
from dashboards.layers import Pair, Point

# So many are kept, none larger than this in bytes: a graph of 100,000 nodes takes a tenth of it.
MOST, LARGEST = 200, 64 << 20

Parts = tuple[
    dict[str, Point],
    dict[Pair, tuple[Point, ...]],
    tuple[tuple[str, float, float, float, float], ...],
    dict[Pair, int],
    float,
    float,
]


def kept(plan: Any, make: Callable[[], Parts], *, part: bool = False) -> Parts:
    """What `make` gives, from a file where one is there; a file that does not fit is made anew.

    Parts of graphs have a folder of their own: of these anybody can ask for any number.
    """
    file = caches.cache_dir() / ("layouts of parts" if part else "layouts") / _name(plan)
    with suppress(ValueError, KeyError, TypeError, zlib.error):
        if (data := caches.kept(file, LARGEST)) is not None:
            return _read(data)
    made = make()
    caches.keep(file, _written(made), MOST)
    return made


def _name(plan: Any) -> str:
    said = json.dumps(astuple(plan), separators=(",", ":"))
    return hashlib.sha256(f"{_way()}{said}".encode()).hexdigest()


@lru_cache(maxsize=1)
def _way() -> str:
    """How layouts are made: what is laid out in another way is something else."""
    here = Path(__file__).parent
    return "".join(hashlib.sha256((here / f"{name}.py").read_bytes()).hexdigest() for name in _MAKERS)


_MAKERS = ("layers", "layout", "layout_cache")


def _written(made: Parts) -> bytes:
    centres, bends, frames, between, width, height = made
    pairs = [[*pair, way] for pair, way in bends.items()]
    counts = [[*pair, count] for pair, count in between.items()]
    return zlib.compress(json.dumps([centres, pairs, frames, counts, width, height]).encode(), 1)


def _read(data: bytes) -> Parts:
    centres, pairs, frames, counts, width, height = json.loads(zlib.decompress(data))
    return (
        {id: (x, y) for id, (x, y) in centres.items()},
        {(a, b): tuple((x, y) for x, y in way) for a, b, way in pairs},
        tuple((group, x, y, wide, high) for group, x, y, wide, high in frames),
        {(a, b): count for a, b, count in counts},
        width,
        height,
    )
