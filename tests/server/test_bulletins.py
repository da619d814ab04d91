"""What the bot says unasked: whatever stands in it, nobody is alerted but those who must act."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings

from dashboards.progress import Tally
from dashboards.snapshot import EventView
from lean_project.status import Formal
from server import bulletins
from server.records.mail import Notice, PostKind
from server.records.people import Person
from server.service.digests import Digest, Ending, Section
from server.service.letters import Called, Letter, Line, Place
from server.service.posts import Day, Landed, Reached

from .fake_zulip import alerts_in
from .test_replies import hostile

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TALLY = Tally({Formal.VERIFIED: 3, Formal.SORRY: 1})
TOPIC = Place("stream", "villages", "thm:a")


@settings(deadline=None)
@given(hostile, hostile)
def test_nobody_is_alerted_by_foreign_text(one: str, two: str) -> None:
    section = Section(
        one,
        (Notice(1, "p", NOW, "x", None, two, read=False),),
        (EventView(NOW, "verified", one, None, None, one),),
        (Ending(two, NOW),),
        TALLY,
    )
    landed = Landed(one, two, (one, two)), Landed(two, one, (), lost=True)
    said = [
        bulletins.letter(Letter("k", Place("direct", "2"), (Line(one), Line(two)), 3)),
        bulletins.letter(Letter("k", TOPIC, (Line(one, (Called("2", alert=False),)),))),
        bulletins.digest(Digest("k", "2", Person(1, one), (section, section))),
        bulletins.day(Day("2026-03-02", landed, TALLY)),
        *(bulletins.milestone(Reached(kind, one, TALLY)) for kind in PostKind if kind is not PostKind.DAY),
    ]
    for text in said:
        assert alerts_in(text) == ()
        text.encode()


def test_who_must_act_is_alerted_by_number_and_others_are_not() -> None:
    called = Called("2", alert=True), Called("3", alert=False)
    text = bulletins.letter(Letter("k", TOPIC, (Line("Look.", called),)))
    assert text == "@**|2**, @_**|3**: Look."
    assert alerts_in(text) == ("@**|2**",)
