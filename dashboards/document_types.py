"""The shapes of what `documents` makes, described for those who read them: the API's own description shows
these sentences. Moments are ISO 8601 with their offset, in UTC."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict  # the standard library's keeps too little of itself before 3.12

from lean_project.status import Formal, Readiness
from lean_project.verdict import Code

Shape = TypeVar("Shape")

# Shape -> the one that it adds to, where the rest of it is described.
PARENTS: dict[str, Any] = {}


def described(shape: Shape) -> Shape:
    """A shape whose fields are described by the texts below them."""
    for parent in getattr(shape, "__orig_bases__", ()):
        if parent.__name__.endswith("Document"):
            PARENTS[shape.__name__] = parent  # type: ignore[attr-defined]
    return with_config(ConfigDict(use_attribute_docstrings=True))(shape)  # type: ignore[type-var]


@described
class CommitDocument(TypedDict):
    """A commit of the project's repository."""

    sha: str
    """Its hash."""
    at: str
    """When it was made."""
    author: str
    """Who made it, as they want to be called."""
    summary: str
    """The first line of its message."""


@described
class ReportDocument(TypedDict):
    """A check that a trusted reporter ran elsewhere."""

    id: int
    """Its number."""
    reporter: str
    """Who ran it."""
    sha: str
    """Of which commit it speaks."""
    known: bool
    """Whether the repository here has that commit."""
    at: str
    """When it was taken in."""
    toolchain: str
    """The Lean that it was run by."""


@described
class TallyDocument(TypedDict):
    """How many nodes there are of each status."""

    total: int
    """How many there are."""
    verified: int
    """How many are verified, or in the library."""
    by_status: dict[str, int]
    """How many there are of each status."""


@described
class ChapterDocument(TallyDocument):
    """A chapter of the blueprint, and how far it is."""

    title: str
    """Its title."""


@described
class ProjectDocument(TypedDict):
    """A project as of its newest checked commit."""

    slug: str
    """The name in addresses."""
    title: str
    """The title of the blueprint."""
    repository: str | None
    """The address of its repository."""
    commit: CommitDocument
    """The newest checked commit."""
    toolchain: str
    """The Lean that checked it."""
    kernels: list[str]
    """The kernels that accepted it."""
    reported_by: str | None
    """Whose report the facts come from, where it was not checked here."""
    reports: list[ReportDocument]
    """The newest checks that were run elsewhere."""
    nodes: TallyDocument
    """The statuses of its nodes."""
    chapters: list[ChapterDocument]
    """The same chapter by chapter, in the document's order."""
    drift: int
    """In how many places the blueprint's claims and Lean differ."""
    problems: int
    """How many mistakes the blueprint has."""


@described
class EntryDocument(TypedDict):
    """How a status is shown."""

    key: str
    """The status, as nodes of the graph have it."""
    word: str
    """What it is called."""
    icon: str
    """A character for it."""
    shape: str
    """The shape of its nodes."""
    border: str
    """Solid, dashed or double."""


@described
class GraphNodeDocument(TypedDict):
    """A node as the graph draws it."""

    id: str
    """Its label."""
    caption: str
    """How people refer to it."""
    short: str
    """The same in a few letters."""
    title: str
    """Its own title, or nothing."""
    chapter: str
    """The chapter that it stands in."""
    lean: str
    """Its Lean names, with spaces between them."""
    status: str
    """The key of its status in the legend."""
    word: str
    """What that is called."""
    icon: str
    """A character for it."""
    ready: bool
    """Whether a task of it is free."""
    url: str
    """The path of its page."""


@described
class GraphEdgeDocument(TypedDict):
    """That one node uses another."""

    source: str
    """The node that is used."""
    target: str
    """The node that uses it."""
    parts: list[str]
    """Which parts of it do: statement, proof."""
    implied: bool
    """Whether a longer way says the same."""


@described
class GraphDocument(TypedDict):
    """The whole dependency graph."""

    nodes: list[GraphNodeDocument]
    """All nodes, in the document's order."""
    edges: list[GraphEdgeDocument]
    """Who uses whom."""
    legend: list[EntryDocument]
    """How each status is shown."""


