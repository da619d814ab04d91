"""Every kind of problem: the one home of its severity and of what it means.

`docs/problems.md` says the same of each, with an example and its mend; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from blueprint.graph import Place, Problem

LONGEST = 1000  # characters of a message or a hint


class Mend(StrEnum):
    """Whether `chantier lint --fix` can mend it; what is unsafe changes the graph and must be asked for."""

    BY_HAND = "by hand"
    SAFE = "--fix"
    UNSAFE = "--fix --unsafe-fixes"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem. `severity` is error, warning or info; `meaning` is one plain sentence or two."""

    name: str
    severity: str
    title: str
    meaning: str
    mend: Mend = Mend.BY_HAND


def problem(
    code: str,
    message: str,
    hint: str,
    place: Place | None,
    node: str | None = None,
    about: Iterable[str] = (),
    severity: str = "",
) -> Problem:
    """A problem of a known kind; `severity` only where this one is milder than its kind."""
    severity = severity or CODES[code].severity
    return Problem(code, severity, _printable(message), _printable(hint), place, node, tuple(about))


def _printable(sentence: str) -> str:
    """Texts are cited in it: what is typed there may move a terminal's cursor, or be the rest of a file."""
    shown = sentence if sentence.isprintable() else "".join(filter(str.isprintable, sentence))
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}..."


_LABELS = (
    Code(
        "escaped-label",
        "warning",
        "A label with a backslash",
        "LaTeX takes labels as they are typed, so `\\_` is no `_` there, and leanblueprint stops at it; here "
        "the two are the same.",
    ),
    Code(
        "empty-label",
        "warning",
        "A label without a name",
        "Nothing can refer to it.",
        Mend.SAFE,
    ),
    Code(
        "duplicate-label",
        "error",
        "One label on two nodes",
        "The first of the two keeps it, and every \\uses leads there; the other node gets a made-up id.",
    ),
    Code(
        "similar-label",
        "info",
        "Two labels that differ only in capitals",
        "They are two labels, but people will take one for the other.",
    ),
    Code(
        "comma-in-label",
        "warning",
        "A label that holds a comma",
        "leanblueprint takes the comma in \\uses for the end of a label and finds neither half; "
        "here it is understood.",
    ),
    Code(
        "no-label",
        "warning",
        "A node without a label",
        "Nothing can depend on it, and its id is made up from its contents.",
    ),
    Code(
        "unnumbered-label",
        "warning",
        "A label on an environment without a number",
        "LaTeX gives such a label to the last thing that has a number, and leanblueprint does the same; "
        "here it names the environment.",
    ),
    Code(
        "label-after-end",
        "warning",
        "A label after the end of what it names",
        "LaTeX gives it to what was numbered last, and leanblueprint calls the node by it; here a label that "
        "stands inside comes first, and one in an environment that nothing defines names nothing.",
    ),
    Code(
        "nested-node",
        "warning",
        "A node inside another node",
        "Mostly an \\end is missing before it.",
    ),
)

_ANNOTATIONS = (
    Code(
        "stray-annotation",
        "error",
        "An annotation that stands in nothing",
        "A \\uses, \\lean, \\leanok or the like must stand inside the environment that it speaks of.",
    ),
    Code(
        "nested-annotation",
        "warning",
        "An annotation inside a list or a group",
        "leanblueprint loses it there; here it counts for the whole environment.",
    ),
    Code(
        "annotation-outside-graph",
        "warning",
        "An annotation on something that is no node",
        "Only the environments named by the package option `thms` and their proofs are part of the graph, "
        "so what is said of a remark, say, is lost.",
    ),
    Code(
        "repeated-annotation",
        "warning",
        "A second \\uses or \\lean in one environment",
        "leanblueprint forgets the first; here both count.",
        Mend.SAFE,
    ),
    Code(
        "repeated-item",
        "info",
        "One thing listed twice",
        "A label stands twice in one \\uses, or a name twice in one \\lean; it counts once.",
        Mend.SAFE,
    ),
    Code(
        "repeated-flag",
        "info",
        "A flag given twice",
        "One \\leanok, \\mathlibok or \\notready says as much as two.",
        Mend.SAFE,
    ),
    Code(
        "empty-argument",
        "warning",
        "A list with a gap",
        "It is empty, or has a comma too many.",
        Mend.SAFE,
    ),
    Code(
        "digit-after-flag",
        "warning",
        "A digit right behind a flag",
        "The name of a macro ends before a digit: the flag counts, and the digit is printed.",
    ),
    Code(
        "contradiction",
        "warning",
        "Marked \\notready and \\leanok at once",
        "A node whose statement is in Lean is ready; one of the two is out of date.",
    ),
    Code(
        "bad-discussion",
        "warning",
        "A \\discussion that is no issue number",
        "It is the number of an issue of the project's repository; a link to anything else leads nowhere.",
    ),
    Code(
        "proves-in-statement",
        "warning",
        "A \\proves outside a proof",
        "Only a proof can say what it proves.",
    ),
)

