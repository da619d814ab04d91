"""An entry for BibTeX and biber."""

from __future__ import annotations

import re

from dashboards.exports.latex_text import latex
from dashboards.exports.roll import Roll
from dashboards.links import web_address


def render(roll: Roll) -> str:
    """Names are in braces, so that no style takes them apart; the unnamed are `others`."""
    names = [f"{{{latex(one.shown)}}}" for one in roll.named] or [f"{{{latex(roll.everybody())}}}"]
    others = ["others"] if roll.unnamed and roll.named else []
    fields = {
        "title": f"{{{latex(roll.title)}}}",
        "author": " and ".join([*names, *others]),
        "year": f"{roll.at:%Y}",
        "note": f"Formalization in Lean, commit {roll.sha[:10]}",
    }
    if web_address(roll.url):
        fields["url"] = latex(roll.url or "")
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{_key(roll)},\n{lines}}}\n"


def _key(roll: Roll) -> str:
    """`prime-numbers-2026`"""
    words = re.sub(r"[^a-z0-9]+", "-", roll.title.casefold()).strip("-")[:40].strip("-")
    return f"{words or 'formalization'}-{roll.at:%Y}"