@described
class NodeDocument(TypedDict):
    """A node, in a few words."""

    id: str
    """Its label."""
    kind: str
    """The environment: theorem, lemma, definition..."""
    number: str | None
    """Its number in the document."""
    title: str | None
    """Its own title."""
    sections: list[str]
    """The titles around it, outermost first."""
    status: Formal
    """How far it is formalized."""
    verified: bool
    """Whether Lean accepts it, and everything below it."""
    readiness: Readiness
    """Whether its next task can be taken up."""
    lean: list[str]
    """The declarations that it names."""
    uses: list[str]
    """The nodes that it uses."""
    url: str
    """The path of its page."""


@described
class ReasonDocument(TypedDict):
    """Why a part is not further."""

    code: Code
    """In one word, for programs."""
    text: str
    """In a sentence."""
    declaration: str | None
    """The declaration that it is about."""
    path: list[str]
    """The way from the node's declaration to the one at fault."""
    file: str | None
    """Where that stands."""
    line: int | None
    """In which line, from 1."""


@described
class PartDocument(TypedDict):
    """The statement or the proof of a node."""

    latex: str | None
    """What stands in the blueprint."""
    file: str | None
    """In which file."""
    line: int | None
    """From which line on, counted from 1."""
    status: Formal | None
    """How far it is formalized."""
    reasons: list[ReasonDocument]
    """Why it is not further."""


@described
class FlagsDocument(TypedDict):
    """leanblueprint's own flags."""

    stated: bool
    """The statement is formalized."""
    can_state: bool
    """All that the statement uses is stated."""
    can_prove: bool
    """All that the proof uses is stated."""
    proved: bool
    """The proof is formalized."""
    fully_proved: bool
    """And so is all below it."""
    defined: bool
    """It is a definition, and formalized."""


@described
class DriftDocument(TypedDict):
    """Where the blueprint's claim and Lean differ."""

    node: str
    """The node's label."""
    part: str
    """The statement or the proof."""
    claim: str
    """What the blueprint says."""
    fact: str
    """What Lean says."""


@described
class EdgeDocument(TypedDict):
    """Where `\\uses` and Lean differ."""

    used: str
    """The node that is used, or is said to be."""
    part: str
    """By the statement or the proof."""
    declaration: str
    """The declaration that uses it."""
    path: list[str]
    """The way there; none where nothing leads there."""
    file: str | None
    """Where that stands."""
    line: int | None
    """In which line, from 1."""
    text: str
    """The same in a sentence."""


@described
class EdgesDocument(TypedDict):
    """What a node uses according to Lean, and where `\\uses` differs."""

    statement: list[str]
    """The nodes that its statement comes to first."""
    proof: list[str]
    """The nodes that its proof comes to first."""
    missing: list[EdgeDocument]
    """What `\\uses` ought to say."""
    superfluous: list[EdgeDocument]
    """What `\\uses` says in vain."""


@described
class AgreedDocument(TypedDict):
    """Who agreed on a statement."""

    person_id: int
    """Their number."""
    person_name: str
    """What they are called."""
    at: str
    """When that was."""
    sha: str
    """On the statement of which commit."""
    drifted: bool
    """Whether the statement is another one now."""


@described
class AgreementDocument(TypedDict):
    """Whether a statement is agreed upon."""

    seen: str
    """The print of the statement as it is now, to be sent with an agreement."""
    agreed: AgreedDocument | None
    """Who agreed, if somebody did."""


@described
class RegressedDocument(TypedDict):
    """Since when a node that was verified is not any more."""

    at: str
    """When that was."""
    text: str
    """What happened."""


@described
class RequestDocument(TypedDict):
    """What somebody asks about a task."""

    kind: str
    """Offered, invited, handing over, asked (to join) or queued (waits until it is free)."""
    by_id: int
    """Who asks."""
    by_name: str
    """What they are called."""
    to_id: int | None
    """Who is to answer; nobody in particular where any holder may, or nobody has to."""
    to_name: str | None
    """What they are called."""
    at: str
    """When it was asked."""
    expires: str | None
    """Until when it can be answered."""


@described
class ClaimDocument(TypedDict):
    """Somebody who holds a task."""

    person: int
    """Their number."""
    name: str
    """What they are called."""
    since: str
    """Since when."""
    expires: str | None
    """Until when; nothing while the clock stands still, or where claims have no end."""
    paused: str | None
    """Since when the clock stands still because the statement changed."""
    acknowledged: str | None
    """When they said that they know."""


