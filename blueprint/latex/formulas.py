"""Mathematics as it is typed, without a DOM node for each of its characters.

Formulas stay LaTeX: all that plasTeX's work on one yields is its source again, with the project's macros
replaced. Here the same is done on strings for what is surely simple; the rest is left to plasTeX.
"""

from __future__ import annotations

import re
from typing import Any

from plasTeX import Definition, Macro, NewCommand, UnrecognizedMacro, macroName
from plasTeX.Base.LaTeX.Math import AngleReplacingDelimiter
from plasTeX.Base.TeX.Primitives import BoxCommand
from plasTeX.Tokenizer import Token

PIECE = re.compile(
    r"\\(?P<word>[A-Za-z]++)|(?P<symbol>\\(?:[,;:!>{}|/.#]|[ ][ \t]*+))|(?P<brace>[{}])"
    r"|(?P<script>[\^_](?!\^)[ \t]*+)|(?P<text>[^\\{}$&#^_\x00~%\s]++(?>(?:[ ][^\\{}$&#^_\x00~%\s]++)*))"
    r"|(?P<blank>[ \t]++(?:\n[ \t]*+(?!\n))?|\n[ \t]*+(?!\n))"
)
BLANKS = re.compile(r"[ \t]*+(?:\n[ \t]*+(?!\n))?")
COMMENT_THEN_GROUP = re.compile(r"%[^\n]*\n\s*\{")
# An argument in braces. What is odd in it stops the reading of the macro's body, in which it stands.
# Atomic groups, not possessive ones: those of more than a character are wrong in Python before 3.11.5.
INSIDE = r"(?>(?:[^{}\\%$&#~\n]++|\\[A-Za-z{}|,;:!>]|\n(?![ \t]*+\n))*)"
NESTED = rf"(?>(?:{INSIDE}\{{{INSIDE}\}})*){INSIDE}"
GROUP = re.compile(rf"[ \t]*+\n?[ \t]*+\{{((?>(?:{INSIDE}\{{{NESTED}\}})*){INSIDE})\}}")
COMMAND_LAST = re.compile(r"\\[A-Za-z]++$")
BRACKET = re.compile(r"[()\[\]|./]|\\[{}|]|\\([A-Za-z]++)")
DIGITS = tuple("123456789")
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
            found = self.source(piece, depth)
            groups += {"{": 1, "}": -1}.get(piece[0], 0)
            if found is None or groups < 0:
                break
            source, position = found
            shown.append(source)
            size += len(source)
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

    def source(self, piece: re.Match[str], depth: int) -> tuple[str, int] | None:
        """What stands for one piece and where the text goes on; None if it is not simple."""
        if piece["word"]:
            return self.command(piece, depth)
        typed = " " if piece["blank"] else piece["script"][0] if piece["script"] else piece[0]
        return typed, piece.end()

    def command(self, piece: re.Match[str], depth: int) -> tuple[str, int] | None:
        """A command itself, or the body of the project's."""
        macro = self.context[piece["word"]]
        position = _after(piece)
        if issubclass(macro, NewCommand | Definition):
            return self.call(macro, piece.string, position, depth) if depth < DEEPEST else None
        if macroName(macro) != piece["word"]:  # `\let` gives it another name
            return None
        if not self.is_plain(macro) and not self.is_sized(macro, piece.string, position):
            return None
        grouped = piece.string[position : position + 1] in ("{", "[")
        return piece[0] if macro.args and grouped else f"{piece[0]} ", position

    def call(self, macro: Any, text: str, position: int, depth: int) -> tuple[str, int] | None:
        """What a macro stands for with the arguments at `position`, and where they end."""
        if not macro.definition or macro.args or getattr(macro, "opt", None) is not None:
            return None
        given = []
        for _ in range(getattr(macro, "nargs", 0)):
            argument = GROUP.match(text, position)
            if argument is None:
                return None
            given.append(f"{argument[1]} " if COMMAND_LAST.search(argument[1]) else argument[1])
            position = argument.end()
        typed = _filled(macro.definition, given)
        found = None if typed is None else self.stretch(typed, 0, depth + 1)
        return (found[0], position) if found and found[1] == len(typed or "") else None

    def is_sized(self, macro: Any, text: str, position: int) -> bool:
        """Whether it is `\\left`, `\\big` and the like before a bracket that plasTeX leaves as it is."""
        if macro.invoke is not AngleReplacingDelimiter.invoke:
            return False
        bracket = BRACKET.match(text, position)
        return bracket is not None and (not bracket[1] or self.is_plain(self.context[bracket[1]]))

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


def _filled(definition: Any, given: list[str]) -> str | None:
    """The body of a macro with its arguments in it; None where a parameter is more than a number."""
    typed = []
    tokens = iter(definition)
    for token in tokens:
        if token.catcode != Token.CC_PARAMETER:
            typed.append(token.source)
            continue
        number = str(next(tokens, ""))
        if number not in DIGITS or int(number) > len(given):
            return None
        typed.append(given[int(number) - 1])
    return "".join(typed)


def _is_plain(macro: Any) -> bool:
    if issubclass(macro, UnrecognizedMacro | BoxCommand):
        return True
    usual = all(getattr(macro, name) is getattr(Macro, name) for name in HOOKS)
    return usual and not macro.counter and not ACTING.search(macro.args) and macro.level == Macro.level
