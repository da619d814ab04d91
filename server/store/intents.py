"""What people are about to do, or may take back, kept for a short while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from server.records.chat import Choice, LastDeed
from server.store.tables.access import link_words
from server.store.tables.chat import choices, last_deeds


class Intents:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def ask(
        self,
        project_id: int,
        person_id: int,
        conversation: str,
        command: str,
        nodes: Sequence[str],
        now: datetime,
        since: datetime,
    ) -> None:
        """Keep a command until the person says which node it is about, instead of one kept there before.

        Theirs that were kept before `since` are not kept any more.
        """
        self.forget(person_id, conversation)
        self._db.execute(choices.delete().where(choices.c.person_id == person_id, choices.c.asked < since))
        about = {"project_id": project_id, "person_id": person_id, "conversation": conversation}
        said = {"command": command, "nodes": list(nodes), "asked": now}
        self._db.execute(choices.insert().values(**about, **said))

    def asked(self, project_id: int, person_id: int, conversation: str, since: datetime) -> Choice | None:
        """The command kept there since then, if it is about that project."""
        query = select(choices.c.command, choices.c.nodes).where(
            choices.c.person_id == person_id,
            choices.c.conversation == conversation,
            choices.c.project_id == project_id,
            choices.c.asked >= since,
        )
        row = self._db.execute(query).first()
        return Choice(row.command, tuple(row.nodes)) if row else None

    def forget(self, person_id: int, conversation: str) -> None:
        """Keep no command there any more."""
        here = (choices.c.person_id == person_id, choices.c.conversation == conversation)
        self._db.execute(choices.delete().where(*here))

    def remember(self, project_id: int, person_id: int, deed: LastDeed) -> None:
        """What the person did last in the project."""
        self.forget_deed(project_id, person_id)
        said = {"verb": deed.verb, "subject": deed.subject, "version": deed.version, "at": deed.at}
        self._db.execute(last_deeds.insert().values(project_id=project_id, person_id=person_id, **said))

    def last_deed(self, project_id: int, person_id: int, since: datetime) -> LastDeed | None:
        own = (last_deeds.c.project_id == project_id, last_deeds.c.person_id == person_id)
        row = self._db.execute(select(last_deeds).where(*own, last_deeds.c.at >= since)).first()
        return LastDeed(row.verb, row.subject, row.version, row.at) if row else None

    def forget_deed(self, project_id: int, person_id: int) -> None:
        """It can be taken back no more."""
        own = (last_deeds.c.project_id == project_id, last_deeds.c.person_id == person_id)
        self._db.execute(last_deeds.delete().where(*own))

    def add_word(self, person_id: int, word_hash: str, expires: datetime) -> None:
        """A word for the person's next commit, the only one that is good."""
        unused = (link_words.c.person_id == person_id, link_words.c.used.is_(None))
        self._db.execute(link_words.delete().where(*unused))
        self._db.execute(link_words.insert().values(person_id=person_id, hash=word_hash, expires=expires))

    def use_word(self, word_hash: str, now: datetime) -> int | None:
        """Whose word this is, if it is still good; it is not any more."""
        live = (link_words.c.hash == word_hash, link_words.c.used.is_(None), link_words.c.expires > now)
        spend = link_words.update().where(*live).values(used=now).returning(link_words.c.person_id)
        return self._db.execute(spend).scalar()
