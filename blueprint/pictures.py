"""Pictures that MathJax cannot draw (tikz, tikz-cd, xy), drawn by the TeX that is installed, if one is.

The reader leaves their source in the HTML. `drawn` puts images in its place: each is an SVG inside an
`<img>`, where nothing in it can run, and its source is what the image says to those who do not see it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from html import escape, unescape
from pathlib import Path

from blueprint.caches import cache_dir, write_whole
from blueprint.graph import Graph, Macro, Node, Part, Problem
from blueprint.mathematics import needed

SHOWN = re.compile(r'<pre class="picture">(.*?)</pre>', re.DOTALL)
SECONDS = 60  # for one program, by the clock; its processor time is bounded more tightly
LARGEST = 400_000  # bytes of an SVG
MOST = 300  # pictures of one blueprint
SIZE = re.compile(
    rb"<svg[^>]*?\bwidth=['\"]([\d.]+)(?:pt)?['\"][^>]*?\bheight=['\"]([\d.]+)(?:pt)?['\"]", re.DOTALL
)
ACTIVE = re.compile(
    rb"<script|<foreignObject|<!ENTITY|\son\w+\s*=|href=[\"'](?!#|data:image/png)", re.IGNORECASE
)
SCALE = 1.75  # from TeX's points at 10pt to pixels beside the text of a page
USUAL = ("amsmath", "amssymb", "tikz")
PACKAGES = {
    "tikzcd": "tikz-cd",
    "xymatrix": "xy",
    "{forest}": "forest",
    "{axis}": "pgfplots",
    "{circuitikz}": "circuitikz",
    "mathscr": "mathrsfs",
    "mathds": "dsfont",
    "mathbbm": "bbm",
    "bracket": "stmaryrd",
    "bm": "bm",
    "coloneqq": "mathtools",
}


@dataclass(frozen=True, slots=True)
class Route:
    """Two programs: `tex` makes `picture.SUFFIX`, `converter` makes an SVG of it."""

    tex: str
    converter: str
    arguments: tuple[str, ...]


# No Lua: what a document says in it runs with all of Lua's own ways to files.
ROUTES = (
    Route("pdflatex", "pdftocairo", ("-svg", "picture.pdf", "picture.svg")),
    Route(
        "latex",
        "dvisvgm",
        ("--no-fonts", "--exact-bbox", "--no-specials=ps", "-o", "picture.svg", "picture.dvi"),
    ),
)


class PictureError(Exception):
    """Why there is no picture, in a few words."""


def drawn(graph: Graph) -> Graph:
    """`graph` with images for the pictures that can be drawn, and a problem for each that cannot.

    Where no TeX is installed the graph comes back as it is: its pictures are shown as source.
    """
    route = installed()
    wanted = [unescape(source) for part in _parts(graph) for source in SHOWN.findall(part.html)][:MOST]
    if route is None or not wanted:
        return graph
    made = _draw_all(route, tuple(dict.fromkeys(wanted)), graph)
    nodes = tuple(_illustrated(node, made) for node in graph.nodes)
    return replace(graph, nodes=nodes, problems=(*graph.problems, *_failures(graph, made)))


def installed() -> Route | None:
    """The first way to draw both programs of which are on the PATH."""
    return next(
        (route for route in ROUTES if shutil.which(route.tex) and shutil.which(route.converter)), None
    )


def document(source: str, macros: tuple[Macro, ...], settings: tuple[str, ...]) -> str:
    """A LaTeX document of the picture alone, with those macros of the project that it needs."""
    definitions = [_definition(macro) for macro in needed(macros, [source, *settings])]
    text = "\n".join((source, *definitions, *settings))
    packages = (*USUAL, *(package for word, package in PACKAGES.items() if word in text))
    lines = [
        r"\documentclass[border=2pt]{standalone}",
        *(rf"\IfFileExists{{{name}.sty}}{{\usepackage{{{name}}}}}{{}}" for name in packages),
        *((r"\xyoption{all}",) if "xy" in packages else ()),
        *settings,
        *definitions,
        r"\begin{document}",
        source,
        r"\end{document}",
    ]
    return "\n".join(lines)


def draw(route: Route, text: str) -> bytes:
    """The SVG of a document, from the cache if it was drawn before. Raises `PictureError`."""
    digest = hashlib.sha256(f"{route}\0{text}".encode()).hexdigest()
    kept = cache_dir() / "pictures" / digest
    if not kept.is_file():
        try:
            write_whole(kept, _compiled(route, text))
        except PictureError as error:
            write_whole(kept, f"!{error}".encode())
    data = kept.read_bytes()
    if data.startswith(b"!"):
        raise PictureError(data[1:].decode())
    return data


def image(source: str, svg: bytes) -> str:
    """An `<img>` that carries the picture; its size follows from that of the picture's text."""
    size = SIZE.search(svg)
    width, height = (round(float(number) * SCALE) for number in size.groups()) if size else (0, 0)
    sizes = f' width="{width}" height="{height}"' if width and height else ""
    data = base64.b64encode(svg).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(source)}"{sizes}>'


