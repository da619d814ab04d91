"""Conversations with the bot as text: what people say is played over the fake Zulip, what it answers follows.

    === Ada, alone                     somebody writes to the bot directly
    === Ada, in "Hall"                 or in a topic
    === Mona is a maintainer
    === three days later               in words, or digits; whatever falls due is told

`python -m tests.server.conversations` writes all of them anew; the rest is the bot's.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from server.answering import Answering
from server.chat import Cursor
from server.listener import Listener
from server.mailing import send
from server.sender import Sender
from server.service import people, tending
from server.work.permissions import Role

from .chat_scene import PAGES, UNHURRIED, Scene, staged
from .chat_world import NOW
from .fake_zulip import Message, User

FOLDER = Path(__file__).parent / "transcripts"
BOT = "Chantier"
_MARK = "=== "
_SAID = re.compile(r'(?P<who>[\w ]+), (?:alone|in "(?P<topic>[^"]*)")')
_ROLE = re.compile(r"(?P<who>[\w ]+) is a maintainer")
_LATER = re.compile(r"(?P<days>\w+) days? later")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TOKEN = re.compile(r"(/sign-in/)\S+")


@dataclass
class Stage:
    """One conversation while it is played; `written` is what comes of it."""

    scene: Scene
    now: datetime = NOW
    heard: int = 0
    written: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        answering = Answering(self.scene.database, "halls", PAGES, lambda: self.now, UNHURRIED)
        self._listener = Listener(self.scene.database, self.scene.chat(), answering)
        self._sender = Sender(self.scene.database, self.scene.chat(), lambda: self.now)
        self.cursor: Cursor | None = self._listener.turn(None)

    def play(self, turn: str) -> None:
        head, _, text = turn.partition("\n")
        self.written.append(turn)
        if said := _SAID.fullmatch(head):
            self._say(self._person(said["who"]), text.strip(), said["topic"])
        elif role := _ROLE.fullmatch(head):
            self._appoint(self._person(role["who"]))
        elif later := _LATER.fullmatch(head):
            self.now += timedelta(days=_number(later["days"]))
            with self.scene.database.begin() as store:
                tending.tend(store, self.now)
            self._deliver()
        else:
            raise ValueError(f"nobody can play {head!r}")

    def _say(self, who: User, text: str, topic: str | None) -> None:
        zulip = self.scene.zulip
        asked = (
            zulip.direct(who, text, self.scene.bot) if topic is None else zulip.say(who, text, topic=topic)
        )
        meant = self.scene.bot.id in asked.mentioned | set(asked.recipients)
        while meant and self.scene.bot.id not in asked.read_by:
            self.cursor = self._listener.turn(self.cursor)
        self._deliver()
        self.written += [f"{BOT} reacts: {emoji}" for _, emoji in asked.reactions]

    def _deliver(self) -> None:
        send(self.scene.database, self.now)
        self._sender.deliver()
        said = self.scene.zulip.said_by(self.scene.bot)
        self.written += [f"{BOT}, {self._place(each)}\n{self._shown(each)}" for each in said[self.heard :]]
        self.heard = len(said)

    def _place(self, message: Message) -> str:
        if message.stream is not None:
            return f'in "{message.topic}"'
        others = [self.scene.zulip.users[number] for number in message.recipients]
        return "to " + ", ".join(user.name for user in others if user is not self.scene.bot)

    def _shown(self, message: Message) -> str:
        return _TOKEN.sub(r"\1...", message.content)

    def _person(self, name: str) -> User:
        users = self.scene.zulip.users.values()
        return next((user for user in users if user.name == name), None) or self.scene.zulip.add_user(name)

    def _appoint(self, user: User) -> None:
        with self.scene.database.begin() as store:
            people.appoint(store, people.by_zulip(store, user.id, user.name, self.now), Role.MAINTAINER)


def played(text: str) -> str:
    """The conversation with the bot's part as it is today."""
    title, *turns = turns_of(text)
    with tempfile.TemporaryDirectory() as folder, staged(Path(folder)) as scene:
        stage = Stage(scene)
        for turn in turns:
            if not turn.startswith(BOT):
                stage.play(turn)
        return "\n\n".join((title, *(_MARK + turn for turn in stage.written))) + "\n"


def turns_of(text: str) -> Iterator[str]:
    """What stands before the first mark, and after each."""
    return (turn.strip() for turn in re.split(rf"^{_MARK}", text, flags=re.MULTILINE))


def files() -> Iterable[Path]:
    return sorted(FOLDER.glob("*.txt"))


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.index(word)


def main() -> None:
    for file in files():
        file.write_text(played(file.read_text()))


if __name__ == "__main__":
    main()
