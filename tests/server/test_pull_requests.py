"""Tasks follow pull requests, the same on every forge, and nobody else's claim moves by it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from server.service import hooks, members, reviewing
from server.store.people import ACCOUNT, LOGIN

from . import forge_payloads as payloads
from .forge_payloads import BEN, MONA, STRANGER, Change, later
from .forge_scene import Scene

CLOSES = Change(body="Closes task #8.")


@pytest.fixture(params=payloads.FORGES)
def scene(request, village, database, tmp_path):
    return Scene(village, database, tmp_path, request.param)


@pytest.fixture
def hub(village, database, tmp_path):
    return Scene(village, database, tmp_path)


def test_from_opened_to_merged(scene):
    scene.crew.claim(scene.crew.ana, "#8")
    scene.pull(CLOSES)
    assert scene.state(8) == "in review"
    assert scene.crew.task(8).links == (CLOSES.link(scene.forge),)
    scene.pull(later(CLOSES, 1), "asked", by=MONA)
    assert scene.state(8) == "awaiting author"
    scene.pull(later(CLOSES, 2), "synchronize")
    assert scene.state(8) == "awaiting author"
    scene.pull(later(CLOSES, 3), "review_requested")
    assert scene.state(8) == "in review"
    scene.pull(later(CLOSES, 4, state="merged"), "closed", by=MONA)
    assert (scene.state(8), scene.holders(8)) == ("in review", ["Ana"])
    assert "was merged" in scene.crew.notices(scene.crew.ana)[0]
    with scene.database.reading() as store:
        assert store.wanted_syncs.of_project(scene.project.id).asked == scene.now


def test_closed_and_opened_again(scene):
    scene.crew.claim(scene.crew.ana, "#8")
    scene.pull(CLOSES)
    scene.pull(later(CLOSES, 1, state="closed"), "closed", by=MONA)
    assert (scene.state(8), scene.crew.task(8).links, scene.holders(8)) == ("in progress", (), ["Ana"])
    scene.pull(later(CLOSES, 2), "reopened", by=MONA)
    assert scene.state(8) == "in review"


def test_a_draft_is_work_and_no_proposal(scene):
    scene.crew.claim(scene.crew.ana, "#8")
    draft = Change(body="Task: #8", draft=True)
    scene.pull(draft)
    assert (scene.state(8), scene.crew.task(8).links) == ("in progress", ())
    with scene.database.reading() as store:
        (task,) = store.tasks.by_ids(scene.known(draft).tasks).values()
    assert task.number == 8
    scene.pull(later(draft, 1, draft=False), "ready_for_review")
    assert scene.state(8) == "in review"
    scene.pull(later(draft, 2), "converted_to_draft")
    assert scene.state(8) == "awaiting author"


def test_who_writes_that_they_are_at_a_free_task_takes_it(scene):
    scene.pull(Change(body="Closes task #8"))
    assert (scene.state(8), scene.holders(8)) == ("in review", ["Ana"])


def test_checks_are_noted_and_end_no_claim(scene):
    scene.crew.claim(scene.crew.ana, "#8")
    scene.pull(CLOSES)
    scene.told(payloads.check(scene.forge, passed=False))
    assert scene.known(CLOSES).passes is False
    assert (scene.state(8), scene.holders(8)) == ("in review", ["Ana"])
    scene.told(payloads.check(scene.forge, passed=True))
    assert scene.known(CLOSES).passes is True
    scene.pull(later(CLOSES, 1, sha=payloads.OTHER_SHA), "synchronize")
    assert scene.known(CLOSES).passes is None


def test_the_page_of_the_node_shows_what_the_forge_told(hub):
    hub.pull(CLOSES)
    page = f"/p/{hub.project.slug}/nodes/thm:d"
    assert "pull/34</a> is open</p>" in hub.client.get(page).text
    hub.told(payloads.check("github", passed=False))
    assert "pull/34</a> is open; a check failed</p>" in hub.client.get(page).text
    hub.pull(later(CLOSES, 1, state="merged"), "closed")
    hub.told(payloads.check("github", passed=True))
    assert "pull/34</a> is merged; all checks passed</p>" in hub.client.get(page).text


def test_a_push_to_the_default_branch_asks_for_a_sync(scene):
    for other in (payloads.push(scene.forge, "side"), payloads.push(scene.forge, sha=payloads.ZERO)):
        scene.told(other)
    with scene.database.reading() as store:
        assert store.wanted_syncs.every() == ()
    scene.told(payloads.push(scene.forge))
    with scene.database.reading() as store:
        assert [wanted.project_id for wanted in store.wanted_syncs.every()] == [scene.project.id]


@pytest.mark.parametrize(
    "change",
    [
        Change(title="Prove thm:d"),
        Change(title="feat(`d`): done"),
        Change(branch="task-8-even"),
        Change(branch="claim/8"),
        Change(branch="ana/8-even-case"),
        Change(branch="thm-d"),
        Change(body="Some words\n\nresolves task #8"),
        Change(title="For task #8"),
    ],
)
def test_ways_to_name_a_task_that_one_holds(hub, change):
    hub.crew.claim(hub.crew.ana, "#8")
    hub.pull(change)
    assert hub.state(8) == "in review"


@pytest.mark.parametrize(
    "change",
    [
        Change(title="Prove thm:d"),
        Change(title="Prove d"),
        Change(branch="8-even-case"),
        Change(branch="thm-d"),
        Change(body="Closes #8"),
        Change(body="Fixes #8, see #8"),
        Change(body="<!-- Closes task #8 -->"),
        Change(body="> Closes task #8"),
        Change(body="```\nTask: #8\n```"),
        Change(body="Closes task #80000"),
        Change(body="Closes task #8", author=STRANGER),
    ],
)
def test_what_is_unsure_moves_nobodys_claim(hub, change):
    hub.pull(change)
    assert (hub.state(8), hub.holders(8)) == ("open", [])


@pytest.mark.parametrize("author", [BEN, STRANGER])
def test_what_somebody_else_opens_is_noted_and_told(hub, author):
    hub.crew.claim(hub.crew.ana, "#8")
    change = Change(body="Closes task #8", author=author)
    hub.pull(change)
    assert (hub.state(8), hub.holders(8)) == ("claimed", ["Ana"])
    assert hub.known(change).tasks != ()
    assert "which you hold" in hub.crew.notices(hub.crew.ana)[0]


def test_a_login_that_a_maintainer_told_counts_until_a_number_is_proved(village, database, tmp_path):
    hub = Scene(village, database, tmp_path, known=False)
    hub.pull(CLOSES)
    assert hub.holders(8) == []
    with database.begin() as store:
        login = f"https://github.com#{payloads.LOGINS[payloads.ANA]}"
        store.people.link(hub.crew.ana.id, LOGIN, login, hub.now)
    hub.pull(Change(body="Closes task #4", number=35))
    assert hub.holders(4) == ["Ana"]
    with database.begin() as store:
        store.people.link(hub.crew.ana.id, ACCOUNT, payloads.account("github", 7), hub.now)
    hub.pull(Change(body="Closes task #9", number=36))
    assert hub.holders(9) == []


@pytest.mark.parametrize("login", ["https://codeberg.org#{}", "#{}", "{}"])
def test_a_login_on_another_forge_is_somebody_elses(village, database, tmp_path, login):
    hub = Scene(village, database, tmp_path, known=False)
    with database.begin() as store:
        store.people.link(hub.crew.ana.id, LOGIN, login.format(payloads.LOGINS[payloads.ANA]), hub.now)
    hub.pull(CLOSES)
    assert hub.holders(8) == []


def test_where_no_forge_is_known_nobody_acts_by_what_one_says(village, database, tmp_path):
    hub = Scene(village, database, tmp_path)
    with database.begin() as store:
        store.projects.describe(hub.project.id, "The Village", None)
    hub.pull(CLOSES)
    assert (hub.holders(8), hub.known(CLOSES).standing) == ([], "open")


def test_a_verdict_may_come_before_its_pull_request(scene):
    scene.told(payloads.check(scene.forge, passed=False))
    scene.pull(CLOSES)
    assert scene.known(CLOSES).passes is False


def test_of_verdicts_the_newest_counts_however_they_come(hub):
    hub.pull(CLOSES)
    old, new = payloads.check("github", passed=False), payloads.check("github", passed=True)
    old.payload["check_run"]["completed_at"] = "2026-03-02T10:00:00Z"
    new.payload["check_run"]["completed_at"] = "2026-03-02T10:05:00Z"
    hub.told(new)
    hub.told(old)
    assert hub.known(CLOSES).passes is True


def test_of_one_second_what_came_later_counts(scene):
    """A closing that could be worked off at once, and an opening that could not, and was tried later."""
    scene.crew.claim(scene.crew.ana, "#8")
    scene.post(payloads.pull_request(scene.forge, CLOSES))
    with scene.database.begin() as store:
        late = store.deliveries.take(scene.now)
        store.deliveries.put_off(late.id, scene.now + timedelta(minutes=5), "It failed.")
    scene.pull(replace(CLOSES, state="closed"), "closed", by=MONA)
    scene.now += timedelta(minutes=6)
    scene.work()
    assert scene.known(CLOSES).standing == "closed"


def test_on_a_forge_of_ones_own_a_number_and_an_address_are_one_proposal(village, database, tmp_path):
    hub = Scene(village, database, tmp_path, "forgejo")
    own = "https://git.example.org/village/halls"
    with database.begin() as store:
        store.projects.describe(hub.project.id, "The Village", own)
        hub.crew.project = store.projects.by_slug(hub.project.slug)
    hub.crew.claim(hub.crew.ana, "#8")
    hub.crew.do(reviewing.propose, hub.crew.ana, "#8", "#34")
    told = payloads.pull_request("forgejo", replace(CLOSES, state="closed"), "closed")
    moved = json.loads(told.body.replace(payloads.BASE["forgejo"].encode(), own.encode()))
    assert hub.crew.task(8).links == (f"{own}/pulls/34",)
    hub.told(payloads.Delivery(told.event, moved))
    assert (hub.state(8), hub.crew.task(8).links) == ("in progress", ())


def test_an_address_that_was_proposed_before_is_known(hub):
    hub.crew.claim(hub.crew.ana, "#8")
    change = Change(author=STRANGER)
    hub.crew.do(reviewing.propose, hub.crew.ana, "#8", change.link("github"))
    hub.pull(later(change, 1, state="closed"), "closed", by=STRANGER)
    assert (hub.state(8), hub.holders(8)) == ("in progress", ["Ana"])


@pytest.mark.parametrize(
    ("by", "after"), [(MONA, "awaiting author"), (BEN, "awaiting author"), (STRANGER, "in review")]
)
def test_whose_review_counts(hub, by, after):
    """A maintainer's; that of somebody whom the forge calls a member; not that of anybody."""
    hub.crew.claim(hub.crew.ana, "#8")
    hub.pull(CLOSES)
    hub.pull(later(CLOSES, 1), "asked", by=by)
    assert hub.state(8) == after


