"""The door to a project's front page, its guidelines, and the report of a period as a page and as files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from flask import Blueprint as Routes
from flask import g, request
from werkzeug.wrappers import Response

from dashboards import guidelines, pages, periods, report_letter
from dashboards.overview import Overview, overview
from dashboards.report import Report
from dashboards.report_markdown import markdown
from dashboards.snapshot import Snapshot
from dashboards.viewing import Viewer
from server.house import House, NotHereError, project_of, snapshot_of
from server.records.projects import ProjectRow
from server.service import board, doubts, goals, people, retrospect, suggestions
from server.service.history import history
from server.store import Store
from server.work.changes import ChangeKind
from server.work.reasons import Ranking

_UNDONE = 5
# HTML with styles of its own, which is for mail programs and no page of this site.
_NO_PAGE = "application/octet-stream"


def add_reports(routes: Routes, house: House, viewer: Callable[[], Viewer]) -> None:
    """`viewer` says who is looking."""

    @routes.get("/p/<slug>/")
    def overview(slug: str) -> str:
        snapshot, suggested = recommended(house, slug)
        looking = viewer()
        with house.database.reading() as store:
            project = project_of(store, slug)
            known, doubted = _overview(store, project, snapshot, looking), doubts.count(store, project)
        return pages.overview(snapshot, looking, suggested.tasks, known, doubted)

    @routes.get("/p/<slug>/guidelines")
    def guidelines(slug: str) -> str:
        with house.database.reading() as store:
            project, snapshot = project_of(store, slug), snapshot_of(store, slug, house.clock())
            text = _guidelines(store, project, snapshot)
        if text is None:
            raise NotHereError(f"{snapshot.title} has no guidelines of its own.")
        return pages.guidelines(snapshot, viewer(), text)

    @routes.get("/p/<slug>/report")
    def report(slug: str) -> str:
        made, snapshot = _report(house, slug)
        return pages.report(snapshot, viewer(), made, _preset())

    @routes.get("/p/<slug>/report.md")
    def report_markdown(slug: str) -> Response:
        made, snapshot = _report(house, slug)
        return _file(markdown(made, snapshot), "text/markdown", made, "md")

    @routes.get("/p/<slug>/report.html")
    def report_html(slug: str) -> Response:
        made, _ = _report(house, slug)
        return _file(report_letter.html(made, house.settings.base_url), _NO_PAGE, made, "html")

    @routes.get("/p/<slug>/report.eml")
    def report_letter_file(slug: str) -> Response:
        made, snapshot = _report(house, slug)
        letter = report_letter.letter(made, snapshot, house.settings.base_url)
        return _file(letter, "message/rfc822", made, "eml")


def recommended(house: House, slug: str) -> tuple[Snapshot, Ranking]:
    """The project, and what is free there in the order in which the viewer should look at it."""
    now = house.clock()
    with house.database.reading() as store:
        project, snapshot = project_of(store, slug), snapshot_of(store, slug, now)
        free = suggestions.next_tasks(store, project, g.person, now=now, limit=suggestions.ALL)
    return snapshot, free


def _overview(store: Store, project: ProjectRow, snapshot: Snapshot, viewer: Viewer) -> Overview:
    known = history(store, project)
    week = periods.last(7, viewer.now, viewer.zone)
    whole = periods.named(periods.ALL, known.begun, viewer.now, viewer.zone)
    taken_part = any(person.id == viewer.person for person in snapshot.people)
    return overview(
        store.introductions.of(project.id).about,
        _guidelines(store, project, snapshot),
        goals.goals(board.checked(store, project)),
        known,
        store.log.newest_between(project.id, week.since, week.until, [ChangeKind.REGRESSED], _UNDONE),
        week=week,
        whole=whole,
        newcomer=not taken_part,
    )


def _guidelines(store: Store, project: ProjectRow, snapshot: Snapshot) -> guidelines.Guidelines | None:
    said = store.introductions.of(project.id)
    return guidelines.guidelines(said, snapshot.repository_url, snapshot.commit.sha)


def _preset() -> str:
    asked = request.args
    return "" if asked.get("since") or asked.get("until") else asked.get("period", periods.USUAL)


def _report(house: House, slug: str) -> tuple[Report, Snapshot]:
    """Of the period that the address asks for."""
    now = house.clock()
    zone = people.zone_of(g.person) if g.person else UTC
    with house.database.reading() as store:
        project, snapshot = project_of(store, slug), snapshot_of(store, slug, now)
        span = periods.chosen(request.args, retrospect.begun(store, project), now, zone)
        ready = suggestions.tasks(store, project, g.person, now=now)
        return retrospect.report(store, project, snapshot, ready, span), snapshot


def _file(content: str | bytes, kind: str, report: Report, ending: str) -> Response:
    """To be kept."""
    name = f"{report.slug}-{report.last:%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)
