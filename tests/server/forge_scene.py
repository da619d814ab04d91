"""A project whose forge tells what happens: deliveries come in over HTTP, and are worked off."""

from __future__ import annotations

from itertools import count

from server.app import create_app
from server.forge_work import work_off
from server.forges.events import Forge
from server.service import hooks, tending
from server.service.visiting import Manners
from server.settings import load
from server.store.people import ACCOUNT

from . import forge_payloads as payloads
from .crew import build


class Scene:
    """A crew whose accounts on the forge are known, and a client that is the forge."""

    def __init__(self, village, database, tmp_path, forge="github", *, known=True):
        self.crew = build(village, database)
        self.database, self.forge, self.now = database, forge, self.crew.now
        with database.begin() as store:
            store.projects.describe(self.crew.project.id, "The Village", payloads.BASE[forge])
            self.project = store.projects.by_slug(self.crew.project.slug)
            self.secret = hooks.make(store, self.project, Forge(forge), self.now)
            for person, number in self._accounts() if known else ():
                store.people.link(person.id, ACCOUNT, payloads.account(forge, number), self.now)
        settings = load(tmp_path / "none.toml", {"CHANTIER_SECRET_KEY": "k" * 40})
        self.settings = settings
        self.client = create_app(settings, database, lambda: self.now).test_client()
        self._numbers = count(1)

    def _accounts(self):
        people = self.crew
        return (people.ana, payloads.ANA), (people.ben, payloads.BEN), (people.mona, payloads.MONA)

    @property
    def address(self):
        return f"/forge/{self.project.slug}/{self.forge}"

    def post(self, delivery, number=None, **changed):
        """Let the forge post it; what the server answered."""
        number = number or f"delivery-{next(self._numbers)}"
        sent = payloads.headers(self.forge, delivery, self.secret, number) | changed
        kept = {name: value for name, value in sent.items() if value is not None}
        return self.client.post(
            self.address, data=delivery.body, headers=kept, content_type="application/json"
        )

    def work(self):
        work_off(self.database, Manners(), self.now)

    def tend(self):
        with self.database.begin() as store:
            tending.tend(store, self.now)

    def told(self, delivery):
        """Post it and work it off."""
        answer = self.post(delivery)
        assert answer.status_code == 202, answer.text
        self.work()

    def pull(self, change, action="opened", by=None):
        self.told(payloads.pull_request(self.forge, change, action, by))

    def state(self, number):
        return self.crew.task(number, self.now).state

    def holders(self, number):
        return self.crew.holders(number, self.now)

    def dead(self):
        with self.database.reading() as store:
            return hooks.dead(store, self.project)

    def known(self, change):
        """What is known of a pull request."""
        with self.database.reading() as store:
            return store.pull_requests.get(self.project.id, change.link(self.forge))