def test_what_comes_too_late_changes_nothing(hub):
    hub.crew.claim(hub.crew.ana, "#8")
    hub.pull(later(CLOSES, 9, state="merged"), "closed", by=MONA)
    hub.pull(CLOSES)
    hub.pull(later(CLOSES, 10), "edited")
    assert (hub.state(8), hub.known(CLOSES).standing) == ("claimed", "merged")


def test_closed_before_opened(hub):
    hub.crew.claim(hub.crew.ana, "#8")
    hub.pull(later(CLOSES, 5, state="closed"), "closed")
    hub.pull(CLOSES)
    assert (hub.state(8), hub.crew.task(8).links) == ("claimed", ())


def test_another_repository_of_the_same_owner_is_none_of_ours(hub):
    delivery = payloads.pull_request("github", CLOSES)
    delivery.payload["repository"]["html_url"] = "https://github.com/village/towers"
    hub.told(delivery)
    assert (hub.known(CLOSES), hub.state(8)) == (None, "open")


def test_a_task_that_was_named_later_is_proposed_then(hub):
    hub.crew.claim(hub.crew.ana, "#8")
    hub.pull(Change())
    assert hub.state(8) == "claimed"
    hub.pull(later(CLOSES, 1), "edited")
    assert hub.state(8) == "in review"


