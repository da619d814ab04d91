"""Slips of the pen: names that nothing defines, and environments that are begun and never ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from plasTeX import Command, NewCommand, UnrecognizedMacro
from plasTeX.Base.LaTeX.Lists import List

from blueprint.draft import Remark

ANNOTATIONS = ("uses", "lean", "leanok", "notready", "mathlibok", "discussion", "proves", "alsoIn", "label")
PROOF = "proof"
UNKNOWN = "unknown environments"  # what the document remembers them under
LONGEST = 50  # of a name for which a similar one is looked for
ALIKE = 0.75


class Unknown(UnrecognizedMacro):  # type: ignore[misc]
    """A macro or an environment that neither the project nor a package known here defines."""

    def invoke(self, tex: Any) -> Any:
        ended = self.ended()
        if ended is not None:
            return finished(ended, tex)
        if not self.ownerDocument.context.isMathMode:
            if self.macroMode == self.MODE_BEGIN:
                tell_of_environment(self)
            elif self.macroMode == self.MODE_NONE:
                tell_of_command(self)
        return super().invoke(tex)

    def ended(self) -> Any:
        """For `\\endlemma`, which ends what `\\lemma` began: the end of a `lemma`."""
        name = self.nodeName.removeprefix("end")
        context = self.ownerDocument.context
        if self.macroMode or name == self.nodeName or name not in context:
            return None
        return part(self, name, self.MODE_END) if is_statement(context[name]) else None


class begin(Command):  # type: ignore[misc]  # noqa: N801
    """`\\begin`, which remembers what must be ended."""

    def invoke(self, tex: Any) -> Any:
        context, mark = self.ownerDocument.context, tex.desk.mark
        name = context.currenvir = named(tex)
        out = finished(part(self, name, self.MODE_BEGIN), tex)
        if must_be_ended(context[name]):
            begun(self.ownerDocument).append((name, mark))
        return out


class end(Command):  # type: ignore[misc]  # noqa: N801
    """`\\end` of the last environment of that name, whatever was begun since."""

    def invoke(self, tex: Any) -> Any:
        name = named(tex)
        waiting = begun(self.ownerDocument)
        if self.is_stray(name):
            meant = alike(name, [begun for begun, _ in waiting[-1:]])
            tell_of_end(tex.desk, name, meant)
            if not meant:
                return []
            name = meant
        last = next((index for index in reversed(range(len(waiting))) if waiting[index][0] == name), None)
        if last is not None:
            del waiting[last]
        return finished(part(self, name, self.MODE_END), tex)

    def is_stray(self, name: str) -> bool:
        """Whether nothing defines that environment, and nothing has begun it."""
        document = self.ownerDocument
        if document.context.isMathMode or name in document.userdata.get(UNKNOWN, ()):
            return False
        return issubclass(document.context[name], Unknown)


def named(tex: Any) -> str:
    """The name of an environment, in braces."""
    simple: str | None = tex.simple_group()
    return tex.readArgument(type=str) if simple is None else simple


def part(command: Any, name: str, mode: int) -> Any:
    """The beginning or the end of an environment, in the place of `command`."""
    element = command.ownerDocument.createElement(name)
    element.macroMode, element.parentNode = mode, command.parentNode
    return element


def finished(element: Any, tex: Any) -> Any:
    out = element.invoke(tex)
    return [element] if out is None else out


def begun(document: Any) -> list[tuple[str, int]]:
    """What is to be ended yet: names, and the addresses where they were begun."""
    waiting: list[tuple[str, int]] = document.userdata.setdefault("begun", [])
    return waiting


def must_be_ended(macro: type) -> bool:
    return is_statement(macro) or issubclass(macro, List | NewCommand)


def is_statement(macro: type) -> bool:
    return getattr(macro, "thmName", None) is not None or macro.__name__ == PROOF


def never_ended(document: Any) -> Iterator[Remark]:
    """One for each environment that is open when all is read."""
    for name, mark in begun(document):
        message = f"\\begin{{{name}}} is never ended, so what follows is taken to be inside."
        hint = f"Write \\end{{{name}}}, or look whether another name stands there."
        yield Remark("unclosed-environment", "error", message, hint, document.desk.place(mark))


def tell_of_command(macro: Any) -> None:
    meant = next((name for name in ANNOTATIONS if is_slip(macro.nodeName, name)), None)
    if meant is not None:
        message = f"Nothing defines \\{macro.nodeName}, so it says nothing."
        desk = macro.ownerDocument.desk
        desk.remark("unknown-command", "warning", message, f"Did you mean \\{meant}?")


def tell_of_end(desk: Any, name: str, meant: str) -> None:
    message = f"\\end{{{name}}} ends nothing, and nothing defines `{name}`."
    hint = f"Did you mean \\end{{{meant}}}? It is taken for that." if meant else "Remove it."
    desk.remark("unmatched-end", "error", message, hint)


def tell_of_environment(macro: Any) -> None:
    """Each one that may be meant for a node; of others only the first of its name."""
    document, name = macro.ownerDocument, str(macro.nodeName)
    told: dict[str, str] = document.userdata.setdefault(UNKNOWN, {})
    if name in told and not told[name]:
        return
    if name not in told:
        told[name] = alike(name, statements(document))
    near = told[name]
    hint = f"Did you mean `{near}`?" if near != name else f"Declare it with \\newtheorem{{{name}}}."
    document.desk.remark(
        "unknown-environment",
        "warning" if near else "info",
        f"Nothing defines the environment `{name}`" + (", so this is no node." if near else "."),
        hint if near else "",
    )


def statements(document: Any) -> list[str]:
    """The kinds of nodes, and what else is declared as a theorem."""
    declared = document.userdata.getPath("packages/amsthm/theorems") or ()
    return list(dict.fromkeys([*document.kinds, *declared, PROOF]))


def alike(name: str, known: Iterable[str]) -> str:
    """The known name that is most similar, or the empty string."""
    from difflib import get_close_matches  # seldom wanted

    by_letters = {one.casefold(): one for one in known}
    found = get_close_matches(name[:LONGEST].casefold(), by_letters, 1, ALIKE)
    return by_letters[found[0]] if found else ""


def is_slip(typed: str, meant: str) -> bool:
    """Whether they differ in capitals and in at most one letter: another, one too many or one too few."""
    first, second = sorted((typed.casefold(), meant.casefold()), key=len)
    if len(second) - len(first) > 1:
        return False
    same = next(
        (i for i, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]), len(first)
    )
    return first[same + (len(first) == len(second)) :] == second[same + 1 :]


MACROS = (begin, end)
