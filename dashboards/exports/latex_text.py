"""Foreign text for LaTeX and BibTeX: nothing in it is a command, and braces are in pairs."""

from __future__ import annotations

from dashboards.wording import plain_line

_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': "''",
        **{char: f"\\{char}" for char in "#$%&_"},
    }
)


def latex(text: str) -> str:
    return plain_line(text).translate(_SPECIAL)
