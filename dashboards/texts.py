"""The texts of the pages: written in English where they are said; a catalogue has them in another language.

`_` says a text, `ngettext` one that depends on a number, and `later` marks one that stands in a table and is
said when it is used. A place for a value is written `%(name)s`, so that a translator may move it.
"""

from __future__ import annotations

from gettext import NullTranslations

ENGLISH = "en"
# What is said as it is written.
AS_WRITTEN = NullTranslations()


class _Speech:
    """What this process speaks: one language for all its pages, chosen when it starts."""

    language = ENGLISH
    catalogue = AS_WRITTEN


def speak(language: str, catalogue: NullTranslations) -> None:
    """From now on the pages are in that language. `language` is a tag as HTML has it: `en`, `pt-BR`."""
    _Speech.language, _Speech.catalogue = language, catalogue


def language() -> str:
    return _Speech.language


def catalogue() -> NullTranslations:
    return _Speech.catalogue


def gettext(text: str, /, **values: object) -> str:
    """The text in the language of the pages, with the values in their places."""
    said = text and _Speech.catalogue.gettext(text)  # under "" a catalogue tells of itself
    return said % values if values else said


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """The form that fits the number, which is `%(num)s` in it."""
    return _Speech.catalogue.ngettext(one, many, number) % {"num": number, **values}


def later(text: str) -> str:
    """The text as it is, marked as one that `_` will be asked to say."""
    return text


def plural(one: str, many: str) -> tuple[str, str]:
    """The two forms as they are, marked as ones that `ngettext` will be asked to say."""
    return one, many


_ = gettext
