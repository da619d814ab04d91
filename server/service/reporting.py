"""Checks that others ran: who may report them, taking them in, and when they are believed.

A report is believed only from a reporter whom the project trusts, and never instead of what this server found
out itself.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from blueprint.errors import UserError
from blueprint.graph import Node
from dashboards.maintaining import ReporterView
from dashboards.snapshot import Evidence
from lean_project.axioms import STANDARD_AXIOMS
from lean_project.facts import Facts
from lean_project.reports import Report, as_reported, decode, is_fresh, is_signed
from lean_project.verdict import judge
from server.records.people import Person
from server.records.projects import ProjectRow, Reporter
from server.service.permission import require
from server.service.policy import ruled
from server.service.signin import hashed
from server.store import Store
from server.work.permissions import Action

PREFIX = "chantier_report_"
# A report older than that is not taken, so a nonce need not be remembered longer.
LIFE = timedelta(days=1)
CLOCKS_DIFFER = timedelta(minutes=10)
MOST_A_DAY = 100
KEPT = 20
SHOWN = 20
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
RELIES = "relies_on_reports"


class ForgedError(UserError):
    """The token or the signature is not what it should be."""


class AgainError(UserError):
    """The report was taken in before, or there were too many."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a new reporter is told once: `token` lets it in, `key` signs."""

    token: str
    key: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a report: pending until the repository has the commit."""

    reporter: str
    commit: str
    pending: bool

    @property
    def words(self) -> str:
        if self.pending:
            return f"Kept until the repository here has commit {self.commit[:10]}."
        return f"Taken in for commit {self.commit[:10]}, as reported by `{self.reporter}`."


def listing(store: Store, project: ProjectRow) -> tuple[ReporterView, ...]:
    """Whom the project trusts, by name, and then whom it trusted, with their last use."""
    return store.reports.used(project.id)


def appoint(store: Store, project: ProjectRow, person: Person, name: str, now: datetime) -> Secrets:
    """`trust`, at the word of a maintainer."""
    person = require(store, project, person, Action.REPORTERS)
    return trust(store, project, name, now, person)


def dismiss(store: Store, project: ProjectRow, person: Person, name: str, now: datetime) -> None:
    """`distrust`, at the word of a maintainer."""
    person = require(store, project, person, Action.REPORTERS)
    distrust(store, project, name, now, person)


def rotate(store: Store, project: ProjectRow, person: Person, name: str, now: datetime) -> Secrets:
    """A new token and a new key for a reporter, at the word of a maintainer; the old ones end with this."""
    person = require(store, project, person, Action.REPORTERS)
    found, made = _trusted(store, project, name), _secrets()
    store.reports.rekey(found.id, hashed(made.token), made.key)
    _write_down(store, project, f"`{name}` reports checks with a new token and a new key.", now, person)
    return made


def set_rely(store: Store, project: ProjectRow, person: Person, relies: bool, now: datetime) -> None:
    """`rely`, at the word of a maintainer."""
    rely(store, project, relies, now, require(store, project, person, Action.REPORTERS))


def trust(store: Store, project: ProjectRow, name: str, now: datetime, by: Person | None = None) -> Secrets:
    """Let somebody of that name report checks of the project; the secrets are shown this once."""
    if not _NAME.fullmatch(name):
        raise UserError("A reporter's name has small letters, digits and hyphens, such as `github-actions`.")
    if _named(store, project, name):
        raise UserError(f"`{name}` may report checks of {project.slug} already; remove it to change its key.")
    made = _secrets()
    store.reports.add_reporter(project.id, name, hashed(made.token), made.key, now)
    _write_down(store, project, f"Checks reported by `{name}` are believed from now on.", now, by)
    return made


def distrust(store: Store, project: ProjectRow, name: str, now: datetime, by: Person | None = None) -> None:
    """Believe nothing of that reporter any more, nor what it reported before."""
    store.reports.revoke(_trusted(store, project, name).id, now)
    _write_down(store, project, f"Checks reported by `{name}` are not believed any more.", now, by)


def rely(store: Store, project: ProjectRow, relies: bool, now: datetime, by: Person | None = None) -> None:
    """Whether facts about the project come from reports, because this server cannot check it."""
    store.reports.rely(project.id, relies)
    ruled(store, project, by.id if by else None, RELIES, "on" if relies else "off", now)


def reporter_of(store: Store, slug: str, token: str) -> tuple[Reporter, ProjectRow]:
    """Whose token it is, and the project. `ForgedError` when it is nobody's, or for another project.

    Whether there is a project of that name, only those learn who may report its checks.
    """
    found, project = store.reports.reporter(hashed(token)), store.projects.by_slug(slug)
    if found is None or project is None or found.project_id != project.id:
        raise ForgedError(f"This token may not report checks of {slug[:60]}.")
    return found, project


def verified(reporter: Reporter, project: ProjectRow, body: bytes, signature: str, now: datetime) -> Report:
    """The report in these bytes, once their signature holds. `UserError` for anything that is not right."""
    if not is_signed(body, signature, reporter.key):
        raise ForgedError("The signature does not fit the report and the reporter's key.")
    report = decode(body)
    if report.project != project.slug:
        raise ForgedError(f"This report is about `{report.project}`, not about `{project.slug}`.")
    if not is_fresh(report, now, LIFE.total_seconds(), CLOCKS_DIFFER.total_seconds()):
        raise UserError("This report was made more than a day ago, or in the future; check again.")
    return report


def take_in(store: Store, reporter: Reporter, report: Report, now: datetime, *, known: bool) -> Receipt:
    """Keep a verified report; `known` says that the repository has the commit.

    `AgainError` when it was taken in before, or there were too many today.
    """
    store.projects.lock(reporter.project_id)
    if store.reports.seen(reporter.id, report.id):
        raise AgainError("This very report was taken in before; make a new one.")
    if store.reports.count_since(reporter.id, now - LIFE) >= MOST_A_DAY:
        raise AgainError(f"`{reporter.name}` has sent {MOST_A_DAY} reports in a day; wait until tomorrow.")
    facts = as_reported(report, reporter.name)
    store.reports.add(reporter, report, facts, known=known, now=now)
    store.reports.prune(reporter.id, KEPT, now - LIFE - CLOCKS_DIFFER)
    return Receipt(reporter.name, report.commit, not known)


def believed(store: Store, project: ProjectRow, sha: str) -> Facts | None:
    """The reported facts about a commit, where the project relies on reports."""
    return store.reports.facts(project.id, sha) if project.relies_on_reports else None


def evidence(store: Store, project: ProjectRow, node: Node, sha: str) -> Evidence | None:
    """What the newest report about this commit says of the node, only Lean's own axioms allowed.

    It is for the page; no status follows from it.
    """
    facts = store.reports.facts(project.id, sha)
    if facts is None:
        return None
    return Evidence(facts.reported_by, facts.toolchain, judge(node, facts.by_name(), STANDARD_AXIOMS).passes)


def _secrets() -> Secrets:
    return Secrets(PREFIX + secrets.token_urlsafe(32), secrets.token_urlsafe(32))


def _write_down(store: Store, project: ProjectRow, words: str, now: datetime, by: Person | None) -> None:
    store.log.record(project.id, "reporter", words, now, person_id=by.id if by else None)


def _trusted(store: Store, project: ProjectRow, name: str) -> Reporter:
    """`UserError` where the project trusts nobody of that name."""
    found = _named(store, project, name)
    if found is None:
        raise UserError(f"Nobody called `{name[:40]}` may report checks of {project.slug}.")
    return found


def _named(store: Store, project: ProjectRow, name: str) -> Reporter | None:
    return next((one for one in store.reports.reporters(project.id) if one.name == name), None)
