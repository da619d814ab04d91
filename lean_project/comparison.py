"""What a proposed change does to a project: two checked commits side by side. Pure.

The change is judged by the blueprint and the settings of its base: else it could move its own goals. Its own
blueprint says only what would be new in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from blueprint.graph import Graph, Node, nodes_by_id
from lean_project.axioms import STANDARD_AXIOMS
from lean_project.facts import SORRY, Fact, Facts, Kind
from lean_project.findings import Findings
from lean_project.meaning import meaning, moved
from lean_project.renames import same
from lean_project.status import NodeStatus, statuses
from lean_project.topics import Topic
from lean_project.verdict import Formal


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a change does; `text` is the end of a sentence about the node, or one of its own.

    `node` is the label in the newer blueprint (in the older one where it left) and None for the project;
    `declarations` are Lean names that it is about; `file` and `line` are where.
    """

    topic: Topic
    text: str
    node: str | None = None
    caption: str | None = None
    declarations: tuple[str, ...] = ()
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How many nodes of how many are verified."""

    verified: int
    nodes: int


@dataclass(frozen=True, slots=True)
class Files:
    """The trusted files that differ, and `lean-toolchain` as it was and would be, where that does."""

    changed: tuple[str, ...] = ()
    toolchain: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A change as a whole: commit hashes, the gravest first. `notes` are sentences for the reader.

    `after` is where the project would stand with the newer blueprint.
    """

    base: str
    head: str
    before: Standing
    after: Standing
    checked_by: str
    changes: tuple[Change, ...] = ()
    files: Files = field(default_factory=Files)
    notes: tuple[str, ...] = ()


def compare(
    base: Findings, graph: Graph, facts: Facts, allowed: frozenset[str], files: Files
) -> list[Change]:
    """Everything that differs, the gravest first.

    `graph` and `facts` are those of the change; `allowed` are the axioms that the base's settings allow.
    """
    bench = _Bench(base, graph, facts, allowed)
    found = [*_unbuilt(base.facts, facts), *bench.nodes(), *bench.axioms(), *_files(files)]
    order = list(Topic)
    return sorted(found, key=lambda change: order.index(change.topic))


def standing(given: Mapping[str, NodeStatus]) -> Standing:
    return Standing(sum(status.verified for status in given.values()), len(given))


# Of what moved a statement, this many are named.
MOST_CULPRITS = 5


