"""Real blueprints, edited at random: what is sure is right, and hardly anything is missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from blueprint.reader import read
from lean_project.renames import Identity, identities, match

from ..bench.mutations import trial  # noqa: TID252 - tests are no installed package

BLUEPRINTS = (Path(__file__).parents[2].parent / "shared/blueprints").resolve()
NAMES = ("FormalBook", "flt-regular", "sphere-eversion")

pytestmark = pytest.mark.skipif(
    not BLUEPRINTS.is_dir(), reason="the folder `shared` is not beside the repository"
)


@pytest.fixture(scope="module")
def blueprints() -> dict[str, tuple[Identity, ...]]:
    folders = [BLUEPRINTS / name for name in NAMES]
    return {folder.name: identities(read(folder / "blueprint/src/web.tex", folder)) for folder in folders}


@pytest.mark.parametrize("name", NAMES)
def test_what_was_not_touched_raises_no_question(blueprints, name):
    found = match(blueprints[name], reversed(blueprints[name]))
    assert {(pair.old, pair.new) for pair in found.sure} == {(n.label, n.label) for n in blueprints[name]}
    assert (found.unsure, found.parts) == ((), ())


@pytest.mark.parametrize("leans", [1.0, 0.5, 0.0])
@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_nothing_is_guessed_and_hardly_anything_missed(blueprints, rate, leans):
    tally = trial(blueprints, 6, rate, leans)
    assert tally.wrong == []
    nodes = sum(part.total() for part in (tally.sure, tally.asked, tally.missed))
    assert tally.missed.total() < nodes / 50
