"""Who asks, and how they wish to be named, told and linked."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]

from server.api import paging
from server.api.answers.session import (
    LinkedDocument,
    NamedDocument,
    NoticeDocument,
    PreferencesDocument,
    ReadDocument,
    SessionDocument,
    TrailerDocument,
    ZoneDocument,
)
from server.api.asking import fields
from server.api.bodies import NameBody, PreferencesBody, ZoneBody
from server.api.operations import Access, Operations, act
from server.api.paging import Listed, Paged
from server.commands.wishes import wishes_of
from server.records.mail import Notice
from server.records.people import Person
from server.service import linking, naming, people, preferences, watching
from server.store import Store
from server.work.preferences import Preferences, Subject

TAG = "Yourself"


def add_session(operations: Operations) -> None:
    """Who asks, and what they were told."""
    house = operations.house

    @operations.reads("/session", SessionDocument, TAG, secret=True)
    def session() -> SessionDocument:
        """Who the token or the session is of, and what a session's requests must carry."""
        person = {"id": g.person.id, "name": g.person.name, "role": g.person.role} if g.person else None
        return {"person": person, "csrf_token": generate_csrf()}  # type: ignore[typeddict-item]

    @operations.reads("/session/notices", Listed[NoticeDocument], TAG, query=Paged, access=Access.OWN)
    def list_notices(query: Paged) -> Listed[NoticeDocument]:
        """What you were told, newest first."""
        with house.reading() as store:
            found = watching.notices(store, g.person, house.clock())
        return paging.page(query, found, lambda one: one.id, _notice)

    @operations.does("/session/notices/read", ReadDocument, TAG)
    def read_notices() -> Any:
        """Take every notice so far as read."""

        def deed(store: Store, person: Person) -> ReadDocument:
            watching.mark_read(store, person, house.clock())
            return {"read": True}

        return act(house, deed)


def add_wishes(operations: Operations) -> None:
    """What people choose for themselves."""
    house = operations.house

    @operations.reads("/session/name", NamedDocument, TAG, access=Access.OWN)
    def name() -> NamedDocument:
        """Under which name others see you."""
        with house.reading() as store:
            return _named(store, g.person)

    @operations.does("/session/name", NamedDocument, TAG, body=NameBody)
    def set_name(body: NameBody) -> Any:
        """Choose under which name others see you, now and in all that is past."""

        def deed(store: Store, person: Person) -> NamedDocument:
            known = naming.choose(store, person, naming.naming_of(body.naming), body.pseudonym)
            if body.ranked is not None:
                naming.take_part_in_ranking(store, known, body.ranked)
            return _named(store, known)

        return act(house, deed)

    @operations.reads("/session/link", LinkedDocument, TAG, access=Access.OWN)
    def linked() -> LinkedDocument:
        """Which addresses and accounts lead to you."""
        with house.reading() as store:
            found = linking.linked(store, g.person)
        return {"emails": list(found.emails), "logins": list(found.logins)}

    @operations.does("/session/link", TrailerDocument, TAG, secret=True)
    def make_word() -> Any:
        """Make a line for a commit's message; the author of that commit is you from then on."""
        return act(house, lambda store, person: {"trailer": linking.make_word(store, person, house.clock())})

    @operations.does("/session/zone", ZoneDocument, TAG, body=ZoneBody)
    def set_zone(body: ZoneBody) -> Any:
        """Choose the time zone in which you read and write dates."""
        return act(house, lambda store, person: {"zone": people.set_zone(store, person, body.zone).zone})

    @operations.reads("/session/preferences", PreferencesDocument, TAG, access=Access.OWN)
    def wishes() -> PreferencesDocument:
        """What you are sent in the chat, where and when."""
        with house.reading() as store:
            return _wanted(g.person, preferences.of(store, g.person))

    @operations.does("/session/preferences", PreferencesDocument, TAG, body=PreferencesBody)
    def set_wishes(body: PreferencesBody) -> Any:
        """Choose what you are sent in the chat, where and when."""
        asked = wishes_of(fields(body))

        def deed(store: Store, person: Person) -> PreferencesDocument:
            return _wanted(person, preferences.change(store, person, asked, house.clock()))

        return act(house, deed)


def _named(store: Store, person: Person) -> NamedDocument:
    wish = naming.wish(store, person)
    return {"naming": wish.naming, "name": person.name, "ranked": wish.ranked}


def _wanted(person: Person, known: Preferences) -> PreferencesDocument:
    return {
        "way": known.way,
        "quiet": str(known.quiet) if known.quiet else None,
        "kinds": [subject for subject in Subject if subject not in known.muted],
        "digest": known.digest,
        "hour": known.hour,
        "detail": preferences.words(person, known),
    }


def _notice(one: Notice) -> NoticeDocument:
    return {
        "id": one.id,
        "project": one.project,
        "at": one.at.isoformat(),
        "kind": one.kind,
        "node": one.node,
        "text": one.text,
        "read": one.read,
    }
