"""The pages of a node and of work over a real database: undo, history, topics, long lists."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

from blueprint.graph import Graph
from server.service import channels, surroundings
from server.work.permissions import Role

from .every_page import bring_to_life
from .web_world import Site, make_site, sample, submit

_DATA_TASK = re.compile(r'data-task="(\d+)"')
EUCLID = "/p/num/nodes/thm:euclid"


def number(page: str, verb: str) -> str:
    found = re.search(rf'action="(/p/num/tasks/\d+/{verb})"', page)
    assert found
    return found[1]


def test_what_was_done_has_an_undo_beside_it(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    submit(emmy, EUCLID, number(emmy.get(EUCLID).text, "claim"))
    page = emmy.get(EUCLID).text
    assert 'action="/p/num/undo"' in page
    assert 'action="/p/num/undo"' not in emmy.get(EUCLID).text
    submit(emmy, EUCLID, "/p/num/undo")
    assert "Undone: the claim on" in emmy.get(EUCLID).text


def test_only_what_was_done_now_and_can_be_taken_back_has_an_undo(site: Site) -> None:
    mona = site.signed_in("Mona", Role.MAINTAINER)
    claim = number(mona.get(EUCLID).text, "claim")
    submit(mona, EUCLID, claim)
    mona.get(EUCLID)
    submit(mona, EUCLID, f"{EUCLID}/withdraw")
    assert 'action="/p/num/undo"' not in mona.get(EUCLID).text  # which would give back the claim
    submit(mona, EUCLID, claim)
    page = mona.get(EUCLID).text
    assert "still yours" in page
    assert 'action="/p/num/undo"' not in page


def test_after_a_deed_one_is_where_one_was(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    claim = number(emmy.get(EUCLID).text, "claim")
    assert submit(emmy, "/p/num/work?list=free", claim).location == "/p/num/work?list=free"


def test_history_goes_back_in_pages(site: Site) -> None:
    with site.database.begin() as store:
        project = store.projects.every()[0]
        for at in range(surroundings.A_PAGE + 3):
            store.log.record(project.id, "verified", f"Event {at}.", site.now, node="thm:euclid")
    client = site.client()
    first = client.get(EUCLID).text
    older = re.search(r'rel="next" href="([^"#]+)', first)
    assert older
    second = client.get(older[1]).text
    assert "Event 22." in first
    assert "Event 1." not in first
    assert "Event 1." in second
    assert "Event 22." not in second
    assert "Nothing happened before that" in client.get(f"{EUCLID}?before=1").text
    for nonsense in ("-5", "x", "9" * 30):
        assert "Event 22." in client.get(f"{EUCLID}?before={nonsense}").text


def test_a_node_has_its_topic_where_there_is_a_chat(site: Site) -> None:
    assert "Topic in the chat" not in site.client().get(EUCLID).text
    zulip = site.settings.zulip.model_copy(update={"site": "https://chat.example.org"})
    settings = replace(site.settings, zulip=zulip)
    with site.database.begin() as store:
        project = store.projects.every()[0]
        channels.add(store, project, "numbers")
        channels.post_progress(store, project, "numbers")
    page = Site(site.database, settings).client().get(EUCLID).text
    assert 'href="https://chat.example.org/#narrow/channel/numbers/topic/thm.3Aeuclid"' in page


def test_long_lists_are_cut_and_leafed_through(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    sieve = sample.GRAPH.nodes[6]
    nodes = tuple(
        replace(sieve, id=f"n{at}", statement=replace(sieve.statement, uses=())) for at in range(120)
    )
    site.add_project(Graph(nodes, title="Many"), "/srv/many")
    client = site.client()
    short = client.get("/p/many/work").text
    way = re.search(r'href="(\?list=[^"#]+)#free">All 120 tasks that are ready', short)
    assert way
    first = client.get(f"/p/many/work{way[1]}").text
    more = re.search(r'rel="next" href="([^"#]+)#free"', first)
    assert more
    second = client.get(f"/p/many/work{html.unescape(more[1])}").text
    counts = [page.count("data-task=") for page in (short, first, second)]
    assert counts == [25, 100, 20]
    assert not set(_DATA_TASK.findall(first)) & set(_DATA_TASK.findall(second))
    assert client.get("/p/many/work?list=weather&page=x").text.count("data-task=") == 25
    site.database.close()


def test_the_page_of_work_has_everything_of_ones_own(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    crew = bring_to_life(site)
    client, link = site.client(), site.link(crew.emmy)
    submit(client, link, link)
    page = client.get("/p/num/work").text
    answers, mine, watched = (
        page.split(f'id="{name}"')[1].split("</section>")[0] for name in ("answers", "mine", "watched")
    )
    assert "asks you to share it" in answers
    assert "Theorem 2.3 (Euclid)" in mine
    assert "its clock stands still" in mine
    assert "Definition 1.1 (Divisibility)" in watched
    site.database.close()
