"""LaTeX from a blueprint, as Zulip shows it: formulas as its mathematics, the rest as harmless text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from blueprint.graph import Macro
from server.markup import code, escape, fenced, inert, visible

_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?")
_BOOKKEEPING = re.compile(
    r"\\(?:label|uses|lean|proves|discussion|alsoIn)\s*\{[^{}]*\}|\\(?:leanok|notready|mathlibok)(?![A-Za-z])"
)
_WRAPPED = re.compile(r"\\(?:emph|textbf|textit|text)\s*\{([^{}$]*)\}")
_DISPLAY = r"equation|align|gather|multline|displaymath"
_MATH = re.compile(
    r"\\\[(?P<a>.*?)\\\]|\$\$(?P<b>.*?)\$\$"
    rf"|\\begin\{{(?P<env>(?:{_DISPLAY})\*?)\}}(?P<c>.*?)\\end\{{(?P=env)\}}"
    r"|\\\((?P<d>.*?)\\\)|(?<!\\)\$(?P<e>[^$]+?)(?<!\\)\$",
    re.DOTALL,
)
_COMMAND = re.compile(r"\\([A-Za-z]+)")


def caption(text: str) -> str:
    """A title on one line, with its formulas."""
    return _each_formula(visible(text), lambda match: _inline(_body(match), match))


def sentence(text: str) -> str:
    """A sentence with titles and code in it, as a service words one."""
    return escape(text, caption)


def statement(tex: str, macros: Iterable[Macro] = ()) -> str:
    """A statement as paragraphs and formulas; `macros` are the project's own, which Zulip does not know."""
    seen = "\n".join(map(visible, tex.splitlines()))
    source = _WRAPPED.sub(r"\1", _BOOKKEEPING.sub("", _COMMENT.sub("", seen)))
    known = {macro.name: macro for macro in macros if macro.default is None}
    shown = _each_formula(source, lambda match: _formula(match, known))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" *\n *", "\n", shown)).strip()


def _each_formula(source: str, formula: Callable[[re.Match[str]], str]) -> str:
    out, end = [], 0
    for match in _MATH.finditer(source):
        out += [_paragraphs(source[end : match.start()]), formula(match)]
        end = match.end()
    return "".join((*out, _paragraphs(source[end:])))


def _paragraphs(text: str) -> str:
    """Prose between formulas, with its paragraphs and the spaces at its ends."""
    return "\n\n".join(inert(visible(p)) for p in re.split(r"\n[ \t]*\n\s*", text.replace("~", " ")))


def _formula(match: re.Match[str], macros: dict[str, Macro]) -> str:
    tex = _body(match)
    definitions = "".join(_definition(macro) for macro in _needed(tex, macros))
    if match["d"] is not None or match["e"] is not None:
        return _inline(definitions + tex, match)
    body = "\n".join(visible(line).strip() for line in tex.splitlines() if line.strip())
    if (match["env"] or "").startswith(("align", "gather", "multline")):
        body = f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"
    return f"\n{fenced('math', definitions + body)}\n"


def _body(match: re.Match[str]) -> str:
    return next(match[name] for name in "abcde" if match[name] is not None)


def _inline(tex: str, match: re.Match[str]) -> str:
    body = " ".join(visible(tex).split())
    if not body or "$" in body or body.startswith("_"):
        return code(body)
    # Zulip looks for code and mentions before formulas. `{}` is nothing to TeX and ends a mention.
    quiet = body.replace("`", "ˋ").replace("@", "@{}")
    before = match.string[: match.start()][-1:]
    after = match.string[match.end() :][:1]
    return f"{_joiner(before)}$${quiet}$${_joiner(after)}"


def _joiner(neighbour: str) -> str:
    """Zulip sees no formula that touches a letter; a word joiner keeps them apart, unseen.

    A backtick is shown as something that counts as a letter.
    """
    return "\u2060" if neighbour.isalnum() or neighbour in ("_", "$", "`") else ""


def _needed(tex: str, macros: dict[str, Macro]) -> list[Macro]:
    """The macros that the formula uses, and those that they use."""
    needed: dict[str, Macro] = {}
    queue = _COMMAND.findall(tex)
    while queue:
        name = queue.pop()
        if name in macros and name not in needed:
            needed[name] = macros[name]
            queue += _COMMAND.findall(macros[name].body)
    return [needed[name] for name in sorted(needed)]


def _definition(macro: Macro) -> str:
    places = "".join(f"#{place}" for place in range(1, macro.arity + 1))
    return f"\\def\\{macro.name}{places}{{{' '.join(visible(macro.body).split())}}}"
