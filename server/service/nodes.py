"""Nodes: how people refer to them, and what there is to know of one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from rapidfuzz import process, utils

from blueprint.errors import UserError
from blueprint.graph import Graph, Links, Node, links
from blueprint.identity import Same
from dashboards.links import node_from, project_of
from dashboards.snapshot import CreditView, EventView, TaskView
from lean_project.facts import Fact
from lean_project.status import NodeStatus
from server.records.projects import ProjectRow
from server.service.board import Board, checked, load
from server.store import Store
from server.work.tasks import State

LONGEST_REF = 500
_MOST_CHOICES = 5
_NUMBER = re.compile(r"#(\d{1,9})")


@dataclass(frozen=True, slots=True)
class NodeDetail:
    """One node with everything around it. `uses` and `used_by` hold node ids in document order."""

    node: Node
    status: NodeStatus
    tasks: tuple[TaskView, ...]
    facts: tuple[Fact, ...]
    uses: tuple[str, ...]
    used_by: tuple[str, ...]
    credit: tuple[CreditView, ...]
    events: tuple[EventView, ...]


def resolve(store: Store, project: ProjectRow, ref: str) -> str:
    """The node that people mean by a label, a Lean name, `#12`, `Lemma 2.3`, or the address of its page.

    `UserError` when nothing or more than one thing is meant, with what is near.
    """
    number = number_of(ref)
    if number is None:
        return find_in(project, checked(store, project).graph, ref)
    task = store.tasks.numbered(project.id, number)
    if task is None or task.state is State.SUPERSEDED:
        raise NoTaskError(_no_task(number))
    if task.node_id in store.matches.aside(project.id):
        raise NoTaskError(_set_aside(task.name))
    return task.node


def show(store: Store, project: ProjectRow, ref: str, now: datetime) -> NodeDetail:
    """Everything about the node meant by `ref`; `UserError` as in `resolve`."""
    name, board = resolve(store, project, ref), load(store, project, now)
    edges, facts = _edges(Same(board.findings.graph)), board.findings.facts.by_name()
    node = board.node(name)
    names = (name, *store.matches.ancestors(project.id).get(name, ()))
    return NodeDetail(
        node=node,
        status=board.findings.statuses[name],
        tasks=board.of_node(name),
        facts=tuple(facts[decl] for decl in node.lean if decl in facts),
        uses=tuple(edges.pred[name]),
        used_by=tuple(edges.succ[name]),
        credit=tuple(entry for one in names for entry in store.ledger.views(project.id, one)),
        events=store.log.of_nodes(project.id, names, limit=50),
    )


@lru_cache(maxsize=16)
def _edges(graph: Same[Graph]) -> Links:
    return links(graph.value)


def find_in(project: ProjectRow, graph: Graph, ref: str) -> str:
    """As `find`; a page of another project is refused, for its labels may be the same."""
    if project_of(ref[:LONGEST_REF]) not in (None, project.slug):
        raise UserError(f"That is no page of `{project.slug}`, of which we speak here.")
    return find(graph, ref)


def find(graph: Graph, ref: str) -> str:
    """The node meant by any reference but a task's number; `UserError` as in `resolve`."""
    asked, names = _strip(ref), _names(Same(graph))
    meant = names.get(asked) or names.get(asked.casefold())
    if not meant:
        raise _unknown(graph, ref, asked, names)
    if len(meant) > 1:
        words = f"{len(meant)} nodes go by `{asked}`; say which label: {_labels(meant)}."
        raise UnsureError(words, ref, _captioned(graph, meant))
    return meant[0]


class UnsureError(UserError):
    """The reference could mean any of these nodes, likeliest first; each with its label and caption."""

    def __init__(self, text: str, ref: str, nodes: tuple[tuple[str, str], ...]) -> None:
        super().__init__(text)
        self.ref = ref
        self.nodes = nodes


class NoTaskError(UserError):
    """There is no task of that number."""


def find_task(board: Board, number: int) -> TaskView:
    """The task of that number; `NoTaskError` when there is none."""
    task = board.numbered(number)
    if task is None:
        row = board.store.tasks.numbered(board.project.id, number)
        raise NoTaskError(_set_aside(row.name) if row and board.is_aside(row) else _no_task(number))
    return task


def number_of(ref: str) -> int | None:
    """12 for `#12`; None for any other reference."""
    found = _NUMBER.fullmatch(_strip(ref))
    return int(found[1]) if found else None


def _no_task(number: int) -> str:
    return f"There is no task #{number} in the present blueprint; `next` lists what is free."


def _set_aside(name: str) -> str:
    return (
        f"The node of {name} left the blueprint or is another there now; it waits until a maintainer has "
        "said which."
    )


def _strip(ref: str) -> str:
    """The reference itself, out of quotes or the address of a page."""
    asked = ref[:LONGEST_REF].strip().strip("`'\"").strip()
    if not asked.startswith(("http://", "https://")):
        return asked
    try:
        address = urlsplit(asked)
    except ValueError:
        return asked
    tail = address.fragment or re.split(r"/nodes?/", address.path)[-1].rstrip("/").rsplit("/", 1)[-1]
    return node_from(unquote(tail))


@lru_cache(maxsize=16)
def _names(graph: Same[Graph]) -> Mapping[str, tuple[str, ...]]:
    """Everything a node may be called -> the nodes called so. A label wins over any other name."""
    names: dict[str, tuple[str, ...]] = {}
    for node in graph.value.nodes:
        number = f"{node.kind} {node.number}" if node.number else ""
        for name in {*node.lean, number.casefold(), node.caption.casefold(), node.id.casefold()} - {""}:
            names[name] = (*names.get(name, ()), node.id)
    for node in graph.value.nodes:
        names.update(dict.fromkeys((*node.labels, node.id), (node.id,)))
    return names


def _unknown(graph: Graph, ref: str, asked: str, names: Mapping[str, tuple[str, ...]]) -> UserError:
    meant, nowhere = _alike(asked, names), f"There is no node `{asked[:80]}` in this blueprint"
    if not meant:
        return UserError(f"{nowhere}; give a label, a Lean name or a task such as `#12`.")
    words = f"{nowhere}; did you mean {', '.join(f'`{name}`' for name in meant)}?"
    nodes = tuple(dict.fromkeys(node for name in meant for node in names[name]))
    return UnsureError(words, ref, _captioned(graph, nodes))


def _labels(nodes: Sequence[str]) -> str:
    more = len(nodes) - _MOST_CHOICES
    return ", ".join(nodes[:_MOST_CHOICES]) + (f" and {more} more" if more > 0 else "")


def _captioned(graph: Graph, nodes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    captions = {node.id: node.caption for node in graph.nodes}
    return tuple((node, captions[node]) for node in nodes[:_MOST_CHOICES])


def near(graph: Graph, ref: str) -> tuple[str, ...]:
    """The nodes whose names are most like that one, the likeliest first."""
    names = _names(Same(graph))
    return tuple(dict.fromkeys(id for name in _alike(_strip(ref), names) for id in names[name]))


def _alike(asked: str, names: Mapping[str, tuple[str, ...]]) -> list[str]:
    cased = [name for name in names if name != name.casefold() or names[name] == (name,)]
    found = process.extract(asked, cased, limit=3, score_cutoff=60, processor=utils.default_process)
    return [match[0] for match in found]
