"""Credit that people give: saying who contributed what, and confirming, refusing, disputing, correcting it.

Each word is an entry of the ledger; what they come to is folded from them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from blueprint.errors import UserError
from dashboards.snapshot import CreditView
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.board import checked
from server.service.members import maintainers
from server.service.nodes import resolve
from server.service.people import by_name
from server.service.permission import may, require
from server.service.strangers import strangers
from server.service.telling import tell
from server.store import Store
from server.store.ledger import About
from server.work.evidence import evidence_of
from server.work.kinds import FORMAL_KINDS, KINDS, degree_of, disclosure_of, kind_of
from server.work.ledger import Act, Entry
from server.work.permissions import Action, allows
from server.work.sentences import mention, typed
from server.work.standing import OPEN, Contribution, Status, fold, obstacle

# A person's own word on so many contributions may be waiting for somebody else's; maintainers import more.
MOST_PROPOSED = 100
# What people enter themselves; the rest comes from the check.
INFORMAL_KINDS = tuple(kind for kind in KINDS if kind not in FORMAL_KINDS.values())
_EVENT = "credit"
_DEEDS = {
    Act.CONFIRMED: "confirmed",
    Act.REFUSED: "refused",
    Act.DISPUTED: "disputed",
    Act.CORRECTED: "proposed to correct",
}


@dataclass(frozen=True, slots=True)
class Assertion:
    """What somebody says that a person contributed, as typed.

    `who` is a name or `#3`; `node` any reference to a node, None for work on the whole project; `method` is
    one of `server.work.kinds.Method` or None where nothing is said of it.
    """

    who: str
    kind: str
    evidence: tuple[str, ...]
    node: str | None = None
    degree: str = "lead"
    method: str | None = None
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The contribution as it stands afterwards, and what happened in a sentence."""

    credit: CreditView
    text: str


def add(store: Store, project: ProjectRow, person: Person, said: Assertion, *, now: datetime) -> Outcome:
    """Say that somebody, perhaps oneself, contributed something. It counts once somebody else confirms it:
    the person credited, or, where one speaks of oneself, anybody else. `UserError` for what is not right."""
    person = _begin(store, project, person)
    node_id, entry = read(store, project, person, said, now)
    _refuse_again(store, project, entry, node_id)
    _refuse_flood(store, project, person)
    number = store.ledger.add(project.id, node_id, entry)
    return _after(store, project, person, number, "proposed", now)


def confirm(store: Store, project: ProjectRow, person: Person, number: int, *, now: datetime) -> Outcome:
    """Say that it is so; on a disputed one, a maintainer's or the disputer's word that it is so after all."""
    return _judge(store, project, person, number, Act.CONFIRMED, (), now)


def refuse(store: Store, project: ProjectRow, person: Person, number: int, *, now: datetime) -> Outcome:
    """Do not take the credit, or take back what one proposed; for maintainers, settle it against it."""
    return _judge(store, project, person, number, Act.REFUSED, (), now)


def dispute(
    store: Store, project: ProjectRow, person: Person, number: int, *, evidence: Iterable[str], now: datetime
) -> Outcome:
    """Say, with evidence, that it is not so. What counts goes on counting until a maintainer settles it."""
    return _judge(store, project, person, number, Act.DISPUTED, evidence_of(evidence), now)


def correct(
    store: Store, project: ProjectRow, person: Person, number: int, said: Assertion, *, now: datetime
) -> Outcome:
    """Propose what an entry should have said. Once that is confirmed it takes the old entry's place."""
    person = _begin(store, project, person)
    old = _allowed(store, project, person, number, Act.CORRECTED)
    node_id, entry = read(store, project, person, said, now)
    if entry.person_id != old.kept.person and (not _settles(person) or entry.by == entry.person_id):
        raise UserError("That it was somebody else only a maintainer can say, and not of themselves.")
    entry = replace(entry, act=Act.CORRECTED, about=number)
    new = store.ledger.add(project.id, node_id, entry)
    return _after(store, project, person, new, _DEEDS[Act.CORRECTED], now)


def disclose(
    store: Store,
    project: ProjectRow,
    person: Person,
    ref: str | int,
    method: str,
    tools: Iterable[str] = (),
    *,
    now: datetime,
) -> str:
    """Say how one works, or worked, on a node, or made the contribution of that number.

    Of a node it holds for all that the check credits the person with there, now and later. A sentence.
    """
    person, how = _begin(store, project, person, Action.ANSWER_CREDIT), disclosure_of(method, tools)
    if isinstance(ref, int):
        kept = _allowed(store, project, person, ref, Act.DISCLOSED).kept
        node_id, entry = kept.node_id, replace(kept.entry, evidence=(), at=now)
        about: int | None = ref
    else:
        node_id, label = _node(store, project, ref)
        entry, about = Entry(person.id, label, "", "", "", "", (), now), None
    told = replace(entry, act=Act.DISCLOSED, about=about, by=person.id, method=how.method, tools=how.tools)
    store.ledger.add(project.id, node_id, told)
    where = f"entry {about}" if about is not None else entry.node
    tools_named = f" ({', '.join(how.tools)})" if how.tools else ""
    return f"Written down: your work on {where} is `{how.method}`{tools_named}."


