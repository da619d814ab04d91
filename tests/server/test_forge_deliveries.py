"""What forges tell is taken in once and worked off once, whatever comes between; what cannot be, waits."""

from __future__ import annotations

import io
import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from blueprint.errors import UserError
from server import forge_work
from server.forge_work import work_off
from server.forges.events import Forge
from server.service import erasing, hooks
from server.service.visiting import Manners
from server.store import Database
from server.web_hooks import LARGEST

from . import forge_payloads as payloads
from .forge_payloads import Change, later
from .forge_scene import Scene
from .migrating import content

OPENED = Change(body="Closes task #8")


@pytest.fixture(params=payloads.FORGES)
def scene(request, village, database, tmp_path):
    return Scene(village, database, tmp_path, request.param)


@pytest.fixture
def hub(village, any_database, tmp_path):
    return Scene(village, any_database, tmp_path)


def opened(scene):
    return payloads.pull_request(scene.forge, OPENED)


def proposed(scene):
    return sum(event.kind == "proposed" for event in scene.crew.snapshot(scene.now).events)


def test_the_same_delivery_acts_once(scene):
    assert scene.post(opened(scene), "one").json == {"detail": "Taken in."}
    again = scene.post(opened(scene), "one")
    assert (again.status_code, again.json) == (202, {"detail": "This delivery was taken in before."})
    scene.work()
    scene.post(opened(scene), "one")
    scene.work()
    assert (scene.state(8), proposed(scene)) == ("in review", 1)


@pytest.mark.parametrize("forge", ["github", "forgejo", "gitea"])
def test_a_replay_under_another_number_is_the_same_delivery(village, database, tmp_path, forge):
    """The number is not signed there, so whoever saw a delivery could make one up."""
    scene = Scene(village, database, tmp_path, forge)
    scene.post(opened(scene), "one")
    assert "before" in scene.post(opened(scene), "two").json["detail"]


def test_it_is_known_for_a_month(hub):
    hub.told(opened(hub))
    hub.now += timedelta(days=29)
    hub.tend()
    assert "before" in hub.post(opened(hub), "delivery-1").json["detail"]
    hub.now += timedelta(days=2)
    hub.tend()
    assert hub.post(opened(hub), "delivery-1").json["detail"] == "Taken in."
    hub.work()
    assert proposed(hub) == 1


def test_an_event_that_nobody_needs_is_not_kept(scene):
    unknown = payloads.Delivery("ping", {"zen": "Anything added dilutes everything else.", "hook_id": 1})
    answer = scene.post(unknown)
    assert (answer.status_code, answer.json) == (202, {"detail": "Nothing follows from this event here."})
    with scene.database.reading() as store:
        assert store.deliveries.waiting(scene.project.id) == 0


class Raw:
    """A delivery with that very body."""

    def __init__(self, event, body):
        self.event, self.body = event, body


EVENTS = {
    "github": "pull_request",
    "gitlab": "Merge Request Hook",
    "forgejo": "pull_request",
    "gitea": "status",
}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b"{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"action": "opened", "pull_request": 7}',
        b'"\\ud800"',
        b"\xff\xfe",
        b'{"n": 1e999}',
    ],
)
def test_what_cannot_be_read_waits_for_a_maintainer(scene, body):
    assert scene.post(Raw(EVENTS[scene.forge], body)).status_code == 202
    scene.work()
    (dead,) = scene.dead()
    assert dead.why.startswith("The payload is not as documented")
    with scene.database.begin() as store:
        hooks.retry(store, scene.project, dead.id, scene.now)
    scene.work()
    assert len(scene.dead()) == 1


def test_too_much_is_refused_and_not_only_by_what_it_says(scene):
    huge = Raw(EVENTS[scene.forge], b" " * (LARGEST + 1))
    refused = scene.post(huge)
    assert (refused.status_code, "5 MB at most" in refused.json["detail"]) == (413, True)
    assert scene.client.post("/forge/nowhere/github", data=huge.body).status_code == 413
    most = Raw(EVENTS[scene.forge], b" " * LARGEST)
    assert scene.post(most).status_code == 202


def test_of_what_carries_no_signature_nothing_is_read(scene):
    class Unread(io.BytesIO):
        def read(self, *_):
            raise AssertionError("it was read")

        readinto = readline = read

    length = {"CONTENT_LENGTH": "100", "wsgi.input": Unread()}
    answer = scene.client.open(scene.address, method="POST", environ_overrides=length)
    assert answer.status_code == 404


def test_a_webhook_that_was_ended_while_its_delivery_came_is_not_believed(hub):
    delivery = opened(hub)
    sent = {name.lower(): value for name, value in payloads.headers("github", delivery, hub.secret).items()}
    with hub.database.begin() as store:
        hook = hooks.signer(store, hub.project.slug, Forge.GITHUB, sent, delivery.body, hub.now)
        hooks.end(store, hub.project, Forge.GITHUB, hub.now)
        assert hooks.take_in(store, hook, sent, delivery.body, hub.now) is None
        assert store.deliveries.waiting(hub.project.id) == 0


def test_gitlab_deliveries_of_one_chain_are_different_ones(village, database, tmp_path):
    """Webhooks that follow from one another have one event UUID."""
    lab = Scene(village, database, tmp_path, "gitlab")
    chain = {"X-Gitlab-Event-UUID": "one", "Idempotency-Key": None, "webhook-id": None}
    lab.post(opened(lab), **chain)
    second = lab.post(payloads.push("gitlab"), **chain)
    assert second.json == {"detail": "Taken in."}
    assert "before" in lab.post(payloads.push("gitlab"), **chain).json["detail"]


