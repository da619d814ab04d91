"""Draft to graph: labels become ids, proofs find their theorems, notes become parts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from blueprint.annotations import Annotations, declarations
from blueprint.claims import NONE, flagged
from blueprint.crossrefs import Crossrefs
from blueprint.draft import LEVELS, Citation, Draft, Environment, Note
from blueprint.graph import Graph, Node, Part, Place
from blueprint.mathematics import inert, needed
from blueprint.names import PROOF, generated, is_address, resolve
from blueprint.sanitising import sanitiser


@dataclass(frozen=True, slots=True)
class Cited:
    """The ids of the nodes that a part of a node relies on by their own labels, and of all that it cites,
    each with the place of the first reference.

    The node itself is left out.
    """

    itself: dict[str, Place] = field(default_factory=dict)
    anyhow: dict[str, Place] = field(default_factory=dict)


NOTHING_CITED = Cited()


@dataclass
class Assembly:
    """The tables that every later step looks into. Keys are positions of environments in the draft."""

    draft: Draft
    annotations: dict[int, Annotations] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)  # label -> theorem it stands in or names
    labels: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    names: set[str] = field(default_factory=set)  # every label, whatever it names
    ids: dict[int, str] = field(default_factory=dict)
    proofs: dict[int, int] = field(default_factory=dict)  # theorem -> proof

    @cached_property
    def crossrefs(self) -> Crossrefs:
        return Crossrefs.of(self.draft.labels, self.draft.wording)

    @cached_property
    def sanitise(self) -> Callable[[str], str]:
        return sanitiser(self.node_of)

    def shown(self, typed: str | None) -> str | None:
        """A title or a number, with references in words and no mathematics that does more than typeset."""
        return inert(self.crossrefs.in_text(typed)) if typed else None

    def is_node(self, key: int | None) -> bool:
        return key is not None and self.draft.environments[key].kind in self.draft.kinds

    def node_of(self, label: str) -> str | None:
        """The id of the node that `label` names or stands in."""
        return self.subject(self.owners.get(label))

    def said(self, key: int) -> Annotations:
        return self.annotations.get(key, Annotations())

    def at(self, place: Place | None) -> str | None:
        """The id of the node in whose statement or proof the place is, by the lines it covers."""
        return self._lines.get((place.file, place.line)) if place else None

    @cached_property
    def _lines(self) -> dict[tuple[str, int], str]:
        """The id of the node that a line of a file belongs to, the last one that begins before."""
        owned: dict[tuple[str, int], str] = {}
        for env in self.draft.environments:
            if node := self.subject(env.key):
                first = env.place.line
                lines = range(first, first + env.source.count("\n") + 2)
                owned.update(((env.place.file, line), node) for line in lines)
        return owned

    @cached_property
    def divisions(self) -> dict[str, int]:
        """The labels of the sections that leanblueprint makes graphs of, and their places in the order."""
        return {label.name: label.division for label in self.draft.labels if label.division is not None}

    @cached_property
    def sections(self) -> set[str]:
        """The labels of sections of any level."""
        return {label.name for label in self.draft.labels if label.name and label.kind in LEVELS}

    @cached_property
    def references(self) -> tuple[tuple[Note, tuple[str, ...], tuple[str, ...]], ...]:
        """Each `\\uses` and `\\proves` of an environment with the labels it names, known and unknown."""
        return tuple(
            (note, *self._resolved(note))
            for note in self.draft.notes
            if note.command in ("uses", "proves") and note.owner is not None
        )

    def _resolved(self, note: Note) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """`\\proves` takes one label, commas and all."""
        if note.command == "proves" and note.argument in self.names:
            return (note.argument,), ()
        return resolve(note.argument, self.names)

    @cached_property
    def citations(self) -> tuple[tuple[Citation, str, bool], ...]:
        """Each label that the text of the document cites, with the citation, and whether there is one."""
        return tuple(
            (citation, label, known)
            for citation in self.draft.citations
            for typed in citation.typed
            for known, labels in zip((True, False), self._listed(typed), strict=True)
            for label in labels
        )

    def _listed(self, typed: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return ((typed,), ()) if typed in self.names else resolve(typed, self.names)

    @cached_property
    def cited(self) -> dict[int, Cited]:
        """The nodes that the text of each environment cites, if any."""
        own = {label for key, labels in self.labels.items() if key in self.ids for label in labels}
        found: dict[int, Cited] = defaultdict(Cited)
        for citation, label, known in self.citations:
            node = self.node_of(label) if known else None
            if citation.owner is not None and node is not None and node != self.subject(citation.owner):
                cited = found[citation.owner]
                cited.anyhow.setdefault(node, citation.place)
                if citation.relied and label in own:
                    cited.itself.setdefault(node, citation.place)
        return dict(found)

    def subject(self, key: int | None) -> str | None:
        """The id of the node that an environment is, or is the proof of."""
        if key is None:
            return None
        env = self.draft.environments[key]
        target = proved(self, env) if env.kind == PROOF else key
        return None if target is None else self.ids.get(target)


def tables(draft: Draft) -> Assembly:
    """Who owns which note, label and proof, and what every node is called."""
    found = Assembly(draft, names={label.name for label in draft.labels if label.name})
    _give_notes(found)
    _give_labels(found)
    _name_nodes(found)
    _give_proofs(found)
    return found


def graph(found: Assembly) -> Graph:
    """The graph meant by the draft, with flags but without problems: those are `review`'s."""
    draft = found.draft
    nodes = tuple(_node(found, env) for env in draft.environments if found.is_node(env.key))
    return flagged(
        Graph(
            nodes=nodes,
            macros=needed(draft.macros, (*_texts(nodes), *draft.drawing)),
            drawing=draft.drawing,
            lean_decls=declarations(note for note in draft.notes if note.command == "lean"),
            title=found.shown(draft.title),
            home=_address(draft.home),
            github=_address(draft.github),
            dochome=_address(draft.dochome),
        )
    )


