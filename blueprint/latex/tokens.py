"""A project file as TeX tokens, each control sequence knowing where it stands.

plasTeX's own tokenizer makes three generator steps and a search through sixteen strings for every
character, and counts lines wrongly. This one gives the same tokens from a string and a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from plasTeX.Tokenizer import (
    DEFAULT_CATEGORIES,
    BeginGroup,
    EndGroup,
    EscapeSequence,
    Space,
    Token,
    Tokenizer,
)

from blueprint.draft import Remark
from blueprint.graph import Place
from blueprint.source_text import place_of

CODES = (
    *(Token.CC_LETTER, Token.CC_SPACE, Token.CC_EOL, Token.CC_BGROUP, Token.CC_EGROUP, Token.CC_ESCAPE),
    *(Token.CC_SUPER, Token.CC_SUB, Token.CC_MATHSHIFT, Token.CC_ALIGNMENT, Token.CC_COMMENT),
    *(Token.CC_ACTIVE, Token.CC_PARAMETER, Token.CC_IGNORED, Token.CC_INVALID),
)
NO_TEXT = (Token.CC_IGNORED, Token.CC_INVALID)
PARAGRAPH = "par"
# Characters that stand for themselves; a run of them, with blanks that plasTeX would make one.
ORDINARY = r"[^\\{}$&\n#^_\x00 \t\r\f~%]"
# An atomic group, not a possessive one: those of more than a character are wrong in Python before 3.11.5.
RUN = re.compile(rf"{ORDINARY}++(?>(?:(?:[ \t\r\f]++\n?|\n)[ \t\r\f]*+{ORDINARY}++)*)")
BLANKS = re.compile(r"[ \t\r\f\n]+")
WORD = re.compile("[A-Za-z]+")
# What stands next, and an argument in which nothing means more than itself, after blanks in a paragraph.
GAP = r"[ \t]*+\n?[ \t]*+"
NEXT = re.compile(rf"{GAP}(\\[A-Za-z]+|{ORDINARY}|[{{}}$&#_])")
SIMPLE_GROUP = re.compile(rf"{GAP}\{{((?>{ORDINARY}|[ \t_]|\n(?![ \t\r\f]*\n))*+)\}}")
# A bracket that holds no length such as `2ex`, `-.5\\baselineskip` or `\\jot`.
NUMBER, UNIT = r"-?[\d.,]+", "(?:pt|mm|cm|in|ex|em|bp|pc|dd|cc|sp|mu)"
LENGTH = rf"(?:{NUMBER}\s*(?:{UNIT}|\\[A-Za-z@]+)|-?\\[A-Za-z@]*(?:skip|sep|height|width|depth|jot|length))"
NO_LENGTH = re.compile(rf"\*?\s*\[(?!\s*{LENGTH})")


class CodeTable(dict[str, int]):
    """Category codes by character, for one assignment of them."""

    def __init__(self, categories: tuple[str, ...]) -> None:
        super().__init__()
        self.categories = categories
        self.usual = list(categories) == DEFAULT_CATEGORIES

    def __missing__(self, char: str) -> int:
        found = (code for code in CODES if char in self.categories[code])
        code: int = next(found, Token.CC_OTHER)
        self[char] = code
        return code


@lru_cache(maxsize=64)
def code_table(categories: tuple[str, ...]) -> CodeTable:
    return CodeTable(categories)


class Placed(EscapeSequence):  # type: ignore[misc]
    """A control sequence that knows the address of its backslash."""

    __slots__ = ("start",)


class SourceText:
    """A project file under its name. Its characters have addresses from `first` on, no other file's."""

    def __init__(self, text: str, name: str, folder: Path, first: int = 0) -> None:
        self.text = text
        self.name = name
        self.folder = folder
        self.first = first

    def place(self, address: int) -> Place:
        return place_of(self.text, self.name, min(max(address - self.first, 0), len(self.text)))


class TokenStack(Tokenizer):  # type: ignore[misc]
    """Tokens put back lie on a stack, its top at the end of the list: plasTeX shifts the whole list."""

    def __init__(self, source: Any, context: Any) -> None:
        self.context = context
        self.source = source
        self.filename = getattr(source, "name", "<tokens>")
        self.lineNumber = 1
        self.state = self.STATE_N
        self._tokBuffer: list[Any] = []

    def pushToken(self, token: Any) -> None:  # noqa: N802
        if token is not None:
            self._tokBuffer.append(token)

    def pushTokens(self, tokens: Any) -> None:  # noqa: N802
        if tokens:
            self._tokBuffer.extend(token for token in reversed(list(tokens)) if token is not None)


class TokenList(TokenStack):
    """Tokens made earlier: an argument, or the body of a macro."""

    def __init__(self, tokens: Any, context: Any) -> None:
        super().__init__(None, context)
        self.pushTokens(tokens)

    def __iter__(self) -> Iterator[Any]:
        waiting = self._tokBuffer
        while waiting:
            yield waiting.pop()


