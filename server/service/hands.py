"""Who did formal work on which node of a project, and who helps there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from blueprint.identity import Same
from dashboards.snapshot import CreditView, PersonView
from server.service.present import Present, keeps
from server.work.kinds import FORMAL_KINDS
from server.work.suggestions import Helper


def hands_of(found: Present) -> Hands:
    """Worked out once for all who ask, until there is new credit."""
    return _hands(Same(found.snapshot.contributions), _silent(Same(found.everybody)))


def hosts(found: Present) -> tuple[Helper, ...]:
    """The maintainers who let their name be shown: they know their way around."""
    return _hosts(Same(found.everybody))


@dataclass(frozen=True, slots=True)
class Hands:
    """Who did formal work on what: the nodes of each, and who lets their name be shown, by node."""

    nodes: Mapping[int, frozenset[str]]
    helpers: Mapping[str, Sequence[Helper]]


@lru_cache(maxsize=16)
def _hands(contributions: Same[tuple[CreditView, ...]], silent: frozenset[int]) -> Hands:
    formal = frozenset(FORMAL_KINDS.values())
    pairs = {
        (one.person_id, one.node, one.person_name)
        for one in contributions.value
        if one.kind in formal and one.node
    }
    nodes, helpers = defaultdict(set), defaultdict(list)
    for person_id, node, name in sorted(pairs):
        nodes[person_id].add(node)
        if person_id not in silent:
            helpers[node].append(Helper(person_id, name))
    return Hands({person_id: frozenset(found) for person_id, found in nodes.items()}, helpers)


@lru_cache(maxsize=16)
def _hosts(everybody: Same[tuple[PersonView, ...]]) -> tuple[Helper, ...]:
    maintainers = (one for one in everybody.value if keeps(one) and one.named)
    return tuple(Helper(one.id, one.name) for one in maintainers)


@lru_cache(maxsize=16)
def _silent(everybody: Same[tuple[PersonView, ...]]) -> frozenset[int]:
    """Those who do not want to be named."""
    return frozenset(one.id for one in everybody.value if not one.named)
