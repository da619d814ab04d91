"""What the LaTeX process hands over: the document as it was typed, before any name is resolved.

The draft is made from hostile text by a confined process, so the reader validates its shape and
believes nothing in it: HTML is sanitised, names are resolved and rules applied on this side.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from blueprint.graph import Macro, Place

# In characters: a name, a title, a message; and what a reference says, which every reference repeats.
LONGEST_LINE = 2000
LONGEST_WORDING = 200
MOST_KINDS = 1000
MOST_SECTIONS = 20  # around one theorem
# In characters: what one theorem or proof has, and what all annotations together name.
LONGEST_PART = 1_000_000
LONGEST_NOTES = 8_000_000
# What a label of a section counts.
LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")


@dataclass(frozen=True, slots=True)
class Note:
    """One annotation (`\\uses`, `\\lean`, `\\leanok`...) with its argument as typed.

    `owner` is the key of the theorem or proof around it, if any; `direct` says that it stands there
    itself and not, say, inside a list item, where leanblueprint loses it.
    """

    command: str
    argument: str
    place: Place
    owner: int | None
    direct: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """A `\\ref`, `\\cref` or the like, whatever macro made it, with its arguments as `typed`.

    `owner` is as of a note; `relied` is False where the words before say that it is only to be imitated.
    """

    typed: tuple[str, ...]
    place: Place
    owner: int | None
    relied: bool = True


@dataclass(frozen=True, slots=True)
class Label:
    """A `\\label`: `owner` is the theorem around what it names, `direct` that it names the theorem itself.

    `unnumbered` says that the theorem has no number, so that LaTeX would give the label to what came before,
    `past` that the label stands after the end of the theorem, and so is lost where it is not `direct`.
    The rest is for references: the number, what it counts (`lemma`, `equation`, `section`, `enumi`...), and
    of a theorem or section what it is `called` (`Lemma`) and its title; `division` is as of an environment,
    where it names one.
    """

    name: str
    place: Place
    owner: int | None
    direct: bool
    unnumbered: bool = False
    past: bool = False
    number: str = ""
    kind: str = ""
    called: str = ""
    title: str = ""
    division: int | None = None


@dataclass(frozen=True, slots=True)
class Environment:
    """A theorem-like environment or a proof; `key` is its position among them in the document.

    References in the HTML, titles and numbers are marks that only `Crossrefs` turns into words.
    `division` tells apart the sections of the level `Draft.dep_by`, in their order: which one it stands in.
    """

    key: int
    kind: str
    place: Place
    source: str
    html: str
    number: str | None = None
    title: str | None = None
    sections: tuple[str, ...] = ()
    follows: int | None = None  # of a proof: the theorem before it
    beside: int | None = None  # of a proof: the theorem or remark whose proof it is for leanblueprint
    inside: int | None = None  # the theorem or proof around it
    division: int | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the LaTeX side noticed. `severity` is error, warning or info."""

    code: str
    severity: str
    message: str
    hint: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Wording:
    """What the document asks of cleveref: names (one, several) and formats (`Eq.~#1`) by kind."""

    capitals: bool = False
    abbreviates: bool = True
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    capital_names: dict[str, tuple[str, str]] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """The whole document: everything in the order in which it stands."""

    environments: tuple[Environment, ...]
    notes: tuple[Note, ...]
    labels: tuple[Label, ...]
    kinds: tuple[str, ...]
    citations: tuple[Citation, ...] = ()
    remarks: tuple[Remark, ...] = ()
    macros: tuple[Macro, ...] = ()
    wording: Wording = Wording()
    drawing: tuple[str, ...] = ()  # what the preamble sets for pictures
    dep_by: str = ""  # the level of sections for each of which leanblueprint makes a graph
    title: str | None = None
    home: str | None = None
    github: str | None = None
    dochome: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no draft: `reason` is a key of `reader.REASONS`, `place` the last one seen."""

    reason: str
    detail: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """What the draft was made from: each path looked for, with the name of the file found, and their SHA-256.

    Paths are absolute, names relative to the project folder.
    """

    looked: dict[str, str | None]
    digests: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the LaTeX process writes: a draft or a failure."""

    draft: Draft | None = None
    failure: Failure | None = None
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one blueprint may cost: seconds of processor time, bytes, and number of inputs opened."""

    seconds: int = 30
    memory: int = 2 << 30
    output: int = 64 << 20
    file: int = 8 << 20
    text: int = 64 << 20
    files: int = 2000


@dataclass(frozen=True, slots=True)
class Request:
    """What the LaTeX process is told. Both paths are absolute and resolved."""

    web_tex: str
    root: str
    limits: Limits


def encoded(value: Request | Answer) -> bytes:
    """As JSON, in a way that needs nothing loaded first."""
    text = json.dumps(value, default=_fields, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def asked(data: bytes) -> Request:
    """The request that `encoded` wrote; it comes from this application and nobody else."""
    found = json.loads(data)
    return Request(found["web_tex"], found["root"], Limits(**found["limits"]))


def _fields(value: Any) -> dict[str, Any]:
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} is no part of a draft")
    return {field.name: getattr(value, field.name) for field in fields(value)}
