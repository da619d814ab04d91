"""The pipeline: bring a repository's newest commit in, and the books in line with it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from blueprint.errors import UserError
from lean_project.commits import Commit
from lean_project.facts import Facts
from lean_project.findings import Findings
from lean_project.introductions import introduction
from lean_project.project import SETTINGS_FILE, Project, open_project
from lean_project.repository import Repository
from server.authorship import undone, written_by
from server.branches import pushes
from server.inspection import Progress, given, ignore, inspect, unbuilt
from server.proposals import BUILD_FILES
from server.service.arrival import Before, Checked, SyncResult, before, record, unchanged
from server.service.failures import tell_authors
from server.service.linking import prove
from server.service.pushes import note_pushes
from server.service.reporting import believed
from server.store import Database
from server.vouching import vouchers
from server.work.changes import newly_done

__all__ = ["SyncResult", "sync"]


class _UnbuiltError(UserError):
    """The commit does not build; `facts` have the errors, `why` is a sentence."""

    def __init__(self, commit: Commit, why: str, facts: Facts) -> None:
        super().__init__(f"Commit {commit.sha[:10]} was not taken in, nothing has changed: {why}")
        self.facts = facts


def sync(
    database: Database,
    repository_path: Path,
    now: datetime,
    progress: Progress = ignore,
    *,
    again: bool = False,
) -> SyncResult:
    """Check the head of the repository and settle all that follows from it, in one transaction.

    A commit that is on the books already changes nothing and costs nothing, unless `again` asks for a new
    check; only pushes to the branches of tasks are noted then. Raises `UserError`, with nothing written,
    where a step fails for a reason that a person can mend.
    """
    with Repository.open(repository_path) as repository:
        commit = repository.head()
        with database.reading() as store:
            known = before(store, repository.path)
            reported = believed(store, known.project, commit.sha) if known.project else None
        pushed = pushes(repository)
        if known.project and known.findings and known.sha == commit.sha and not again:
            if pushed:
                with database.begin() as store:
                    note_pushes(store, known.project, pushed, now)
            return unchanged(known, commit)
        try:
            checked = _checked(repository, commit, known, reported, progress)
        except _UnbuiltError as error:
            _tell_authors(database, known, commit, error.facts, now)
            raise
        vouched = () if known.sha == commit.sha else vouchers(repository, known.sha, commit.sha)
    progress("settling tasks and credit")
    with database.begin() as store:
        if known.project:  # before credit is given to anybody
            prove(store, known.project, vouched, now)
        result = record(store, checked, now)
        note_pushes(store, result.project, pushed, now)
        return result


def _checked(
    repository: Repository, commit: Commit, known: Before, reported: Facts | None, progress: Progress
) -> Checked:
    """Everything there is to find out about a commit before anything is written."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chantier-sync-") as scratch:
        progress(f"exporting commit {commit.sha[:10]}")
        repository.export(commit.sha, Path(scratch) / "tree")
        project = open_project(Path(scratch) / "tree")
        if _is_elsewhere(known, commit):
            findings = given(project, _needed(reported, commit), progress)
        else:
            findings = inspect(project, progress)
    if why := unbuilt(findings.facts):
        # Declarations of a module that was not built would look as if they were gone.
        raise _UnbuiltError(commit, why, findings.facts)
    progress("asking git who wrote what is new")
    done = newly_done(known.findings, findings)
    written = written_by(repository, commit.sha, findings, done, known.sha)
    return Checked(
        path=repository.path,
        url=repository.origin_url(),
        title=project.settings.title or findings.graph.title,
        commit=commit,
        findings=findings,
        authors=written.authors,
        unknown=written.unknown,
        known=known,
        passed=written.passed,
        undone=_undone(repository, commit, known, findings),
        rules=_changed_rules(repository, commit, known, project),
        seconds=time.monotonic() - began,
        introduction=introduction(project.settings, partial(repository.text, commit.sha)),
    )


def _tell_authors(database: Database, known: Before, commit: Commit, facts: Facts, now: datetime) -> None:
    if known.project is not None:
        with database.begin() as store:
            tell_authors(store, known.project, commit, facts, now)


def _changed_rules(
    repository: Repository, commit: Commit, known: Before, project: Project
) -> tuple[str, ...]:
    """The files that say how the project is built and checked, where they are not as they were."""
    if known.sha is None:
        return ()
    lean = PurePosixPath(project.settings.lean.root)
    places = (SETTINGS_FILE, *(str(lean / name) for name in BUILD_FILES))
    now, then = (partial(_text, repository, sha) for sha in (commit.sha, known.sha))
    return tuple(place for place in places if now(place) != then(place))


def _text(repository: Repository, sha: str, file: str) -> str | None:
    try:
        return repository.text(sha, file)
    except UserError:  # it is not there, or is no file of a sensible size
        return None


def _undone(repository: Repository, commit: Commit, known: Before, now: Findings) -> Mapping[str, Commit]:
    if known.sha is None or known.findings is None:
        return {}
    return undone(repository, commit.sha, known.findings, known.sha, now)


def _is_elsewhere(known: Before, commit: Commit) -> bool:
    """Whether the facts must come from a report; what was found out here is never replaced by one."""
    relies = known.project is not None and known.project.relies_on_reports
    own = known.findings is not None and known.sha == commit.sha and not known.findings.facts.reported_by
    return relies and not own


def _needed(reported: Facts | None, commit: Commit) -> Facts:
    if reported is None:
        raise UserError(
            f"Commit {commit.sha[:10]} waits for a report: this project relies on those of its own CI, "
            "and none about it has come from anybody it trusts."
        )
    return reported
