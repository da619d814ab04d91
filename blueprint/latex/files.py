"""Macros that read other files: nothing but text inside the project, and nothing is written or run."""

from __future__ import annotations

import re
from typing import Any

from plasTeX import Command

from blueprint.latex.arguments import (
    argument,
    beyond_leanblueprint,
    file_argument,
    group_follows,
    option,
    tokens,
    typed_argument,
)
from blueprint.latex.generated import generated

GENERATED = ".lake/build/"
DOCUMENT = re.compile(r"\\begin\s*\{document\}(?P<inside>(?s:.*?))(?:\\end\s*\{document\}|\Z)")


class input(Command):  # type: ignore[misc]  # noqa: N801
    """`\\input`, which looks beside the file that includes and beside `web.tex`, and nowhere else."""

    def invoke(self, tex: Any) -> list[Any]:
        return self.read(tex, file_argument(tex))

    def read(self, tex: Any, name: str) -> list[Any]:
        source = tex.desk.fetch(name)
        if source is not None:
            tex.input(source)
        elif GENERATED in name:
            generated(tex).missing(name)
        else:
            tex.desk.remark(
                "missing-input",
                "error",
                f"\\{self.nodeName}{{{name}}} names no file of the project.",
                "Add the file, or mend its name; only files inside the project folder are read.",
            )
        return []


class include(input):  # noqa: N801
    pass


class Import(input):
    """`\\import{folder/}{file}`: what the file includes is looked for in its folder first, as always here."""

    macroName = "import"  # noqa: N815

    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        folder = file_argument(tex).rstrip("/")
        name = file_argument(tex)
        return self.read(tex, f"{folder}/{name}" if folder else name)


OTHER_IMPORTS = ("subimport", "inputfrom", "subinputfrom", "includefrom", "subincludefrom")
IMPORTS = {name: type(name, (Import,), {"macroName": name}) for name in OTHER_IMPORTS}


class subfile(input):  # noqa: N801
    """`\\subfile`: of a file that could stand alone, what stands inside its `document`."""

    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        return self.read(tex, file_argument(tex))

    def read(self, tex: Any, name: str) -> list[Any]:
        before = len(tex.inputs)
        super().read(tex, name)
        if len(tex.inputs) > before:
            stream = tex.inputs[-1][0]
            inside = DOCUMENT.search(stream.text)
            if inside is not None:
                stream.position, stream.text = inside.start("inside"), stream.text[: inside.end("inside")]
        return []


class subfileinclude(subfile):  # noqa: N801
    pass


class includeonly(Command):  # type: ignore[misc]  # noqa: N801
    """Not carried out: it is a way to save time when a few chapters are printed."""

    def invoke(self, tex: Any) -> list[Any]:
        typed_argument(tex)
        tex.desk.remark(
            "includeonly",
            "info",
            "\\includeonly is not carried out, here as in leanblueprint: every chapter is read.",
        )
        return []


class IfFileExists(Command):  # type: ignore[misc]
    """`\\IfFileExists{name}{then}{else}`, of files of the project."""

    loads = ""

    def invoke(self, tex: Any) -> list[Any]:
        name = typed_argument(tex)
        found, otherwise = argument(tex), argument(tex)
        if tex.desk.sources.find(name, tex.desk.folder()) is None:
            return otherwise
        return [*found, *tokens(self.loads.format(name), self.ownerDocument)]


class InputIfFileExists(IfFileExists):
    loads = "\\input{{{}}}"


class Refused(Command):  # type: ignore[misc]
    """A macro that reads, writes or runs something outside the document."""

    count = 1

    def invoke(self, tex: Any) -> list[Any]:
        option(tex)
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
            if group_follows(tex):
                break
            next(tex.itertokens(), None)
        return super().invoke(tex)


class lstinputlisting(Refused):  # noqa: N801
    pass


class verbatiminput(Refused):  # noqa: N801
    pass


class inputminted(Refused):  # noqa: N801
    count = 2


MACROS = (
    *(input, include, Import, *IMPORTS.values(), subfile, subfileinclude, includeonly),
    *(IfFileExists, InputIfFileExists, openin, openout, write, lstinputlisting, verbatiminput, inputminted),
)
