"""What one can ask about a project and its people: who, unblocks, status, report, name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.service import contributions, people
from server.service.contributions import Assertion
from server.work.permissions import Role

from .fake_zulip import alerts_in
from .talking import Talk

DAY = timedelta(days=1)


@pytest.fixture
def asking(village, any_database):
    return Talk(village, any_database)


def test_who_holds_worked_reviewed_and_can_help(asking):
    crew = asking.crew
    assert asking.say(crew.cleo, "who thm:f").text == (
        "Theorem f (`thm:f`):\n* Nobody has held it or worked on it yet.\n* Could help: Mona."
    )
    crew.claim(crew.cleo, "thm:b")
    said = Assertion("Ben", "review", ("https://x.example/1",), "thm:b")
    entry = crew.do(contributions.add, crew.mona, said).credit
    crew.do(contributions.confirm, crew.ben, entry.id)
    told = asking.say(crew.ben, "who thm:b").text.splitlines()
    assert told[1].startswith("* **#4** prove Theorem b (`thm:b`): held by Cleo until ")
    assert told[2:] == ["* Worked on it: Ana.", "* Reviewed it: Ben.", "* Could help: Mona."]
    assert "* Worked on it: Ana." in asking.say(crew.ben, "who thm:a").text


def test_who_names_nobody_who_wants_not_to_be_named_as_a_helper(asking):
    asking.say(asking.crew.ana, "name hidden")
    told = asking.say(asking.crew.cleo, "who thm:b").text
    assert "Ana" not in told
    assert told.endswith("* Could help: Mona.")


def test_unblocks_says_what_can_begin_and_what_it_leads_to(asking):
    crew = asking.crew
    assert asking.say(crew.ben, "unblocks thm:e").text == (
        "1 node not verified yet stands on Theorem e (`thm:e`).\n"
        "Once it is done:\n"
        "* Theorem c (`thm:c`) can be proved.\n"
        "It leads to Theorem c (`thm:c`)."
    )
    assert "Once it is done, nothing can begin at once" in asking.say(crew.ben, "unblocks thm:b").text
    assert asking.say(crew.ben, "unblocks thm:d").text.startswith("Nothing waits for Theorem d (`thm:d`)")


def test_status_is_five_lines(asking):
    asking.finish("d")
    crew = asking.crew
    lines = asking.say(crew.ben, "status", crew.now + 2 * DAY).text.splitlines()
    assert len(lines) == 5
    assert lines[0] == "**The Village**: 2 of 6 nodes verified (33 %). https://pages.example/p/village/"
    assert lines[1].startswith("* Tasks: ")
    assert lines[2] == "* Goals: 0 of 1 reached; ahead: Theorem c (`thm:c`)."
    assert lines[3].startswith("* Drift: ")
    assert lines[4] == "* This week: 1 node verified."


def test_report_says_who_did_what_and_where_to_read_more(asking):
    asking.finish("d")
    crew = asking.crew
    told = asking.say(crew.ben, "report", crew.now + 2 * DAY).text.splitlines()
    assert told[0] == "**The Village**, the last 7 days: 1 node verified."
    assert told[1].startswith("* Theorem d, by Ben")
    assert told[-1] == "All of it: https://pages.example/p/village/report"
    late = asking.say(crew.ben, "report", crew.now + 20 * DAY).text
    assert late.startswith("**The Village**, the last 7 days: nothing was verified.")
    assert "1 node verified" in asking.say(crew.ben, "report month", crew.now + 20 * DAY).text


def test_a_name_is_chosen_and_told(asking):
    ben = asking.crew.ben
    assert asking.say(ben, "name").text == (
        "Others see you as Ben, your own name; `name real`, `name pseudonym NAME` or `name hidden` changes "
        "that."
    )
    assert asking.say(ben, "name pseudonym Emmy N.").text.startswith("Others see you as Emmy N. from now on")
    assert asking.say(ben, "name", conversation="1/tea").private
    assert "Say which pseudonym" in asking.say(ben, "name pseudonym").text
    assert "Somebody here is called ana already" in asking.say(ben, "name pseudonym ana").text
    assert asking.say(ben, "name hidden").acted
    assert "a number, with your name hidden" in asking.say(ben, "name").text
    assert "what its form says" in asking.say(ben, "name whatever").text


def test_a_hostile_name_alerts_nobody(asking):
    crew = asking.crew
    with crew.database.begin() as store:
        eve = people.add(store, "@**all** [x](https://evil.example)", Role.CONTRIBUTOR, crew.now)
    crew.claim(eve, "thm:b")
    for text in ("who thm:b", "status", "report", "unblocks thm:b", "name"):
        assert alerts_in(asking.say(eve, text).text) == ()
