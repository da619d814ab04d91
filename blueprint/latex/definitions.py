"""LaTeX's newer ways to define macros and environments (xparse), and environ's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from plasTeX import Command, expandDef
from plasTeX.Tokenizer import BeginGroup, EndGroup

from blueprint.latex.arguments import (
    Made,
    argument,
    beyond_leanblueprint,
    define,
    next_is,
    option,
    star,
    tokens,
    typed,
    typed_argument,
    typed_option,
)

NO_VALUE = "-NoValue-"
PARAMETER = re.compile(
    r"(?:[+!]\s*)*(?:(?P<plain>[mvosbg])|(?P<given>[OG])\s*\{(?P<default>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}"
    r"|(?P<pair>[rd])(?P<brackets>\S\S)|(?P<mark>t)(?P<sign>\S)"
    r"|(?P<both>[RD])(?P<around>\S\S)\s*\{(?P<otherwise>[^{}]*)\})"
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument as xparse describes it: `kind` is its letter, `brackets` what stands around it."""

    kind: str
    brackets: str = "[]"
    default: str = NO_VALUE

    def read(self, tex: Any, document: Any) -> list[Any]:
        if self.kind in "mv":
            return argument(tex)
        if self.kind in "st":
            there = star(tex) if self.kind == "s" else mark(tex, self.brackets)
            return tokens("\\BooleanTrue" if there else "\\BooleanFalse", document)
        found = option(tex, self.brackets)
        return tokens(self.default, document) if found is None else found


def signature(text: str) -> tuple[Parameter, ...]:
    """What `text`, xparse's description of arguments, says; letters that are not known are skipped."""
    return tuple(parameter(found.groupdict()) for found in PARAMETER.finditer(text))[:9]


def parameter(found: dict[str, str | None]) -> Parameter:
    kind = found["plain"] or found["given"] or found["pair"] or found["mark"] or found["both"] or "m"
    brackets = found["brackets"] or found["around"] or found["sign"] or ("{}" if kind in "gG" else "[]")
    default = found["default"] if found["given"] else found["otherwise"]
    return Parameter(kind, brackets, NO_VALUE if default is None else default)


def mark(tex: Any, sign: str) -> bool:
    found = next_is(tex, sign)
    if found:
        next(tex.itertokens())
    return found


class Defined(Made, Command):  # type: ignore[misc]
    """A macro of the project."""

    parameters: tuple[Parameter, ...] = ()
    definition: tuple[Any, ...] = ()

    def invoke(self, tex: Any) -> list[Any]:
        given = [parameter.read(tex, self.ownerDocument) for parameter in self.parameters]
        return list(expandDef(list(self.definition), [None, *given]))


class NewDocumentCommand(Command):  # type: ignore[misc]
    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        name = typed_name(tex)
        parameters, body = signature(typed_argument(tex)), argument(tex)
        define(self.ownerDocument, name, Defined, parameters=parameters, definition=tuple(body))
        if all(parameter.kind == "m" for parameter in parameters):
            tex.desk.define(name, len(parameters), None, body)
        return []


class DefinedEnvironment(Made, Command):  # type: ignore[misc]
    """An environment of the project. Its arguments may be used at its end too, its body at its beginning."""

    parameters: tuple[Parameter, ...] = ()
    begin: tuple[Any, ...] = ()
    end: tuple[Any, ...] = ()
    body: str = ""  # the macro that stands for what is inside, if it is wanted as a whole
    takes_body = False

    def invoke(self, tex: Any) -> list[Any]:
        around: list[Any] = self.ownerDocument.userdata.setdefault("environments", [])
        if self.macroMode == self.MODE_END:
            return [*expandDef(list(self.end), around.pop() if around else [None]), EndGroup(" ")]
        given = [None, *(item.read(tex, self.ownerDocument) for item in self.parameters if item.kind != "b")]
        if not self.takes_body:
            around.append(given)
            return [BeginGroup(" "), *expandDef(list(self.begin), given)]
        return [BeginGroup(" "), *self.whole(given, inside(tex, self.nodeName)), EndGroup(" ")]

    def whole(self, given: list[Any], body: list[Any]) -> list[Any]:
        expanded = [*expandDef(list(self.begin), [*given, body]), *expandDef(list(self.end), [*given, body])]
        return [
            token
            for item in expanded
            for token in (body if self.body and item.macroName == self.body else [item])
        ]


