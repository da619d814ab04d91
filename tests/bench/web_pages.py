"""What pages cost on a big store: many asked for at once, by visitors and by people, while others write."""

from __future__ import annotations

import gzip
import re
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.cookiejar import CookieJar
from itertools import cycle
from pathlib import Path
from random import Random
from statistics import median, quantiles
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from waitress.server import create_server

from blueprint.errors import UserError
from server.app import create_app
from server.processes import others
from server.records.projects import ProjectRow
from server.service import board, claims, people, signin
from server.settings import Settings, load
from server.store import Database, Store
from server.work.permissions import Role

from .contest import Say
from .crowds import NOW, Size, crowd
from .measuring import FailedError
from .stores import SQLITE, engines

FLOOR = "/static/site.css"
SECRET = "a secret for a benchmark, long enough for anyone"
PAGES = (
    "/",
    "/p/{}/",
    "/p/{}/graph",
    "/p/{}/graph?status=verified",
    "/p/{}/graph?q=res%3A12",
    "/p/{}/nodes/res:{}",
    "/p/{}/work",
    "/p/{}/people",
    "/p/{}/people/7",
    "/p/{}/report",
    "/p/{}/renames",
    "/p/{}/graph.json",
    "/p/{}/feed.atom",
    "/p/{}/badge.svg",
    "/api/v1/projects/{}/tasks",
    "/api/v1/projects/{}/nodes",
)
# What only a maintainer looks at.
KEEPING = (
    "/account",
    "/p/{}/maintain/",
    "/p/{}/maintain/statements",
    "/p/{}/maintain/edges",
    "/p/{}/maintain/settings",
    "/p/{}/maintain/log",
    "/p/{}/maintain/health",
)
WRITES = 2.0  # seconds between two claims by another process
CLAIMS = 100  # so many of each project may be claimed
FIRST_LOOKS = 2  # each page by each so often before anything counts, so that every process has seen it
WAIT = 30.0  # seconds for one answer
THREADS = 64
# Who asks, and for what.
Visit = tuple[OpenerDirector, str]
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """Seconds that one kind of page took, from when it was due until it was there, and its bytes."""

    page: str
    seconds: tuple[float, ...]
    plain: int
    compressed: int

    @property
    def typical(self) -> float:
        return median(self.seconds)

    @property
    def slow(self) -> float:
        """What 95 of 100 take at most."""
        return quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else self.seconds[0]


def measured(size: Size, hot: int, rate: int, seconds: int, processes: int, say: Say) -> list[Asked]:
    """The floor first. `hot`: so many projects are asked for, of all that there are."""
    with engines() as urls:
        database = Database(urls[SQLITE])
        for step in crowd(database, urls[SQLITE], size):
            say(step)
        with database.reading() as store:
            slugs = [project.slug for project in store.projects.every()[:hot]]
        with _served(urls[SQLITE], processes) as address:
            visitors = build_opener(), _signed_in(database, address, slugs)
            visits = _visits(visitors, slugs)
            say("first looks")
            for visitor, page in visits * FIRST_LOOKS:
                _fetch(visitor, address + page)
            say("the floor")
            floor = _load([(visitors[0], FLOOR)], address, rate, seconds)
            say("pages")
            with _writing(database, slugs):
                found = _load(visits, address, rate, seconds)
        database.close()
    return [*floor, *found]


def _visits(visitors: tuple[OpenerDirector, OpenerDirector], slugs: list[str]) -> list[Visit]:
    """Everybody's pages by both, a maintainer's by the one who is; shuffled, always in the same way."""
    anybody = [(visitor, page) for visitor in visitors for page in PAGES]
    keeping = [(visitors[1], page) for page in KEEPING]
    visits = [
        (visitor, page.format(slug, number))
        for slug in slugs
        for visitor, page in anybody + keeping
        for number in (101, 5_001, 9_001)
    ]
    Random(1).shuffle(visits)
    return visits


