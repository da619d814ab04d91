"""Every sentence that a person reads in the chat. Pure: from what a service answered to Zulip's markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from blueprint.errors import UserError
from blueprint.graph import Macro
from dashboards.legend import entry_of
from dashboards.snapshot import CreditView, TaskView
from dashboards.viewing import Suggested
from dashboards.wording import join
from lean_project.facts import Fact
from lean_project.status import Drift, NodeStatus, PartStatus, Readiness, Reason
from server.commands.usage import USAGE, Group
from server.deeds import Done
from server.durations import EXAMPLES
from server.formulas import caption, sentence, statement
from server.markup import block, code, escape, spoiler
from server.service.nodes import NodeDetail, UnsureError
from server.service.undoing import Undone
from server.service.watching import WatchOutcome
from server.service.wording import claim_words, yours
from server.work.preferences import Subject

_REFERENCES = (
    "REF is a label (`lem:main`), a Lean name, a number (`#12`, `Lemma 2.3`) or the address of a page."
)
_TIMES = (
    f"Times are {EXAMPLES}; a month is 30 days, a year 365. A REF that ends like one stands in backticks."
)
_PEOPLE = '@person is one from Zulip\'s list, or a name they have here: `@Ada`, `@"Ada Lovelace"`.'
_SHOWN = 5
_LISTED = 10
_LONGEST = 20_000  # characters of a statement: a few messages, no flood


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer, in Zulip's markup.

    `ok` is False where the person's wish was not met; `acted` says that something is different now;
    `private` that nobody else may read it.
    """

    text: str
    ok: bool = True
    acted: bool = False
    private: bool = False


def refused(error: UserError) -> Reply:
    return Reply(sentence(str(error)), ok=False)


def which(unsure: UnsureError, *, public: bool) -> Reply:
    """A question that is answered by a number alone; where others speak too, with a mention."""
    choices = [f"{place}. {named(caption, node)}" for place, (node, caption) in enumerate(unsure.nodes, 1)]
    answer = "Mention me with the number" if public else "Answer with the number"
    lines = (sentence(str(unsure)), *choices, "", f"{answer}, such as `1`.")
    return Reply("\n".join(lines), ok=False)


def undone(outcome: Undone) -> Reply:
    return Reply(sentence(outcome.text), acted=True)


def fault(number: str) -> Reply:
    """An answer to somebody whose message met a mistake of ours; `number` finds it in the log."""
    return Reply(f"Something went wrong on my side, sorry; nothing was changed. (Fault {number}.)", ok=False)


def done(outcome: Done) -> Reply:
    """In the words of the service."""
    return Reply(sentence(outcome.text), acted=outcome.changed)


def claimed(
    task: TaskView, person_id: int, zone: tzinfo, *, renewed: bool, before: datetime | None = None
) -> Reply:
    whose = yours(task, person_id, zone, renewed=renewed, before=before)
    return Reply(f"{whose[0].upper()}{whose[1:]}: {task_words(task)}.", acted=True)


def mine(
    tasks: Sequence[TaskView],
    asked: Sequence[TaskView],
    aside: Sequence[str],
    person_id: int,
    zone: tzinfo,
) -> Reply:
    """What the person holds, and what somebody waits for their answer about; `aside` are names of tasks."""
    held = [
        f"* {task_words(task)}{stage(task)}{claim_words(claim, zone)}."
        for task in tasks
        for claim in task.claims
        if claim.person_id == person_id
    ]
    held += [
        f"* {escape(name)}, paused until a maintainer has said what became of its node." for name in aside
    ]
    waiting = [f"* {task_words(task)}: `accept {task.label}` or `decline {task.label}`." for task in asked]
    none = "You hold no task at the moment; `next` suggests some."
    lines = (
        *(["You hold:", *bounded(held)] if held else [none]),
        *(["", "Waiting for your answer:", *bounded(waiting)] if waiting else []),
    )
    return Reply("\n".join(lines))


