"""What somebody wants to see of a graph: a value, and the query of the address that shows it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from dashboards.legend import LEGEND

LONGEST = 300  # characters of any word in an address
LARGEST_NUMBER = 2**31 - 1

UP, DOWN, BOTH = "up", "down", "both"
BY_CHAPTER, TOGETHER = "chapter", "none"


@dataclass(frozen=True, slots=True)
class Query:
    """A view of the graph. What is empty restricts nothing.

    `q` is looked for in captions, ids and Lean names; `status` holds keys of the legend; `person` has a claim
    or credit there; `tag` is on a task; `ready` leaves what can be taken. `focus` draws one node only with
    what it rests on (`way` is up), what rests on it (down), or both; `goal` draws what it rests on, with the
    critical path to it. `node` is the one that is looked at. `group` is chapter or none; `every` draws
    implied edges too; `at` is a commit, in whose colours all is shown.
    """

    q: str = ""
    status: tuple[str, ...] = ()
    chapter: str = ""
    person: int | None = None
    tag: str = ""
    ready: bool = False
    focus: str = ""
    way: str = BOTH
    goal: str = ""
    node: str = ""
    group: str = ""
    every: bool = False
    at: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it leaves out nodes of those that are drawn."""
        return bool(
            self.q or self.status or self.chapter or self.person is not None or self.tag or self.ready
        )

    @property
    def is_part(self) -> bool:
        """Whether it names a node around which alone is drawn."""
        return bool(self.focus or self.goal)

    def drawing(self) -> Query:
        """The part that says what is drawn, and where; the rest changes only how it looks."""
        return Query(focus=self.focus, way=self.way, goal=self.goal, group=self.group, every=self.every)

    def but(self, **changes: object) -> Query:
        return replace(self, **changes)  # type: ignore[arg-type]

    def address(self) -> str:
        """`?q=prime&ready=1`, or nothing. `parse` understands it."""
        pairs = [pair for field in fields(self) for pair in self._pairs(field.name, field.default)]
        return f"?{urlencode(pairs)}" if pairs else ""

    def _pairs(self, name: str, default: object) -> list[tuple[str, str]]:
        value = getattr(self, name)
        if value == default:
            return []
        values = value if isinstance(value, tuple) else (value,)
        return [(name, "1" if one is True else str(one)) for one in values]


WHOLE = Query()


def parse(arguments: Mapping[str, Sequence[str]]) -> Query:
    """From the query of an address, which anybody may have written: what makes no sense is not there."""

    def word(name: str) -> str:
        return next(iter(arguments.get(name, ())), "").strip()[:LONGEST]

    asked = set(arguments.get("status", ()))
    keys = tuple(entry.key for entry in LEGEND if entry.key in asked)
    return Query(
        q=word("q"),
        status=() if len(keys) == len(LEGEND) else keys,
        chapter=word("chapter"),
        person=_number(word("person")),
        tag=word("tag"),
        ready=bool(word("ready")),
        focus=word("focus"),
        way=_one_of(word("way"), (UP, DOWN), BOTH),
        goal=word("goal"),
        node=word("node"),
        group=_one_of(word("group"), (BY_CHAPTER, TOGETHER), ""),
        every=bool(word("every")),
        at=word("at"),
    )


def _number(text: str) -> int | None:
    digits = text.isascii() and text.isdecimal() and len(text) < 11
    return min(int(text), LARGEST_NUMBER) if digits else None


def _one_of(text: str, known: Sequence[str], default: str) -> str:
    return text if text in known else default
