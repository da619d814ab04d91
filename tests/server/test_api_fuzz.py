"""Schemathesis finds no fault in the API, and no answer that its description does not have."""

from __future__ import annotations

import pytest

from ..fuzz.api import PHASES, campaign  # noqa: TID252 - tests are no installed package

# Everything is tried by one who may write; how others are answered needs less.
LESS = ("fuzzing", "stateful")


@pytest.mark.parametrize(
    ("who", "phases", "project"),
    [
        ("anonymous", LESS, "num"),
        ("reader", LESS, "num"),
        ("writer", PHASES, "num"),
        ("maintainer", LESS, "num"),
        ("writer", ("fuzzing",), None),
    ],
)
def test_nothing_is_wrong(who: str, phases: tuple[str, ...], project: str | None) -> None:
    found = campaign(who, examples=2, seed=1, project=project, phases=phases)
    assert found.wrong == {}
    assert len(found.asked) == found.described
    assert {name: found.phases[name] for name in phases if name != "examples"} == {
        name: "success" for name in phases if name != "examples"
    }
    assert max(found.statuses) < 500
    assert found.statuses[200] > 0
