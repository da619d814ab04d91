"""Values of any type of ours whose words mean harm: mentions, links, fences, directions, in every mixture."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import Enum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from blueprint.graph import Node
from dashboards.snapshot import ClaimView, TaskView
from server.work.leases import Size
from server.work.tasks import State

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MENTIONS = (
    "@**all**", "@**everyone**", "@**channel**", "@**topic**", "@**Ada**", "@**Ada|9**", "@**|9**",
    "@_**Ada|9**", "@*crew*", "@_*crew*", "@ **all**", "@**all", "all**", "@", "**", "|9**",
)  # fmt: skip
LINKS = (
    "https://evil.example/x", "http://evil.example", "[here](https://evil.example)", "](", "[", ")", "![x](",
    "<https://evil.example>", "evil.com", "www.evil.org", "ada@evil.org", "mailto:ada@evil.org", "//evil.com",
    "#**general**", "#**general>topic**", "#**general>topic@7**", "<time:2026-01-01T00:00:00Z>", "://", "#",
    "javascript:alert(1)", "[x]: https://evil.example",
)  # fmt: skip
FENCES = tuple(
    f"{mark * length}{info}"
    for mark, lengths in (("`", (1, 2, 3, 4, 5, 6, 19, 20, 25)), ("~", (3, 4, 25)))
    for length in lengths
    for info in ("", "spoiler x", "quote", "math", "lean", " text")
)
UNSEEN = (
    "\u202e", "\u202d", "\u202a", "\u202b", "\u202c", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e",
    "\u200f", "\u061c", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\x00", "\x07",
    "\x1b[31m", "\ud800", "\U000e0041", "\ue000", "\ufff9",
)  # fmt: skip
SPACES = ("\n", "\n\n", "\r", "\t", " ", "\u2028", "\u2029", "\x85", "\x0b", "\u00a0", "\u3000")
STARTS = ("/me ", "/poll lunch\n", "/todo", "> ", "# ", "- ", "* ", "1. ", "---", "| a |\n|---|", "***", "~~")
TEX = (
    "$", "$$", "\\(", "\\)", "\\[", "\\]", "\\", "\\begin{align}", "\\end{align}", "\\begin{equation*}",
    "\\end{equation*}", "\\emph{", "}", "{", "%", "\\href{https://evil.example}{x}", "\\url{evil.com}", "_",
    "^", "\\label{@**all**}", "\\text{@**all**}", "$@**all**$", "\\[ ``` \\]", "~",
)  # fmt: skip
WORDS = (
    "Ada",
    "lem:hall",
    "x",
    "é",
    "ק",
    "theorem hall : 1 = 1 := by",
    "sorry -- @**all**",
    "Co-authored-by:",
)
TEXT = st.one_of(
    st.lists(
        st.sampled_from((*MENTIONS, *LINKS, *FENCES, *UNSEEN, *SPACES, *STARTS, *TEX, *WORDS)), max_size=10
    ).map("".join),
    st.text(max_size=40),
)
_PLAIN: Mapping[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(0, 999),
    float: st.floats(0, 1e6),
    bool: st.booleans(),
    type(None): st.none(),
    datetime: st.just(NOW),
    date: st.just(NOW.date()),
    timedelta: st.just(timedelta(days=5)),
    tzinfo: st.sampled_from((UTC, ZoneInfo("Europe/Paris"))),
}


ACCOUNT = "424242"  # whom the bot itself may mention, by number alone; no hostile text knows it
OWN_MENTIONS = (f"@**|{ACCOUNT}**", f"@_**|{ACCOUNT}**")
# Words of our own in fields that are only text, because the database holds them to it.
_OWN = {
    "TaskView.kind": st.sampled_from(("state", "prove", "define", "write", "split", "review", "piece")),
    "TaskView.state": st.sampled_from(State),
    "TaskView.size": st.sampled_from(Size),
    "CreditView.status": st.sampled_from(("proposed", "confirmed", "refused", "disputed", "corrected")),
    "Called.zulip_id": st.just(ACCOUNT),
    "Company.tasks": st.deferred(lambda: st.tuples(_held())),
    "Opened.ready": st.deferred(
        lambda: st.tuples(st.tuples(st.sampled_from(("state", "define", "prove")), of(Node)))
    ),
    "Standing.slug": st.just("halls"),
    "Day.date": st.just("2026-03-02"),
    "Person.zone": st.sampled_from(("UTC", "Europe/Paris")),
}


def calls(function: Callable[..., Any], ours: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """What the function gives when it is called with values for every parameter; `ours` are not foreign."""
    hints = typing.get_type_hints(function)
    del hints["return"]
    return st.builds(
        function, **{name: ours[name] if name in ours else of(hint) for name, hint in hints.items()}
    )


def of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type, hostile wherever it holds text. `TypeError` where nobody said how to make them."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*map(of, arguments))
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if origin is tuple and (len(arguments) != 2 or arguments[1] is not ...):
        return st.tuples(*map(of, arguments))
    if origin in (tuple, frozenset):
        return st.lists(of(arguments[0]), max_size=2).map(origin)
    if origin in (list, Sequence, Iterable):
        return st.lists(of(arguments[0]), max_size=2)
    if origin in (dict, Mapping):
        return st.dictionaries(of(arguments[0]), of(arguments[1]), max_size=2)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if isinstance(hint, type) and issubclass(hint, Exception):
        made = typing.get_type_hints(hint.__init__) if "__init__" in vars(hint) else {}
        fields = {name: of(each) for name, each in made.items() if name != "return"}
        return st.builds(hint, **fields) if fields else TEXT.map(hint)
    if dataclasses.is_dataclass(hint):
        return _records(hint)
    raise TypeError(f"how are values of {hint} made?")


@cache
def _records(kind: Any) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind)
    names = [each.name for each in dataclasses.fields(kind) if each.init]
    own = {name: _OWN.get(f"{kind.__name__}.{name}") for name in names}
    return st.deferred(
        lambda: st.builds(
            kind, **{name: of(hints[name]) if own[name] is None else own[name] for name in names}
        )
    )


def _held() -> st.SearchStrategy[TaskView]:
    return st.builds(replace, of(TaskView), claims=st.tuples(of(ClaimView)))
