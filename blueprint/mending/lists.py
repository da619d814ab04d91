"""`\\uses` and `\\lean`: their lists put right, their layout kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from blueprint.mending.edits import Edit
from blueprint.mending.sites import Site
from blueprint.names import declarations, listed
from blueprint.tex_commands import Command

UNTOUCHABLE = re.compile(r"[%#{}]|\n\s*\n")  # comments, macro parameters, groups, paragraphs


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to the lists of a site: `codes` are the mistakes to mend, the rest is for `\\uses`."""

    codes: frozenset[str]
    renamed: Mapping[str, str] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    added: tuple[str, ...] = ()

    def item(self, command: str, piece: str) -> str:
        """What stands between two commas, mended; its blanks are kept."""
        core = " ".join(piece.split())
        if command == "lean" and "broken-name" in self.codes:
            meant = ", ".join(declarations(core)) if core else core
        else:
            meant = self.renamed.get(core, core) if command == "uses" else core
        return piece if meant == core else piece[: len(piece) - len(piece.lstrip())] + meant


def mended(site: Site, command: str, change: Change) -> Iterator[Edit]:
    """The edits of all commands of this name; none where a list is not plain text."""
    here = site.named(command)
    if not is_plain(site, command):
        return
    typed = [site.argument(one) for one in here]
    lists = [_pieces(command, argument, change) for argument in typed]
    if "repeated-annotation" in change.codes and len(lists) > 1:
        lists = [_merged(lists), *([] for _ in lists[1:])]
    lacking = [label for label in change.added if command == "uses" and label not in _items(lists)]
    if lacking and not any(lists):
        yield _inserted(site, f"\\uses{{{', '.join(lacking)}}}")
    elif lacking:
        index = next(index for index, pieces in enumerate(lists) if pieces)
        lists[index] = _merged([lists[index], lacking])
    yield from _edits(site, here, typed, lists)


def _pieces(command: str, argument: str, change: Change) -> list[str]:
    pieces = [change.item(command, piece) for piece in argument.split(",")]
    if change.codes & {"empty-argument", "repeated-annotation"}:
        pieces = [piece for piece in pieces if piece.strip()]
    if command == "uses":
        pieces = [piece for piece in pieces if piece.strip() not in change.removed]
    return _distinct(pieces) if "repeated-item" in change.codes else pieces


def _merged(lists: list[list[str]]) -> list[str]:
    first, *others = [pieces for pieces in lists if pieces] or [[]]
    return _distinct([*first, *(f" {piece.strip()}" for pieces in others for piece in pieces)])


def _distinct(pieces: Iterable[str]) -> list[str]:
    kept: dict[str, str] = {}
    for piece in pieces:
        kept.setdefault(piece.strip(), piece)
    return list(kept.values())


def _items(lists: list[list[str]]) -> set[str]:
    return {piece.strip() for pieces in lists for piece in pieces}


def _edits(site: Site, here: list[Command], typed: list[str], lists: list[list[str]]) -> Iterator[Edit]:
    for command, argument, pieces in zip(here, typed, lists, strict=True):
        text = ",".join(pieces)
        text = text if argument[:1].isspace() else text.lstrip()
        if not pieces:
            yield Edit(site.file, command.start, command.end, "")
        elif text != argument:
            yield Edit(site.file, command.opening, command.closing, text)


def _inserted(site: Site, annotation: str) -> Edit:
    """Behind the last label of the node itself, else where the text begins."""
    own = [one.end for one in site.named("label") if " ".join(site.argument(one).split()) in site.labels]
    if own:
        return Edit(site.file, own[-1], own[-1], annotation)
    start = site.text.find(site.part.source, site.begin, site.end) if site.part.source else -1
    if start < 0:
        return Edit(site.file, site.end, site.end, annotation)
    start += len(site.part.source) - len(site.part.source.lstrip())
    return Edit(site.file, start, start, f"{annotation} ")


def is_plain(site: Site, command: str) -> bool:
    """Whether all lists of this name hold nothing but their items."""
    return not any(UNTOUCHABLE.search(site.argument(one)) for one in site.named(command))


def names_of(site: Site, command: str) -> set[str]:
    """What the lists of a site name, as typed."""
    return {item for one in site.named(command) for item in listed(" ".join(site.argument(one).split()))}
