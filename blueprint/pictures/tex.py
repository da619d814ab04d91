"""What TeX is given of a picture: a document of it alone, and the two programs that draw it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from blueprint.graph import Macro
from blueprint.mathematics import needed

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


def _definition(macro: Macro) -> str:
    count = f"[{macro.arity}]" if macro.arity else ""
    default = f"[{macro.default}]" if macro.default is not None else ""
    name = rf"\{macro.name}"
    return rf"\providecommand{{{name}}}{{}}\renewcommand{{{name}}}{count}{default}{{{macro.body}}}"