def suggested(suggestions: Sequence[Suggested]) -> Reply:
    if not suggestions:
        return Reply("Nothing is free at the moment. `watch` a node to hear when something happens to it.")
    lines = [
        f"* {task_words(each.task)}. {' '.join(sentence(reason) for reason in each.reasons)}".rstrip()
        for each in suggestions
    ]
    first = suggestions[0].task.label
    return Reply("\n".join(("Free now:", *lines, "", f"To take one, say `claim {first}`.")))


def about(slug: str) -> Reply:
    """From a person who has said only of which project they will speak."""
    return Reply(f"From now on, what you write to me directly is about {code(slug)}.", acted=True)


def too_fast(seconds: int) -> Reply:
    """To somebody who is not heard for a while."""
    return Reply(
        f"You write faster than I can follow. I read on in {seconds} seconds; what you write until then, "
        "and this message, is not done.",
        ok=False,
    )


def watching(outcome: WatchOutcome) -> Reply:
    node = named(outcome.caption, outcome.node)
    if outcome.watching:
        again = "" if outcome.changed else " already"
        words = f"You watch {node}{again}; I will write to you when something happens to it."
    else:
        words = f"You {'no longer' if outcome.changed else 'did not'} watch {node}."
    return Reply(words, acted=outcome.changed)


def answered_privately() -> Reply:
    return Reply("I have answered you in a direct message.")


def credits(entries: Sequence[CreditView], waiting: Sequence[CreditView]) -> Reply:
    """The person's own, newest first, and what waits for their word."""
    asked = [f"* {_entry(entry)}: `confirm {entry.id}` or `refuse {entry.id}`." for entry in waiting]
    own = [f"* {_entry(entry)}." for entry in entries]
    lines = [
        *(["Waiting for your word:", *bounded(asked), ""] if asked else []),
        *(["Your credit:", *bounded(own)] if own else ["You have no credit here yet."]),
    ]
    return Reply("\n".join(lines))


def _entry(entry: CreditView) -> str:
    node = f", {code(entry.node)}" if entry.node else ""
    return f"**{entry.id}** {escape(entry.person_name)}: {escape(entry.kind)}{node} ({entry.status})"


def help_for(verb: str | None) -> Reply:
    """Everything in a few lines, or all there is to say of one command."""
    if verb is None:
        lines = [f"* **{group}**: {', '.join(_verbs(group))}." for group in Group]
        return Reply("\n".join((*lines, "", "`help claim` explains one of them.", _REFERENCES)))
    usage = USAGE[verb]
    lines = [f"`{usage.form}`: {usage.meaning}"]
    if "REF" in usage.form:
        lines.append(_REFERENCES)
    if "@person" in usage.form:
        lines.append(_PEOPLE)
    if any(slot.field == "until" for slot in usage.slots):
        lines.append(_TIMES)
    if verb == "prefs":
        lines += [f"* `{subject}`: {subject.meaning}." for subject in Subject]
        lines.append("Hours are those of your time zone; `timezone` says which it is.")
    if verb == "claim":
        lines.append("Without a time, a claim lasts as long as suits the task.")
    return Reply("\n".join(lines))


def _verbs(group: Group) -> list[str]:
    return [f"`{verb}`" for verb, usage in USAGE.items() if usage.group is group]


def shown(detail: NodeDetail, macros: Iterable[Macro] = (), zone: tzinfo = UTC) -> Reply:
    node, status = detail.node, detail.status
    parts = [
        f"**{caption(node.caption)}** ({code(node.id)}): {_standing(status)}",
        *_part("Statement", status.statement),
        *(_part("Proof", status.proof) if status.proof else ()),
        *(_drift(drift) for drift in status.drift),
        *bounded([_task_line(task, zone) for task in detail.tasks if task.readiness is not Readiness.DONE]),
        *_links(detail),
        *_credit(detail),
    ]
    hidden = [*_in_words(node.statement.source, macros), *_in_lean(detail.facts)]
    return Reply("\n".join(("\n".join(parts), *hidden)))


def notice(text: str) -> Reply:
    """Something a person asked to be told."""
    return Reply(sentence(text))