_LEAN = (
    Code(
        "broken-name",
        "warning",
        "A Lean name broken by a blank, a line or a backslash",
        "leanblueprint looks for a declaration of exactly this spelling; here the pieces are put together.",
        Mend.SAFE,
    ),
    Code(
        "bad-name",
        "error",
        "Not the name of a declaration",
        "Lean can have no declaration of this name.",
    ),
    Code(
        "no-name",
        "info",
        "Marked \\leanok without a declaration",
        "There is nothing to check, so the claim stays a claim.",
    ),
    Code(
        "shared-declaration",
        "info",
        "One declaration on several nodes",
        "Each of them is taken for formalised when the declaration is.",
    ),
)

_REFERENCES = (
    Code(
        "unresolved-uses",
        "error",
        "\\uses of a label that does not exist",
        "The dependency is missing from the graph.",
        Mend.UNSAFE,
    ),
    Code(
        "unresolved-proves",
        "error",
        "\\proves of a label that does not exist",
        "The proof is given to what stands before it, if anything.",
        Mend.UNSAFE,
    ),
    Code(
        "unresolved-ref",
        "warning",
        "The text cites a label that does not exist",
        "Readers see two question marks instead of a number.",
    ),
    Code(
        "uses-no-node",
        "warning",
        "\\uses of something that is no node",
        "The label belongs to a section, a remark or an equation outside the nodes, "
        "so there is nothing to depend on.",
    ),
    Code(
        "uses-part",
        "info",
        "\\uses of something inside a node",
        "The label of an equation or an item is taken for the node that it stands in.",
    ),
    Code(
        "uses-itself",
        "error",
        "A node that uses itself",
        "The label is its own; mostly another one was meant. It is left out of the graph.",
    ),
    Code(
        "also-in-nowhere",
        "warning",
        "An \\alsoIn of something that has no graph",
        "It must name the label of a section and, where the package option `dep_by` is set, of one of that "
        "level; anything else says nothing.",
    ),
    Code(
        "cited-not-used",
        "info",
        "Cited in the text, missing in \\uses",
        "The text refers to a node on which this one does not depend, not even through others.",
        Mend.UNSAFE,
    ),
    Code(
        "uses-of-proof",
        "info",
        "A \\uses in the statement that the proof is about",
        "Only the proof cites the node, so the statement can be formalised without it.",
        Mend.UNSAFE,
    ),
    Code(
        "uses-of-statement",
        "info",
        "A \\uses in the proof that the statement is about",
        "Only the statement cites the node, so it is needed already there.",
        Mend.UNSAFE,
    ),
    Code(
        "unused-node",
        "info",
        "A node that nobody uses",
        "Most of its kind are used, but this one is neither used nor cited: it is not needed, or a \\uses is "
        "missing.",
    ),
)

_PROOFS = (
    Code(
        "proof-after-remark",
        "warning",
        "A proof after a remark",
        "leanblueprint takes it for a proof of the remark; here it proves the theorem before.",
    ),
    Code(
        "proof-elsewhere",
        "warning",
        "A proof that leanblueprint gives to another theorem, or to none",
        "It looks only at what stands beside the proof, not inside groups, boxes and the like; "
        "here the proof is of the theorem before.",
    ),
    Code(
        "proof-of-nothing",
        "warning",
        "A proof that proves nothing",
        "No theorem stands before it in its section, and no \\proves names one.",
    ),
    Code(
        "proof-inside-statement",
        "warning",
        "A proof inside what it proves",
        "leanblueprint does not find it there.",
    ),
    Code(
        "second-proof",
        "warning",
        "More than one proof",
        "Only the last one counts in the graph.",
    ),
    Code(
        "empty-proof",
        "info",
        "A proof in which nothing is written",
        "It keeps a place, but nobody can formalise it.",
    ),
    Code(
        "lean-in-proof",
        "warning",
        "A \\lean inside a proof",
        "leanblueprint does not show it; here it counts for the proof.",
    ),
    Code(
        "proof-before-statement",
        "warning",
        "A proof marked \\leanok whose statement is not",
        "A proof in Lean has a statement in Lean.",
    ),
    Code(
        "definition-with-proof",
        "info",
        "A definition with a proof",
        "A definition has nothing to prove; mostly the proof is of something else, or the kind is wrong.",
    ),
)

