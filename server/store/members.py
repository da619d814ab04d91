"""Who has a role of their own in a project, and who is in a private channel of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, union

from server.records.people import Membership, Person
from server.store.changes import Part, notes
from server.store.people import is_whole, whole
from server.store.tables.chat import channels, insiders
from server.store.tables.credit import credit
from server.store.tables.people import identities, members, people
from server.store.tables.tasks import claim_members, claims, tasks
from server.store.turns import add_once
from server.work.permissions import Role

_PERSON = (whole.c.id, whole.c.name, whole.c.role.label("site"), whole.c.zone)


class Members:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_project(self, project_id: int) -> tuple[Membership, ...]:
        """The highest roles first, then by when they were given."""
        query = select(members.c.role, members.c.since, *_PERSON).select_from(members)
        query = query.join(people, members.c.person_id == people.c.id).join(whole, is_whole)
        rows = self._db.execute(query.where(members.c.project_id == project_id).order_by(members.c.id)).all()
        found = (
            Membership(Person(row.id, row.name, Role(row.site), row.zone or "UTC"), Role(row.role), row.since)
            for row in rows
        )
        return tuple(sorted(found, key=lambda one: -one.role.rank()))

    def of_person(self, person_id: int) -> dict[int, Role]:
        """Project -> their role there."""
        query = select(members.c.project_id, members.c.role).where(members.c.person_id == person_id)
        return {row.project_id: Role(row.role) for row in self._db.execute(query)}

    def inside(self, person_id: int) -> frozenset[int]:
        """The projects of the private channels that the person's account of the chat is in."""
        query = (
            select(channels.c.project_id)
            .join(insiders, insiders.c.room == channels.c.number)
            .join(identities, identities.c.value == insiders.c.account)
            .where(identities.c.kind == "zulip", identities.c.person_id == person_id, channels.c.private)
        )
        return frozenset(self._db.execute(query).scalars())

    def involved(self, project_id: int) -> frozenset[int]:
        """Who holds a task of the project or has credit there, by the numbers that they go by today."""
        held = select(claim_members.c.person_id).join(claims, claim_members.c.claim_id == claims.c.id)
        held = held.join(tasks, claims.c.task_id == tasks.c.id)
        held = held.where(tasks.c.project_id == project_id, claim_members.c.ended.is_(None))
        credited = select(credit.c.person_id).where(credit.c.project_id == project_id)
        numbers = union(held, credited).subquery()
        query = select(func.coalesce(people.c.same_as, people.c.id)).where(people.c.id.in_(select(numbers)))
        return frozenset(self._db.execute(query).scalars())

    def at_work(self, project_id: int) -> frozenset[int]:
        """Who ever held a task of the project, or said something of credit there: by deeds of their own."""
        held = select(claim_members.c.person_id).join(claims, claim_members.c.claim_id == claims.c.id)
        held = held.join(tasks, claims.c.task_id == tasks.c.id).where(tasks.c.project_id == project_id)
        said = select(credit.c.by_id).where(credit.c.project_id == project_id, credit.c.by_id.is_not(None))
        numbers = union(held, said).subquery()
        query = select(func.coalesce(people.c.same_as, people.c.id)).where(people.c.id.in_(select(numbers)))
        return frozenset(self._db.execute(query).scalars())

    def set(self, project_id: int, person_id: int, role: Role, now: datetime) -> None:
        values = {"project_id": project_id, "person_id": person_id, "role": role, "since": now}
        if not add_once(self._db, members, values):
            known = members.update().where(*_one(project_id, person_id))
            self._db.execute(known.values(role=role, since=now))
        notes(self._db).part(members.name, project_id, Part.PEOPLE)

    def remove(self, project_id: int, person_id: int) -> None:
        self._db.execute(members.delete().where(*_one(project_id, person_id)))
        notes(self._db).part(members.name, project_id, Part.PEOPLE)


def _one(project_id: int, person_id: int) -> tuple[ColumnElement[bool], ...]:
    return members.c.project_id == project_id, members.c.person_id == person_id