class NewDocumentEnvironment(Command):  # type: ignore[misc]
    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        name, parameters = typed_argument(tex), signature(typed_argument(tex))
        begin, end = tuple(argument(tex)), tuple(argument(tex))
        whole = any(item.kind == "b" for item in parameters)
        members = {"parameters": parameters, "begin": begin, "end": end, "takes_body": whole}
        define(self.ownerDocument, name, DefinedEnvironment, **members)
        return []


class NewEnviron(Command):  # type: ignore[misc]
    """environ's `\\NewEnviron{name}[count][default]{...\\BODY...}[end]`."""

    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        name, count, default = typed_argument(tex), typed_option(tex) or "", typed_option(tex)
        mandatory = (Parameter("m"),) * min(int(count) if count.isdecimal() else 0, 9)
        parameters = mandatory if default is None else (Parameter("O", default=default), *mandatory[1:])
        members = {"parameters": parameters, "begin": tuple(argument(tex)), "end": tuple(option(tex) or ())}
        define(self.ownerDocument, name, DefinedEnvironment, body="BODY", takes_body=True, **members)
        return []


COMMANDS = (
    "RenewDocumentCommand",
    "ProvideDocumentCommand",
    "DeclareDocumentCommand",
    "NewExpandableDocumentCommand",
)
ENVIRONMENTS = ("RenewDocumentEnvironment", "ProvideDocumentEnvironment", "DeclareDocumentEnvironment")
MORE = {
    **{name: type(name, (NewDocumentCommand,), {}) for name in COMMANDS},
    **{name: type(name, (NewDocumentEnvironment,), {}) for name in ENVIRONMENTS},
    "RenewEnviron": type("RenewEnviron", (NewEnviron,), {}),
}


class Choice(Command):  # type: ignore[misc]
    """xparse's questions about an argument: `T` and `F` in a macro's name say which answers it has."""

    answers = "TF"

    def holds(self, asked: str) -> bool:
        return asked == NO_VALUE

    def invoke(self, tex: Any) -> list[Any]:
        holds = self.holds(typed(argument(tex)).strip())
        branches = {answer: argument(tex) for answer in self.answers}
        return branches.get("T" if holds else "F", [])


class IfValue(Choice):
    def holds(self, asked: str) -> bool:
        return asked != NO_VALUE


class IfBoolean(Choice):
    def holds(self, asked: str) -> bool:
        return asked == "\\BooleanTrue"


CHOICES = {
    f"{name}{answers}": type(f"{name}{answers}", (base,), {"answers": answers})
    for name, base in (("IfNoValue", Choice), ("IfValue", IfValue), ("IfBoolean", IfBoolean))
    for answers in ("TF", "T", "F")
}


class IfNextChar(Command):  # type: ignore[misc]
    """LaTeX's own `\\@ifnextchar[{then}{else}`, which leaves the character to be read."""

    macroName = "@ifnextchar"  # noqa: N815

    def invoke(self, tex: Any) -> list[Any]:
        char, then, otherwise = typed(argument(tex)), argument(tex), argument(tex)
        tex.readOptionalSpaces()
        return then if next_is(tex, char) else otherwise


class IfStar(Command):  # type: ignore[misc]
    """`\\@ifstar{then}{else}`, which takes the star."""

    macroName = "@ifstar"  # noqa: N815

    def invoke(self, tex: Any) -> list[Any]:
        then, otherwise = argument(tex), argument(tex)
        return then if star(tex) else otherwise


def typed_name(tex: Any) -> str:
    """The name of the macro that is defined, with or without braces around it."""
    return typed(argument(tex)).strip().lstrip("\\")


def inside(tex: Any, name: str) -> list[Any]:
    """What stands up to the `\\end` of the environment that was begun, which is read too."""
    out: list[Any] = []
    depth = 1
    for token in tex.itertokens():
        if token.macroName in ("begin", "end"):
            called = argument(tex)
            if typed(called).strip() == name:
                depth += 1 if token.macroName == "begin" else -1
            if not depth:
                break
            out += [token, BeginGroup("{"), *called, EndGroup("}")]
        else:
            out.append(token)
    return out


MACROS = (
    IfNextChar,
    IfStar,
    NewDocumentCommand,
    NewDocumentEnvironment,
    NewEnviron,
    *MORE.values(),
    *CHOICES.values(),
)
