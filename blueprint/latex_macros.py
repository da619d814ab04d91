"""The macros of leanblueprint and the few of LaTeX that would leave the project."""

from __future__ import annotations

from typing import Any

from plasTeX import Command, Environment
from plasTeX.Tokenizer import Token

ARGUMENT_LIMIT = 100_000


def typed_argument(tex: Any) -> str:
    """The next argument in braces as it was typed, unexpanded, on one line; empty when there is none."""
    if not _group_follows(tex):
        return ""
    tokens, _ = tex.readToken(expanded=False)
    text = "".join(" " if piece.source.isspace() else str(piece.source) for piece in tokens or ())
    return one_line(text)[:ARGUMENT_LIMIT]


def one_line(text: str) -> str:
    """`text` with single blanks and without control characters."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())


def file_argument(tex: Any) -> str:
    """A file name in braces or, as TeX has it, up to the next blank."""
    if _group_follows(tex):
        return typed_argument(tex)
    name = []
    for token in tex.itertokens():
        if token.nodeType == Command.ELEMENT_NODE or token.catcode == Token.CC_ESCAPE or token.isspace():
            tex.pushToken(token)
            break
        name.append(str(token))
    return "".join(name)


def _group_follows(tex: Any) -> bool:
    tex.readOptionalSpaces()
    token = next(tex.itertokens(), None)
    tex.pushToken(token)
    return bool(getattr(token, "catcode", None) == Token.CC_BGROUP)


class Annotation(Command):  # type: ignore[misc]
    """A macro that says something of the theorem or proof around it."""

    argument = ""
    source = ""  # nothing to show, not even inside mathematics

    def digest(self, tokens: Any) -> None:
        super().digest(tokens)
        self.container = self.parentNode
        self.ownerDocument.notes.append(self)


class AnnotationWithArgument(Annotation):
    def invoke(self, tex: Any) -> None:
        self.argument = typed_argument(tex)


class label(Command):  # type: ignore[misc]  # noqa: N801
    """`\\label`, whose name is taken as typed: plasTeX would expand `^`, `&` or `~` in it."""

    def invoke(self, tex: Any) -> None:
        context = self.ownerDocument.context
        self.name = typed_argument(tex)
        context.label(self.name, context.unnumbered_theorem())

    @property
    def source(self) -> str:
        return f"\\label{{{self.name}}}"


class leanok(Annotation):  # noqa: N801
    pass


class notready(Annotation):  # noqa: N801
    pass


class mathlibok(Annotation):  # noqa: N801
    pass


class uses(AnnotationWithArgument):  # noqa: N801
    pass


class lean(AnnotationWithArgument):  # noqa: N801
    pass


class discussion(AnnotationWithArgument):  # noqa: N801
    pass


class proves(AnnotationWithArgument):  # noqa: N801
    pass


class alsoIn(AnnotationWithArgument):  # noqa: N801
    pass


class ProjectFact(Command):  # type: ignore[misc]
    """A macro of the preamble that says something of the project."""

    args = "url:url"

    def invoke(self, tex: Any) -> list[Any]:
        self.parse(tex)
        text = "".join(str(token.source) for token in self.attributes["url"])
        self.ownerDocument.facts[self.nodeName] = one_line(text)[:2000]
        return []


class home(ProjectFact):  # noqa: N801
    pass


class github(ProjectFact):  # noqa: N801
    pass


class dochome(ProjectFact):  # noqa: N801
    pass


class texorpdfstring(Command):  # type: ignore[misc]  # noqa: N801
    """hyperref's: what is printed, then what stands in for it where only plain text can."""

    args = "self pdf:str"


class Skipped(Command):  # type: ignore[misc]
    """Read with its arguments and dropped."""

    count = 0

    def invoke(self, tex: Any) -> list[Any]:
        for _ in range(self.count):
            typed_argument(tex)
        return []


class graphcolor(Skipped):  # noqa: N801
    count = 3


class bpcolor(Skipped):  # noqa: N801
    count = 3


class input(Command):  # type: ignore[misc]  # noqa: N801
    """`\\input`, which looks beside the file that includes and beside `web.tex`, and nowhere else."""

    def invoke(self, tex: Any) -> list[Any]:
        name = file_argument(tex)
        source = tex.desk.fetch(name)
        if source is None:
            tex.desk.remark(
                "missing-input",
                "error",
                f"\\{self.nodeName}{{{name}}} names no file of the project.",
                "Add the file, or mend its name; only files inside the project folder are read.",
            )
        else:
            tex.input(source)
        return []


class include(input):  # noqa: N801
    pass


class bibliography(Skipped):  # noqa: N801
    count = 1


class Refused(Command):  # type: ignore[misc]
    """A macro that reads, writes or runs something outside the document."""

    count = 1

    def invoke(self, tex: Any) -> list[Any]:
        for _ in range(self.count):
            typed_argument(tex)
        tex.desk.remark("refused-macro", "warning", f"\\{self.nodeName} is not carried out.")
        return []


class openin(Refused):  # noqa: N801
    count = 0


class openout(Refused):  # noqa: N801
    count = 0


class write(Refused):  # noqa: N801
    """`\\write18{...}`, `\\write\\file{...}`: the stream stands before the group."""

    def invoke(self, tex: Any) -> list[Any]:
        for _ in range(4):
            if _group_follows(tex):
                break
            next(tex.itertokens(), None)
        return super().invoke(tex)


class lstinputlisting(Refused):  # noqa: N801
    pass


class verbatiminput(Refused):  # noqa: N801
    pass


class proof(Environment):  # type: ignore[misc]  # noqa: N801
    """For documents that load no amsthm."""

    blockType = True  # noqa: N815
    args = "[caption]"
    forcePars = True  # noqa: N815


def macros() -> dict[str, Any]:
    """Every macro of this module that no package may replace, by its class name."""
    helpers = {Annotation, AnnotationWithArgument, ProjectFact, Skipped, Refused, Command, Environment, proof}
    return {
        name: value
        for name, value in globals().items()
        if isinstance(value, type) and issubclass(value, Command | Environment) and value not in helpers
    }
