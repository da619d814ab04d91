"""How our macros read what follows them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any

from plasTeX import Command, Definition, NewCommand, UnrecognizedMacro
from plasTeX.Tokenizer import Token, Tokenizer

from blueprint.draft import LONGEST_LINE

ARGUMENT_LIMIT = 100_000
SHORTHANDS, SHORTHAND_LENGTH = 1000, 1000  # replaced in one argument, tokens of one


def typed_argument(tex: Any) -> str:
    """The next argument in braces as it was typed, unexpanded, on one line; empty when there is none."""
    simple = tex.simple_group()
    if simple is not None:
        return one_line(simple)[:ARGUMENT_LIMIT]
    if not group_follows(tex):
        return ""
    return one_line(typed(spelled_out(tex, tex.readToken(expanded=False)[0])))[:ARGUMENT_LIMIT]


def spelled_out(tex: Any, tokens: Iterable[Any]) -> list[Any]:
    """The tokens with the project's shorthands, macros without arguments, replaced by what they stand for."""
    waiting, out, replaced = list(tokens or ())[::-1], [], 0
    while waiting:
        token = waiting.pop()
        body = shorthand(tex, token) if replaced < SHORTHANDS else None
        if body is None:
            out.append(token)
        else:
            replaced += 1
            waiting.extend(reversed(body))
    return out


def shorthand(tex: Any, token: Any) -> list[Any] | None:
    """What a control sequence stands for, when it is a short macro of the project without arguments."""
    name, context = token.macroName, tex.ownerDocument.context
    macro: Any = context[name] if name is not None and name in context else object
    if not issubclass(macro, NewCommand | Definition) or getattr(macro, "nargs", None) or macro.args:
        return None
    body = list(macro.definition or ())
    return body if len(body) <= SHORTHAND_LENGTH else None


def typed_option(tex: Any) -> str | None:
    """The next argument in brackets as it was typed, or None when there is none."""
    tokens = option(tex)
    return None if tokens is None else one_line(typed(tokens))[:ARGUMENT_LIMIT]


def shown(text: str, longest: int = LONGEST_LINE) -> str:
    """`text` on one line, cut where it would be too long to be shown."""
    return one_line(text)[:longest]


def argument(tex: Any) -> list[Any]:
    """The tokens of the next argument: a group or one token."""
    tex.readOptionalSpaces()
    return list(tex.readToken(expanded=False)[0] or ())


def option(tex: Any, brackets: str = "[]") -> list[Any] | None:
    """The tokens of the next argument in brackets, which may nest; None when there is none."""
    if tex.lacks(brackets[0]):
        return None
    tex.readOptionalSpaces()
    return bracketed(tex, *brackets) if next_is(tex, brackets[0]) else None


def bracketed(tex: Any, opening: str, closing: str) -> list[Any]:
    """What stands up to the bracket that closes the next one. A bracket in a group closes nothing."""
    tokens: list[Any] = []
    stream = tex.itertokens()
    next(stream, None)
    brackets, groups = 1, 0
    for token in stream:
        groups += {Token.CC_BGROUP: 1, Token.CC_EGROUP: -1}.get(token.catcode, 0)
        if not groups and token.catcode == Token.CC_OTHER:
            brackets += {opening: 1, closing: -1}.get(str(token), 0)
        if not brackets:
            break
        tokens.append(token)
    return tokens


def star(tex: Any) -> bool:
    """Whether a star follows; it is read."""
    if tex.lacks("*"):
        return False
    tex.readOptionalSpaces()
    found = next_is(tex, "*")
    if found:
        next(tex.itertokens())
    return found


def file_argument(tex: Any) -> str:
    """A file name in braces or, as TeX has it, up to the next blank; quotes around it count for nothing."""
    if group_follows(tex):
        return typed_argument(tex).replace('"', "")
    name = []
    for token in tex.itertokens():
        if token.nodeType == Command.ELEMENT_NODE or token.catcode == Token.CC_ESCAPE or token.isspace():
            tex.pushToken(token)
            break
        name.append(str(token))
    return "".join(name)