def has_disclosed(store: Store, project: ProjectRow, person: Person, ref: str) -> bool:
    """Whether the person said how they work on that node."""
    return person.id in store.ledger.disclosed(_node(store, project, ref)[0])


def listing(
    store: Store, project: ProjectRow, *, person: int | None = None, node: str | None = None
) -> tuple[CreditView, ...]:
    """Contributions of every status, newest first; of one person, or about one node, where that is given."""
    node_id, label = _node(store, project, node) if node is not None else (None, None)
    about = About(person=person) if person is not None else None
    if node_id is not None:
        about = About(nodes=(node_id,))
    return tuple(
        one
        for one in store.ledger.contributions(project.id, about)
        if (person is None or one.person_id == person) and (label is None or one.node == label)
    )


def waiting(store: Store, project: ProjectRow, person: Person) -> tuple[CreditView, ...]:
    """What waits for this person's word: credit that others gave them, and disputes they may settle."""
    maintainer = may(store, project, person, Action.SETTLE_CREDIT)
    about = About(told=True) if maintainer else About(person=person.id)
    found = fold(store.ledger.kept(project.id, about)).items()
    theirs = {number for number, one in found if "confirm" in words_of(one, person, maintainer)}
    views = (one for one in store.ledger.contributions(project.id, about) if one.id in theirs)
    return tuple(one for one in views if maintainer or one.person_id == person.id)


def options(
    store: Store, project: ProjectRow, person: Person, labels: Collection[str] | None = None
) -> dict[int, tuple[str, ...]]:
    """Number -> the words (`confirm`, `refuse`, `dispute`) that this person may say of that contribution.

    Of contributions to the nodes of these labels only, where they are given.
    """
    ids = {row.id for row in store.projects.labelled(project.id, labels)} if labels is not None else None
    found = fold(store.ledger.kept(project.id, None if ids is None else About(nodes=ids)))
    asked = (one for one in found.values() if ids is None or one.kept.node_id in ids)
    maintainer = may(store, project, person, Action.SETTLE_CREDIT)
    return {one.kept.number: words_of(one, person, maintainer) for one in asked}


def words_of(one: Contribution, person: Person, maintainer: bool) -> tuple[str, ...]:
    """What this person may say of the contribution: `confirm`, `refuse`, `dispute`."""
    words = {"confirm": Act.CONFIRMED, "refuse": Act.REFUSED, "dispute": Act.DISPUTED}
    return tuple(
        word for word, act in words.items() if not obstacle(one, act, person.id, maintainer=maintainer)
    )


def read(
    store: Store, project: ProjectRow, person: Person, said: Assertion, now: datetime
) -> tuple[int | None, Entry]:
    """The node's id and the entry that the assertion makes, nothing written yet. `UserError` as in `add`."""
    kind, degree, evidence = kind_of(said.kind), degree_of(said.degree), evidence_of(said.evidence)
    if kind in FORMAL_KINDS.values() and not _settles(person):
        raise UserError(f"Credit for a {kind} comes from the check; where it missed you, ask a maintainer.")
    how = disclosure_of(said.method, said.tools) if said.method else None
    whom, known = by_name(store, said.who, strangers(store, person)), KINDS[kind]
    node_id, label = _node(store, project, said.node) if said.node is not None else (None, "")
    entry = Entry(whom.id, label, known.part, kind, known.role, degree, evidence, now, by=person.id)
    return node_id, replace(entry, method=how.method, tools=how.tools) if how else entry


def repeats(one: Contribution, entry: Entry, node_id: int | None) -> bool:
    """Whether the entry says again, with no more evidence, what is on the books and was not refused."""
    same = one.kept.entry.kind == entry.kind and one.kept.person == entry.person_id
    more = set(entry.evidence) - set(one.kept.entry.evidence)
    return same and one.kept.node_id == node_id and one.status in OPEN and not more


def _begin(store: Store, project: ProjectRow, person: Person, action: Action = Action.CREDIT) -> Person:
    """Whoever only looks on still has a say about their own credit."""
    store.projects.lock(project.id)
    return require(store, project, person, action)


def _settles(person: Person) -> bool:
    """Whether they have a word in what is between others, with the role that they have in the project."""
    return allows(person.role, Action.SETTLE_CREDIT)