@described
class TaskDocument(TypedDict):
    """A piece of work on one node."""

    number: int
    """Its number in the project."""
    node: str
    """The label of the node."""
    caption: str
    """How people refer to the node."""
    kind: str
    """State, define or prove; or, of informal work, write, split, review or piece."""
    state: str
    """Where it stands, in a word."""
    size: str
    """S, M or L."""
    readiness: Readiness
    """Whether it can be taken up."""
    blocked_by: list[str]
    """The nodes that it waits for."""
    unblocks: int
    """How many nodes wait for it."""
    title: str | None
    """What informal work is about."""
    piece_of: int | None
    """The task that it is a piece of."""
    tags: list[str]
    """What it is about."""
    proposed: list[str]
    """The changes that are proposed for it."""
    stuck: str | None
    """What its holders tried in vain."""
    requests: list[RequestDocument]
    """What is asked about it."""
    claims: list[ClaimDocument]
    """Who holds it, the lead first."""


@described
class CreditDocument(TypedDict):
    """A contribution as it stands."""

    id: int
    """Its number in the project's ledger."""
    person_id: int
    """Whose it is."""
    person_name: str
    """What they are called."""
    node: str
    """The label of the node; nothing for work on the whole project."""
    part: str
    """The part of the node, where it is about one."""
    kind: str
    """What they did."""
    role: str
    """The role of that in the CRediT taxonomy."""
    degree: str
    """Lead, equal or supporting."""
    evidence: list[str]
    """Addresses and commits that show it."""
    at: str
    """When it was."""
    status: str
    """Proposed, confirmed, refused, disputed or corrected."""
    held: bool
    """Whether it counts."""
    by_id: int | None
    """Who said so; nobody where it was the check."""
    by_name: str | None
    """What they are called."""
    checked: bool
    """Whether the check said so first."""
    about: int | None
    """The entry that it corrects."""
    method: str | None
    """How it was made, where somebody said so."""
    tools: list[str]
    """With which tools."""
    objections: list[str]
    """The evidence of a dispute that goes on."""


@described
class WholeNodeDocument(NodeDocument):
    """A node with all that there is to know of it."""

    used_by: list[str]
    """The nodes that use it."""
    statement: PartDocument | None
    """Its statement."""
    proof: PartDocument | None
    """Its proof; none where there is nothing to prove."""
    claimed_flags: FlagsDocument
    """leanblueprint's flags, from what the authors typed."""
    checked_flags: FlagsDocument
    """The same, from what Lean found."""
    drift: list[DriftDocument]
    """Where the two differ."""
    edges: EdgesDocument
    """What it uses according to Lean."""
    agreement: AgreementDocument
    """Whether its statement is agreed upon."""
    regressed: RegressedDocument | None
    """Since when it is not verified any more."""
    tasks: list[TaskDocument]
    """The work on it."""
    credit: list[CreditDocument]
    """Who contributed what."""


@described
class PersonDocument(TypedDict):
    """Somebody who takes part, as others see them."""

    id: int
    """Their number."""
    name: str
    """What they are called."""
    role: str
    """Onlooker, contributor or maintainer."""
    verified_nodes: int
    """How many verified nodes they have credit for."""
    live_claims: int
    """How many tasks they hold."""
    named: bool
    """Whether they want to be named; else the name is a number."""
    login: str | None
    """Their account on the forge."""


@described
class WholePersonDocument(PersonDocument):
    """Somebody who takes part, with their credit."""

    credit: list[CreditDocument]
    """What they contributed."""


@described
class EventDocument(TypedDict):
    """Something that happened."""

    at: str
    """When."""
    kind: str
    """What it was, in a word or two: verified, regressed, claimed..."""
    node: str | None
    """The label of the node that it is about."""
    person_id: int | None
    """Who did it."""
    person_name: str | None
    """What they are called."""
    text: str
    """What happened."""


@described
class ProblemDocument(TypedDict):
    """A mistake in the blueprint; it never stops the reading."""

    code: str
    """In a word, for programs."""
    severity: str
    """Error, warning or info."""
    message: str
    """In a sentence."""
    hint: str
    """What to do about it."""
    file: str | None
    """In which file it is."""
    line: int | None
    """In which line, from 1."""
    column: int | None
    """In which column, from 1."""
    node: str | None
    """The label of the node that it is about."""
