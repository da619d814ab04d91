"""What Lean alone says of one node: its parts judged by the facts about its declarations.

A part *passes* when every declaration it names exists, has the right kind, was accepted by the kernel,
and nothing it rests on is `sorry` or an axiom that is not allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from blueprint.graph import Node
from lean_project.facts import SORRY, Fact, Kind


class Formal(StrEnum):
    """How far a part is formalized."""

    ABSENT = "absent"
    SORRY = "sorry"
    REFUSED = "refused"
    STATED = "stated"
    PROVED = "proved"
    VERIFIED = "verified"
    IN_LIBRARY = "in library"
    DRIFTED = "drifted"


class Code(StrEnum):
    """What a reason says, in one word: for programs, as its text is for people."""

    UNNAMED = "unnamed"
    MISSING = "missing"
    WRONG_KIND = "wrong kind"
    KERNEL = "refused by the kernel"
    AXIOM = "axiom"
    SORRY = "sorry"
    SORRY_BELOW = "sorry below"
    NODE_BELOW = "node below"
    DRIFTED = "drifted"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a part is not further: a word, a sentence, the declaration it is about, the path that shows it."""

    code: Code
    text: str
    declaration: str | None = None
    path: tuple[str, ...] = ()
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class PartStatus:
    formal: Formal
    reasons: tuple[Reason, ...] = ()


USABLE = frozenset({Formal.STATED, Formal.PROVED, Formal.VERIFIED, Formal.IN_LIBRARY})
DONE = frozenset({Formal.VERIFIED, Formal.IN_LIBRARY})
SORRY_FREE = DONE | {Formal.PROVED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The parts of one node, judged by Lean alone."""

    statement: PartStatus
    proof: PartStatus | None
    passes: bool


def judge(node: Node, known: Mapping[str, Fact], allowed: frozenset[str]) -> Verdict:
    """A definition is one part; of a theorem, the statement is judged apart from everything it names."""
    whole = _judged(node, node.lean, known, allowed, through_statement=False)
    if node.is_definition:
        if whole.formal is Formal.PROVED:  # a definition resting on `sorry` means nothing yet
            whole = replace(whole, formal=Formal.SORRY)
        return Verdict(whole, None, whole.formal in DONE)
    names = node.statement.lean or node.lean
    statement = _judged(node, names, known, allowed, through_statement=True)
    if statement.formal is Formal.VERIFIED:
        statement = PartStatus(Formal.STATED)
    return Verdict(statement, whole, statement.formal in USABLE and whole.formal in DONE)


def _judged(
    node: Node,
    names: Iterable[str],
    known: Mapping[str, Fact],
    allowed: frozenset[str],
    *,
    through_statement: bool,
) -> PartStatus:
    """How far declarations are, by what their statements rest on, or by all that they rest on."""
    facts = [known[name] for name in names if name in known]
    return (
        _not_there(names, known)
        or _not_sound(node, facts, allowed, through_statement=through_statement)
        or _closure(facts, allowed, through_statement=through_statement)
    )


def _not_there(names: Iterable[str], known: Mapping[str, Fact]) -> PartStatus | None:
    missing = [name for name in names if name not in known]
    if missing:
        return PartStatus(
            Formal.ABSENT,
            tuple(Reason(Code.MISSING, f"`{name}` does not exist in Lean.", name) for name in missing),
        )
    if not names:
        text = "The blueprint names no Lean declaration (`\\lean`)."
        return PartStatus(Formal.ABSENT, (Reason(Code.UNNAMED, text),))
    return None


def _not_sound(
    node: Node, facts: Iterable[Fact], allowed: frozenset[str], *, through_statement: bool
) -> PartStatus | None:
    """Refusals that no proof can mend: the kernel said no, or the declaration is of the wrong kind.

    An axiom comes first: the kernel may have said no because of it, as where compiled code was to be run.
    """
    reasons: list[Reason] = []
    for fact in (fact for fact in facts if fact.refusal):
        axioms = fact.statement_axioms if through_statement else fact.axioms
        unwanted = [axiom for axiom in axioms if axiom != SORRY and axiom not in allowed]
        reasons += [_rests_on(fact, axiom, through_statement) for axiom in unwanted]
        reasons.append(_at(fact, Code.KERNEL, f"The kernel refused `{fact.name}`: {fact.refusal}"))
    reasons += _wrong_kind(node, [fact for fact in facts if not fact.refusal])
    return PartStatus(Formal.REFUSED, tuple(reasons)) if reasons else None


def _wrong_kind(node: Node, facts: Iterable[Fact]) -> list[Reason]:
    """A theorem names proofs only; a definition names at least one thing that is not a proof."""
    proves = [is_proof(fact) for fact in facts]
    if node.is_definition:
        if not all(proves):
            return []
        return [_wrong(fact, "is a proof, but the node is a definition") for fact in facts]
    return [
        _wrong(fact, f"is a {fact.kind} that proves nothing, but the node is a {node.kind}")
        for fact, proof in zip(facts, proves, strict=True)
        if not proof
    ]


def is_proof(fact: Fact) -> bool:
    return fact.is_prop and fact.kind not in {Kind.INDUCTIVE, Kind.RECURSOR}


def _closure(facts: Iterable[Fact], allowed: frozenset[str], *, through_statement: bool) -> PartStatus:
    """How far declarations are, by what they rest on: their statements only, or all of them."""
    refused: list[Reason] = []
    own: list[Reason] = []
    inherited: list[Reason] = []
    upstream = True
    for fact in facts:
        upstream = upstream and fact.upstream
        for axiom in fact.statement_axioms if through_statement else fact.axioms:
            if axiom == SORRY:
                direct = fact.direct_sorry and not through_statement
                (own if direct else inherited).append(_rests_on(fact, axiom, through_statement))
            elif axiom not in allowed:
                refused.append(_rests_on(fact, axiom, through_statement))
    if refused:
        return PartStatus(Formal.REFUSED, tuple(refused + own + inherited))
    if own or (inherited and through_statement):
        return PartStatus(Formal.SORRY, tuple(own + inherited))
    if inherited:
        return PartStatus(Formal.PROVED, tuple(inherited))
    return PartStatus(Formal.IN_LIBRARY if upstream else Formal.VERIFIED)


def _rests_on(fact: Fact, axiom: str, through_statement: bool) -> Reason:
    blame = next((blame for blame in fact.blames if blame.axiom == axiom), None)
    path = blame.path if blame else (fact.name, axiom)
    what = "`sorry`" if axiom == SORRY else f"the axiom `{axiom}`, which is not allowed"
    via = " → ".join(f"`{name}`" for name in path[1:-1])
    whose = f"The statement of `{fact.name}`" if through_statement else f"`{fact.name}`"
    if axiom == SORRY and not via:
        text = f"{whose} uses `sorry`."
    else:
        text = f"{whose} rests on {what}{f', through {via}' if via else ''}."
    file, line = (blame.file, blame.line) if blame and blame.file else (fact.file, fact.line)
    return Reason(_code(axiom, path), text, fact.name, path, file, line)


def _code(axiom: str, path: tuple[str, ...]) -> Code:
    if axiom != SORRY:
        return Code.AXIOM
    return Code.SORRY if len(path) <= 2 else Code.SORRY_BELOW


def _wrong(fact: Fact, what: str) -> Reason:
    return _at(fact, Code.WRONG_KIND, f"`{fact.name}` {what}.")


def _at(fact: Fact, code: Code, text: str) -> Reason:
    return Reason(code, text, fact.name, (), fact.file, fact.line)
