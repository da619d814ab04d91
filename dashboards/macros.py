"""A project's macros put in by hand, where MathJax is not there to do it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from blueprint.graph import Macro

MOST_STEPS, LONGEST = 500, 4000
_COMMAND = re.compile(r"\\([A-Za-z]+|[^A-Za-z])")
_ARGUMENT = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_OPTION = re.compile(r"\s*\[([^\]]*)\]")
_PLACE = re.compile(r"#([1-9])")


class EndlessError(ValueError):
    """A macro feeds on itself, or makes more than anybody would read."""


def expanded(tex: str, macros: Mapping[str, Macro]) -> str:
    """`tex` without any of the macros. Raises `EndlessError`."""
    done, steps = "", 0
    while found := _COMMAND.search(tex):
        done, tex = done + tex[: found.start()], tex[found.end() :]
        macro = macros.get(found[1])
        if macro is None:
            done += found[0]
            continue
        body, tex = _applied(macro, tex)
        steps += 1
        tex = body + (" " if _ends_in_word(body) and tex[:1].isalpha() else "") + tex
        if steps > MOST_STEPS or len(done) + len(tex) > LONGEST:
            raise EndlessError(found[0])
    return done + tex


def _ends_in_word(body: str) -> bool:
    return re.search(r"\\[A-Za-z]+$", body) is not None


def _applied(macro: Macro, rest: str) -> tuple[str, str]:
    """The macro's body with what stands behind it, and what is left of that."""
    given: list[str] = []
    if macro.default is not None:
        option = _OPTION.match(rest)
        given.append(option[1] if option else macro.default)
        rest = rest[option.end() :] if option else rest
    while len(given) < macro.arity:
        argument, rest = _argument(rest.lstrip())
        given.append(argument)
    return _PLACE.sub(lambda place: "".join(given[int(place[1]) - 1 :][:1]), macro.body), rest


def _argument(rest: str) -> tuple[str, str]:
    """The first group or token, and what is behind it."""
    if not rest.startswith("{"):
        token = _ARGUMENT.match(rest)
        return (token[0], rest[token.end() :]) if token else ("", "")
    depth = 0
    for token in re.finditer(r"\\.|[{}]", rest, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if not depth:
            return rest[1 : token.start()], rest[token.end() :]
    return rest[1:], ""
