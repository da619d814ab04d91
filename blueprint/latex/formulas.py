"""Mathematics as it is typed, without a DOM node for each of its characters.

Formulas stay LaTeX: all that plasTeX's work on one yields is its source again, with the project's macros
replaced. Here the same is done on strings for what is surely simple; the rest is left to plasTeX.
"""

from __future__ import annotations

import re
from typing import Any

from plasTeX import Definition, Macro, NewCommand, UnrecognizedMacro, macroName
from plasTeX.Base.TeX.Primitives import BoxCommand

PIECE = re.compile(
    r"\\(?P<word>[A-Za-z]++)|(?P<symbol>\\[,;:!>{}|/.])|(?P<brace>[{}])|(?P<script>[\^_](?!\^)[ \t]*+)"
    r"|(?P<text>[^\\{}$&#^_\x00~%\s]++)|(?P<blank>[ \t]++(?:\n[ \t]*+(?!\n))?|\n[ \t]*+(?!\n))"
)
BLANKS = re.compile(r"[ \t]*+(?:\n[ \t]*+(?!\n))?")
COMMENT_THEN_GROUP = re.compile(r"%[^\n]*\n\s*\{")
# Arguments of these types do something besides being shown.
ACTING = re.compile(r":(?:label|id|ref|idref)\b")
# What a macro overrides when it does something besides being shown.
HOOKS = ("invoke", "parse", "digest", "source", "preParse", "postParse", "preArgument", "postArgument")
DEEPEST = 20
LONGEST = 100_000


class Formulas:
    """Reads mathematics with the macros that `context` knows."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.plain: dict[type, bool] = {}
        self.reached = 0  # how far the last look went that found nothing

    def stretch(self, text: str, start: int = 0, depth: int = 0) -> tuple[str, int] | None:
        """The source of the simple mathematics from `start` on and where it ends; None if it breaks off.

        A blank at its end is not of it.
        """
        shown: list[str] = []
        groups = size = 0
        position = end = start
        complete = True
        while size < LONGEST and (piece := PIECE.match(text, position)) is not None:
            source = self.source(piece, depth)
            groups += {"{": 1, "}": -1}.get(piece[0], 0)
            if source is None or groups < 0:
                break
            shown.append(source)
            size += len(source)
            position = _after(piece)
            if not piece["blank"]:
                end, complete = position, not piece["script"] and not self.takes_argument(piece["word"])
        if max(groups, 0) or not complete or size >= LONGEST or COMMENT_THEN_GROUP.match(text, position):
            self.reached = position
            return None
        return "".join(shown).rstrip(" ") if end < position else "".join(shown), end

    def whole(self, text: str, start: int, closing: str) -> tuple[str, int] | None:
        """The simple formula between `start` and `closing`, and where the text goes on behind it."""
        found = self.stretch(text, start)
        if found is None or found[1] == start:
            return None
        end = BLANKS.match(text, found[1]).end()  # type: ignore[union-attr]
        return (found[0], end + len(closing)) if text.startswith(closing, end) else None

    def source(self, piece: re.Match[str], depth: int) -> str | None:
        """What stands for one piece; None if it is not simple."""
        if piece["word"]:
            return self.command(piece, depth)
        return " " if piece["blank"] else piece["script"][0] if piece["script"] else piece[0]

    def command(self, piece: re.Match[str], depth: int) -> str | None:
        """A command itself, or the body of the project's."""
        macro = self.context[piece["word"]]
        if issubclass(macro, NewCommand | Definition):
            return self.body(macro, depth) if depth < DEEPEST else None
        if not self.is_plain(macro) or macroName(macro) != piece["word"]:  # `\let` gives it another name
            return None
        grouped = piece.string[_after(piece) : _after(piece) + 1] in ("{", "[")
        return piece[0] if macro.args and grouped else f"{piece[0]} "

    def body(self, macro: Any, depth: int) -> str | None:
        """What a macro without arguments stands for."""
        if getattr(macro, "nargs", 0) or macro.args or not macro.definition:
            return None
        typed = "".join(token.source for token in macro.definition)
        found = self.stretch(typed, 0, depth + 1)
        return found[0] if found and found[1] == len(typed) else None

    def takes_argument(self, name: str | None) -> bool:
        return name is not None and bool(self.context[name].args)

    def is_plain(self, macro: type) -> bool:
        """Whether plasTeX would only read its arguments and give back its source."""
        if macro not in self.plain:
            self.plain[macro] = _is_plain(macro)
        return self.plain[macro]


def _after(piece: re.Match[str]) -> int:
    """Where the text goes on; TeX skips what is blank after a command."""
    blanks = BLANKS.match(piece.string, piece.end()) if piece["word"] else None
    return blanks.end() if blanks else piece.end()


def _is_plain(macro: Any) -> bool:
    if issubclass(macro, UnrecognizedMacro | BoxCommand):
        return True
    usual = all(getattr(macro, name) is getattr(Macro, name) for name in HOOKS)
    return usual and not macro.counter and not ACTING.search(macro.args) and macro.level == Macro.level
