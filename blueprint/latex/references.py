"""The macros that refer to labels, as LaTeX and the packages around cleveref and hyperref have them."""

from __future__ import annotations

import re
from typing import Any

from plasTeX import Command

from blueprint.crossrefs import mark
from blueprint.draft import LONGEST_WORDING, Wording
from blueprint.latex.arguments import option, shown, star, typed_argument
from blueprint.names import unescaped

# Which words each macro asks for; several packages have their own name for the same.
STYLES = {
    **{name: name for name in ("ref", "eqref", "pageref", "nameref", "autoref", "labelcref", "lcnamecref")},
    **{name: name for name in ("cref", "Cref", "crefrange", "Crefrange", "namecref", "nameCref")},
    "vref": "ref",
    "Vref": "Cref",
    "vpageref": "pageref",
    "cpageref": "pageref",
    "titleref": "nameref",
    "subref": "ref",
    "fullref": "cref",
    "thref": "cref",
    "zcref": "cref",
    "namecrefs": "namecref",
    "nameCrefs": "nameCref",
}  # fmt: skip
CONTROL = re.compile(r"\\[A-Za-z]+ ?|[{}~\\]")


class Reference(Command):  # type: ignore[misc]
    """A macro whose arguments are labels, taken as they are typed; a star asks for no link."""

    style = "ref"

    def invoke(self, tex: Any) -> None:
        star(tex)
        option(tex)
        count = 2 if self.style.lower() == "crefrange" else 1
        self.typed = tuple(unescaped(typed_argument(tex).strip()) for _ in range(count))
        self.ownerDocument.cite(self, *self.typed)

    @property
    def source(self) -> str:
        return f"\\{self.nodeName}{''.join(f'{{{label}}}' for label in self.typed)}"

    @property
    def marked(self) -> str:
        return mark(self.style, *self.typed)


class hyperref(Command):  # type: ignore[misc]  # noqa: N801
    """`\\hyperref[label]{text}`."""

    args = "[label:nox] self"

    def invoke(self, tex: Any) -> Any:
        out = super().invoke(tex)
        if self.label:
            self.ownerDocument.cite(self, unescaped(shown(self.label)))
        return out

    @property
    def label(self) -> str:
        return "".join(str(token.source) for token in self.attributes.get("label") or ()).strip()


class Naming(Command):  # type: ignore[misc]
    """cleveref's `\\crefname{kind}{one}{several}` and its kin: they belong to the document's `Wording`."""

    table = "names"
    count = 3

    def invoke(self, tex: Any) -> list[Any]:
        kinds, *words = (typed_argument(tex) for _ in range(self.count))
        plain = [shown(CONTROL.sub(" ", word), LONGEST_WORDING) for word in words]
        for kind in kinds.split(","):
            given = plain[0] if self.count == 2 else (plain[0], plain[1])
            getattr(wording(self.ownerDocument), self.table)[kind.strip()] = given
        return []


class crefname(Naming):  # noqa: N801
    pass


class Crefname(Naming):
    table = "capital_names"


class crefformat(Naming):  # noqa: N801
    table = "formats"
    count = 2


def wording(document: Any) -> Wording:
    """How the document words references, so far."""
    options = {str(key) for key in document.context.packages.get("cleveref") or ()}
    given: Wording = document.userdata.setdefault("wording", Wording())
    return Wording(
        capitals=bool(options & {"capitalize", "capitalise"}),
        abbreviates="noabbrev" not in options,
        names=given.names,
        capital_names=given.capital_names,
        formats=given.formats,
    )


def references() -> dict[str, Any]:
    """Every macro that refers, by its name."""
    made = {name: type(name, (Reference,), {"style": style}) for name, style in STYLES.items()}
    named = (hyperref, crefname, Crefname, crefformat)
    return {**made, **{macro.__name__: macro for macro in named}}