def _parts(graph: Graph) -> list[Part]:
    return [part for node in graph.nodes for part in (node.statement, node.proof) if part is not None]


def _draw_all(route: Route, sources: tuple[str, ...], graph: Graph) -> dict[str, bytes | PictureError]:
    def attempt(source: str) -> bytes | PictureError:
        try:
            return draw(route, document(source, graph.macros, graph.drawing))
        except PictureError as error:
            return error

    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        return dict(zip(sources, pool.map(attempt, sources), strict=True))


def _illustrated(node: Node, made: dict[str, bytes | PictureError]) -> Node:
    def show(found: re.Match[str]) -> str:
        svg = made.get(unescape(found[1]))
        return image(unescape(found[1]), svg) if isinstance(svg, bytes) else found[0]

    def part(old: Part) -> Part:
        return replace(old, html=SHOWN.sub(show, old.html))

    return replace(node, statement=part(node.statement), proof=node.proof and part(node.proof))


def _failures(graph: Graph, made: dict[str, bytes | PictureError]) -> list[Problem]:
    why = {source: str(error) for source, error in made.items() if isinstance(error, PictureError)}
    return [
        Problem(
            "picture-not-drawn",
            "warning",
            f"A picture could not be drawn: {why[source]}.",
            "Compile it in a document of its own and see why; its source is shown instead.",
            part.place,
            node.id,
        )
        for node in graph.nodes
        for part in (node.statement, node.proof)
        if part is not None
        for source in map(unescape, SHOWN.findall(part.html))
        if source in why
    ]


def _definition(macro: Macro) -> str:
    count = f"[{macro.arity}]" if macro.arity else ""
    default = f"[{macro.default}]" if macro.default is not None else ""
    name = rf"\{macro.name}"
    return rf"\providecommand{{{name}}}{{}}\renewcommand{{{name}}}{count}{default}{{{macro.body}}}"


def _compiled(route: Route, text: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="chantier-picture-") as scratch:
        folder = Path(scratch).resolve()
        (folder / "picture.tex").write_text(text, "utf-8")
        _run(
            folder, route.tex, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "picture.tex"
        )
        _run(folder, route.converter, *route.arguments)
        return _checked(folder / "picture.svg")


def _checked(svg: Path) -> bytes:
    if not svg.is_file() or svg.is_symlink():
        raise PictureError("TeX made no page of it")
    if svg.stat().st_size > LARGEST:
        raise PictureError("it is too large")
    data = svg.read_bytes()
    if b"<svg" not in data or ACTIVE.search(data):
        raise PictureError("it holds more than a drawing")
    return data


def _run(folder: Path, program: str, *arguments: str) -> None:
    """Run a program in `folder`, alone there; it and all it started are dead when this ends."""
    command = [
        sys.executable,
        "-I",
        "-m",
        "blueprint.picture_process",
        str(folder),
        shutil.which(program) or program,
    ]
    process = subprocess.Popen(
        [*command, *arguments],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        status = process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        raise PictureError("it takes too long") from None
    finally:
        _end(process)
    if status:
        raise PictureError(
            _complaint(folder / "picture.log") if program != "dvisvgm" else "its page cannot be shown"
        )


def _environment(folder: Path) -> dict[str, str]:
    """No file but TeX's own and those of the folder may be opened; no font is made on the way."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "TEXMFVAR": str(folder),
        "openin_any": "p",
        "openout_any": "p",
        "MKTEXPK": "0",
        "MKTEXTFM": "0",
        "MKTEXMF": "0",
        "SOURCE_DATE_EPOCH": "0",
        "LC_ALL": "C.UTF-8",
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _complaint(log: Path) -> str:
    """TeX's first complaint, from its log."""
    text = log.read_text("utf-8", "replace") if log.is_file() else ""
    first = next((line[2:] for line in text.splitlines() if line.startswith("! ")), "TeX failed")
    return "".join(char for char in first[:200].rstrip(".") if char.isprintable())
