"""What a message to the project does, and what stays of one that is refused."""

from __future__ import annotations

import pytest

from .talking import Talk


@pytest.fixture
def talk(village, any_database):
    return Talk(village, any_database)


def test_of_a_command_that_is_refused_half_way_nothing_stays(talk):
    crew = talk.crew
    talk.say(crew.mona, "claim #4")
    refused = talk.say(crew.mona, "propose #4 https://forge.example/pull/3 agent")
    assert (refused.ok, refused.text) == (False, "Work made as `agent` names its tools; say which.")
    assert crew.task(4).links == ()
    assert talk.say(crew.mona, "propose #4 https://forge.example/pull/3 agent with Copilot").ok
    assert crew.task(4).links == ("https://forge.example/pull/3",)
