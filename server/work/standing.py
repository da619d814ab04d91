"""What the entries of a ledger come to: the standing of each contribution, and who may change it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from server.work.kinds import Disclosure, Method
from server.work.ledger import Act, Entry


class Status(StrEnum):
    """Whether what an entry says holds."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    DISPUTED = "disputed"
    CORRECTED = "corrected"


# What the status is after an entry about it; what is not here leaves it as it was. A dispute that ends well
# puts back what was before: what nobody had confirmed yet is proposed again. That which is corrected is so
# once the correction is confirmed.
TRANSITIONS: Mapping[tuple[Status, Act], Status] = {
    (Status.PROPOSED, Act.CONFIRMED): Status.CONFIRMED,
    (Status.PROPOSED, Act.REFUSED): Status.REFUSED,
    (Status.PROPOSED, Act.DISPUTED): Status.DISPUTED,
    (Status.CONFIRMED, Act.REFUSED): Status.REFUSED,
    (Status.CONFIRMED, Act.DISPUTED): Status.DISPUTED,
    (Status.DISPUTED, Act.CONFIRMED): Status.CONFIRMED,
    (Status.DISPUTED, Act.REFUSED): Status.REFUSED,
}
_CREDITS = frozenset({Act.CREDITED, Act.CORRECTED})
OPEN = frozenset({Status.PROPOSED, Status.CONFIRMED, Status.DISPUTED})

# A person and the node they worked on.
_Work = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry on the books: its number, and whose and about which node it is as people are known today.

    `person` is whom it is about and `by` who made it; None where it was the check.
    """

    number: int
    entry: Entry
    person: int
    by: int | None = None
    node_id: int | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """A credit as it stands: `held` says that it was confirmed once and not taken back since.

    A dispute alone takes nothing away. It is `checked` where the check said it first, whoever corrected it
    since. `disputed_by` is set while there is one, and `objections` has the evidence that it rests on.
    """

    kept: Kept
    status: Status
    held: bool
    checked: bool
    disclosure: Disclosure | None = None
    disputed_by: int | None = None
    objections: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether the person credited said so themselves."""
        return self.kept.by == self.kept.person


def fold(entries: Iterable[Kept]) -> dict[int, Contribution]:
    """Number -> contribution, in the order of the entries, oldest first. Pure: entries are all there is."""
    books = _Books()
    for kept in entries:
        act = kept.entry.act
        if act in _CREDITS:
            books.credit(kept)
        elif act is Act.DISCLOSED:
            books.disclose(kept)
        else:
            books.judge(kept)
    return books.found


class _Books:
    """What the entries so far come to; `told` is how a person works on a node, by what they said of it."""

    def __init__(self) -> None:
        self.found: dict[int, Contribution] = {}
        self._told: dict[_Work, Disclosure] = {}
        self._by_work: dict[_Work, list[int]] = defaultdict(list)
        self._corrections: dict[int, list[int]] = defaultdict(list)

    def credit(self, kept: Kept) -> None:
        """What the check says holds at once; what a person says waits for somebody else."""
        entry, checked, work = kept.entry, kept.by is None, (kept.person, kept.node_id)
        how = _disclosure(entry) or (self._told.get(work) if checked else None)
        status = Status.CONFIRMED if checked else Status.PROPOSED
        origin = self.found.get(entry.about or 0)
        known = checked or (origin is not None and origin.checked)
        self.found[kept.number] = Contribution(kept, status, checked, known, how)
        if checked:
            self._by_work[work].append(kept.number)
        if entry.about is not None:
            self._corrections[entry.about].append(kept.number)

    def disclose(self, kept: Kept) -> None:
        """Of one contribution, or of all that the check credits a person with for a node, now and later."""
        how, work, about = _disclosure(kept.entry), (kept.person, kept.node_id), kept.entry.about
        if how is None:
            return
        if about is None:
            self._told[work] = how
        for number in self._by_work[work] if about is None else [about]:
            if number in self.found:
                self.found[number] = replace(self.found[number], disclosure=how)

    def judge(self, kept: Kept) -> None:
        """An entry that confirms, refuses or disputes one before it."""
        before = self.found.get(kept.entry.about or 0)
        status = TRANSITIONS.get((before.status, kept.entry.act)) if before else None
        if before is None or status is None:
            return
        if before.status is Status.DISPUTED and status is Status.CONFIRMED and not before.held:
            status = Status.PROPOSED
        held = status is Status.CONFIRMED or (before.held and status is Status.DISPUTED)
        by, why = (kept.by, kept.entry.evidence) if status is Status.DISPUTED else (None, ())
        after = replace(before, status=status, held=held, disputed_by=by, objections=why)
        self.found[before.kept.number] = after
        corrected = before.kept.entry.about
        if status is Status.CONFIRMED and corrected is not None and corrected in self.found:
            self._supersede(corrected, before.kept.number)

    def _supersede(self, old: int, by: int) -> None:
        """A correction that is confirmed takes the place of what it corrects, and of other corrections."""
        for number in (old, *self._corrections[old]):
            one = self.found[number]
            if number != by and one.status in OPEN:
                closed = replace(one, status=Status.CORRECTED, held=False)
                self.found[number] = replace(closed, disputed_by=None, objections=())


