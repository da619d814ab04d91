"""The pages' door: addresses to pages; `web_forms` takes what their forms send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from flask import Blueprint as Routes
from flask import g, redirect, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from dashboards import legend, links, pages, relations
from dashboards.node_page import ALONE
from dashboards.paging import Turned, before_from, number_from
from dashboards.people import RosterQuery
from dashboards.snapshot import PersonView, Snapshot
from dashboards.viewing import Account, Card, Named, NoticeView, Sent, Watched
from server.durations import places
from server.files import tagged
from server.house import NUMBER, House, NotHereError, let_go, project_of, snapshot_of
from server.oauth import Forges
from server.records.mail import Notice
from server.service import (
    contributions,
    doings,
    doubts,
    naming,
    nodes,
    preferences,
    projects,
    reporting,
    surroundings,
    views,
    watching,
)
from server.service.matching import IN_DOUBT
from server.store import Store
from server.viewing import viewer
from server.web_forms import add_forms
from server.web_graph import add_graph
from server.web_maintain import add_maintain
from server.web_public import add_public
from server.web_report import add_reports, recommended
from server.web_signin import access_of, add_signin
from server.work.agreement import Step
from server.work.preferences import Subject
from server.work.sentences import asks, shown

# So many questions are on the page at once; whoever answers them sees the next.
MOST_DOUBTS = 50

HTTP_WORDS: Mapping[int, tuple[str, str]] = {
    400: ("That did not work", "The request could not be understood."),
    403: ("Not for you", "You may not do that here."),
    404: ("Not here", "There is no page at this address."),
    501: ("Not offered", "This server does not give it in that form."),
    405: ("Not that way", "This address does not take that kind of request."),
    413: ("Too much", "The request is larger than the server takes."),
    415: ("Not as JSON", "Send the body as JSON, with `Content-Type: application/json`."),
    429: ("A moment, please", "That was a lot of requests; wait a minute and try again."),
}


def make_pages(house: House, limiter: Limiter, forges: Forges) -> Routes:
    """The pages' routes over `house`."""
    routes = Routes("pages", __name__)
    _general(routes, house)
    add_signin(routes, house, limiter, forges)
    _project(routes, house)
    add_graph(routes, house, limiter)
    add_reports(routes, house, limiter)
    add_maintain(routes, house, limiter)
    add_public(routes, house)
    _people(routes, house)
    _renames(routes, house)
    _account(routes, house, forges)
    add_forms(routes, house, limiter)
    return routes


def _general(routes: Routes, house: House) -> None:
    @routes.get("/")
    def index() -> str | Response:
        with house.reading() as store:
            cards = _cards(store)
        return pages.projects(cards, viewer(house))

    @routes.get("/legend.css")
    def legend_css() -> Response:
        return tagged(legend.stylesheet(), "text/css")


def _cards(store: Store) -> list[Card]:
    """Of the projects that were checked, and that the viewer may know of."""
    every = projects.every(store, g.person)
    found = ((project, views.counts(store, project)) for project in every)
    return [Card(project.slug, project.title, *known) for project, known in found if known]


def _project(routes: Routes, house: House) -> None:
    @routes.get("/p/<slug>/nodes/<segment>")
    def node(slug: str, segment: str) -> str:
        id = links.node_from(segment)
        with house.reading() as store:
            project, snapshot = project_of(store, slug), snapshot_of(store, slug, house.clock())
            watched = watching.watched(store, project, g.person) if g.person else ()
            found = relations.by_id(snapshot).get(id)
            sha = snapshot.commit.sha
            evidence = reporting.evidence(store, project, found, sha) if found else None
            options = contributions.options(store, project, g.person, snapshot.names(id)) if g.person else {}
            chat, before = house.settings.zulip.site, before_from(request.args.get("before", ""))
            beside = (
                surroundings.around(store, project, id, house.clock(), chat=chat, before=before)
                if found
                else ALONE
            )
        if id not in snapshot.statuses:
            raise _no_node(snapshot, id)
        return pages.node(
            snapshot,
            viewer(house),
            id,
            watching=id in watched,
            evidence=evidence,
            kinds=contributions.INFORMAL_KINDS,
            options=options,
            around=beside,
        )

    @routes.get("/p/<slug>/work")
    def work(slug: str) -> str:
        snapshot, suggested = recommended(house, slug)
        with house.reading() as store:
            project = project_of(store, slug)
            waits = contributions.waiting(store, project, g.person) if g.person else ()
            watched = watching.watched(store, project, g.person) if g.person else ()
        turned = Turned(request.args.get("list", "")[:20], number_from(request.args.get("page", "")))
        return pages.work(snapshot, viewer(house), suggested, waits, watched, turned)


