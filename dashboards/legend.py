"""How each status looks: the one table that chips, charts, the graph and its legend are made from.

Colours follow the colour-blind-safe set of Okabe and Ito; the icon, the word and the graph's shape say the
same again, so that no meaning rests on colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.texts import later
from lean_project.status import Formal, NodeStatus, Readiness


@dataclass(frozen=True, slots=True)
class Look:
    """One theme's colours of a status, as CSS: `fill` behind, `ink` on it, `line` around it, `mark` alone."""

    fill: str
    ink: str
    line: str
    mark: str


@dataclass(frozen=True, slots=True)
class Entry:
    """How a status is shown. `icon` is a character for plain text, where none can be drawn.

    `shape` is one of `shapes.OUTLINES`, `border` solid, dashed or double.

    `meaning` is true of whatever has the status: a statement, a proof, a definition, a node as a whole.
    """

    status: Formal
    word: str
    meaning: str
    icon: str
    shape: str
    border: str
    light: Look
    dark: Look

    @property
    def key(self) -> str:
        """The status as a CSS class and a JSON key: `in library` becomes `in-library`."""
        return self.status.value.replace(" ", "-")


LEGEND = (
    Entry(
        Formal.VERIFIED,
        later("Verified"),
        later("Lean accepts it, and everything below it is verified too."),
        "✓",
        "round-rectangle",
        "solid",
        Look("#007a5a", "#ffffff", "#005c44", "#007a5a"),
        Look("#12946f", "#04140f", "#5fd6b1", "#2bb48b"),
    ),
    Entry(
        Formal.IN_LIBRARY,
        later("In library"),
        later("Lean's library already has it."),
        "▣",
        "cut-rectangle",
        "solid",
        Look("#e9e2f3", "#4a2f75", "#8563b8", "#7a57ad"),
        Look("#2e2444", "#d9c9f5", "#9b7fd0", "#a98be0"),
    ),
    Entry(
        Formal.PROVED,
        later("Proved"),
        later("Its own proof is complete, but something it rests on is not verified yet."),
        "◕",
        "hexagon",
        "solid",
        Look("#cfeadf", "#0b4a38", "#2f9a78", "#4fae8f"),
        Look("#123a30", "#b9ecd9", "#3b9d7e", "#3f8f76"),
    ),
    Entry(
        Formal.STATED,
        later("Stated"),
        later("Lean states it without a sorry; that alone says nothing of a proof, or of what it uses."),
        "◑",
        "rectangle",
        "solid",
        Look("#d8e8f7", "#123f69", "#3f83c1", "#56a0dd"),
        Look("#14304d", "#c3dffa", "#4a8fd0", "#4a94d8"),
    ),
    Entry(
        Formal.SORRY,
        later("Sorry"),
        later("Lean has it, but with a sorry in it or in what it rests on."),
        "◔",
        "rhomboid",
        "solid",
        Look("#fbe9c4", "#5d4100", "#c98a00", "#e0a11a"),
        Look("#43330c", "#fbe2a8", "#c4911f", "#d9a430"),
    ),
    Entry(
        Formal.REFUSED,
        later("Refused"),
        later("Lean's check refuses it: the reason stands on its page."),
        "✕",
        "octagon",
        "solid",
        Look("#fbdccb", "#7a2700", "#c8490a", "#d55e00"),
        Look("#4a2008", "#ffd0b5", "#e0682a", "#e8702f"),
    ),
    Entry(
        Formal.DRIFTED,
        later("Drifted"),
        later("Its statement is not the one that was agreed upon: the reason stands on its page."),
        "◇",
        "pentagon",
        "double",
        Look("#f6dcea", "#6d1a48", "#b5478a", "#cc79a7"),
        Look("#45142f", "#f7cfe3", "#c2649b", "#d98bb7"),
    ),
    Entry(
        Formal.ABSENT,
        later("Not in Lean"),
        later("Lean has nothing of it yet."),
        "○",
        "rectangle",
        "dashed",
        Look("#fbfaf6", "#3f4855", "#9a9fa8", "#d9d6cc"),
        Look("#101927", "#b4bfcd", "#5b6a80", "#33425a"),
    ),
)

ENTRIES = {entry.status: entry for entry in LEGEND}

# The states of a task that is not simply free or blocked, in words; and those whose clock stands still.
STATES: Mapping[str, str] = {
    "offered": later("Offered"),
    "claimed": later("Claimed"),
    "in progress": later("In progress"),
    "in review": later("In review"),
    "awaiting author": later("Awaiting author"),
    "held": later("On hold"),
    "paused": later("Paused"),
}
STOPPED = frozenset({"in review", "held", "paused"})
FINISHED = frozenset({"landed", "verified"})

READINESS = {
    Readiness.READY: ("ready", later("Ready")),
    Readiness.BLOCKED: ("blocked", later("Blocked")),
    Readiness.NOT_READY: ("not-ready", later("Not ready")),
    Readiness.DONE: ("done", later("Done")),
}


def entry_of(status: NodeStatus) -> Entry:
    """How a node as a whole is shown."""
    return ENTRIES[status.formal]


def stylesheet() -> str:
    """The legend as CSS variables, light and dark."""
    light = "".join(_variables(entry.key, entry.light) for entry in LEGEND)
    dark = "".join(_variables(entry.key, entry.dark) for entry in LEGEND)
    chips = "".join(_rules(entry.key) for entry in LEGEND)
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme: dark){{:root{{{dark}}}}}\n{chips}"


def _variables(key: str, look: Look) -> str:
    return (
        f"--{key}-fill:{look.fill};--{key}-ink:{look.ink};--{key}-line:{look.line};--{key}-mark:{look.mark};"
    )


def _rules(key: str) -> str:
    return f".chip-{key},.tint-{key}{{--tint:var(--{key}-line)}}\n.bar-{key}{{fill:var(--{key}-mark)}}\n"
