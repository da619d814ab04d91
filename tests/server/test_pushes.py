"""Branches that name a task: who pushes to one is at work, once for each commit."""

from __future__ import annotations

import subprocess
from datetime import timedelta

import pytest

from server.sync import sync

DAY = timedelta(days=1)


def push(crew, branch, email, days, ref="refs/heads"):
    """A commit on a branch, made so many days after the beginning."""
    date = f"{int((crew.now + days * DAY).timestamp())} +0000"
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _who(email, date)}

    def git(*words):
        command = ["git", "-C", crew.village.folder, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=who).stdout.strip()

    made = git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "Half of it")
    git("update-ref", f"{ref}/{branch}", made)


def _who(email, date):
    return (("NAME", "Somebody"), ("EMAIL", email), ("DATE", date))


def seen(crew, days):
    sync(crew.database, crew.village.folder, crew.now + days * DAY)
    task = crew.task(8, crew.now + days * DAY)
    return task.state, [claim.expires - crew.now for claim in task.claims]


@pytest.mark.parametrize("ref", ["refs/heads", "refs/remotes/origin"])
def test_a_push_renews_from_its_commit_on_and_only_once(crew, ref):
    crew.claim(crew.ana, "#8")
    push(crew, "claim/8-even-case", "Ana@example.org", 5, ref)
    for days in (6, 8):
        assert seen(crew, days) == ("in progress", [12 * DAY])
    [event] = [event for event in crew.snapshot().events if event.kind == "progressed"]
    assert event.text.startswith("worked on #8 “prove Theorem d”: pushed ")
    assert event.text.endswith(" to claim/8-even-case")
    push(crew, "claim/8", "ana@example.org", 9, ref)
    assert seen(crew, 9) == ("in progress", [16 * DAY])


@pytest.mark.parametrize(
    ("branch", "email", "days"),
    [
        ("claim/8", "ben@example.org", 5),
        ("claim/4", "ana@example.org", 5),
        ("claim/99", "ana@example.org", 5),
        ("claim/8x", "ana@example.org", 5),
        ("8", "ana@example.org", 5),
        ("claim/8", "ana@example.org", -1),
        ("claim/8", "ana@example.org", 500),
    ],
)
def test_what_is_nobodys_work_on_the_task_renews_nothing(crew, branch, email, days):
    """Somebody else's, another task's, from before the claim, from the future."""
    crew.claim(crew.ana, "#8")
    push(crew, branch, email, days)
    assert seen(crew, 6) == ("claimed", [7 * DAY])


def test_a_sync_that_brings_work_in_notes_pushes_as_well(crew):
    crew.claim(crew.ana, "#8")
    village = crew.village
    proofs = (f"theorem {name} : X := {'rfl' if name == 'b' else 'sorry'}" for name in "bcd")
    village.commit(village.ana, crew.nodes, "theorem a : A := by simp", *proofs)
    push(crew, "claim/8", "ana@example.org", 5)
    assert seen(crew, 6) == ("in progress", [12 * DAY])
    assert crew.task(4).state == "verified"
