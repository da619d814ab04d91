"""Lists of labels and of Lean names as people type them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container

PROOF = "proof"  # what a proof is called among the environments
LONGEST = 500
# Kinds of environments that have no proof: one that comes after them is of the theorem before.
REMARK = re.compile(r"(?i)rem|rmk|not(e|ation|ice)|warn|comment|conv|motiv|discuss")
PIECES = 5  # of a label with commas
ESCAPED = re.compile(r"\\([_#&%]) ?")
WORD = re.compile(r"(?:«[^«»]*»|\S)+")  # a blank in «quotes» divides nothing
JOINTS = (".", "_")
# A component of a Lean name that needs no «quotes»; \u2100-\u214f are the letter-like symbols.
PLAIN = r"(?:[^\W\d]|[\u2100-\u214f])(?:\w|['!?\u2100-\u214f])*"
COMPONENT = rf"(?:«[^«»]+»|{PLAIN})"
LEAN_NAME = re.compile(rf"{COMPONENT}(?:\.{COMPONENT})*")


def is_address(typed: str) -> bool:
    """Whether it may be linked to: an address on the web."""
    return typed.startswith(("https://", "http://")) and " " not in typed


def is_remark(kind: str) -> bool:
    return REMARK.match(kind) is not None


def unescaped(label: str) -> str:
    r"""A label as it was meant by one who typed `\_` for `_`."""
    return ESCAPED.sub(r"\1", label)


def listed(argument: str) -> tuple[str, ...]:
    """The items between commas, trimmed; empty ones are dropped."""
    return tuple(filter(None, map(str.strip, argument.split(","))))


def declarations(typed: str) -> tuple[str, ...]:
    """The Lean names meant by what was typed between two commas: usually one.

    Escapes are undone. A blank beside a dot or an underscore breaks one name, any other divides two.
    No name is longer than `LONGEST`.
    """
    names: list[str] = []
    for word in WORD.findall(ESCAPED.sub(r"\1", typed[:LONGEST])):
        if names and (names[-1].endswith(JOINTS) or word.startswith(JOINTS)):
            names[-1] += word
        else:
            names.append(word)
    return tuple(names)


def is_declaration(name: str) -> bool:
    """Whether Lean could have a declaration of this name."""
    return LEAN_NAME.fullmatch(name) is not None


def resolve(argument: str, known: Container[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels listed in `argument` that are known, and the items that name none.

    A label that itself holds a comma is found by putting neighbouring items together again.
    """
    items = listed(argument)
    found: list[str] = []
    lost: list[str] = []
    index = 0
    while index < len(items):
        label, used = _longest(items[index : index + PIECES], known)
        (found if used else lost).append(label if used else items[index])
        index += max(used, 1)
    return tuple(dict.fromkeys(found)), tuple(lost)


def _longest(items: tuple[str, ...], known: Container[str]) -> tuple[str, int]:
    for count in range(1, len(items) + 1):
        for glue in (",", ", "):
            label = glue.join(items[:count])
            if label in known:
                return label, count
    return "", 0


def generated(kind: str, *traits: str) -> str:
    """An id for a node without a label, from what is likeliest to stay: the first trait that is not empty."""
    trait = " ".join(next((trait for trait in traits if trait), "").split())
    return f"{kind}-{hashlib.sha256(trait.encode()).hexdigest()[:10]}"