def _disclosure(entry: Entry) -> Disclosure | None:
    return Disclosure(Method(entry.method), entry.tools) if entry.method else None


def obstacle(one: Contribution, act: Act, person: int, *, maintainer: bool) -> str | None:
    """Why the person may not do that to the contribution, in words that go on after "you"; None: they may."""
    if one.status not in OPEN:
        return f"cannot change it any more: it is {one.status}"
    return _OBSTACLES[act](one, person, maintainer)


def _to_confirm(one: Contribution, person: int, maintainer: bool) -> str | None:
    if one.status is Status.CONFIRMED:
        return "need not confirm it: it is confirmed already"
    if one.status is Status.DISPUTED:
        return _to_settle(one, person, maintainer)
    if one.is_own and person == one.kept.person:
        return "cannot confirm what you said of yourself; somebody else has to"
    if not one.is_own and person != one.kept.person:
        return "cannot confirm it: only the person credited can"
    return None


def _to_settle(one: Contribution, person: int, maintainer: bool) -> str | None:
    """A dispute ends with a maintainer whom it is not about, or with whoever began it."""
    if person == one.kept.person:
        return "cannot settle a dispute about your own credit"
    if person == one.disputed_by or maintainer:
        return None
    return "cannot settle the dispute: a maintainer has to, or whoever began it"


def _to_refuse(one: Contribution, person: int, maintainer: bool) -> str | None:
    """Nobody is credited against their will; what one said one may take back."""
    if person == one.kept.person or (person == one.kept.by and one.status is Status.PROPOSED):
        return None
    if maintainer and (one.status is Status.DISPUTED or (one.is_own and one.status is Status.PROPOSED)):
        return None
    return "cannot refuse it: the person credited can; others can `dispute` it"


def _to_dispute(one: Contribution, person: int, maintainer: bool) -> str | None:
    if one.status is Status.DISPUTED:
        return "need not dispute it: somebody does already"
    return "can refuse your own credit, not dispute it" if person == one.kept.person else None


def _to_correct(one: Contribution, person: int, maintainer: bool) -> str | None:
    if maintainer or (one.kept.by is not None and person in {one.kept.by, one.kept.person}):
        return None
    if one.kept.by is None:
        return "cannot correct what the check found out: a maintainer can; you can `dispute` or refuse it"
    return "cannot correct it: who is credited, who said so, or a maintainer can; you can `dispute` it"


def _to_disclose(one: Contribution, person: int, maintainer: bool) -> str | None:
    return None if person == one.kept.person else "cannot say how somebody else worked"


_OBSTACLES = {
    Act.CONFIRMED: _to_confirm,
    Act.REFUSED: _to_refuse,
    Act.DISPUTED: _to_dispute,
    Act.CORRECTED: _to_correct,
    Act.DISCLOSED: _to_disclose,
}
