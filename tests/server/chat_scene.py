"""A bot, a project and a Zulip, for tests that turn the bot's two loops by hand or let them run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from server.answering import Answering
from server.bot import Credentials, ZulipChat, connect, run
from server.listener import Listener
from server.mailing import send
from server.sender import Sender
from server.service.visiting import Manners
from server.store import Database

from .chat_world import NOW, add_project
from .fake_zulip import (
    FakeZulip,
    User,
)
from .fake_zulip_http import running

PAGES = "https://pages.example"
UNHURRIED = Manners(per_minute=0)  # the clock of a scene stands still, so nobody would be heard again


@dataclass
class Scene:
    """A Zulip, a project, and a bot whose two loops a test turns by hand."""

    zulip: FakeZulip
    database: Database
    bot: User
    ada: User
    ben: User
    manners: Manners = UNHURRIED

    def credentials(self) -> Credentials:
        return Credentials(site=self.zulip.url, email=self.bot.email, key=self.bot.key)

    def chat(self) -> ZulipChat:
        return connect(self.credentials())

    def listener(self, chat: ZulipChat | None = None, project: str | None = "halls") -> Listener:
        answering = Answering(self.database, project, PAGES, lambda: NOW, self.manners)
        return Listener(self.database, chat or self.chat(), answering)

    def sender(self, now: datetime = NOW) -> Sender:
        return Sender(self.database, self.chat(), lambda: now)

    def hear(self) -> None:
        """All that was said so far is heard, by a bot that has just started."""
        self.listener().turn(None)

    def exchange(self) -> list[str]:
        """Hear and answer; what the bot has said so far."""
        self.hear()
        self.tell()
        return self.replies()

    def tell(self) -> None:
        """Send what waits, notices among it."""
        send(self.database, NOW)
        self.sender().deliver()

    def replies(self) -> list[str]:
        return [message.content for message in self.zulip.said_by(self.bot)]

    def holders(self) -> list[str]:
        with self.database.reading() as store:
            return [claim.person_name for claim in store.tasks.claims(1)]


@contextmanager
def staged(folder: Path) -> Iterator[Scene]:
    """A scene whose database stands in `folder`, until the block ends."""
    database = Database(f"sqlite:///{folder / 'chantier.db'}")
    with database.begin() as store:
        add_project(store)
    with running() as zulip:
        bot = zulip.add_user("Chantier", is_bot=True)
        yield Scene(zulip, database, bot, zulip.add_user("Ada"), zulip.add_user("Ben"))
    database.close()


@contextmanager
def bot_running(scene: Scene) -> Iterator[None]:
    """The whole bot, in a thread, as `chantier bot` runs it."""
    stop = threading.Event()
    arguments = (scene.database, "halls", PAGES, scene.credentials(), lambda: NOW, stop)
    thread = threading.Thread(target=run, args=arguments, kwargs={"manners": scene.manners}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()
