"""A village, its crew, and what they are answered: for tests that speak as the chat does."""

from __future__ import annotations

from datetime import timedelta

from server.dispatch import answer
from server.service import people
from server.sync import sync

from .crew import build

PAGES = "https://pages.example"


class Talk:
    """A village with its crew, to whom people speak."""

    def __init__(self, village, database):
        self.crew = build(village, database)

    def say(self, person, text, now=None, conversation=""):
        crew = self.crew
        with crew.database.begin() as store:
            known = people.get(store, person.id)
            moment = now or crew.now
            return answer(store, crew.project, known, text, moment, base_url=PAGES, conversation=conversation)

    def finish(self, *names, days=1):
        """Ben proves these, and it is checked."""
        village = self.crew.village
        lines = ["theorem a : A := by simp"]
        lines += [f"theorem {name} : X := {'rfl' if name in names else 'sorry'}" for name in "bcd"]
        village.commit(village.ben, self.crew.nodes, *lines)
        sync(self.crew.database, village.folder, self.crew.now + timedelta(days=days))
