"""What a check found out about declarations, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter


class Kind(StrEnum):
    """What sort of constant a declaration is, as the kernel sees it."""

    THEOREM = "theorem"
    DEFINITION = "definition"
    AXIOM = "axiom"
    OPAQUE = "opaque"
    INDUCTIVE = "inductive"
    CONSTRUCTOR = "constructor"
    RECURSOR = "recursor"
    QUOTIENT = "quotient"


@dataclass(frozen=True, slots=True)
class Blame:
    """The shortest path from a declaration (first) to the offending constant (last).

    `through_statement` says that the path begins in the type of the declaration, or, for a definition,
    anywhere in it. `file` and `line` (from 1) are where the last project declaration on the path stands.
    """

    axiom: str
    path: tuple[str, ...]
    through_statement: bool
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One declaration of the project, or one of the toolchain (`upstream`) that the blueprint names.

    Lines count from 1, both ends included; `file` is relative to the project folder and None upstream.
    `axioms` are those met in the project's closure of type and value, `statement_axioms` in that of the
    statement alone, both sorted; `sorryAx` is among them where `sorry` was used. What the proofs of Lean's
    own theorems rest on is not followed: they are trusted, and the toolchain does not ship them. `refusal` is
    the kernel's reason for refusing the declaration, or None. `blames` has one entry for each axiom that is
    not one of Lean's standard three. `fingerprint` is the hex SHA-256 of the statement down to what is not
    the project's (level L1), `deep_fingerprint` down to the ground (level L2); both None for what was
    refused. `warnings` are sentences about a name that may deceive its readers.
    """

    name: str
    kind: Kind
    is_prop: bool
    module: str
    upstream: bool = False
    file: str | None = None
    line: int | None = None
    end_line: int | None = None
    type_uses: tuple[str, ...] = ()
    value_uses: tuple[str, ...] = ()
    direct_sorry: bool = False
    axioms: tuple[str, ...] = ()
    statement_axioms: tuple[str, ...] = ()
    blames: tuple[Blame, ...] = ()
    fingerprint: str | None = None
    deep_fingerprint: str | None = None
    statement: str = ""
    docstring: str | None = None
    refusal: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """One constant's part in what statements mean: a short hash of it alone, and the positions in
    `Facts.meanings` of those that it names."""

    name: str
    digest: str
    uses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What Lean said while building. `severity` is error, warning or info; line from 1, column from 0."""

    file: str
    line: int
    column: int
    severity: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one check found: the toolchain that said it, declarations sorted by name, messages.

    `failed_modules` did not build, or were not tried because a module they import failed. `confinement` says
    what kept the builds from harm. `meanings` has every constant of the project that some statement means,
    sorted by name. `kernels` are those besides Lean's own that accepted all of it; `reported_by` is who ran
    the check, where it was not this Chantier.
    """

    toolchain: str
    declarations: tuple[Fact, ...] = ()
    messages: tuple[Message, ...] = ()
    failed_modules: tuple[str, ...] = ()
    confinement: str = ""
    reported_by: str = ""
    kernels: tuple[str, ...] = ()
    digest: str = ""
    meanings: tuple[Meaning, ...] = ()

    def by_name(self) -> dict[str, Fact]:
        return {fact.name: fact for fact in self.declarations}


SORRY = "sorryAx"

_CODEC: TypeAdapter[Facts] = TypeAdapter(Facts)


def encode(facts: Facts) -> bytes:
    """The facts as JSON, complete: `decode(encode(f)) == f`."""
    return _CODEC.dump_json(facts)


def decode(data: bytes) -> Facts:
    """The facts that `encode` wrote. Raises pydantic's `ValidationError` on anything else."""
    return _CODEC.validate_json(data)
