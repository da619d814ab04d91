"""Formulas as MathML, which browsers show without any script. Where scripts run, MathJax takes their place.

The converter is a library's; what it makes of a stranger's formula is taken apart again here: only elements
and attributes of mathematics get through. A formula that it cannot convert stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape, unescape
from itertools import zip_longest
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markupsafe import Markup

from blueprint.graph import Macro
from blueprint.identity import Same, remembered
from blueprint.mathematics import inert
from dashboards.macros import LONGEST, expanded

# In HTML that is clean already: a formula has no tags in it.
_FORMULA = re.compile(r"\\\(([^<>]*?)\\\)|\\\[([^<>]*?)\\\]")
_TAGS = frozenset(
    {
        *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "ms", "mfrac", "msqrt", "mroot", "mstyle"),
        *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "none"),
        *("mtable", "mtr", "mtd", "mlabeledtr", "mphantom", "mpadded", "menclose", "merror"),
    }
)
_ATTRIBUTES = frozenset(
    {
        *("stretchy", "fence", "separator", "form", "accent", "accentunder", "minsize", "maxsize"),
        *("width", "height", "depth", "linethickness", "displaystyle", "scriptlevel", "columnalign"),
        *("rowspacing", "columnspacing", "lspace", "rspace", "movablelimits"),
    }
)
# The library would expand these without end.
_DEFINES = re.compile(r"\\(?:def|edef|gdef|xdef|let|(?:re)?newcommand|providecommand)(?![A-Za-z])")
_CODE = re.compile(r"&#x([0-9A-Fa-f]{2,6});")
# Halves of characters and what only controls: a page with the former could not even be encoded.
_UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = '<mspace width="0.167em"></mspace>'
_VARIANTS = {"double-struck": "DOUBLE-STRUCK", "script": "SCRIPT", "fraktur": "FRAKTUR", "bold": "BOLD"}


class _NotShownError(ValueError):
    """There is something in it that is no mathematics, or that nobody knows."""


def with_mathml(html: Markup, macros: tuple[Macro, ...]) -> Markup:
    """Clean HTML with its formulas as MathML, each with its LaTeX in `alttext`."""
    known = _by_name(macros)
    return Markup(_FORMULA.sub(lambda found: _element(found[0], known), html))  # noqa: S704 - made of clean pieces


@remembered(32)
def _by_name(macros: tuple[Macro, ...]) -> Same[Mapping[str, Macro]]:
    return _once(macros)


@lru_cache(maxsize=32)
def _once(macros: tuple[Macro, ...]) -> Same[Mapping[str, Macro]]:
    """By value: most commits change none, and what was made of formulas holds."""
    return Same({macro.name: macro for macro in macros})


@lru_cache(maxsize=20_000)
def _element(formula: str, macros: Same[Mapping[str, Macro]]) -> str:
    """`formula` with its delimiters, escaped as in HTML."""
    tex = unescape(formula)
    try:
        whole = expanded(tex[2:-2], macros.value)
        if len(whole) > LONGEST or _DEFINES.search(whole):
            return formula
        tree = convert_to_element(inert(whole), display="block" if tex[1] == "[" else "inline")
        inside = "".join(_written(child) for child in tree)
    except Exception:  # noqa: BLE001 - a stranger's formula may break the library in any way: it stays as it is
        return formula
    display = ' display="block"' if tex[1] == "[" else ""
    return f'<math{display} alttext="{escape(tex)}">{inside}</math>'


def _written(element: Element) -> str:
    if element.tag not in _TAGS:
        raise _NotShownError(element.tag)
    said = {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES}
    if element.tag == "mi" and element.get("mathvariant") == "normal":
        said["mathvariant"] = "normal"
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in said.items())
    inside = "".join(_written(child) + _SPACE * _is_apart(child, after) for child, after in _pairs(element))
    return f"<{element.tag}{attributes}>{escape(_text(element))}{inside}</{element.tag}>"


def _pairs(element: Element) -> Iterator[tuple[Element, Element | None]]:
    """Each child with the one after it."""
    return zip_longest(element, list(element)[1:])


def _is_apart(one: Element, after: Element | None) -> bool:
    """Whether a word such as `log` stands before what is no bracket, and is to be told from it."""
    word = one.tag == "mi" and len(_CODE.sub("x", one.text or "")) > 1
    return word and after is not None and after.tag != "mo"


def _text(element: Element) -> str:
    text = _CODE.sub(lambda code: chr(int(code[1], 16)), element.text or "")
    if "\\" in text and element.tag != "mo":
        raise _NotShownError(text)  # a command that the library does not know
    if _UNSENDABLE.search(text):
        raise _NotShownError(ascii(text))  # a character by its number, which no page can hold
    variant = _VARIANTS.get(element.get("mathvariant", ""))
    return "".join(_varied(text, variant)) if variant else text


def _varied(text: str, variant: str) -> Iterator[str]:
    """Letters of another kind are characters of their own: browsers know no other way."""
    for letter in text:
        case = "CAPITAL" if letter.isupper() else "SMALL"
        names = (f"MATHEMATICAL {variant} {case} {letter.upper()}", f"{variant} {case} {letter.upper()}")
        black = f"BLACK-LETTER {case} {letter.upper()}" if variant == "FRAKTUR" else names[1]
        digit = f"MATHEMATICAL {variant} {unicodedata.name(letter, '')}"
        yield next((char for name in (*names, black, digit) if (char := _named(name))), letter)


def _named(name: str) -> str | None:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return None
