"""From a spec to a picture: the one door to Vega. Pictures are kept by what they show."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import vl_convert
from markupsafe import Markup

from blueprint import caches
from dashboards.charts.specs import PALETTE, Spec

# Whenever what we draw for the same spec changes, so does this.
_VERSION = "2"
_MOST_FILES, _LARGEST = 4000, 2 << 20
_SCALE = 1.6  # of a PNG: screens have several points to a pixel
_OPENING = re.compile(r"<svg\b[^>]*?\bviewBox=\"([^\"]*)\"[^>]*>")
# Decimals that nobody sees, what only scripts look for, and paper without anything on it.
_NEEDLESS = re.compile(
    r'(?<=\.\d)\d+| (?:class|role|aria-hidden|aria-roledescription|pointer-events)="[^"]*"'
    r'|<path class="(?:background|foreground)"[^>]*?display="none"/>'
)
_COLOURS = frozenset({"color", "fill", "stroke", "labelColor", "tickColor", "gridColor", "domainColor"})
# Vega's engine does one thing at a time.
_TURN = threading.Lock()


class Picture:
    """A drawing for a page: what stands within its `<svg>`, and the box that it is drawn in."""

    def __init__(self, svg: str) -> None:
        found = _OPENING.search(svg)
        if found is None:
            raise ValueError("Vega gave no picture")
        self.box = found[1]
        inner = svg[found.end() : svg.rindex("</svg>")]
        self.inner = Markup(_NEEDLESS.sub("", inner))  # noqa: S704 - no foreign text is in it


def picture(spec: Spec) -> Picture:
    """In the colours of the page's style sheet, by day and by night."""
    return _picture(_text(spec, paper=False))


def png(spec: Spec) -> bytes:
    """In the colours of paper, for letters."""
    return _png(_text(spec, paper=True))


@lru_cache(maxsize=512)
def _picture(spec: str) -> Picture:
    return Picture(_kept(spec, "svg").decode())


@lru_cache(maxsize=64)
def _png(spec: str) -> bytes:
    return _kept(spec, "png")


def _text(spec: Spec, *, paper: bool) -> str:
    return json.dumps(_painted(spec, paper), sort_keys=True, separators=(",", ":"))


def _painted(value: Any, paper: bool, key: str = "") -> Any:
    """The spec with colours for their names."""
    if isinstance(value, dict):
        return {name: _painted(one, paper, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_painted(one, paper) for one in value]
    return PALETTE[value][paper] if key in _COLOURS and value is not None else value


def _kept(spec: str, kind: str) -> bytes:
    """From the folder of what was drawn before, by whichever process."""
    digest = hashlib.sha256(f"{_VERSION} {version('vl-convert-python')} {spec}".encode()).hexdigest()
    file = caches.cache_dir() / "charts" / f"{digest}.{kind}"
    made = caches.kept(file, _LARGEST)
    if made is None:
        made = _drawn(spec, kind)
        caches.keep(file, made, _MOST_FILES)
    return made


def _drawn(spec: str, kind: str) -> bytes:
    with _TURN:
        if kind == "png":
            return bytes(vl_convert.vegalite_to_png(spec, scale=_SCALE, allowed_base_urls=[]))
        return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])).encode()
