"""What checks found, kept compressed; what was read last is at hand as long as it is the newest."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from blueprint import graph as graphs
from lean_project import facts as fact_codec
from lean_project.axioms import STANDARD_AXIOMS
from lean_project.findings import Findings
from lean_project.status import NodeStatus
from server.store.shelf import Shelf
from server.store.values import unpacked

_STATUSES: TypeAdapter[dict[str, NodeStatus]] = TypeAdapter(dict[str, NodeStatus])
# The findings at hand have so many nodes together at most; one takes about three kilobytes.
MOST_NODES = 100_000


def packed(found: Findings) -> dict[str, Any]:
    """The columns of a snapshot."""
    parts = {
        "graph": zlib.compress(graphs.encode(found.graph)),
        "facts": zlib.compress(fact_codec.encode(found.facts)),
        "statuses": zlib.compress(_STATUSES.dump_json(dict(found.statuses))),
    }
    allowed = sorted(found.allowed)
    return {**parts, "allowed": allowed, "digest": _digest(allowed, *parts.values())}


def unpack(graph: bytes, facts: bytes, statuses: bytes, allowed: list[str] | None, digest: str) -> Findings:
    """The other way round. Raises `ValueError` for what is nothing of ours."""
    if digest != _digest(allowed, graph, facts, statuses):
        raise ValueError("what is kept of a check is not what was written")
    return Findings(
        graphs.decode(unpacked(graph)),
        fact_codec.decode(unpacked(facts)),
        _STATUSES.validate_json(unpacked(statuses)),
        STANDARD_AXIOMS if allowed is None else frozenset(allowed),
    )


@lru_cache(maxsize=8)
def unpack_statuses(statuses: bytes) -> Mapping[str, NodeStatus]:
    """That column alone. Kept by content: whoever goes through the past comes by again."""
    return _STATUSES.validate_json(unpacked(statuses))


def counted(statuses: Mapping[str, NodeStatus]) -> dict[str, int]:
    """How many nodes have each status."""
    return dict(Counter(status.formal.value for status in statuses.values()))


def _digest(allowed: list[str] | None, *parts: bytes) -> str:
    """The same for the same contents only."""
    every = (*parts, json.dumps(allowed).encode("ascii"))
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in every)).hexdigest()


def _weight(found: Findings) -> int:
    return len(found.graph.nodes)


SHELF = Shelf(MOST_NODES, _weight)
