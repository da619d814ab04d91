"""What the reader makes of an answer that its LaTeX process would never give."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from blueprint.answers import parsed
from blueprint.draft import Failure, Limits
from blueprint.graph import Place

PLACE: dict[str, Any] = {"file": "blueprint/src/web.tex", "line": 3, "column": 1}
LEMMA = {"key": 0, "kind": "lemma", "place": PLACE, "source": "", "html": ""}
NOTE = {"command": "uses", "argument": "a", "place": PLACE, "owner": 0, "direct": True}
HONEST = {
    "draft": {
        "environments": [LEMMA],
        "notes": [NOTE],
        "labels": [{"name": "a", "place": PLACE, "owner": 0, "direct": True}],
        "kinds": ["lemma"],
        "remarks": [{"code": "not-utf8", "severity": "warning", "message": "m", "hint": "", "place": None}],
    }
}
Change = Callable[[dict[str, Any]], object]

CHANGES: dict[str, Change] = {
    "a key that is no position": lambda draft: draft["environments"][0].update(key=5),
    "an owner that is none": lambda draft: draft["notes"][0].update(owner=1),
    "an owner before the first": lambda draft: draft["labels"][0].update(owner=-1),
    "a proof of what is not there": lambda draft: draft["environments"][0].update(follows=9),
    "a place outside": lambda draft: draft["labels"][0].update(place=PLACE | {"file": "../secret"}),
    "a place at the root": lambda draft: draft["labels"][0].update(place=PLACE | {"file": "/etc/passwd"}),
    "a place with an escape": lambda draft: draft["labels"][0].update(place=PLACE | {"file": "a\x1b[2Jb"}),
    "a line before the first": lambda draft: draft["notes"][0].update(place=PLACE | {"line": 0}),
    "a line without end": lambda draft: draft["notes"][0].update(place=PLACE | {"line": 10**300}),
    "a column before the first": lambda draft: draft["notes"][0].update(place=PLACE | {"column": -1}),
    "a label of two lines": lambda draft: draft["labels"][0].update(name="a\nb"),
    "a label written backwards": lambda draft: draft["labels"][0].update(name="a\u202eb"),
    "a label without end": lambda draft: draft["labels"][0].update(name="a" * 100_000),
    "a number without end": lambda draft: draft["labels"][0].update(number="1" * 1000),
    "a kind of two lines": lambda draft: draft["environments"][0].update(kind="lemma\n"),
    "kinds without end": lambda draft: draft.update(kinds=["lemma"] * 100_000),
    "sections without end": lambda draft: draft["environments"][0].update(sections=[""] * 100_000),
    "a form without end": lambda draft: draft.update(wording={"formats": {"lemma": "#1" * 1000}}),
    "an unknown severity": lambda draft: draft["remarks"][0].update(severity="fatal"),
    "a message with a bell": lambda draft: draft["remarks"][0].update(message="\x07"),
    "text where a list belongs": lambda draft: draft.update(notes="uses"),
    "half a character": lambda draft: draft["environments"][0].update(html="\ud800"),
}


def changed(change: Change) -> bytes:
    answer = copy.deepcopy(HONEST)
    change(answer["draft"])
    return json.dumps(answer).encode()


def test_an_honest_answer_is_believed() -> None:
    answer = parsed(changed(lambda draft: None), Limits())
    assert answer.draft is not None
    assert answer.draft.labels[0].name == "a"


@pytest.mark.parametrize("what", CHANGES)
def test_an_answer_that_is_not_sound_is_refused_as_a_whole(what: str) -> None:
    answer = parsed(changed(CHANGES[what]), Limits())
    assert answer.draft is None
    assert answer.failure is not None
    assert answer.failure.reason == "crash"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[" * 1_000_000,
        b'{"draft":' * 1_000_000,
        b'{"draft":NaN}',
        b"\xff\xfe\x00",
        b'{"failure":{"reason":"latex","detail":"\\ud800"}}',
    ],
)
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    answer = parsed(data, Limits())
    assert answer.failure is not None
    assert answer.failure.reason == "crash"


def test_an_answer_that_is_too_long_is_not_looked_at() -> None:
    answer = parsed(b"[" * 101, Limits(output=100))
    assert answer.failure is not None
    assert answer.failure.reason == "output"


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("part", lambda draft: draft["environments"][0].update(html="<p>" * 400_000)),
        ("part", lambda draft: draft["environments"][0].update(source="x" * 1_000_001)),
        ("notes", lambda draft: draft.update(notes=[NOTE | {"argument": "a," * 800_000}] * 6)),
    ],
)
def test_what_would_grow_many_times_over_is_refused_with_its_place(reason: str, change: Change) -> None:
    """A tree of tags takes sixty times its text, a list of names forty times."""
    answer = parsed(changed(change), Limits())
    assert answer.draft is None
    assert answer.failure == Failure(reason, place=Place(**PLACE))
