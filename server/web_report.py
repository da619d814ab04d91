"""The door to a project's front page, its guidelines, and the report of a period as a page and as files."""

from __future__ import annotations

from datetime import UTC

from flask import Blueprint as Routes
from flask import g, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from dashboards import pages, periods, report_letter
from dashboards.report import Report
from dashboards.report_markdown import markdown
from dashboards.snapshot import Snapshot
from server.files import to_keep
from server.house import House, NotHereError, project_of, snapshot_of
from server.limits import costly
from server.service import doubts, people, retrospect, suggestions
from server.viewing import viewer
from server.work.reasons import Ranking

# HTML with styles of its own, which is for mail programs and no page of this site.
_NO_PAGE = "application/octet-stream"


def add_reports(routes: Routes, house: House, limiter: Limiter) -> None:
    """The routes."""
    is_costly = costly(house, limiter, _has_days)

    @routes.get("/p/<slug>/")
    def overview(slug: str) -> str:
        snapshot, suggested = recommended(house, slug)
        looking = viewer(house)
        with house.reading() as store:
            project = project_of(store, slug)
            known = retrospect.overview(store, project, snapshot, looking.person, looking.zone)
            doubted = doubts.count(store, project)
        return pages.overview(snapshot, looking, suggested.tasks, known, doubted)

    @routes.get("/p/<slug>/guidelines")
    def guidelines(slug: str) -> str:
        with house.reading() as store:
            project, snapshot = project_of(store, slug), snapshot_of(store, slug, house.clock())
            text = retrospect.told(store, project, snapshot)
        if text is None:
            raise NotHereError(f"{snapshot.title} has no guidelines of its own.")
        return pages.guidelines(snapshot, viewer(house), text)

    @routes.get("/p/<slug>/report")
    @is_costly
    def report(slug: str) -> str:
        made, snapshot = _report(house, slug)
        return pages.report(snapshot, viewer(house), made, _preset())

    @routes.get("/p/<slug>/report.md")
    @is_costly
    def report_markdown(slug: str) -> Response:
        made, snapshot = _report(house, slug)
        return _file(markdown(made, snapshot), "text/markdown", made, "md")

    @routes.get("/p/<slug>/report.html")
    @is_costly
    def report_html(slug: str) -> Response:
        made, _ = _report(house, slug)
        return _file(report_letter.html(made, house.settings.base_url), _NO_PAGE, made, "html")

    @routes.get("/p/<slug>/report.eml")
    @is_costly
    def report_letter_file(slug: str) -> Response:
        made, snapshot = _report(house, slug)
        letter = report_letter.letter(made, snapshot, house.settings.base_url)
        return _file(letter, "message/rfc822", made, "eml")


def recommended(house: House, slug: str) -> tuple[Snapshot, Ranking]:
    """The project, and what is free there in the order in which the viewer should look at it."""
    now = house.clock()
    with house.reading() as store:
        project, snapshot = project_of(store, slug), snapshot_of(store, slug, now)
        free = suggestions.next_tasks(store, project, g.person, now=now, limit=suggestions.ALL)
    return snapshot, free


def _has_days() -> bool:
    """Whether the address says from when or until when."""
    return bool(request.args.get("since") or request.args.get("until"))


def _preset() -> str:
    return "" if _has_days() else request.args.get("period", periods.USUAL)


def _report(house: House, slug: str) -> tuple[Report, Snapshot]:
    """Of the period that the address asks for."""
    now = house.clock()
    zone = people.zone_of(g.person) if g.person else UTC
    with house.reading() as store:
        project, snapshot = project_of(store, slug), snapshot_of(store, slug, now)
        span = periods.chosen(request.args, retrospect.begun(store, project), now, zone)
        ready = suggestions.tasks(store, project, g.person, now=now)
        return retrospect.report(store, project, snapshot, ready, span), snapshot


def _file(content: str | bytes, kind: str, report: Report, ending: str) -> Response:
    return to_keep(content, kind, f"{report.slug}-{report.last:%Y-%m-%d}.{ending}")
