"""Whether a draft is of the kind that the LaTeX process writes.

That process reads hostile text. Should it ever be taken over, its answer is the one thing it can still
send, so what it never says of itself is refused as a whole: nothing here is mended or cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import PurePosixPath

from blueprint.crossrefs import STRAY
from blueprint.draft import LONGEST_LINE, LONGEST_WORDING, MOST_KINDS, MOST_SECTIONS, Draft
from blueprint.graph import Place

FARTHEST = 1 << 40  # line or column
SEVERITIES = {"error", "warning", "info"}


def is_sound(draft: Draft) -> bool:
    """Whether keys count environments, references lead to one, places can be and words can be shown."""
    return (
        _counts(draft)
        and len(draft.kinds) <= MOST_KINDS
        and all(len(env.sections) <= MOST_SECTIONS for env in draft.environments)
        and all(map(_is_file, {place.file for place in _places(draft)}))
        and all(1 <= place.line <= FARTHEST and 1 <= place.column <= FARTHEST for place in _places(draft))
        and all(map(_is_line, _words(draft)))
        and all(len(text) <= LONGEST_WORDING for text in _wordings(draft))
        and {remark.severity for remark in draft.remarks} <= SEVERITIES
    )


def _counts(draft: Draft) -> bool:
    keys = range(len(draft.environments))
    owned = (draft.notes, draft.labels, draft.citations)
    owners = {item.owner for items in owned for item in items}
    around = {key for env in draft.environments for key in (env.follows, env.beside, env.inside)}
    return [env.key for env in draft.environments] == list(keys) and owners | around <= {None, *keys}


def _places(draft: Draft) -> Iterator[Place]:
    for placed in (draft.environments, draft.notes, draft.labels, draft.citations, draft.remarks):
        yield from (item.place for item in placed if item.place is not None)


def _is_file(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and _is_line(name)


def _words(draft: Draft) -> Iterator[str]:
    yield from (*draft.kinds, draft.dep_by)
    for env in draft.environments:
        yield from (env.kind, env.number or "", env.title or "", *env.sections)
    for label in draft.labels:
        yield from (label.name, label.number, label.kind, label.called, label.title)
    yield from (note.command for note in draft.notes)
    for remark in draft.remarks:
        yield from (remark.code, remark.message, remark.hint)


def _wordings(draft: Draft) -> Iterator[str]:
    yield from draft.wording.formats.values()
    for pairs in (draft.wording.names, draft.wording.capital_names):
        yield from chain.from_iterable(pairs.values())
    for label in draft.labels:
        yield from (label.number, label.kind, label.called)


def _is_line(text: str) -> bool:
    return len(text) <= LONGEST_LINE and (text.isprintable() or STRAY.sub("", text).isprintable())