def _serve(url: str, door: socket.socket) -> None:
    settings: Settings = load(
        Path("none.toml"), {"CHANTIER_SECRET_KEY": SECRET, "CHANTIER_DATABASE_URL": url}
    )
    database = Database(url, settings.policy)
    create_server(create_app(settings, database, lambda: NOW), sockets=[door], threads=8).run()


@contextmanager
def _served(url: str, processes: int) -> Iterator[str]:
    with (
        socket.create_server(("127.0.0.1", 0)) as door,
        others(processes, partial(_serve, url), door),
    ):
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        _until_there(address)
        yield address


def _until_there(address: str) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            build_opener().open(address + FLOOR, timeout=WAIT).read()
            return
        except URLError:
            time.sleep(0.1)
    raise FailedError("the server did not start")


def _signed_in(database: Database, address: str, slugs: list[str]) -> OpenerDirector:
    """A maintainer of these projects."""
    with database.begin() as store:
        person = people.by_zulip(store, 7, "", NOW)
        for slug in slugs:
            store.members.set(_project(store, slug).id, person.id, Role.MAINTAINER, NOW)
        link = signin.make_link(store, person, NOW, address)
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    token = _TOKEN.search(opener.open(link, timeout=WAIT).read().decode())
    form = urlencode({"csrf_token": token[1] if token else ""}).encode()
    opener.open(Request(link, form, {"Referer": link}), timeout=WAIT).read()
    return opener


def _fetch(visitor: OpenerDirector, address: str) -> bytes:
    request = Request(address, headers={"Accept-Encoding": "gzip"})
    with visitor.open(request, timeout=WAIT) as answer:
        data: bytes = answer.read()
    return data


def _load(visits: list[Visit], address: str, rate: int, seconds: int) -> list[Asked]:
    """So many a second, whether or not those before have been answered."""
    took: dict[str, list[float]] = defaultdict(list)
    weights: dict[str, tuple[int, int]] = {}
    begun = time.perf_counter() + 0.5

    def ask(at: int, visit: Visit) -> None:
        visitor, page = visit
        due = begun + at / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        data = _fetch(visitor, address + page)
        kind = _kind(page)
        took[kind].append(time.perf_counter() - due)
        plain = len(gzip.decompress(data)) if data[:2] == b"\x1f\x8b" else len(data)
        weights[kind] = max(weights.get(kind, (0, 0)), (plain, len(data)))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(ask, range(rate * seconds), cycle(visits)))
    return [Asked(kind, tuple(times), *weights[kind]) for kind, times in took.items()]


def _kind(page: str) -> str:
    return re.sub(r"res:\d+$", "...", re.sub(r"(/p|projects)/[^/]+", r"\1/...", page, count=1))


@contextmanager
def _writing(database: Database, slugs: list[str]) -> Iterator[None]:
    """Another process, as it were: somebody claims a task of a hot project every now and then.

    What may be claimed is looked up before, because reading a project holds up the clock of this process.
    """
    free = [_free(database, slug) for slug in slugs]
    turns = (
        (slug, label)
        for labels in zip(*free, strict=False)
        for slug, label in zip(slugs, labels, strict=True)
    )
    over = threading.Event()

    def write() -> None:
        for person, (slug, label) in enumerate(turns, 500):
            if over.wait(WRITES):
                return
            _claim(database, slug, label, person)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _free(database: Database, slug: str) -> list[str]:
    """Labels of tasks that nobody has."""
    with database.begin() as store:
        project = _project(store, slug)
        return [task.label for task in board.load(store, project, NOW).near("res:5000", CLAIMS)]


def _claim(database: Database, slug: str, label: str, person: int) -> None:
    with database.begin() as store:
        who = people.by_zulip(store, person, "", NOW)
        try:
            claims.claim(store, _project(store, slug), who, label, until=None, now=NOW)
        except UserError:
            return


def _project(store: Store, slug: str) -> ProjectRow:
    project = store.projects.by_slug(slug)
    if project is None:
        raise FailedError(f"{slug} is gone")
    return project
