"""Pictures, which are kept as they are typed, and what the preamble sets for them."""

from __future__ import annotations

import re
from typing import Any

from plasTeX import Command

from blueprint.latex.arguments import typed, typed_argument
from blueprint.latex.raw import Drawn

ENVIRONMENTS = ("tikzpicture", "tikzcd", "forest", "circuitikz", "pspicture")
# How many arguments each takes.
SETTINGS = {
    "usetikzlibrary": 1,
    "usepgfplotslibrary": 1,
    "tikzset": 1,
    "tikzcdset": 1,
    "pgfplotsset": 1,
    "colorlet": 2,
    "definecolor": 3,
}
IN_MATHEMATICS = re.compile(rf"\\begin\{{(?:{'|'.join(ENVIRONMENTS)})\}}|\\xymatrix(?![A-Za-z])")
MOST = 200


class Setting(Command):  # type: ignore[misc]
    """Something that pictures need: it is handed on as it was typed."""

    count = 1

    def invoke(self, tex: Any) -> list[Any]:
        arguments = "".join(f"{{{typed_argument(tex)}}}" for _ in range(self.count))
        known = self.ownerDocument.userdata.setdefault("drawing", [])
        if len(known) < MOST:
            known.append(f"\\{self.nodeName}{arguments}")
        return []


class xymatrix(Command):  # type: ignore[misc]  # noqa: N801
    """xy's `\\xymatrix@C=2pc{...}`."""

    body = ""

    def invoke(self, tex: Any) -> None:
        spacing = ""
        for token in tex.itertokens():
            if token.catcode == token.CC_BGROUP:
                tex.pushToken(token)
                break
            spacing += str(token.source)
        self.body = f"{spacing}{{{typed(tex.readToken(expanded=False)[0])}}}"

    @property
    def source(self) -> str:
        return rf"\xymatrix{self.body}"


MACROS = (
    *(type(name, (Drawn,), {}) for name in (*ENVIRONMENTS, "CD")),
    *(type(name, (Setting,), {"count": count}) for name, count in SETTINGS.items()),
    xymatrix,
)