def _no_node(snapshot: Snapshot, id: str) -> NotHereError:
    """With the nodes of the project that may be meant."""
    found, slug = relations.by_id(snapshot), snapshot.slug
    meant = [(links.node_path(slug, one), found[one].caption) for one in nodes.near(snapshot.graph, id)]
    graph = (links.project_path(slug, "graph"), f"All nodes of {snapshot.title}")
    return NotHereError(f"There is no node `{id[:80]}` in this project.", (*meant, graph))


def _people(routes: Routes, house: House) -> None:
    @routes.get("/p/<slug>/people")
    def people(slug: str) -> str:
        words, letter = request.args.get("q", "")[:100], request.args.get("letter", "")[:1]
        asked = RosterQuery(words, letter, number_from(request.args.get("page", "")))
        return pages.people(_snapshot(house, slug), viewer(house), asked)

    @routes.get(f"/p/<slug>/people/<{NUMBER}:number>")
    def person(slug: str, number: int) -> str:
        looking, now = viewer(house), house.clock()
        with house.reading() as store:
            project, snapshot = project_of(store, slug), snapshot_of(store, slug, now)
            found = relations.person(snapshot, number)
            if found is None and g.person and g.person.id == number:
                found = PersonView(g.person.id, g.person.name, g.role)
            if found is None:
                everybody = (links.project_path(slug, "people"), f"The people of {snapshot.title}")
                raise NotHereError("Nobody of that number has taken part in this project.", (everybody,))
            chat = house.settings.zulip.site
            done = doings.doings(store, project, found.id, chat, now, looking.zone)
        return pages.person(snapshot, looking, found, done)


def _snapshot(house: House, slug: str) -> Snapshot:
    with house.reading() as store:
        return snapshot_of(store, slug, house.clock())


def _renames(routes: Routes, house: House) -> None:
    @routes.get("/p/<slug>/renames")
    def renames(slug: str) -> str:
        with house.reading() as store:
            snapshot, project = snapshot_of(store, slug, house.clock()), project_of(store, slug)
            asked = doubts.queue(store, project)
        shown = asked[:MOST_DOUBTS]
        return pages.renames(snapshot, viewer(house), shown, len(asked))


def _account(routes: Routes, house: House, forges: Forges) -> None:
    @routes.get("/account")
    def account() -> str | Response:
        if g.person is None:
            return redirect("/sign-in", 303)
        now = house.clock()
        with house.reading() as store:
            told = _notices(store, now)
            known = replace(_account_of(store, told), access=access_of(store, house, forges))
        if not all(one.read for one in told):
            _mark_read(house, now)
        return pages.account(viewer(house), known)


def _mark_read(house: House, now: datetime) -> None:
    """Only this waits for those who write, and only where something was new."""
    let_go()
    with house.database.begin() as store:
        watching.mark_read(store, g.person, now)


def _account_of(store: Store, told: list[NoticeView]) -> Account:
    return Account(g.person.role, told, _named(store), places(), sent=_sent(store), watched=_watched(store))


def _named(store: Store) -> Named:
    wish = naming.wish(store, g.person)
    seen = naming.previews(wish, g.person.id)
    return Named(wish.naming, wish.pseudonym, wish.ranked, wish.dataset, wish.linked, seen)


def _watched(store: Store) -> list[Watched]:
    every = (
        (project, watching.watched(store, project, g.person)) for project in projects.every(store, g.person)
    )
    return [Watched(project.slug, project.title, nodes) for project, nodes in every if nodes]


def _sent(store: Store) -> Sent:
    known = preferences.of(store, g.person)
    kinds = [(subject, subject.meaning, subject not in known.muted) for subject in Subject]
    return Sent(known.way, str(known.quiet or ""), known.digest, known.hour, kinds)


def _notices(store: Store, now: datetime) -> list[NoticeView]:
    every = watching.notices(store, g.person, now)
    return [
        NoticeView(one.at, one.project, one.node, shown(one.kept), one.read, _answering(one)) for one in every
    ]


def _answering(notice: Notice) -> str | None:
    """The page with the buttons for what the notice asks, if it asks anything."""
    if not asks(notice.kept):
        return None
    if notice.kind == IN_DOUBT:
        return links.project_path(notice.project, "renames")
    if notice.kind == Step.MOVED and notice.node is not None:
        return f"{links.node_path(notice.project, notice.node)}#agreement"
    return f"{links.project_path(notice.project, 'work')}#answers"