def group_follows(tex: Any) -> bool:
    tex.readOptionalSpaces()
    token = next(tex.itertokens(), None)
    tex.pushToken(token)
    return bool(getattr(token, "catcode", None) == Token.CC_BGROUP)


def right_behind(tex: Any, name: str) -> str:
    """The character right behind the macro of this name that is being carried out, where a file spells it."""
    stream = tex.inputs[-1][0] if tex.inputs else None
    if stream is None or stream not in tex.desk.open[-1:]:
        return ""
    position: int = stream.position
    typed = str(stream.text[max(position - len(name) - 1, 0) : position + 1])
    return typed.removeprefix(f"\\{name}") if typed.startswith(f"\\{name}") else ""


def next_is(tex: Any, char: str) -> bool:
    token = next(tex.itertokens(), None)
    tex.pushToken(token)
    return bool(getattr(token, "catcode", None) == Token.CC_OTHER and str(token) == char)


def typed(tokens: Iterable[Any] | None) -> str:
    """The tokens as they were typed."""
    return "".join(_typed(token) for token in tokens or ())


def _typed(token: Any) -> str:
    source = str(token.source)
    if source.isspace():
        return " "
    # plasTeX puts a blank behind every control sequence; behind a sign it would be one more.
    return source if token.catcode != Token.CC_ESCAPE or source[1:2].isalpha() else source.rstrip(" ")


def one_line(text: str) -> str:
    """`text` with single blanks and without control characters."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())


def tokens(text: str, document: Any) -> list[Any]:
    """`text` as TeX would read it here."""
    return list(Tokenizer(text, document.context))


COUNTED = re.compile(r"\\(?:the[A-Za-z]+ ?|(?:arabic|roman|Roman|alph|Alph)\s*\{[A-Za-z]+\})")


def counted(tex: Any, text: str) -> str:
    """`text` with numbers for the counters whose values it asks for."""

    def value(found: re.Match[str]) -> str:
        return str(tex.expandTokens(tokens(found[0], tex.ownerDocument)).textContent)

    return COUNTED.sub(value, text)


def settings(text: str) -> dict[str, str]:
    """`key=value` pairs between commas, of which those in braces separate nothing."""
    pairs = (piece.partition("=") for piece in re.split(r",(?![^{}]*\})", text))
    return {
        key.strip(): value.strip().removeprefix("{").removesuffix("}")
        for key, _, value in pairs
        if key.strip()
    }


class Dropped(Command):  # type: ignore[misc]
    """Read with its arguments and dropped."""

    count = 0

    def invoke(self, tex: Any) -> list[Any]:
        for _ in range(self.count):
            argument(tex)
        return []


def dropped(**counts: int) -> tuple[type, ...]:
    """Macros of these names, each with the number of its arguments, that say nothing here."""
    return tuple(type(name, (Dropped,), {"count": count}) for name, count in counts.items())


class Made:
    """A macro or environment of the project's own making."""


def define(document: Any, name: str, base: type, **members: Any) -> None:
    """A macro of the project. As with `\\newcommand` in plasTeX, what plasTeX or we define stays as it is."""
    context = document.context
    if name and (
        name not in context or issubclass(context[name], (Made, NewCommand, Definition, UnrecognizedMacro))
    ):
        context.addGlobal(name, type(name, (base,), members))


def beyond_leanblueprint(invoke: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """For a macro that leanblueprint does not know, so its web version goes wrong: said once for each."""

    @functools.wraps(invoke)
    def told(macro: Any, tex: Any) -> Any:
        said: set[str] = macro.ownerDocument.userdata.setdefault("beyond", set())
        if macro.nodeName not in said:
            said.add(macro.nodeName)
            message = f"leanblueprint does not know \\{macro.nodeName}; here it is understood."
            tex.desk.remark("beyond-leanblueprint", "info", message)
        return invoke(macro, tex)

    return told
