"""What a check has to object to, each with its place: findings as problems. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from blueprint.graph import Node, Place, Problem
from blueprint.review.codes import Code
from lean_project.facts import Message
from lean_project.findings import Findings
from lean_project.status import NodeStatus
from lean_project.topics import MEANINGS, Topic
from lean_project.verdict import Formal, Reason

SEVERITIES = {
    Topic.UNBUILT: "error",
    Topic.REFUSED: "error",
    Topic.REGRESSED: "error",
    Topic.MISSING: "warning",
    Topic.DRIFT: "warning",
    Topic.SORRY: "info",
}


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


CODES = {
    topic.value: Code(topic.value, severity, _sentence(MEANINGS[topic]), f"{_sentence(MEANINGS[topic])}.")
    for topic, severity in SEVERITIES.items()
}


def objections(findings: Findings, verified_before: Collection[str] = ()) -> tuple[Problem, ...]:
    """Everything, in the order of modules and then of the document; `verified_before` are ids of nodes."""
    found = list(_unbuilt(findings))
    for node in findings.graph.nodes:
        found += _of_node(node, findings.statuses[node.id], node.id in verified_before)
    present = {node.id for node in findings.graph.nodes}
    for gone in sorted({*verified_before} - present):
        found.append(_problem(Topic.REGRESSED, f"`{gone}` was verified and left the blueprint.", None, gone))
    return tuple(found)


def failing(problems: Collection[Problem], policy: frozenset[Topic]) -> tuple[Topic, ...]:
    """The topics of the policy that are among the problems, the gravest first."""
    codes = {problem.code for problem in problems}
    return tuple(topic for topic in Topic if topic in policy and topic.value in codes)


def _unbuilt(findings: Findings) -> Iterator[Problem]:
    messages = [said for said in findings.facts.messages if _is_grave(said)]
    for said in messages:
        yield _problem(Topic.UNBUILT, said.text, Place(said.file, said.line, said.column + 1))
    if findings.facts.failed_modules and not messages:
        modules = ", ".join(findings.facts.failed_modules)
        yield _problem(Topic.UNBUILT, f"These modules did not build: {modules}.", None)


def _is_grave(said: Message) -> bool:
    return said.severity == "error" or said.text.startswith("not tried")


def _of_node(node: Node, status: NodeStatus, was_verified: bool) -> Iterator[Problem]:
    if was_verified and not status.verified:
        why = f" {status.reasons[0].text}" if status.reasons else ""
        text = f"{node.caption} was verified and is not any more.{why}"
        yield _problem(Topic.REGRESSED, text, _place(node, status.reasons), node.id)
    topic = _topic(node, status)
    if topic:
        reasons = status.reasons
        yield _problem(topic, reasons[0].text if reasons else f"{node.caption} is {status.formal}.",
                       _place(node, reasons), node.id)  # fmt: skip
    for drift in status.drift:
        text = f"{node.caption}, {drift.part}: the blueprint has {drift.claim}, Lean says {drift.fact}."
        yield _problem(Topic.DRIFT, text, node.statement.place, node.id)


def _topic(node: Node, status: NodeStatus) -> Topic | None:
    """What is wrong with the node as it stands. That it names no declaration yet is not."""
    parts = {part.formal for part in (status.statement, status.proof) if part}
    if Formal.REFUSED in parts:
        return Topic.REFUSED
    if Formal.ABSENT in parts and node.lean:
        return Topic.MISSING
    return Topic.SORRY if not status.passes and node.lean else None


def _place(node: Node, reasons: tuple[Reason, ...]) -> Place:
    """Where the trouble is in Lean, else where the node stands in the blueprint."""
    first = next((reason for reason in reasons if reason.file and reason.line), None)
    return Place(first.file, first.line) if first and first.file and first.line else node.statement.place


def _problem(topic: Topic, text: str, place: Place | None, node: str | None = None) -> Problem:
    return Problem(topic.value, SEVERITIES[topic], text, place=place, node=node)