_WHOLE = (
    Code(
        "cycle",
        "error",
        "Nodes that depend on each other",
        "None of them can be proved first; leanblueprint crashes. One problem is given for each knot.",
    ),
    Code(
        "false-dark-green",
        "warning",
        "Dark green without reason",
        "leanblueprint takes every definition for formalised, so a theorem may look fully proved that rests "
        "on one which is not. At the definition itself it is merely info. With `dep_by` it also looks no "
        "further than one step out of a graph.",
    ),
    Code(
        "in-no-graph",
        "warning",
        "A node that leanblueprint has in no graph",
        "With the package option `dep_by` it makes one graph for each chapter, say, and leaves out what "
        "stands in none; here there is one graph of all.",
    ),
    Code(
        "says-otherwise",
        "info",
        "A node of which leanblueprint says something else",
        "It has no problem of its own, but leanblueprint reads nodes that it rests on in another way, and so "
        "colours it differently.",
    ),
    Code(
        "mathlib-without-proof",
        "info",
        "In Mathlib, yet unproved for leanblueprint",
        "What is marked \\mathlibok counts as proved here; leanblueprint wants a proof marked \\leanok too.",
    ),
)

_FILES = (
    Code(
        "missing-input",
        "error",
        "An \\input that names no file",
        "leanblueprint leaves the text out without a word.",
    ),
    Code(
        "missing-package",
        "error",
        "A package of the project that cannot be read",
        "What it defines is not known. Packages that only a TeX has are passed over: this is said of one "
        "that is named with its folder, or that lies beside web.tex and is no file of the project.",
    ),
    Code(
        "generated-missing",
        "error",
        "Text generated from Lean that is not there",
        "A blueprint written with LeanArchitect calls nodes by name that `lake build :blueprint` writes to "
        ".lake/build/blueprint. The files are not there, or hold no such node.",
    ),
    Code(
        "includeonly",
        "info",
        "An \\includeonly",
        "It is not carried out, here as in leanblueprint: every chapter is read.",
    ),
    Code(
        "setting-ignored",
        "info",
        "A setting of plastex.cfg that is not followed",
        "Plugins and paths named there would run programs of the project, or read other projects.",
    ),
    Code(
        "beyond-leanblueprint",
        "info",
        "A macro that leanblueprint does not know",
        "It is understood here, but leanblueprint's web version goes wrong at it.",
    ),
    Code(
        "unknown-colour",
        "warning",
        "A \\graphcolor of something that has no colour",
        "leanblueprint passes over it.",
    ),
    Code(
        "bracket-after-row",
        "warning",
        "A bracket after the end of a row",
        "leanblueprint takes it for the height of the row, and so may swallow what follows, whole nodes too.",
    ),
    Code(
        "not-utf8",
        "warning",
        "A file that is not UTF-8",
        "Letters that cannot be read are replaced, in labels too.",
    ),
    Code(
        "refused-macro",
        "warning",
        "A macro that reads, writes or runs something",
        "The blueprint is only read; nothing is carried out for it.",
    ),
    Code(
        "refused-address",
        "warning",
        "An address that nobody should follow",
        "What \\home, \\github and \\dochome name must be an address on the web; anything else is left out.",
    ),
    Code(
        "unreadable-macro",
        "error",
        "A macro that cannot be carried out",
        "An argument is missing or makes no sense; the macro is left out and the rest is read.",
    ),
    Code(
        "unknown-environment",
        "warning",
        "An environment that nothing defines",
        "What stands inside is read as text. Where the name is not like that of a theorem, it is "
        "merely info.",
    ),
    Code(
        "unknown-command",
        "warning",
        "A macro that nothing defines and that looks like an annotation",
        "What it should say is not said.",
    ),
    Code(
        "unclosed-environment",
        "error",
        "A \\begin without an \\end",
        "All that follows is taken to be inside.",
    ),
    Code(
        "unmatched-end",
        "error",
        "An \\end that ends nothing",
        "The environment was never begun, or was ended already.",
    ),
    Code(
        "unbalanced",
        "warning",
        "A brace or a dollar without its partner",
        "TeX stops at it. leanblueprint reads on, and so does Chantier, but what follows may be lost.",
    ),
    Code(
        "picture-not-drawn",
        "warning",
        "A picture that TeX could not draw",
        "Only a sync draws pictures, so `chantier lint` does not say this; their source is shown instead.",
    ),
    Code(
        "unknown-goal",
        "warning",
        "A goal that is no node",
        "What `chantier.toml` names among its `goals` must be labels of nodes; anything else is left out.",
    ),
)

CODES = {
    code.name: code for code in (*_LABELS, *_ANNOTATIONS, *_LEAN, *_REFERENCES, *_PROOFS, *_WHOLE, *_FILES)
}
