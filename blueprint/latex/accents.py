"""Letters that LaTeX has macros for, as the characters they are: `\\"o`, `\\v{c}`, `\\ss`, `\\'{\\i}`."""

from __future__ import annotations

import unicodedata

from plasTeX.Base.LaTeX.Accents import Dot

SIGNS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    '"': "\u0308",
    "u": "\u0306",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "t": "\u0361",
    "c": "\u0327",
    "k": "\u0328",
    "d": "\u0323",
    "b": "\u0331",
}
BELOW = "ckdb"
DOTLESS = str.maketrans("ıȷ", "ij")
LETTERS = {
    "ss": "ß",
    "SS": "ẞ",
    "aa": "å",
    "AA": "Å",
    "dh": "ð",
    "DH": "Ð",
    "j": "ȷ",
    "slash": "/",
    "textquotesingle": "'",
    "textasciigrave": "`",
    "textbullet": "•",
    "textdegree": "°",
    "texteuro": "€",
    "TeX": "TeX",
    "LaTeX": "LaTeX",
    "LaTeXe": "LaTeX",
    "active::~": " ",
}


def accented(accent: str, text: str) -> str:
    """`text`, whose first letter gets the accent that LaTeX calls `accent`."""
    letter, rest = text[:1] if accent in BELOW else text[:1].translate(DOTLESS), text[1:]
    return unicodedata.normalize("NFC", (letter or " ") + SIGNS[accent]) + rest


MACROS = (Dot,)  # plasTeX forgets it for a delimiter of the same name