class _Bench:
    """Both commits, with what follows from them."""

    def __init__(self, base: Findings, graph: Graph, facts: Facts, allowed: frozenset[str]) -> None:
        self._base, self._graph, self._facts, self._allowed = base, graph, facts, allowed
        self._known = base.facts.by_name(), facts.by_name()
        self._origins = same(base.graph, graph)

    @cached_property
    def _kept(self) -> dict[str, NodeStatus]:
        """What the nodes of the base's blueprint are with the Lean of the change.

        Where a declaration was merely renamed, the node goes by its new name.
        """
        new_nodes = nodes_by_id(self._graph)
        followers = {origin: new_nodes[id] for id, origin in self._origins.items()}
        nodes = (_follow(node, followers.get(node.id), self._is_renamed) for node in self._base.graph.nodes)
        return statuses(replace(self._base.graph, nodes=tuple(nodes)), self._facts, self._allowed)

    @cached_property
    def _proposed(self) -> dict[str, NodeStatus]:
        return statuses(self._graph, self._facts, self._allowed)

    def nodes(self) -> Iterator[Change]:
        old_nodes = nodes_by_id(self._base.graph)
        for node in self._graph.nodes:
            origin = self._origins.get(node.id)
            if origin is None:
                yield self._added(node)
            else:
                yield from self._surviving(old_nodes[origin], node)
            yield from self._drift(node, origin)
        stayed = set(self._origins.values())
        for node in self._base.graph.nodes:
            if node.id not in stayed:
                yield self._removed(node)

    def _added(self, node: Node) -> Change:
        formal = self._proposed[node.id].formal
        topic = Topic.REFUSED if formal is Formal.REFUSED else Topic.ADDED
        return self._about(topic, node, f"is new: {formal}", self._proposed[node.id])

    def _removed(self, node: Node) -> Change:
        was = " It was verified." if self._base.statuses[node.id].verified else ""
        return self._about(Topic.REMOVED, node, f"left the blueprint.{was}")

    def _surviving(self, old: Node, new: Node) -> Iterator[Change]:
        before = self._base.statuses[old.id]
        unmoved = self._is_renamed(old, new)
        if old.lean == new.lean:
            yield from self._moved(new)
        else:
            yield self._renamed(old, new, unmoved)
        after = (self._kept if old.lean == new.lean or unmoved else {old.id: self._proposed[new.id]})[old.id]
        if not self._is_unknown(after):
            yield from self._standing(new, before, after)

    def _is_unknown(self, status: NodeStatus) -> bool:
        """What was not built is neither there nor missing."""
        return status.formal is Formal.ABSENT and bool(self._facts.failed_modules)

    def _standing(self, node: Node, before: NodeStatus, after: NodeStatus) -> Iterator[Change]:
        if after.formal is Formal.REFUSED and before.formal is not Formal.REFUSED:
            yield self._about(Topic.REFUSED, node, "is refused.", after)
        if before.verified and not after.verified:
            yield self._about(Topic.REGRESSED, node, "is not verified any more.", after)
        elif after.verified and not before.verified:
            yield self._about(Topic.GAINED, node, "is verified.")
        elif after.formal is not before.formal and after.formal is not Formal.REFUSED:
            yield self._about(Topic.STANDING, node, f"was {before.formal} and is {after.formal}.")

    def _moved(self, node: Node) -> Iterator[Change]:
        for name in node.lean:
            old, new = (known.get(name) for known in self._known)
            if old and new and old.fingerprint and new.fingerprint and old.fingerprint != new.fingerprint:
                culprits = moved(meaning(self._base.facts, name), meaning(self._facts, name))
                why = [f"`{culprit}`" for culprit in culprits if culprit != name][:MOST_CULPRITS]
                because = f", because of {', '.join(why)}" if why else ""
                text = f"says something else: the statement of `{name}` moved{because}."
                yield Change(Topic.MOVED, text, node.id, node.caption, (name,), new.file, new.line)

    def _is_renamed(self, old: Node, new: Node) -> bool:
        """Whether the node names other declarations that say the same."""
        return self._prints(0, old) is not None and self._prints(0, old) == self._prints(1, new)

    def _renamed(self, old: Node, new: Node, unmoved: bool) -> Change:
        was, now = (", ".join(f"`{name}`" for name in node.lean) or "nothing" for node in (old, new))
        text = f"names {now} instead of {was}" + ("; the statement is the same." if unmoved else ".")
        return Change(Topic.STANDING if unmoved else Topic.MOVED, text, new.id, new.caption, new.lean)

    def _prints(self, side: int, node: Node) -> Counter[str] | None:
        """The fingerprints of all that a node names; None where one has none."""
        facts = [self._known[side].get(name) for name in node.lean]
        prints = [fact.fingerprint for fact in facts if fact and fact.fingerprint]
        return Counter(prints) if prints and len(prints) == len(facts) else None

    def _drift(self, node: Node, origin: str | None) -> Iterator[Change]:
        before = self._base.statuses[origin].drift if origin else ()
        known = {(drift.part, drift.claim, drift.fact) for drift in before}
        if self._is_unknown(self._proposed[node.id]):
            return
        for drift in self._proposed[node.id].drift:
            if (drift.part, drift.claim, drift.fact) not in known:
                text = f"drifts: its {drift.part} has {drift.claim}, and Lean says {drift.fact}."
                yield self._about(Topic.DRIFT, node, text)

    def axioms(self) -> Iterator[Change]:
        """Axioms that nothing rested on before, and those that the change declares."""
        before = _axioms(self._known[0].values())
        for axiom, fact in sorted(_axioms(self._known[1].values()).items()):
            if axiom not in before:
                blame = next((blame for blame in fact.blames if blame.axiom == axiom), None)
                file, line = (blame.file, blame.line) if blame else (fact.file, fact.line)
                allowed = "an allowed" if axiom in self._allowed else "an"
                text = f"`{axiom}` is {allowed} axiom that nothing rested on before."
                yield Change(Topic.AXIOM, text, None, None, (axiom, fact.name), file, line)

    @staticmethod
    def _about(topic: Topic, node: Node, text: str, status: NodeStatus | None = None) -> Change:
        """With the first reason that the status gives."""
        reason = status.reasons[0] if status and status.reasons else None
        if reason is None:
            return Change(topic, text.rstrip(".") + ".", node.id, node.caption, node.lean)
        words = f"{text.rstrip('.')}. {reason.text}"
        return Change(topic, words, node.id, node.caption, node.lean, reason.file, reason.line)


def _follow(old: Node, new: Node | None, is_renamed: Callable[[Node, Node], bool]) -> Node:
    """The node under the Lean names that it has now, if those say the same; all else stays."""
    if new is None or old.lean == new.lean or not is_renamed(old, new):
        return old
    statement = replace(old.statement, lean=new.statement.lean)
    proof = replace(old.proof, lean=new.proof.lean if new.proof else ()) if old.proof else None
    return replace(old, statement=statement, proof=proof)


def _axioms(facts: Iterable[Fact]) -> dict[str, Fact]:
    """Each axiom but Lean's own three and `sorry`, with a fact that shows it: itself if it is one."""
    found: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda fact: (fact.kind is not Kind.AXIOM, fact.name)):
        for axiom in fact.axioms:
            if axiom not in STANDARD_AXIOMS and axiom != SORRY:
                found.setdefault(axiom, fact)
    return found


def _unbuilt(before: Facts, after: Facts) -> Iterator[Change]:
    for module in after.failed_modules:
        if module not in before.failed_modules:
            yield Change(Topic.UNBUILT, f"The module `{module}` does not build any more.")
        else:
            yield Change(Topic.UNBUILT, f"The module `{module}` does not build, as before.")


def _files(files: Files) -> Iterator[Change]:
    for path in files.changed:
        yield Change(Topic.TRUSTED, f"The change touches `{path}`.", file=path)