class SourceTokens(TokenStack):
    """The tokens of a project file."""

    def __init__(self, source: SourceText, context: Any) -> None:
        super().__init__(source, context)
        self.text = source.text
        self.position = 0
        self.seen = 0  # up to here it has been looked at in vain for simple mathematics
        self.after_paragraph = False
        self.use_codes()

    @property
    def address(self) -> int:
        """Of the next character to be read."""
        first: int = self.source.first
        return first + self.position

    def use_codes(self) -> None:
        """Look characters up as the context has it now."""
        self.categories = self.context.categories
        self.codes = code_table(tuple(self.categories))

    def __iter__(self) -> Iterator[Any]:
        waiting = self._tokBuffer
        while True:
            while waiting:
                yield waiting.pop()
            token = self.lexed()
            if token is not None:
                yield token
            elif self.position >= len(self.text):
                return

    def is_usual(self) -> bool:
        """Whether characters mean what they usually do and nothing was put back before the next one."""
        if self.context.categories is not self.categories:
            self.use_codes()
        return self.codes.usual and not self._tokBuffer

    def run(self) -> str | None:
        """The ordinary text from here to the next character that may mean something, if any."""
        found = RUN.match(self.text, self.position)
        if found is None:
            return None
        self.skip(found.end())
        return BLANKS.sub(" ", found[0])

    def lacks(self, opening: str) -> bool:
        """Whether no argument follows that begins with `opening`; blanks are passed over to see it."""
        found = NEXT.match(self.text, self.position) if self.state != self.STATE_N else None
        if found is None or found[1] == opening or found[1][1:] in self.context.renamed:
            return False
        self.position = found.start(1)
        return True

    def simple_group(self) -> str | None:
        """What stands in the braces that follow, if it is simple; they are passed over."""
        found = SIMPLE_GROUP.match(self.text, self.position) if self.state != self.STATE_N else None
        if found is None:
            return None
        self.skip(found.end())
        return BLANKS.sub(" ", found[1])

    def skip(self, position: int) -> None:
        """Go on at `position`, in the middle of a line."""
        self.position = position
        self.state = self.STATE_M
        self.after_paragraph = False

    def lexed(self) -> Any:
        """The next token; None where there is none, or the file is at its end."""
        start = self.position
        code, char = self.character()
        if code in (Token.CC_LETTER, Token.CC_OTHER):
            self.state = self.STATE_M
            token = self.tokenClasses[code](char)
        elif code == Token.CC_SPACE:
            token = self.space()
        elif code == Token.CC_EOL:
            return self.line_end()
        elif code == Token.CC_ESCAPE:
            token = self.control_sequence(start)
            self.after_paragraph = getattr(token, "macroName", None) == PARAGRAPH
            return token
        elif code == Token.CC_COMMENT:
            self.comment()
            return None
        elif code is None:
            return None
        elif code == Token.CC_ACTIVE:
            self.state = self.STATE_M
            token = self.context.get_let(self.placed(f"active::{char}", start))
        else:
            self.state = self.STATE_M
            token = self.tokenClasses[code](char)
        if token is not None:
            self.after_paragraph = False
        return token

    def character(self) -> tuple[Any, str]:
        """The next character with its code, `^^M` and the like replaced; no code at the end of the file."""
        if self.context.categories is not self.categories:
            self.use_codes()
        while self.position < len(self.text):
            char = self.text[self.position]
            self.position += 1
            code = self.codes[char]
            if code == Token.CC_SUPER and self.text[self.position : self.position + 1] == char:
                char = self.control_character(char)
                code = self.codes[char]
            if code not in NO_TEXT:
                return code, char
        return None, ""

    def control_character(self, char: str) -> str:
        named = self.text[self.position + 1 : self.position + 2]
        self.position += 2
        number = ord(named or char)
        return chr(number - 64 if number >= 64 else number + 64)

    def space(self) -> Any:
        if self.state in (self.STATE_S, self.STATE_N):
            return None
        self.state = self.STATE_S
        return Space(" ")

    def line_end(self) -> Any:
        """A blank, a paragraph where the line was empty, or nothing."""
        state, self.state = self.state, self.STATE_N
        if state == self.STATE_M:
            self.after_paragraph = False
            return Space(" ")
        if state == self.STATE_S or self.after_paragraph:
            return None
        self.after_paragraph = True
        return self.placed(PARAGRAPH, self.position - 1)

    def comment(self) -> None:
        end = self.text.find("\n", self.position)
        self.position = len(self.text) if end < 0 else end + 1
        self.state = self.STATE_N

    def control_sequence(self, start: int) -> Any:
        self.state = self.STATE_M
        code, char = self.character()
        if code == Token.CC_EOL:
            self.state = self.STATE_S
            return self.context.get_let(Space(" "))
        name = char + self.letters() if code == Token.CC_LETTER else char
        if WORD.match(name[-1:]):
            self.state = self.STATE_S
        elif name == "\\" and NO_LENGTH.match(self.text, self.position):
            self.keep_bracket(start)
        return self.context.get_let(self.placed(name, start))

    def keep_bracket(self, start: int) -> None:
        """Put an empty group between the end of a row and a bracket that belongs to the next row."""
        self.pushTokens([BeginGroup("{"), EndGroup("}")])
        self.context.desk.remarks.append(
            Remark(
                "bracket-after-row",
                "warning",
                "leanblueprint takes the bracket after this \\\\ for the height of a row; here it is text.",
                "Write {} before the bracket.",
                self.source.place(self.source.first + start),
            )
        )

    def letters(self) -> str:
        """The letters that follow."""
        if self.codes.usual:
            word = WORD.match(self.text, self.position)
            if word is not None:
                self.position = word.end()
            # Only `^^` and ignored characters could go on with it.
            if self.text[self.position : self.position + 1] not in ("^", "\0"):
                return word[0] if word else ""
            return (word[0] if word else "") + self.letters_one_by_one()
        return self.letters_one_by_one()

    def letters_one_by_one(self) -> str:
        found: list[str] = []
        while True:
            before = self.position
            code, char = self.character()
            if code != Token.CC_LETTER:
                self.position = before
                return "".join(found)
            found.append(char)

    def placed(self, name: str, start: int) -> Placed:
        token = Placed(name)
        token.start = self.source.first + start
        return token
