"""From plasTeX's tree to a `Draft`: environments in document order, notes and labels with their owners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Any

from plasTeX.DOM import Node

from blueprint.citing import BEFORE, relies
from blueprint.draft import LONGEST_WORDING, MOST_KINDS, Citation, Draft, Environment, Label, Note, Remark
from blueprint.graph import Place
from blueprint.latex.arguments import shown
from blueprint.latex.balance import tell_unbalanced
from blueprint.latex.engine import Cited, ProjectDocument
from blueprint.latex.harvest import environments, take
from blueprint.latex.html import text
from blueprint.latex.references import wording
from blueprint.latex.slips import never_ended
from blueprint.latex.standing import PROOF, THEOREM, standing
from blueprint.names import is_remark
from blueprint.source_text import cut, span

NOWHERE = Place("", 1)
SERIAL = attrgetter("serial")


def draft(document: ProjectDocument) -> Draft:
    """Everything the document says of nodes."""
    each = {id(node): node for node in environments(document)}  # a broken formula may hold one twice
    found = [node for node in each.values() if opened(document, node)]
    keys = {id(node): key for key, node in enumerate(found)}
    follows, beside = followed(found), stands_beside(found)
    divided = divisions(document, found)
    document.desk.remarks.extend(never_ended(document))
    return Draft(
        environments=tuple(
            environment(keys, divided, node, follows.get(key), beside.get(key))
            for key, node in enumerate(found)
        ),
        notes=tuple(note(node, keys) for node in document.notes),
        labels=tuple(labels(document, keys, divided)),
        citations=tuple(dict.fromkeys(citation(document, cited, keys) for cited in document.cited)),
        kinds=tuple(map(shown, document.kinds[:MOST_KINDS])),
        remarks=tuple(map(remark, document.desk.remarks)),
        macros=tuple(document.desk.macros.values()),
        wording=wording(document),
        drawing=tuple(document.userdata.get("drawing", ())),
        dep_by=shown(document.dep_by),
        title=text(document.userdata.get("title")) or None,
        home=document.facts.get("home"),
        github=document.facts.get("github"),
        dochome=document.facts.get("dochome"),
    )


def opened(document: ProjectDocument, node: Any) -> bool:
    """Whether it is a whole environment, and not an `\\end` that nothing began."""
    if node.macroMode != node.MODE_END:
        return True
    name = str(node.thmName) if node.nodeName == THEOREM else PROOF
    document.desk.remarks.append(
        Remark(
            "unmatched-end",
            "error",
            f"\\end{{{name}}} ends nothing.",
            f"Look for a missing \\begin{{{name}}}, or an environment before it that was not ended.",
            where(node),
        )
    )
    return False


def followed(found: list[Any]) -> dict[int, int]:
    """For each proof's key, that of the theorem that stands before it in the same section or list item.

    A remark in between has no proof, if the theorem has none yet.
    """
    last: dict[int, int] = {}
    out: dict[int, int] = {}
    proved: set[int] = set()
    for key, node in enumerate(found):
        around = id(standing(node).container)
        if node.nodeName == PROOF:
            if around in last:
                out[key] = last[around]
                proved.add(last[around])
        elif not without_proof(node) or around not in last or last[around] in proved:
            last[around] = key
    return out


def stands_beside(found: list[Any]) -> dict[int, int]:
    """For each proof's key, that of the theorem or remark in a paragraph before, beside its own: no other
    does leanblueprint find."""
    last: dict[int, int] = {}
    out: dict[int, int] = {}
    for key, node in enumerate(found):
        paragraphs = standing(node).paragraphs
        if paragraphs is None:
            continue
        around = id(paragraphs)
        if node.nodeName != PROOF:
            last[around] = key
        elif around in last:
            out[key] = last[around]
    return out


def without_proof(node: Any) -> bool:
    kind = str(node.thmName)
    return is_remark(kind) and kind not in node.ownerDocument.kinds


def divisions(document: ProjectDocument, found: list[Any]) -> dict[int, int]:
    """The sections of the level `dep_by` that have nodes or labels, by identity, and their order."""
    level = document.dep_by
    around = [division(node, level) for node in found] if level else []
    named = [label.node for label in document.context.labelled if level and is_section(label.node, level)]
    each = {id(node): node for node in (*around, *named) if node is not None}
    return {id(node): index for index, node in enumerate(sorted(each.values(), key=SERIAL))}


def division(node: Any, level: str) -> Any:
    """The section of a level around an element, if any."""
    while node is not None and not is_section(node, level):
        node = node.parentNode
    return node


def is_section(node: Any, level: str) -> bool:
    return getattr(node, "nodeName", "") == level and node.level < Node.ENDSECTIONS_LEVEL


def environment(
    keys: dict[int, int], divided: dict[int, int], node: Any, follows: int | None, beside: int | None
) -> Environment:
    kind = str(node.thmName) if node.nodeName == THEOREM else PROOF
    place = where(node)
    take(node)
    document, texts = node.ownerDocument, node.ownerDocument.desk.sources.texts
    whole, body = span(texts, place, kind), cut(texts, place, kind)
    if whole is not None:
        tell_unbalanced(document, place.file, whole)
    return Environment(
        key=keys[id(node)],
        kind=shown(kind),
        place=place,
        source=body if body is not None else node.typed,
        html=node.content,
        number=text(node.ref) or None,
        title=text(node.attributes.get("title")) or None,
        sections=sections(node),
        follows=follows,
        beside=beside,
        inside=keys.get(id(standing(node).inside)),
        division=divided.get(id(division(node, document.dep_by))) if divided else None,
    )


def where(node: Any) -> Place:
    """Where an element begins in the text."""
    return node.ownerDocument.desk.place(node.start) or NOWHERE


def sections(node: Any) -> tuple[str, ...]:
    """Titles of what the node stands in: chapter, then section, then below."""
    titles: list[str] = []
    while (node := node.parentNode) is not None:
        if Node.DOCUMENT_LEVEL < node.level < Node.ENDSECTIONS_LEVEL:
            titles.append(heading(node))
    return tuple(title for title in reversed(titles) if title)


def heading(section: Any) -> str:
    """Its title, which everything in it asks for."""
    if not hasattr(section, "heading"):
        section.heading = text(getattr(section, "title", None))
    said: str = section.heading
    return said


def owner(node: Any, keys: dict[int, int]) -> int | None:
    """The key of the innermost theorem or proof that is `node` or around it."""
    while node is not None:
        if id(node) in keys:
            return keys[id(node)]
        node = node.parentNode
    return None


def note(node: Any, keys: dict[int, int]) -> Note:
    return Note(
        command=node.nodeName,
        argument=node.argument,
        place=where(node),
        owner=owner(node, keys),
        direct=id(node.container) in keys,
    )


def citation(document: ProjectDocument, cited: Cited, keys: dict[int, int]) -> Citation:
    desk = document.desk
    relied = relies(desk.before(cited.start, BEFORE))
    return Citation(cited.typed, desk.place(cited.start) or NOWHERE, keys.get(id(cited.around)), relied)


def remark(noticed: Remark) -> Remark:
    return replace(noticed, message=shown(noticed.message), hint=shown(noticed.hint))


def labels(document: ProjectDocument, keys: dict[int, int], divided: dict[int, int]) -> Iterator[Label]:
    for label in document.context.labelled:
        itself = id(label.node) in keys and not label.lost
        yield Label(
            name=shown(str(label.name)),
            place=label.place or NOWHERE,
            owner=owner(label.node, keys),
            direct=itself,
            unnumbered=itself and not label.node.counter,
            past=label.past,
            division=divided.get(id(label.node)),
            **what(label.node),
        )


def what(node: Any) -> dict[str, str]:
    """What references show of the thing labelled."""
    theorem = getattr(node, "nodeName", "") == THEOREM
    kind = node.thmName if theorem else getattr(node, "counter", None) or getattr(node, "nodeName", "")
    title = node.attributes.get("title") if theorem else getattr(node, "title", None)
    return {
        "number": (getattr(node, "mark", "") or text(getattr(node, "ref", None)))[:LONGEST_WORDING],
        "kind": shown(str(kind), LONGEST_WORDING),
        "called": text(node.caption)[:LONGEST_WORDING] if theorem else "",
        "title": text(title),
    }