def _in_words(tex: str, macros: Iterable[Macro]) -> list[str]:
    if len(tex) > _LONGEST:
        return ["* The statement is too long for the chat; the page of the node shows it."]
    said = statement(tex, macros)
    return [spoiler("In words", said)] if said else []


def _in_lean(facts: Iterable[Fact]) -> list[str]:
    lean = "\n\n".join(_declaration(fact) for fact in facts)
    if len(lean) > _LONGEST:
        return ["* The Lean statement is too long for the chat; the page of the node shows it."]
    return [spoiler("In Lean", block("lean", lean))] if lean else []


def _standing(status: NodeStatus) -> str:
    entry = entry_of(status)
    return f"{entry.word}. {entry.meaning}"


def _part(name: str, part: PartStatus) -> list[str]:
    if not part.reasons:
        return []
    reasons = [_reason(reason) for reason in part.reasons[:_SHOWN]]
    more = len(part.reasons) - _SHOWN
    return [f"* {name}: {' '.join(reasons)}" + (f" And {more} more." if more > 0 else "")]


def _reason(reason: Reason) -> str:
    place = f" ({code(f'{reason.file}:{reason.line}')})" if reason.file else ""
    return f"{sentence(reason.text)}{place}"


def _drift(drift: Drift) -> str:
    differ = f"the blueprint says {code(drift.claim)}, Lean says {code(drift.fact)}"
    return f"* About the {sentence(drift.part)}, {differ}."


def _task_line(task: TaskView, zone: tzinfo) -> str:
    title = f" ({escape(task.title)})" if task.title else ""
    return f"* {task.label}, {task.kind}{title}: {_task_state(task, zone)}."


def _task_state(task: TaskView, zone: tzinfo) -> str:
    if task.claims:
        names = [escape(claim.person_name) for claim in task.claims]
        return f"held by {join(names)}{stage(task)}{claim_words(task.claims[0], zone)}"
    if task.state in ("offered", "held"):
        return "on hold" if task.state == "held" else f"offered to {_asked(task)}"
    if task.readiness is Readiness.BLOCKED:
        return f"has to wait for {labelled(task.blocked_by)}"
    if task.readiness is Readiness.NOT_READY:
        return "not ready, as the text may still change"
    return f"free; say `claim {task.label}` to take it"


def _asked(task: TaskView) -> str:
    return join([escape(ask.to_name) for ask in task.requests if ask.kind == "offered" and ask.to_name])


def _links(detail: NodeDetail) -> list[str]:
    lines = (("Uses", detail.uses), ("Used by", detail.used_by))
    return [f"* {words} {labelled(nodes)}." for words, nodes in lines if nodes]


def _credit(detail: NodeDetail) -> list[str]:
    names = tuple(dict.fromkeys(entry.person_name for entry in detail.credit))
    return [f"* Credit so far: {people_words(names)}."] if names else []


def labelled(nodes: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    return _first([code(node) for node in nodes])


def people_words(names: Sequence[str]) -> str:
    return _first([escape(name) for name in names])


def bounded(lines: Sequence[str]) -> list[str]:
    """The first items of a list, and how many more there are; the pages show all."""
    more = len(lines) - _LISTED
    return [*lines[:_LISTED], *([f"* And {more} more; the pages show all."] if more > 0 else [])]


def _first(words: Sequence[str]) -> str:
    more = len(words) - _SHOWN
    return f"{', '.join(words[:_SHOWN])} and {more} more" if more > 0 else ", ".join(words)


def _declaration(fact: Fact) -> str:
    return f"{fact.kind} {fact.statement or fact.name}"


def task_words(task: TaskView) -> str:
    title = f": {escape(task.title)}" if task.title else ""
    kind = f"{task.kind} of" if task.parent else task.kind
    return f"**{task.label}** {kind} {caption(task.caption)} ({code(task.node)}){title}"


def stage(task: TaskView) -> str:
    """` (in review)`, or nothing where it is simply claimed."""
    return "" if task.state == "claimed" else f" ({task.state})"


def named(title: str, node: str) -> str:
    return f"{caption(title)} ({code(node)})"