def _address(typed: str | None) -> str | None:
    return typed if typed and is_address(typed) else None


def _texts(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        yield node.title or ""
        yield from node.sections
        for part in (node.statement, node.proof):
            if part is not None:
                yield part.source


def _give_notes(found: Assembly) -> None:
    by_owner: dict[int, list[Note]] = defaultdict(list)
    for note in found.draft.notes:
        if note.owner is not None:
            by_owner[note.owner].append(note)
    found.annotations = {key: Annotations(tuple(notes)) for key, notes in by_owner.items()}


def _give_labels(found: Assembly) -> None:
    """A label belongs to the first theorem that it names; labels of equations lead to the theorem around.

    The last label gives the id, but one that stands after the theorem only where none stands inside.
    """
    for label in found.draft.labels:
        if label.direct and label.owner is not None and label.name and label.name not in found.owners:
            found.owners[label.name] = label.owner
            names = found.labels[label.owner]
            names.insert(0 if label.past else len(names), label.name)
    for label in found.draft.labels:
        if label.owner is not None and label.name and not label.past:
            found.owners.setdefault(label.name, label.owner)


def _name_nodes(found: Assembly) -> None:
    taken = set(found.owners)
    counts: Counter[str] = Counter()
    for env in found.draft.environments:
        if not found.is_node(env.key):
            continue
        labels = found.labels.get(env.key)
        name = labels[-1] if labels else _unlabelled(found, env, taken, counts)
        found.ids[env.key] = name
        taken.add(name)


def _unlabelled(found: Assembly, env: Environment, taken: set[str], counts: Counter[str]) -> str:
    """`counts` goes on from one call to the next: a thousand alike are not counted from one each time."""
    first = name = generated(env.kind, *found.said(env.key).lean[:1], env.title or "", env.source)
    while name in taken:
        counts[first] += 1
        name = f"{first}-{counts[first] + 1}"
    return name


def _give_proofs(found: Assembly) -> None:
    for env in found.draft.environments:
        if env.kind == PROOF:
            target = proved(found, env)
            if target is not None:
                found.proofs[target] = env.key


def proved(found: Assembly, proof: Environment) -> int | None:
    """The theorem that a proof proves: what `\\proves` names, the one right before it, or around it."""
    named = found.said(proof.key).proves
    owner = found.owners.get(named.argument) if named else None
    if owner is not None:
        return owner
    return proof.follows if proof.follows is not None else proof.inside


def _node(found: Assembly, env: Environment) -> Node:
    said = found.said(env.key)
    proof = found.proofs.get(env.key)
    return Node(
        id=found.ids[env.key],
        kind=env.kind,
        statement=_part(found, env),
        claimed=NONE,
        proof=None if proof is None else _part(found, found.draft.environments[proof]),
        labels=tuple(found.labels.get(env.key, ())),
        number=found.shown(env.number),
        title=found.shown(env.title),
        notready=said.has("notready"),
        mathlibok=said.has("mathlibok"),
        discussion=said.discussion,
        sections=tuple(found.shown(title) or "" for title in env.sections),
        also_in=tuple(label for label in said.also_in if label in found.sections),
    )


def _part(found: Assembly, env: Environment) -> Part:
    said = found.said(env.key)
    itself = found.subject(env.key)
    return Part(
        place=env.place,
        uses=tuple(name for name in uses(found, said) if name != itself),
        lean=said.lean,
        leanok=said.leanok,
        source=env.source,
        html=found.sanitise(found.crossrefs.in_html(env.html)),
    )


def uses(found: Assembly, said: Annotations) -> tuple[str, ...]:
    """The ids of all nodes named by all `\\uses` of a part."""
    labels = [label for note in said.of("uses") for label in resolve(note.argument, found.owners)[0]]
    ids = (found.node_of(label) for label in labels)
    return tuple(dict.fromkeys(name for name in ids if name is not None))
