"""Projects, their checked commits, and the nodes they have had."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, union
from sqlalchemy.engine import Row

from lean_project.findings import Findings
from lean_project.points import point
from lean_project.status import Formal, NodeStatus
from server.records.nodes import NodeRow
from server.records.projects import CommitRow, ProjectRow
from server.store.changes import Part, notes
from server.store.findings import SHELF, counted, packed, unpack, unpack_statuses
from server.store.tables.credit import credit
from server.store.tables.nodes import nodes, watches
from server.store.tables.people import people
from server.store.tables.projects import commits, projects, snapshots
from server.store.tables.tasks import claim_members, claims, tasks
from server.store.tallies import Tallies
from server.store.turns import batches, take_turn


class Projects:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def every(self) -> tuple[ProjectRow, ...]:
        return tuple(map(_project, self._db.execute(select(projects).order_by(projects.c.slug))))

    def get(self, project_id: int) -> ProjectRow:
        """The project of that id, which some other row gave."""
        return _project(self._db.execute(select(projects).where(projects.c.id == project_id)).one())

    def by_slug(self, slug: str) -> ProjectRow | None:
        return self._one(select(projects).where(projects.c.slug == slug))

    def open_to(self, slug: str, members_of: Collection[int]) -> ProjectRow | None:
        """The project of that slug where it is public, or one of these."""
        known = or_(projects.c.private.is_(False), projects.c.id.in_(members_of))
        return self._one(select(projects).where(projects.c.slug == slug, known))

    def by_path(self, path: str) -> ProjectRow | None:
        return self._one(select(projects).where(projects.c.path == path))

    def of_person(self, person_id: int) -> frozenset[int]:
        """The ids of the projects in which the person holds, watches or did something."""
        numbers = select(people.c.id).where(or_(people.c.id == person_id, people.c.same_as == person_id))
        held = select(tasks.c.project_id).join(claims, claims.c.task_id == tasks.c.id)
        held = held.join(claim_members, claim_members.c.claim_id == claims.c.id)
        watched = select(nodes.c.project_id).join(watches, watches.c.node_id == nodes.c.id)
        queries = (
            held.where(claim_members.c.person_id.in_(numbers), claim_members.c.ended.is_(None)),
            watched.where(watches.c.person_id.in_(numbers)),
            select(credit.c.project_id).where(credit.c.person_id.in_(numbers)),
        )
        return frozenset(self._db.execute(union(*queries)).scalars())

    def add(self, slug: str, title: str, path: str, url: str | None, now: datetime) -> ProjectRow:
        values = {"slug": slug, "title": title, "path": path, "repository_url": url, "created": now}
        new = projects.insert().values(**values).returning(projects.c.id)
        notes(self._db).harmless(projects.name)
        return ProjectRow(self._db.execute(new).scalar_one(), slug, title, path, url, now)

    def describe(self, project_id: int, title: str, url: str | None) -> None:
        change = projects.update().where(projects.c.id == project_id)
        self._db.execute(change.values(title=title, repository_url=url))
        notes(self._db).harmless(projects.name)

    def show_leaderboard(self, project_id: int, shown: bool) -> None:
        self._db.execute(projects.update().where(projects.c.id == project_id).values(leaderboard=shown))
        notes(self._db).harmless(projects.name)

    def hear_comments(self, project_id: int, heard: bool) -> None:
        self._db.execute(projects.update().where(projects.c.id == project_id).values(forge_comments=heard))
        notes(self._db).harmless(projects.name)

    def close(self, project_id: int, private: bool) -> None:
        self._db.execute(projects.update().where(projects.c.id == project_id).values(private=private))
        notes(self._db).part(projects.name, project_id, Part.PEOPLE)

    def policy(self, project_id: int) -> dict[str, Any]:
        """The project's own rules for claims, by the names of the server's settings."""
        query = select(projects.c.policy).where(projects.c.id == project_id)
        return dict(self._db.execute(query).scalar_one() or {})

    def set_policy(self, project_id: int, policy: Mapping[str, Any]) -> None:
        change = projects.update().where(projects.c.id == project_id)
        self._db.execute(change.values(policy=dict(policy) or None))
        notes(self._db).part(projects.name, project_id, Part.EVERYTHING)

    def lock(self, project_id: int) -> None:
        """Let other writers to this project wait. SQLite has one writer anyway and ignores it."""
        self._db.execute(select(projects.c.id).where(projects.c.id == project_id).with_for_update())

    def lock_new(self) -> None:
        """Let others who would add a project wait."""
        take_turn(self._db, "projects")

    def newest_commit(self, project_id: int) -> CommitRow | None:
        """The commit of the newest snapshot."""
        query = select(commits).join(snapshots).where(commits.c.project_id == project_id)
        row = self._db.execute(query.order_by(snapshots.c.id.desc()).limit(1)).first()
        return None if row is None else _commit(row)

    def checked_at(self, project_id: int) -> datetime | None:
        """When the newest snapshot was made."""
        query = select(func.max(snapshots.c.made)).join(commits).where(commits.c.project_id == project_id)
        return self._db.execute(query).scalar()

    def newest_snapshot(self, project_id: int) -> int | None:
        """Its id, by which one can tell whether it is still the newest."""
        query = select(func.max(snapshots.c.id)).join(commits).where(commits.c.project_id == project_id)
        return self._db.execute(query).scalar()

    def moments(self, project_id: int) -> tuple[CommitRow, ...]:
        """The commits that were checked, oldest check first."""
        query = select(commits, func.max(snapshots.c.id).label("last")).join(snapshots)
        query = query.where(commits.c.project_id == project_id).group_by(commits.c.id)
        return tuple(map(_commit, self._db.execute(query.order_by("last"))))

    def statuses(self, commit_id: int) -> Mapping[str, NodeStatus]:
        """By label, as the newest check of that commit found them; nothing where it was never checked."""
        query = select(snapshots.c.statuses).where(snapshots.c.commit_id == commit_id)
        found = self._db.execute(query.order_by(snapshots.c.id.desc()).limit(1)).scalar()
        return unpack_statuses(found) if found else {}

    def newest_findings(self, project_id: int) -> Findings | None:
        """Read only where they are not at hand. `ValueError` where what is kept is damaged."""
        query = select(snapshots.c.id, snapshots.c.digest).join(commits)
        query = query.where(commits.c.project_id == project_id).order_by(snapshots.c.id.desc()).limit(1)
        row = self._db.execute(query).first()
        if row is None:
            return None
        return SHELF.get((row.id, row.digest), lambda: self.findings(row.id))

    def findings(self, snapshot_id: int) -> Findings:
        """What a snapshot holds, read and checked. `ValueError` where that is damaged."""
        columns = snapshots.c.graph, snapshots.c.facts, snapshots.c.statuses, snapshots.c.allowed
        query = select(*columns, snapshots.c.digest).where(snapshots.c.id == snapshot_id)
        return unpack(*self._db.execute(query).one())

    def add_commit(
        self, project_id: int, sha: str, at: datetime, author: str, summary: str, now: datetime
    ) -> int:
        """The id of the commit, which may be known from before."""
        known = select(commits.c.id).where(commits.c.project_id == project_id, commits.c.sha == sha)
        found: int | None = self._db.execute(known).scalar()
        if found is not None:
            return found
        values = {"project_id": project_id, "sha": sha, "at": at, "author": author, "summary": summary}
        new = commits.insert().values(**values, synced=now).returning(commits.c.id)
        notes(self._db).harmless(commits.name)
        return int(self._db.execute(new).scalar_one())

    def add_findings(
        self, commit_id: int, found: Findings, now: datetime, seconds: float | None = None
    ) -> None:
        """`seconds`: how long a check took that found this."""
        about = {"commit_id": commit_id, "made": now, "seconds": seconds, "counts": counted(found.statuses)}
        notes(self._db).of_row(snapshots.name, commits.name, commit_id, Part.FINDINGS)
        new = snapshots.insert().values(**about, **packed(found))
        made = self._db.execute(new.returning(snapshots.c.id)).scalar_one()
        Tallies(self._db).add(commit_id, made, point(found.statuses.values(), now))

    def newest_counts(self, project_id: int) -> tuple[datetime, dict[Formal, int]] | None:
        """When the newest checked commit was made, and how many nodes have each status; None before it."""
        columns = commits.c.at, commits.c.id, snapshots.c.counts
        query = select(*columns).join_from(commits, snapshots).where(commits.c.project_id == project_id)
        row = self._db.execute(query.order_by(snapshots.c.id.desc()).limit(1)).first()
        if row is None:
            return None
        counts = row.counts if row.counts is not None else counted(self.statuses(row.id))
        return row.at, {Formal(name): count for name, count in counts.items()}

    def last_check(self, project_id: int) -> tuple[datetime, float | None] | None:
        """When the newest snapshot was made, and how many seconds it took; None before the first."""
        query = select(snapshots.c.made, snapshots.c.seconds).join(commits)
        query = query.where(commits.c.project_id == project_id).order_by(snapshots.c.id.desc())
        row = self._db.execute(query.limit(1)).first()
        return None if row is None else (row.made, row.seconds)

    def nodes(self, project_id: int) -> tuple[NodeRow, ...]:
        """Every node the project has or had."""
        columns = (nodes.c.id, nodes.c.label, nodes.c.lean, nodes.c.gone)
        query = select(*columns).where(nodes.c.project_id == project_id).order_by(nodes.c.id)
        rows = self._db.execute(query)
        return tuple(NodeRow(row.id, row.label, tuple(row.lean), row.gone) for row in rows)

    def labelled(self, project_id: int, labels: Collection[str]) -> tuple[NodeRow, ...]:
        """The nodes of these labels."""
        columns = (nodes.c.id, nodes.c.label, nodes.c.lean, nodes.c.gone)
        query = select(*columns).where(nodes.c.project_id == project_id, nodes.c.label.in_(labels))
        rows = self._db.execute(query.order_by(nodes.c.id))
        return tuple(NodeRow(row.id, row.label, tuple(row.lean), row.gone) for row in rows)

    def labels(self, node_ids: Iterable[int]) -> dict[int, str]:
        """Of these nodes, the labels that they have today; not of those that are gone."""
        found: dict[int, str] = {}
        for ids in batches(node_ids):
            query = select(nodes.c.id, nodes.c.label).where(nodes.c.id.in_(ids), ~nodes.c.gone)
            found |= {row.id: row.label for row in self._db.execute(query)}
        return found

    def add_nodes(self, project_id: int, new: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[NodeRow, ...]:
        """Nodes of these labels and declarations. The caller holds the project's lock."""
        here = nodes.c.project_id == project_id
        last = self._db.execute(select(func.max(nodes.c.id)).where(here)).scalar() or 0
        rows = [{"project_id": project_id, "label": label, "lean": list(lean)} for label, lean in new]
        notes(self._db).harmless(nodes.name)
        if rows:
            self._db.execute(nodes.insert(), rows)
        added = select(nodes.c.label, nodes.c.id).where(here, nodes.c.id > last)
        ids = {row.label: row.id for row in self._db.execute(added)}
        return tuple(NodeRow(ids[label], label, lean, gone=False) for label, lean in new)

    def set_node(self, node: NodeRow) -> None:
        """Write a node's present label, declarations and presence."""
        values = {"label": node.label, "lean": list(node.lean), "gone": node.gone}
        here = nodes.c.id == node.id
        was = self._db.execute(select(nodes.c.project_id, nodes.c.label).where(here)).one()
        self._db.execute(nodes.update().where(here).values(**values))
        notes(self._db).harmless(nodes.name)
        if was.label != node.label:
            notes(self._db).part(nodes.name, was.project_id, Part.EVERYTHING)

    def _one(self, query: Select[*tuple[Any, ...]]) -> ProjectRow | None:
        row = self._db.execute(query).first()
        return None if row is None else _project(row)


def _project(row: Row[*tuple[Any, ...]]) -> ProjectRow:
    about = (row.id, row.slug, row.title, row.path, row.repository_url, row.created)
    return ProjectRow(*about, row.relies_on_reports, row.leaderboard, row.forge_comments, row.private)


def _commit(row: Row[*tuple[Any, ...]]) -> CommitRow:
    return CommitRow(row.id, row.sha, row.at, row.author, row.summary, row.synced)
