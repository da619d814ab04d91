"""What others fetch of a project: feeds, badges, oEmbed, and what search engines read."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dashboards import badge, feed, sitemap
from dashboards.feed import Feed
from dashboards.snapshot import EventView
from lean_project.findings import Findings
from lean_project.status import statuses

from .web_world import START, Site, make_site, sample

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}
BASE = "http://127.0.0.1:8000"


def read(site: Site, address: str) -> ElementTree.Element:
    response = site.client().get(address)
    assert response.status_code == 200, response.text
    return ElementTree.fromstring(response.data)


def record(site: Site, text: str, node: str | None = "thm:euclid") -> None:
    with site.database.begin() as store:
        project = store.projects.by_slug("num")
        assert project
        store.log.record(project.id, "drift", text, site.now, node=node)


def test_a_feed_has_what_happened_newest_first(site: Site) -> None:
    record(site, "`Nat.gcd` says < and & in \\(\\tau\\).")
    found = read(site, "/p/num/feed.atom")
    entries = found.findall("a:entry", ATOM)
    assert found.findtext("a:title", "", ATOM) == "Elementary number theory"
    assert entries[0].findtext("a:title", "", ATOM).endswith("Nat.gcd says < and & in τ.")
    link = entries[0].find("a:link", ATOM)
    assert link is not None
    assert link.attrib["href"] == f"{BASE}/p/num/nodes/thm:euclid"
    ids = [entry.findtext("a:id", "", ATOM) for entry in entries]
    assert len(set(ids)) == len(ids) > 1


def test_what_a_feed_calls_an_event_stays_when_others_come(site: Site) -> None:
    record(site, "One.")
    before = read(site, "/p/num/feed.atom").findtext("a:entry/a:id", "", ATOM)
    record(site, "Two.")
    after = [
        entry.findtext("a:id", "", ATOM) for entry in read(site, "/p/num/feed.atom").findall("a:entry", ATOM)
    ]
    assert after[1] == before


def test_the_feed_of_a_node_has_only_what_happened_to_it(site: Site) -> None:
    record(site, "Euclid did it.")
    record(site, "Somebody else did it.", "def:divides")
    titles = [
        one.findtext("a:title", "", ATOM)
        for one in read(site, "/p/num/nodes/thm:euclid/feed.atom").findall("a:entry", ATOM)
    ]
    assert any("Euclid did it." in title for title in titles)
    assert not any("Somebody else" in title for title in titles)


def test_a_feed_without_events_is_a_feed() -> None:
    of = Feed("Empty \x00\x0b", "num", "/p/num/", "/p/num/feed.atom", START)
    found = ElementTree.fromstring(feed.atom(of, (), {}, BASE))
    assert found.findtext("a:updated", "", ATOM) == START.isoformat()


def test_hostile_text_breaks_no_feed() -> None:
    of = Feed("</title><script>", "num", "/p/num/", "/p/num/feed.atom", START)
    event = EventView(START, "claimed", None, 1, "]]>\x07", "\ud800 <b>&", 7)
    found = ElementTree.fromstring(feed.atom(of, (event,), {}, BASE))
    assert found.findtext("a:entry/a:title", "", ATOM).endswith("<b>&")


def test_pages_say_where_their_feed_and_oembed_are(site: Site) -> None:
    text = site.client().get("/p/num/nodes/thm:euclid").text
    assert '<link rel="alternate" type="application/atom+xml"' in text
    address = re.search(r'type="application/json\+oembed"[^>]* href="([^"]+)"', text)
    assert address
    found = site.client().get(address[1].replace("&amp;", "&")).json
    assert (found["version"], found["type"]) == ("1.0", "link")
    assert found["title"].startswith("Theorem 2.3")
    assert found["url"] == f"{BASE}/p/num/nodes/thm:euclid"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("https://evil.example/p/num/", 404),
        ("/p/other/", 404),
        ("/p/num/nodes/none", 404),
        ("", 404),
        ("/p/num/people", 200),
    ],
)
def test_oembed_speaks_of_this_project_alone(site: Site, address: str, status: int) -> None:
    assert site.client().get("/p/num/oembed", query_string={"url": address}).status_code == status


def test_oembed_has_no_xml(site: Site) -> None:
    asked = {"url": f"{BASE}/p/num/", "format": "xml"}
    assert site.client().get("/p/num/oembed", query_string=asked).status_code == 501


def test_a_badge_says_how_far_it_is(site: Site) -> None:
    response = site.client().get("/p/num/badge.svg")
    assert response.mimetype == "image/svg+xml"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert ElementTree.fromstring(response.data).attrib["aria-label"] == "verified: 4 of 10"
    assert "Theorem 2.3" in site.client().get("/p/num/nodes/thm:euclid/badge.svg").text


def test_a_badge_of_a_hostile_title_is_one_short_picture(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    odd = sample.node("thm:x", "lemma", "9.1", "</svg><script>alert(1)</script>" * 9, "Odd", "<p>Odd.</p>")
    site.add_project(replace(sample.GRAPH, nodes=(*sample.GRAPH.nodes, odd)))
    text = site.client().get("/p/num/nodes/thm:x/badge.svg").text
    assert "<script" not in text
    assert int(ElementTree.fromstring(text).attrib["width"]) < 900
    site.database.close()


def test_an_unchanged_file_is_not_sent_again(site: Site) -> None:
    for address in ("/p/num/feed.atom", "/p/num/badge.svg", "/p/num/sitemap.xml", "/robots.txt"):
        tag = site.client().get(address).headers["ETag"]
        assert site.client().get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_file_that_changed_is_sent_again(site: Site) -> None:
    files = ("/p/num/feed.atom", "/p/num/badge.svg", "/p/num/sitemap.xml")
    tags = {address: site.client().get(address).headers["ETag"] for address in files}
    fewer = replace(sample.FACTS, declarations=sample.FACTS.declarations[:3])
    odd = sample.node("thm:x", "lemma", "9.1", "Another", "Odd", "<p>Odd.</p>")
    graph = replace(sample.GRAPH, nodes=(*sample.GRAPH.nodes, odd))
    with site.database.begin() as store:
        project = store.projects.every()[0]
        commit = store.projects.add_commit(project.id, "5" * 40, START, "Ada Lovelace", "Break it", START)
        store.projects.add_findings(commit, Findings(graph, fewer, statuses(graph, fewer)), START)
        store.log.record(project.id, "regressed", "Something broke.", START)
    for address, tag in tags.items():
        answer = site.client().get(address, headers={"If-None-Match": tag})
        assert answer.status_code == 200, address


def test_search_engines_find_every_page_and_no_more(site: Site) -> None:
    robots = site.client().get("/robots.txt").text
    assert f"Sitemap: {BASE}/sitemap.xml" in robots
    assert "Disallow: /api/" in robots
    projects = [one.text for one in read(site, "/sitemap.xml").iterfind("m:sitemap/m:loc", MAP)]
    assert projects == [f"{BASE}/p/num/sitemap.xml"]
    pages = [one.text or "" for one in read(site, "/p/num/sitemap.xml").iterfind("m:url/m:loc", MAP)]
    assert len(pages) == 5 + len(sample.GRAPH.nodes)
    for page in pages:
        assert site.client().get(page.removeprefix(BASE)).status_code == 200


def test_a_sitemap_lists_as_many_pages_as_it_may() -> None:
    text = sitemap.pages("num", [f"n{number}" for number in range(sitemap.MOST)], START.isoformat(), BASE)
    assert text.count(b"<loc>") == sitemap.MOST


def test_a_badge_of_nothing_is_a_badge() -> None:
    assert "0 of 0" in badge.progress(())
