"""What a project's `plastex.cfg` says, as far as it changes what is read. Nothing it names is ever run."""

from __future__ import annotations

import codecs
import configparser
from collections.abc import Iterator
from dataclasses import dataclass, field

OUR_PLUGINS = {"leanblueprint", "plastexdepgraph", "plastexshowmore"}
LARGEST = 10**6  # counter
NO_CODE = "plugins, paths and programs named there are never used"


@dataclass(frozen=True, slots=True)
class Settings:
    """`counters` are first values by name; `ignored` is what is not followed: the line, and words."""

    counters: dict[str, int] = field(default_factory=dict)
    encoding: str = "utf-8"
    title: str = ""
    numbered_depth: int | None = None
    ignored: tuple[tuple[int, str], ...] = ()


def settings(text: str) -> Settings:
    """The settings in `text`; where it cannot be read as a whole, none."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        return Settings(ignored=((getattr(error, "lineno", 1) or 1, "It cannot be read."),))
    given = {section: dict(parser.items(section)) for section in parser.sections()}
    document = given.get("document", {})
    return Settings(
        counters=dict(_counters(given.get("counters", {}))),
        encoding=_encoding(given.get("files", {}).get("input-encoding", "")),
        title=document.get("title", ""),
        numbered_depth=_number(document.get("sec-num-depth", "")),
        ignored=tuple(_ignored(text, given.get("general", {}))),
    )


def _counters(given: dict[str, str]) -> Iterator[tuple[str, int]]:
    for name, typed in given.items():
        value = _number(typed)
        if value is not None:
            yield name, value


def _number(typed: str) -> int | None:
    try:
        return max(-LARGEST, min(int(typed), LARGEST))
    except ValueError:
        return None


def _encoding(typed: str) -> str:
    """The name of an encoding of text that Python knows; UTF-8 where it knows none such."""
    try:
        "".encode(codecs.lookup(typed.strip()).name)
    except (LookupError, UnicodeError, ValueError):
        return "utf-8"
    return codecs.lookup(typed.strip()).name


def _ignored(text: str, general: dict[str, str]) -> Iterator[tuple[int, str]]:
    """What leanblueprint would follow and may change the graph."""
    strange = [name for name in general.get("plugins", "").split() if name not in OUR_PLUGINS]
    if strange:
        yield _line(text, "plugins"), f"The plugin {strange[0]} is not loaded: {NO_CODE}."
    for key in ("packages-dirs", "paux-dirs"):
        if general.get(key, "").strip():
            yield _line(text, key), f"`{key}` is not followed: {NO_CODE}."


def _line(text: str, key: str) -> int:
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if line.strip().startswith(key)), 1)
