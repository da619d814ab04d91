"""What people contribute: the kinds, the CRediT role of each, degrees, and the ways of working."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import process, utils

from blueprint.errors import UserError
from lean_project.status import TaskKind

MOST_TOOLS = 10
_LONGEST_TOOL = 60


class Degree(StrEnum):
    """How much somebody contributed beside others, as JATS words it."""

    LEAD = "lead"
    EQUAL = "equal"
    SUPPORTING = "supporting"


class Method(StrEnum):
    """How much of the work a machine did; a person answers for it in each case."""

    MANUAL = "manual"
    COPILOT = "copilot"
    AGENT = "agent"
    AUTONOMOUS = "autonomous"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """How a contribution was made, and with which tools."""

    method: Method
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """The role of a kind of contribution in the CRediT taxonomy (https://credit.niso.org).

    `part` is the part of a node that it is about, where it is about one.
    """

    role: str
    part: str = ""


KINDS: Mapping[str, Kind] = {
    "formal proof": Kind("Formal analysis", "proof"),
    "formal statement": Kind("Software", "statement"),
    "formal definition": Kind("Software", "statement"),
    "conjecture": Kind("Conceptualization", "statement"),
    "concept": Kind("Conceptualization"),
    "definition": Kind("Conceptualization", "statement"),
    "strategy": Kind("Methodology"),
    "informal proof": Kind("Formal analysis", "proof"),
    "example": Kind("Investigation"),
    "counterexample": Kind("Investigation"),
    "experiment": Kind("Investigation"),
    "exposition": Kind("Writing – original draft"),
    "editing": Kind("Writing – review & editing"),
    "figure": Kind("Visualization"),
    "review": Kind("Validation"),
    "error report": Kind("Validation"),
    "refactoring": Kind("Software"),
    "automation": Kind("Software"),
    "library work": Kind("Software"),
    "references": Kind("Data curation"),
    "infrastructure": Kind("Resources"),
    "coordination": Kind("Project administration"),
    "mentoring": Kind("Supervision"),
    "funding": Kind("Funding acquisition"),
}

# What the check itself gives credit for.
FORMAL_KINDS: Mapping[TaskKind, str] = {
    TaskKind.PROVE: "formal proof",
    TaskKind.STATE: "formal statement",
    TaskKind.DEFINE: "formal definition",
}

_PROGRAM = re.compile(
    r"(open ?ai |github )?(chat ?gpt.*|gpt(-?\d\S*)?|copilot|claude (code|opus|sonnet|haiku)\b.*|gemini.*"
    r"|deepseek\S*|alphaproof|aristotle|lean ?copilot|codex|cursor|\S+\[bot\])",
    re.IGNORECASE,
)


def kind_of(text: str) -> str:
    """The kind that is meant. `UserError` with what is near."""
    kind = " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
    if kind in KINDS:
        return kind
    near = process.extractOne(kind, list(KINDS), score_cutoff=70, processor=utils.default_process)
    hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(KINDS)}."
    raise UserError(f"There is no kind of contribution called `{text.strip()[:40]}`; {hint}")


def degree_of(text: str) -> Degree:
    """`UserError` for what is none."""
    try:
        return Degree(text.strip().casefold())
    except ValueError as error:
        raise UserError(f"A degree is {_either(Degree)}, not `{text.strip()[:40]}`.") from error


def disclosure_of(method: str, tools: Iterable[str] = ()) -> Disclosure:
    """How something was made. `UserError` where the method is unknown, or its tools are not named."""
    try:
        known = Method(method.strip().casefold())
    except ValueError as error:
        raise UserError(f"A method is {_either(Method)}, not `{method.strip()[:40]}`.") from error
    named = tuple(dict.fromkeys(name for tool in tools if (name := _tool(tool))))
    if len(named) > MOST_TOOLS:
        raise UserError(f"Name at most {MOST_TOOLS} tools.")
    if known is not Method.MANUAL and not named:
        raise UserError(f"Work made as `{known}` names its tools; say which.")
    return Disclosure(known, named)


def is_program(name: str) -> bool:
    """Whether that is the name of a program: it is a tool, and no contributor."""
    return _PROGRAM.fullmatch(" ".join(name.split())) is not None


def _tool(text: str) -> str:
    shown = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text)
    return " ".join(shown.split())[:_LONGEST_TOOL].strip()


def _either(words: type[StrEnum]) -> str:
    *first, last = [f"`{word}`" for word in words]
    return f"{', '.join(first)} or {last}"