def _judge(
    store: Store,
    project: ProjectRow,
    person: Person,
    number: int,
    act: Act,
    evidence: tuple[str, ...],
    now: datetime,
) -> Outcome:
    person = _begin(store, project, person, Action.ANSWER_CREDIT)
    kept = _allowed(store, project, person, number, act).kept
    if kept.person != person.id:
        _begin(store, project, person)
    about = replace(kept.entry, evidence=evidence, at=now, act=act, about=number, by=person.id)
    store.ledger.add(project.id, kept.node_id, replace(about, method=None, tools=()))
    return _after(store, project, person, number, _DEEDS[act], now)


def _allowed(store: Store, project: ProjectRow, person: Person, number: int, act: Act) -> Contribution:
    """The contribution of that number. `UserError` when there is none, or the person may not do that."""
    one = fold(store.ledger.kept(project.id, About(number=number))).get(number)
    if one is None:
        raise UserError(f"There is no credit number {number} in {project.slug}; `credit list` has them.")
    why = obstacle(one, act, person.id, maintainer=_settles(person))
    if why:
        raise UserError(f"About credit {number}, you {why}.")
    return one


def _refuse_again(store: Store, project: ProjectRow, entry: Entry, node_id: int | None) -> None:
    about = About(nodes=(node_id,)) if node_id is not None else About(person=entry.person_id)
    for one in fold(store.ledger.kept(project.id, about)).values():
        if repeats(one, entry, node_id):
            number = one.kept.number
            raise UserError(f"That is on the books already, as credit {number}; it is {one.status}.")


def _refuse_flood(store: Store, project: ProjectRow, person: Person) -> None:
    found = fold(store.ledger.kept(project.id, About(by=person.id))).values()
    own = sum(one.kept.by == person.id and one.status is Status.PROPOSED for one in found)
    if own >= MOST_PROPOSED and not _settles(person):
        raise UserError(f"{own} entries of yours wait to be confirmed; let others see those first.")


def _node(store: Store, project: ProjectRow, ref: str) -> tuple[int, str]:
    row = store.projects.labelled(project.id, [resolve(store, project, ref)])[0]
    return row.id, row.label


def _after(
    store: Store, project: ProjectRow, person: Person, number: int, deed: str, now: datetime
) -> Outcome:
    """The log says what was done, without names; those whom it concerns are told."""
    about = About(number=number)
    found = {one.id: one for one in store.ledger.contributions(project.id, about)}
    one, old = found[number], found.get(found[number].about or 0)
    what = _what(store, project, one)
    words = f"{deed} credit {number}, {what},"
    record = f"{deed} credit {number}: {what}"
    store.log.record(project.id, _EVENT, record, now, node=one.node or None, person_id=person.id)
    for other in _concerned(store, project, one, old, person):
        place = f", in place of your credit {old.id}" if old and old.person_id == other else ""
        told = f"{person.mention} {words} for {_whose(one, other, person)}{place}. {_next(one, other)}"
        tell(store, project, other, _EVENT, told, now, one.node or None)
    return Outcome(one, f"Credit {number}, {what}, of {one.person_name} is {one.status}.")


def _concerned(
    store: Store, project: ProjectRow, one: CreditView, old: CreditView | None, actor: Person
) -> list[int]:
    """Whom it is about, or what it corrects, who said it, and maintainers where their word is asked for."""
    asked = one.status == Status.DISPUTED or (one.status == Status.PROPOSED and one.by_id == one.person_id)
    settling = [settler.id for settler in maintainers(store, project)] if asked else []
    said = [number for number in (old.person_id if old else None, one.by_id) if number is not None]
    everybody = [one.person_id, *said, *settling]
    return [other for other in dict.fromkeys(everybody) if other != actor.id]


def _what(store: Store, project: ProjectRow, one: CreditView) -> str:
    """`example for Lemma 2.3 (Hall)`; the label, where the blueprint has no such node now."""
    if not one.node:
        return one.kind
    graph = checked(store, project).graph
    caption = next((node.caption for node in graph.nodes if node.id == one.node), one.node)
    return f"{one.kind} for {caption}"


def _whose(one: CreditView, reader: int, actor: Person) -> str:
    if one.person_id == reader:
        return "you"
    return "themselves" if one.person_id == actor.id else mention(one.person_id)


def _next(one: CreditView, reader: int) -> str:
    """What the reader can do now."""
    if one.status == Status.PROPOSED and (one.by_id == one.person_id or one.person_id == reader):
        how = typed(f": `confirm {one.id}`, or `refuse {one.id}` if it is not so")
        return f"It counts once you confirm it{how}."
    return f"It is {one.status}."
