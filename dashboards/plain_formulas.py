"""A formula as a line of plain text, for what can hold nothing else: a window's title, a choice, a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_SIGNS = (
    "le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ne ≠ neq ≠ ll ≪ gg ≫ approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ "
    "in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ cup ∪ cap ∩ bigcup ⋃ bigcap ⋂ setminus ∖ "
    "emptyset ∅ varnothing ∅ to → rightarrow → longrightarrow ⟶ leftarrow ← hookrightarrow ↪ mapsto ↦ "
    "Rightarrow ⇒ implies ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔ leftrightarrow ↔ uparrow ↑ downarrow ↓ "
    "times × cdot · otimes ⊗ oplus ⊕ bigoplus ⨁ bigotimes ⨂ circ ∘ pm ± mp ∓ div ÷ ast ∗ star ⋆ bullet • "
    "ltimes ⋉ rtimes ⋊ wr ≀ dagger † sum ∑ prod ∏ coprod ∐ int ∫ oint ∮ sqrt √ infty ∞ partial ∂ nabla ∇ "
    "forall ∀ exists ∃ neg ¬ lnot ¬ land ∧ wedge ∧ lor ∨ vee ∨ top ⊤ bot ⊥ perp ⊥ vdash ⊢ models ⊨ mid | "
    "vert | parallel ∥ ldots … dots … cdots ⋯ vdots ⋮ ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ wp ℘ prime ′ angle ∠ "
    "langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ colon : coloneqq ≔ triangle △ "
    "square □ Box □ varepsilon ε varphi φ vartheta ϑ varrho ϱ varsigma ς trianglelefteq ⊴ triangleleft ⊲"
)
_SIGN: Mapping[str, str] = dict(zip(_SIGNS.split()[::2], _SIGNS.split()[1::2], strict=True))
# What only says how the letters are to look, or how far apart.
_SILENT = frozenset(
    {
        *("left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "limits", "nolimits"),
        *("displaystyle", "textstyle", "mathrm", "mathit", "mathsf", "mathbf", "mathcal", "mathscr"),
        *("mathfrak", "mathtt", "boldsymbol", "bm", "operatorname", "text", "textrm", "textit", "textbf"),
        *("mathop", "mathbin", "mathrel", "ensuremath", "rm", "bf", "it"),
    }
)
_SPACES = frozenset({"quad", "qquad", "enspace"})
# Braces that are meant to be seen stand aside while those that only group go.
_OPEN, _CLOSE = ("\ue000", "{"), ("\ue001", "}")
_ESCAPED = {"|": "‖", "{": _OPEN[0], "}": _CLOSE[0], "!": "", ",": " ", ";": " ", ":": " ", " ": " "}
_PIECE = re.compile(r"\\(?:([A-Za-z]+) ?|([^A-Za-z]))|.", re.DOTALL)
_BOARD = re.compile(r"\\(?:mathbb|Bbb|mathbbm|mathds) ?\{? ?([A-Za-z0-9]) ?\}?")
_FRACTION = re.compile(r"\\[dt]?frac ?\{([^{}]*)\} ?\{([^{}]*)\}")
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SCRIPT = re.compile(r"([\^_]) ?(?:\{([^{}]*)\}|([A-Za-z0-9]))")


def plain_formula(tex: str) -> str:
    """`\\\\mathbb{F}_2^n \\\\le \\\\tau` is `𝔽₂ⁿ ≤ τ`; of a command that has no sign its name is left."""
    tex = _BOARD.sub(lambda found: _board(found[1]), tex)
    tex = _FRACTION.sub(lambda found: f"{_side(found[1])}/{_side(found[2])}", tex)
    tex = _SCRIPT.sub(_script, tex)
    pieces = (_said(found) if found[1] or found[2] else found[0] for found in _PIECE.finditer(tex))
    return "".join(piece for piece in pieces if piece not in ("{", "}")).replace(*_OPEN).replace(*_CLOSE)


def _side(tex: str) -> str:
    return tex if len(tex) < 2 or tex.isalnum() else f"({tex})"


def _script(found: re.Match[str]) -> str:
    text = found[2] if found[2] is not None else found[3]
    table = _RAISED if found[1] == "^" else _LOWERED
    if text and all(ord(letter) in table for letter in text):
        return text.translate(table)
    return f"{found[1]}{text}" if len(text) == 1 else f"{found[1]}({text})"


def _said(found: re.Match[str]) -> str:
    command, sign = found[1], found[2]
    if command is None:
        return _ESCAPED.get(sign, sign)
    if command in _SILENT:
        return ""
    space = " " * found[0].endswith(" ")
    if command in _SPACES:
        return " "
    return _SIGN[command] + space if command in _SIGN else _letter(command, space)


def _letter(command: str, space: str) -> str:
    """`tau` to τ, `Gamma` to Γ; any other command to its name, and then the space behind it counts."""
    case = "SMALL" if command[0].islower() else "CAPITAL"
    name = "LAMDA" if command.lower() == "lambda" else command.upper()
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {name}")
    except KeyError:
        return command + space


def _board(letter: str) -> str:
    for name in (f"DOUBLE-STRUCK CAPITAL {letter}", f"MATHEMATICAL DOUBLE-STRUCK CAPITAL {letter}"):
        try:
            return unicodedata.lookup(name) if letter.isupper() else letter
        except KeyError:
            continue
    return letter
