"""What the graph's page costs in a browser: until the graph is seen, and while it is moved."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, median

from playwright.sync_api import Browser, Page, Response, sync_playwright
from waitress.server import create_server

from blueprint.graph import Graph

from ..server.web_world import make_site  # noqa: TID252 - tests are no installed package
from . import graphs
from .measuring import FailedError
from .synthetic import Plan

CHAPTER = 100  # nodes
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLOOR = "/sign-in"  # a page of the same site with next to nothing on it
PAINTED, FIRST_PAINT = "graph painted", "first-contentful-paint"
WHEN = "(name) => performance.getEntriesByName(name)[0]?.startTime ?? null"
PATIENCE = 60.0  # seconds
MOVES = 60  # frames in which the graph is moved or zoomed

# What hand and wheel do, one step a frame; answers with the milliseconds between frames.
MOVING = """async ([steps, deed]) => {
  const { view, graph } = document.getElementById('graph').chart;
  const canvas = document.querySelector('#graph canvas');
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const [clientX, clientY] = [left + width / 2, top + height / 2];
  const middle = { clientX, clientY, view: window, bubbles: true, cancelable: true };
  const far = deed === 'zoom';
  view.look(graph.size[0] / 2, graph.size[1] / 2, far ? 0.05 : 0.5);
  if (!far) canvas.dispatchEvent(new MouseEvent('mousedown', middle));
  const step = (at) => (far
    ? canvas.dispatchEvent(new WheelEvent('wheel', { ...middle, deltaY: -36 }))
    : window.dispatchEvent(new MouseEvent('mousemove', { ...middle, clientY: middle.clientY - 9 * at })));
  const times = [];
  let last = await new Promise(requestAnimationFrame);
  for (let at = 0; at < steps; at += 1) {
    step(at);
    const now = await new Promise(requestAnimationFrame);
    times.push(now - last);
    last = now;
  }
  if (!far) window.dispatchEvent(new MouseEvent('mouseup', middle));
  return times;
}"""


@dataclass(frozen=True, slots=True)
class Opened:
    """Milliseconds from asking for the page until the graph is seen, first and later; bytes; frames a second.

    `floor` is the first paint of a page with next to nothing on it. `weight` is compressed, without
    mathematics; `frames` are those in which the graph is panned and zoomed, drawn by the processor alone.
    """

    nodes: int
    first: float
    later: float
    floor: float
    weight: int
    pan: float
    zoom: float


def measured(sizes: tuple[int, ...], repeat: int) -> list[Opened]:
    """Each size on a server that has not been asked for it before."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with _served(sizes) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            return [_opened(browser, address, nodes, repeat) for nodes in sizes]
        finally:
            browser.close()


@contextmanager
def _served(sizes: tuple[int, ...]) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="chantier-graphs-") as folder:
        site = make_site(Path(folder))
        for nodes in sizes:
            site.add_project(_graph(nodes), f"/srv/{_slug(nodes)}")
        server = create_server(site.flask, host="127.0.0.1", port=0)
        threading.Thread(target=server.run, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.effective_port}"
        finally:
            server.close()
            site.database.close()


def _slug(nodes: int) -> str:
    return f"nodes-{nodes}"


def _graph(nodes: int) -> Graph:
    made = graphs.graph(Plan(nodes)).nodes
    named = (
        replace(
            one,
            title=f"Result {at}",
            number=f"{at // CHAPTER + 1}.{at % CHAPTER + 1}",
            sections=(_chapter(at),),
        )
        for at, one in enumerate(made)
    )
    return Graph(tuple(named), title=_slug(nodes))


def _chapter(at: int) -> str:
    return f"On the matter of {at // CHAPTER + 1}"


def _opened(browser: Browser, address: str, nodes: int, repeat: int) -> Opened:
    page = f"{address}/p/{_slug(nodes)}/graph"
    floor = median(_paint(browser, address + FLOOR, FIRST_PAINT) for _ in range(repeat))
    first = _paint(browser, page, PAINTED)
    later = median(_paint(browser, page, PAINTED) for _ in range(repeat))
    return Opened(nodes, first, later, floor, _weight(browser, page), *_frames(browser, page))


@contextmanager
def _window(browser: Browser) -> Iterator[Page]:
    """With nothing in its cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    yield context.new_page()
    context.close()


def _paint(browser: Browser, address: str, mark: str) -> float:
    with _window(browser) as page:
        page.goto(address)
        return _marked(page, mark)


def _marked(page: Page, mark: str) -> float:
    """When the browser passed the mark, in milliseconds after it began."""
    last = time.monotonic() + PATIENCE
    while (found := page.evaluate(WHEN, mark)) is None:
        if time.monotonic() > last:
            raise FailedError(f"{page.url} was not painted within {PATIENCE:.0f} s")
        page.wait_for_timeout(20)
    return float(found)


def _weight(browser: Browser, address: str) -> int:
    """Everything that the page loads, as a proxy would compress it; fonts are compressed already."""
    answers: list[Response] = []
    with _window(browser) as page:
        page.on("response", lambda answer: answers.append(answer))
        page.goto(address)
        _marked(page, PAINTED)
        bodies = [one.body() for one in answers]
    return sum(min(len(body), len(gzip.compress(body, 6))) for body in bodies)


def _frames(browser: Browser, address: str) -> tuple[float, float]:
    """Frames a second while panning among nodes, and while zooming from far to near."""
    with _window(browser) as page:
        page.goto(address)
        _marked(page, PAINTED)
        pan, zoom = (1000 / mean(page.evaluate(MOVING, [MOVES, deed])) for deed in ("pan", "zoom"))
    return pan, zoom