def test_what_one_takes_back_by_hand_stays_so(hub):
    hub.crew.claim(hub.crew.ana, "#8")
    hub.pull(CLOSES)
    hub.crew.do(reviewing.withdraw, hub.crew.ana, "#8")
    hub.pull(later(CLOSES, 1), "labeled")
    assert hub.state(8) == "in progress"


def test_a_push_renews_the_claim(hub):
    hub.crew.claim(hub.crew.ana, "#8")
    hub.pull(CLOSES)
    hub.pull(later(CLOSES, 1), "asked", by=MONA)
    before = hub.crew.task(8, hub.now).claims[0].expires
    hub.now += timedelta(days=5)
    hub.pull(later(CLOSES, 60), "synchronize")
    assert hub.crew.task(8, hub.now).claims[0].expires > before + timedelta(days=1)


def test_a_push_to_a_draft_does_too(hub):
    hub.crew.claim(hub.crew.ana, "#8")
    draft = Change(body="Task: #8", draft=True)
    hub.pull(draft)
    hub.now += timedelta(days=5)
    hub.pull(later(draft, 60), "synchronize")
    assert hub.crew.task(8, hub.now).claims[0].expires == hub.now + timedelta(days=7)


def test_in_a_private_project_others_do_nothing_and_hear_nothing(hub):
    hub.crew.claim(hub.crew.ana, "#8")
    with hub.database.begin() as store:
        members.close(store, hub.project, None, private=True, now=hub.now)
        hooks.hear_comments(store, hub.project, True, hub.now)
    hub.pull(CLOSES)
    hub.pull(Change(body="Closes task #4", number=35, author=BEN))
    hub.told(payloads.comment("github", "claim", BEN, body="Task: #4"))
    assert (hub.state(8), hub.state(4)) == ("in review", "open")
    with hub.database.reading() as store:
        assert store.notices.of(hub.crew.ben.id) == ()


def test_over_the_cap_the_author_hears_why(hub):
    hub.crew.claim(hub.crew.ben, "#8")
    hub.pull(Change(body="Closes task #4", author=BEN))
    assert (hub.state(4), hub.holders(4)) == ("open", [])
    assert "nothing came of it" in hub.crew.notices(hub.crew.ben)[0]
