"""The pages for maintainers: who gets in, what waits, what they set, and what is told about it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from blueprint.errors import UserError
from dashboards.maintaining import TaskItem
from lean_project.status import statuses
from server.forges.events import Forge
from server.service import hooks, house_rules, people, projects, reporting
from server.service.queue_items import items
from server.service.queues import Queue, line, overview, view
from server.work.permissions import Role

from .web_world import START, Site, arrive, make_site, sample, submit

AT = "/p/num/maintain/"
PAGES = [
    "",
    "roles",
    "settings",
    "tokens",
    "log",
    "health",
    *(queue for queue in Queue if queue != "renames"),
]


@pytest.fixture
def mona(site: Site) -> FlaskClient:
    return site.signed_in("Mona", Role.MAINTAINER)


def lengths(site: Site) -> dict[str, int]:
    with site.database.reading() as store:
        found = overview(store, projects.find(store, "num"), site.now)
    return {queue.key: queue.count for queue in found}


def claim(site: Site, client: FlaskClient, node: str = "thm:euclid", **fields: str) -> str:
    """The address of the task, without what is done to it."""
    tasks = site.client().get("/api/v1/projects/num/tasks").json["items"]
    number = next(one["number"] for one in tasks if (one["node"], one["kind"]) == (node, "prove"))
    submit(client, f"/p/num/nodes/{node}", f"/p/num/tasks/{number}/claim", **fields)
    return f"/p/num/tasks/{number}"


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_for_maintainers_alone(site: Site, mona: FlaskClient, page: str) -> None:
    assert mona.get(AT + page).status_code == 200
    assert site.signed_in("Emmy").get(AT + page).status_code == 403
    assert site.client().get(AT + page).headers["Location"] == "/sign-in"
    assert mona.get(f"/p/none/maintain/{page}").status_code == 404


def test_only_maintainers_see_the_tab(site: Site, mona: FlaskClient) -> None:
    assert AT in mona.get("/p/num/").text
    assert AT not in site.signed_in("Emmy").get("/p/num/").text


def test_nobody_else_sets_anything(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    for address, fields in (
        ("settings", {"key": "cap", "value": "9"}),
        ("tokens/add", {"name": "ci"}),
        ("letters/1/drop", {}),
    ):
        assert submit(emmy, "/p/num/work", AT + address, **fields).status_code == 403
    with site.database.reading() as store:
        project = projects.find(store, "num")
        assert store.projects.policy(project.id) == {}
        assert store.reports.reporters(project.id) == ()


def test_a_queue_is_as_long_as_what_waits(site: Site, mona: FlaskClient) -> None:
    before, emmy = lengths(site), site.signed_in("Emmy")
    task = claim(site, emmy)
    submit(emmy, "/p/num/work", f"{task}/stuck", note="The bound <script>alert(1)</script> will not do.")
    submit(
        emmy,
        "/p/num/work",
        "/p/num/credit",
        kind="example",
        evidence="https://example.org/1",
        ref="thm:euclid",
    )
    after = lengths(site)
    changed = {key: after[key] - before[key] for key in after if after[key] != before[key]}
    assert changed == {"stuck": 1, "credit": 1}
    stuck = mona.get(f"{AT}stuck").text
    assert "The bound &lt;script&gt;alert(1)&lt;/script&gt; will not do." in stuck
    assert "<script>alert" not in stuck
    assert "confirm" in mona.get(f"{AT}credit").text


def test_a_proposal_waits_for_review_and_goes_back_from_the_page(site: Site, mona: FlaskClient) -> None:
    emmy = site.signed_in("Emmy")
    task = claim(site, emmy)
    submit(emmy, "/p/num/work", f"{task}/propose", change="#34", method="manual")
    assert lengths(site)["reviews"] == 1
    assert "pull/34" in mona.get(f"{AT}reviews").text
    answer = submit(mona, f"{AT}reviews?page=1", f"{task}/awaiting-author", note="Golf it.")
    assert answer.headers["Location"] == f"{AT}reviews?page=1"
    assert lengths(site)["reviews"] == 0


def test_a_claim_that_ends_soon_says_when_it_is_let_go(site: Site, mona: FlaskClient) -> None:
    claim(site, site.signed_in("Emmy"), until="2w")
    assert lengths(site)["expiring"] == 0
    site.later(days=15)
    text = mona.get(f"{AT}expiring").text
    assert "Held by" in text
    assert "let go" in text


def test_a_statement_is_agreed_on_from_the_queue(site: Site, mona: FlaskClient) -> None:
    arrive(site, "1", "5" * 40)
    before = lengths(site)["statements"]
    page = mona.get(f"{AT}statements").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    node = page.partition('action="/p/num/nodes/')[2].partition("/agree")[0]
    answer = submit(mona, f"{AT}statements", f"/p/num/nodes/{node}/agree", seen=seen)
    assert answer.headers["Location"] == f"{AT}statements"
    assert lengths(site)["statements"] == before - 1
    arrive(site, "2", "6" * 40)
    again = mona.get(f"{AT}statements").text
    assert lengths(site)["statements"] == before
    assert "agreed on it" in again
    assert "Agree anew" in again


def test_drift_and_problems_are_told_with_their_place(site: Site, mona: FlaskClient) -> None:
    (problem,) = sample.GRAPH.problems
    (drifting,) = (one for one in sample.GRAPH.nodes if one.id == "thm:dirichlet")
    for queue, words, place in (
        ("problems", "the first is meant to count too", problem.place),
        ("drift", "Of the proof, ", drifting.proof.place),
    ):
        text = mona.get(AT + queue).text
        assert words in text
        assert f"<code>{place.file}:{place.line}</code>" in text
        assert f"/blob/{sample.SHA}/{place.file}#L{place.line}" in text
    edges = {one.node: one.edges for one in statuses(sample.GRAPH, sample.FACTS).values()}
    wrong = [edge for found in edges.values() for edge in (*found.missing, *found.superfluous)]
    text = mona.get(f"{AT}edges").text
    assert wrong
    assert all(f"<code>{edge.file}:{edge.line}</code>" in text for edge in wrong if edge.file)
    assert any(edge.file for edge in wrong)


def test_a_setting_is_changed_kept_in_the_log_and_put_back(site: Site, mona: FlaskClient) -> None:
    submit(mona, f"{AT}settings", f"{AT}settings", key="cap", value="5")
    assert "`cap` is 5" in flash(mona)
    page = mona.get(f"{AT}settings").text
    assert 'id="set-cap" value="5"' in page
    assert "by <a" in page or "by you" in page
    assert "set the project" in mona.get(f"{AT}log?about=rules").text
    submit(mona, f"{AT}settings", f"{AT}settings", key="cap", default="yes")
    with site.database.reading() as store:
        assert store.projects.policy(projects.find(store, "num").id) == {}


def flash(client: FlaskClient) -> str:
    with client.session_transaction() as kept:
        return str(kept["_flashes"][-1][1])


@pytest.mark.parametrize(
    ("key", "value"), [("cap", "0"), ("cap", "many"), ("no_such", "1"), ("leaderboard", "perhaps")]
)
def test_what_cannot_be_is_refused_in_words(site: Site, mona: FlaskClient, key: str, value: str) -> None:
    submit(mona, f"{AT}settings", f"{AT}settings", key=key, value=value)
    assert flash(mona).endswith(".")
    assert "flash-refused" in mona.get(f"{AT}settings").text


def test_switches_of_a_project(site: Site, mona: FlaskClient) -> None:
    for key in ("leaderboard", "relies_on_reports", "forge_comments"):
        submit(mona, f"{AT}settings", f"{AT}settings", key=key, value="on")
    with site.database.reading() as store:
        project = projects.find(store, "num")
        assert project.leaderboard
        assert project.relies_on_reports
        groups = house_rules.groups(store, project)
    changed = {one.key: one.changed for group in groups for one in group.settings if one.changed}
    assert changed.keys() == {"leaderboard", "relies_on_reports", "forge_comments"}
    assert all(one.person_name == "Mona" for one in changed.values())


def test_secrets_of_the_server_are_set_or_not_and_nothing_else(site: Site, mona: FlaskClient) -> None:
    told = {one.key: one.value for one in house_rules.of_the_server(site.settings)}
    assert told["CHANTIER_SECRET_KEY"] == "set"
    assert told["CHANTIER_ZULIP_API_KEY"] == "not set"
    assert told["port"] == "8000"
    page = mona.get(f"{AT}settings").text
    assert "CHANTIER_SECRET_KEY" in page
    assert site.settings.secret_key is not None
    assert site.settings.secret_key.get_secret_value() not in page
    assert site.settings.database_url.get_secret_value() not in page


def test_a_reporter_is_trusted_gets_new_secrets_and_ends(site: Site, mona: FlaskClient) -> None:
    made = submit(mona, f"{AT}tokens", f"{AT}tokens/add", name="github-actions")
    assert made.headers["Cache-Control"] == "no-store"
    token = secret(made.text)
    assert is_known(site, token)
    assert token not in mona.get(f"{AT}tokens").text
    new = secret(submit(mona, f"{AT}tokens", f"{AT}tokens/rotate", name="github-actions").text)
    assert not is_known(site, token)
    assert is_known(site, new)
    submit(mona, f"{AT}tokens", f"{AT}tokens/end", name="github-actions")
    assert not is_known(site, new)
    page = mona.get(f"{AT}tokens").text
    assert "ended" in page
    log = mona.get(f"{AT}log?about=rules").text
    assert log.count("github-actions") == 3
    assert token not in log


def secret(page: str) -> str:
    return reporting.PREFIX + page.partition(f"<code>{reporting.PREFIX}")[2].partition("<")[0]


def is_known(site: Site, token: str) -> bool:
    with site.database.reading() as store:
        try:
            reporting.reporter_of(store, "num", token)
        except reporting.ForgedError:
            return False
    return True


def test_a_reporter_of_no_good_name_is_refused(site: Site, mona: FlaskClient) -> None:
    assert submit(mona, f"{AT}tokens", f"{AT}tokens/add", name="No Good").status_code == 303
    assert "small letters" in flash(mona)


def record(site: Site, text: str, person: int | None = None, **gone: float) -> None:
    site.later(**gone)
    with site.database.begin() as store:
        store.log.record(projects.find(store, "num").id, "ruled", text, site.now, person_id=person)


def test_the_log_is_found_by_person_subject_and_day(site: Site, mona: FlaskClient) -> None:
    emmy = site.person("Emmy")
    record(site, "set the first", emmy.id, days=1)
    record(site, "set the second", emmy.id, days=1)
    record(site, "The third.", days=1)
    day = f"{START:%Y-%m-}04"
    for query, shown in (
        ("person=Emmy", {"first", "second"}),
        ("about=rules", {"first", "second", "third"}),
        (f"since={day}", {"second", "third"}),
        (f"until={day}", {"first", "second"}),
        (f"person=Emmy&since={day}&until={day}", {"second"}),
        ("about=credit", set()),
    ):
        text = mona.get(f"{AT}log?{query}").text
        assert {word for word in ("first", "second", "third") if f"the {word}" in text.lower()} == shown, (
            query
        )


@pytest.mark.parametrize(
    "query",
    [
        "person=Nobody",
        "since=yesterday",
        "until=9999-12-31",
        "since=0001-01-01",
        "about=everything",
        "before=x",
    ],
)
def test_what_the_log_cannot_read_is_said_in_words(mona: FlaskClient, query: str) -> None:
    answer = mona.get(f"{AT}log?{query}")
    assert answer.status_code == (200 if query == "before=x" else 400)


def test_a_long_log_has_pages(site: Site, mona: FlaskClient) -> None:
    for number in range(120):
        record(site, f"Step {number:03}.")
    first = mona.get(f"{AT}log?about=rules").text
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = mona.get(f"{AT}log{older}").text
    assert [f"Step {number:03}." in first for number in (119, 20, 19)] == [True, True, False]
    assert [f"Step {number:03}." in second for number in (20, 19, 0)] == [False, True, True]


def test_the_log_as_a_table_holds_no_formula(site: Site, mona: FlaskClient) -> None:
    bad = site.person("=cmd()")
    record(site, '+1 for it, \n"done"', bad.id)
    answer = mona.get(f"{AT}log.csv?about=rules")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["person"], row["what"]) for row in rows] == [("'=cmd()", '\'+1 for it, "done"')]


def test_a_message_that_was_given_up_is_sent_again_or_let_go(site: Site, mona: FlaskClient) -> None:
    with site.database.begin() as store:
        project = projects.find(store, "num")
        store.channels.add(project.id, "num")
        for key in ("one", "two", "elsewhere"):
            place = "num" if key != "elsewhere" else "other"
            store.mail.post(key, "stream", place, f"Said in {key}.", site.now, topic="t")
        for waiting in store.mail.pending():
            store.mail.give_up(waiting.id, site.now)
        first, second, other = (one for one, _ in store.queues.dead(("num", "other")))
    text = mona.get(f"{AT}letters").text
    assert "Said in one." in text
    assert "Said in elsewhere." not in text
    submit(mona, f"{AT}letters", f"{AT}letters/{first}/again")
    submit(mona, f"{AT}letters", f"{AT}letters/{second}/drop")
    submit(mona, f"{AT}letters", f"{AT}letters/{other}/drop")
    assert "does not wait any more" in flash(mona)
    with site.database.reading() as store:
        assert [waiting.text for waiting in store.mail.pending()] == ["Said in one."]
        assert [one.id for one in store.queues.letters([first, second, other])] == [other]


def test_health_says_what_is_wrong(site: Site, mona: FlaskClient) -> None:
    assert "Nothing is wrong" in mona.get(f"{AT}health").text
    with site.database.begin() as store:
        store.mail.set_cursor("zulip heard", site.now.isoformat())
        known = people.get(store, 1)
        store.notices.add(projects.find(store, "num").id, known.id, "claimed", "x", site.now, None)
    site.later(hours=1)
    text = mona.get(f"{AT}health").text
    assert "The bot does not listen" in text


def test_machines_ask_whether_it_lives_and_can_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.client()
    assert (client.get("/healthz").text, client.get("/readyz").text) == ("alive\n", "ready\n")

    def gone(_: object) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr("server.store.books.Books.answer", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready\n")
    assert client.get("/healthz").status_code == 200


def test_a_webhook_is_set_up_gets_a_new_secret_and_ends(site: Site, mona: FlaskClient) -> None:
    made = submit(mona, f"{AT}tokens", f"{AT}hooks/github/make")
    assert made.headers["Cache-Control"] == "no-store"
    assert "/forge/num/github" in made.text
    again = submit(mona, f"{AT}tokens", f"{AT}hooks/github/rotate")
    assert "replaced, ends" in again.text
    submit(mona, f"{AT}tokens", f"{AT}hooks/github/end")
    assert "Set up GitHub" in mona.get(f"{AT}tokens").text
    submit(mona, f"{AT}tokens", f"{AT}hooks/github/end")
    assert "no webhook of GitHub" in flash(mona)
    assert mona.get(f"{AT}log?about=rules").text.count("of GitHub") == 4


def tell(site: Site, key: str, why: str | None) -> None:
    """A delivery of that key that is worked off at once, or for that reason cannot be."""
    with site.database.begin() as store:
        project = projects.find(store, "num")
        store.deliveries.accept(project.id, Forge.GITHUB, key, key, "push", b"{}", site.now)
        waiting = store.deliveries.take(site.now)
        assert waiting is not None
        if why is None:
            store.deliveries.done(waiting.id)
        else:
            store.deliveries.give_up(waiting.id, site.now, why)


def test_what_a_forge_told_in_vain_is_tried_again(site: Site, mona: FlaskClient) -> None:
    tell(site, "1", "The commit is not here.")
    assert lengths(site)["deliveries"] == 1
    text = mona.get(f"{AT}deliveries").text
    assert "The commit is not here." in text
    number = text.partition("/maintain/deliveries/")[2].partition("/")[0]
    submit(mona, f"{AT}deliveries", f"{AT}deliveries/{number}/retry")
    assert lengths(site)["deliveries"] == 0


def test_who_maintains_one_project_is_not_shown_the_whole_server(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    submit(site.signed_in("Olga", Role.OWNER), f"{AT}roles", f"{AT}roles/give", who="Emmy", role="maintainer")
    page = emmy.get(f"{AT}settings").text
    assert "Rules of claims" in page
    assert "CHANTIER_SECRET_KEY" not in page


def test_owners_give_and_take_roles(site: Site, mona: FlaskClient) -> None:
    olga, emmy = site.signed_in("Olga", Role.OWNER), site.signed_in("Emmy")
    assert "Give the role" not in mona.get(f"{AT}roles").text
    assert emmy.get(AT).status_code == 403
    submit(olga, f"{AT}roles", f"{AT}roles/give", who="Emmy", role="maintainer")
    assert emmy.get(AT).status_code == 200
    page = olga.get(f"{AT}roles").text
    assert page.index("Emmy") < page.index("On the whole server") < page.index("Mona")
    submit(olga, f"{AT}roles", f"{AT}roles/give", who="Emmy", role="emperor")
    assert "no role `emperor`" in flash(olga)
    submit(olga, f"{AT}roles", f"{AT}roles/take", who="Emmy")
    assert emmy.get(AT).status_code == 403


def test_privacy_is_for_owners_to_decide(site: Site, mona: FlaskClient) -> None:
    olga = site.signed_in("Olga", Role.OWNER)
    assert "an owner of the project decides" in mona.get(f"{AT}settings").text
    submit(mona, f"{AT}settings", f"{AT}settings", key="private", value="on")
    assert site.client().get("/p/num/").status_code == 200
    submit(olga, f"{AT}settings", f"{AT}settings", key="private", value="on")
    assert site.client().get("/p/num/").status_code == 404
    assert "by you" in olga.get(f"{AT}settings").text


@pytest.mark.parametrize(
    "page", ["maintain/deliveries/{}/retry", "maintain/letters/{}/drop", "credit/{}/confirm"]
)
def test_a_number_that_no_database_has_is_nowhere(mona: FlaskClient, page: str) -> None:
    for number in (2**31, 2**63, 10**30):
        sent = submit(mona, f"{AT}health", f"/p/num/{page.format(number)}")
        assert sent.status_code == 404


def test_what_is_not_kept_is_not_told_as_done(
    site: Site, mona: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr("server.store.write_down", full)
    for action in (f"{AT}settings", "/p/num/nodes/thm:euclid/watch", "/account/zone"):
        submit(mona, f"{AT}settings", action, key="cap", value="5", zone="UTC")
        with mona.session_transaction() as kept:
            assert kept.pop("_flashes") == [("refused", "The disk is full.")]


def test_who_changed_a_setting_does_not_hang_on_the_words(site: Site, mona: FlaskClient) -> None:
    emmy = site.person("Emmy")
    with site.database.begin() as store:
        project = projects.find(store, "num")
        for words, person, setting in (
            ("let everybody hold five", emmy.id, "cap"),
            ("says: the project's rule `grace` is fine as it is", emmy.id, None),
        ):
            store.log.record(project.id, "ruled", words, site.now, person_id=person, setting=setting)
        shown = {one.key: one for group in house_rules.groups(store, project) for one in group.settings}
    cap = shown["cap"].changed
    assert cap is not None
    assert cap.person_id == emmy.id
    assert shown["grace"].changed is None


def test_questions_of_one_moment_are_told_apart(site: Site, mona: FlaskClient) -> None:
    emmy = site.signed_in("Emmy")
    task = claim(site, emmy)
    for name in ("Ben", "Cleo"):
        submit(emmy, "/p/num/work", f"{task}/invite", who=f"#{site.person(name).id}")
    with site.database.reading() as store:
        project, olga = projects.find(store, "num"), people.get(store, 1)
        place = store, project, Queue.REQUESTS
        waiting = line(*place, site.now)
        first = items(store, project, olga, Queue.REQUESTS, waiting[:1], site.now)
    assert len({one.since for one in waiting}) == 1
    assert len(waiting) == 2
    assert [one.ask.to_name for one in first if isinstance(one, TaskItem) and one.ask] == ["Ben"]


def test_what_is_counted_is_what_there_is(site: Site, mona: FlaskClient) -> None:
    emmy = site.signed_in("Emmy")
    submit(emmy, "/p/num/work", f"{claim(site, emmy)}/stuck", note="No.")
    arrive(site, "1", "5" * 40)
    with site.database.reading() as store:
        project = projects.find(store, "num")
        for queue in Queue:
            shown, found = view(store, project, queue, site.now), line(store, project, queue, site.now)
            oldest = min((one.since for one in found if one.since), default=None)
            assert (shown.count, shown.oldest) == (len(found), oldest), queue


def test_what_waits_is_that_of_the_database_that_is_asked(tmp_path: Path) -> None:
    sites = []
    for number, gone in enumerate((0, 3)):
        (folder := tmp_path / str(number)).mkdir()
        site = make_site(folder)
        site.add_project()
        with site.database.begin() as store:
            found = line(store, projects.find(store, "num"), Queue.DRIFT, site.now)
            label = str(found[0].key)
            moment = site.now + timedelta(days=gone)
            store.log.record(projects.find(store, "num").id, "drift", "x", moment, node=label)
        site.later(days=gone)
        sites.append(site)
    moments = []
    for site in sites:
        arrive(site, "1", "5" * 40)
        with site.database.reading() as store:
            moments.append(line(store, projects.find(store, "num"), Queue.DRIFT, site.now)[0].since)
        site.database.close()
    assert moments == [START, START + timedelta(days=3)]


def test_a_statement_is_mathematics_without_scripts(site: Site, mona: FlaskClient) -> None:
    arrive(site, "1", "5" * 40)
    text = mona.get(f"{AT}statements").text
    assert "<math" in text
    assert "</math>" in text


def test_all_that_programs_have_ends_at_once(site: Site, mona: FlaskClient) -> None:
    submit(mona, f"{AT}tokens", f"{AT}tokens/end-all")
    assert "nothing to end" in flash(mona)
    assert "End all tokens" not in mona.get(f"{AT}tokens").text
    token = secret(submit(mona, f"{AT}tokens", f"{AT}tokens/add", name="robot").text)
    submit(mona, f"{AT}tokens", f"{AT}hooks/github/make")
    submit(mona, f"{AT}tokens", f"{AT}hooks/github/rotate")
    assert "End all tokens" in mona.get(f"{AT}tokens").text
    submit(mona, f"{AT}tokens", f"{AT}tokens/end-all")
    assert not is_known(site, token)
    with site.database.reading() as store:
        assert hooks.listed(store, projects.find(store, "num"), site.now) == ()


def test_a_webhook_says_what_came_last_and_what_failed_last(site: Site, mona: FlaskClient) -> None:
    submit(mona, f"{AT}tokens", f"{AT}hooks/github/make")
    assert 'data-name="Last failure">none' in mona.get(f"{AT}tokens").text
    tell(site, "1", "It was odd.")
    tell(site, "2", "The commit <x> is not here.")
    tell(site, "3", None)
    text = mona.get(f"{AT}tokens").text
    assert "The commit &lt;x&gt; is not here." in text
    assert "It waits for you" in text
    with site.database.begin() as store:
        project = projects.find(store, "num")
        for waiting in hooks.dead(store, project):
            hooks.retry(store, project, waiting.id, site.now)
            store.deliveries.done(waiting.id)
    text = mona.get(f"{AT}tokens").text
    assert "The commit &lt;x&gt; is not here." in text  # it did fail
    assert "It waits for you" not in text


def test_whether_it_can_answer_is_not_asked_without_end(site: Site) -> None:
    client = site.client()
    codes = [client.get("/readyz").status_code for _ in range(130)]
    assert codes[:100] == [200] * 100
    assert codes[-1] == 429


def test_after_a_deed_one_is_where_one_was_in_the_list(site: Site, mona: FlaskClient) -> None:
    for number in range(30):
        tell(site, str(number), "No.")
    page = f"{AT}deliveries?page=2"
    number = mona.get(page).text.partition("/maintain/deliveries/")[2].partition("/")[0]
    answer = submit(mona, page, f"{AT}deliveries/{number}/retry")
    assert answer.headers["Location"] == page
    assert submit(mona, "/p/num/work", f"{AT}deliveries/1/retry").headers["Location"] == f"{AT}deliveries"