def test_a_form_is_refused_with_what_to_choose(hub):
    delivery = opened(hub)
    sent = payloads.headers("github", delivery, hub.secret)
    form = "application/x-www-form-urlencoded"
    answer = hub.client.post(hub.address, data=delivery.body, headers=sent, content_type=form)
    assert (answer.status_code, "application/json" in answer.json["detail"]) == (415, True)


def test_long_and_strange_texts_are_no_trouble(scene):
    scene.pull(Change(title="a" * 70_000, body="<!--" * 20_000 + "\n" * 70_000, branch="x/" * 30_000))
    scene.pull(Change(title="nul \0 `\0`", body="Task: #" + "9" * 30_000, branch="\0", number=35))
    assert scene.dead() == ()


def test_a_failure_is_tried_again_later_and_then_left_to_a_maintainer(hub, monkeypatch, tmp_path):
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    act = forge_work._act
    monkeypatch.setattr(forge_work, "_act", lambda *_: 1 / 0)
    hub.post(opened(hub))
    for _ in range(3):  # not before a minute has passed
        hub.work()
    with hub.database.reading() as store:
        assert store.deliveries.waiting(hub.project.id) == 1
    for _ in range(8):
        hub.now += timedelta(hours=3)
        hub.work()
    (dead,) = hub.dead()
    assert dead.attempts == 8
    assert dead.why.startswith("It failed with fault ")
    assert "ZeroDivisionError" in (tmp_path / "faults.log").read_text()
    monkeypatch.setattr(forge_work, "_act", act)
    with hub.database.begin() as store:
        hooks.retry(store, hub.project, dead.id, hub.now, hub.crew.mona)
    hub.work()
    assert (hub.dead(), hub.state(8)) == ((), "in review")


def test_one_that_fails_holds_up_no_other(hub, monkeypatch, tmp_path):
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    broken = hub.post(opened(hub))
    act = forge_work._act

    def fails_first(store, delivery, *rest):
        assert delivery.id > 1
        act(store, delivery, *rest)

    monkeypatch.setattr(forge_work, "_act", fails_first)
    hub.post(payloads.pull_request("github", Change(body="Task: #4", number=35, author=payloads.BEN)))
    hub.work()
    assert broken.status_code == 202
    assert (hub.state(8), hub.state(4)) == ("open", "in review")


def test_only_maintainers_look_after_webhooks(hub):
    with hub.database.begin() as store:
        for deed in (hooks.rotate, hooks.end, hooks.make):
            with pytest.raises(UserError, match="maintainer"):
                deed(store, hub.project, Forge.GITHUB, hub.now, hub.crew.ana)
        with pytest.raises(UserError, match="maintainer"):
            hooks.hear_comments(store, hub.project, True, hub.now, hub.crew.ana)


def test_who_was_erased_meanwhile_does_nothing_any_more(hub):
    hub.post(opened(hub))
    hub.post(Raw("push", b"{}"))
    with hub.database.begin() as store:
        erasing.erase(store, hub.crew.ana, hub.now)
    hub.work()
    assert (hub.state(8), hub.holders(8)) == ("open", [])
    with hub.database.begin() as store:
        emptied = hooks.dead(store, hub.project)
        assert len(emptied) == 2
        for dead in emptied:
            with pytest.raises(UserError, match="anew"):
                hooks.retry(store, hub.project, dead.id, hub.now)
    assert "Taken in." in hub.post(opened(hub)).text  # the forge sends it anew
    hub.work()
    assert (hub.state(8), hub.holders(8)) == ("open", [])


def test_nothing_is_left_of_what_was_worked_off(hub, database_url):
    hub.told(opened(hub))
    (row,) = content(database_url)["deliveries"]
    assert (row["body"], row["due"], row["dead"]) == (None, None, None)


def test_two_at_once_work_off_each_delivery_once(hub):
    changes = [
        Change(body=f"Task: #{number}", number=number, author=author)
        for number, author in ((4, payloads.ANA), (8, payloads.BEN), (9, payloads.MONA))
    ]
    for change in changes:
        hub.post(payloads.pull_request("github", change))
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(hub.work) for _ in range(4)]:
            done.result()
    assert [hub.state(number) for number in (4, 8, 9)] == ["in review"] * 3
    assert proposed(hub) == 3


def test_killed_in_between_nothing_is_lost_and_nothing_done_twice(village, database_url, tmp_path):
    database = Database(database_url)
    hub = Scene(village, database, tmp_path)
    for minutes in range(30):
        state = ("open", "closed")[minutes % 2]
        hub.post(payloads.pull_request("github", later(OPENED, minutes, state=state), "edited"))
    database.close()
    context = multiprocessing.get_context("fork")
    for pause in (0.02, 0.05, 0.1, 0.2, 0.3):
        process = context.Process(target=_work_off, args=(database_url, hub.now))
        process.start()
        time.sleep(pause)
        process.kill()
        process.join()
    hub.work()
    kinds = [event.kind for event in hub.crew.snapshot(hub.now).events]
    assert (kinds.count("proposed"), kinds.count("withdrawn"), hub.dead()) == (15, 15, ())
    assert hub.state(8) == "in progress"
    database.close()


def _work_off(url, now):
    work_off(Database(url), Manners(), now)
