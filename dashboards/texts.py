"""The texts of the pages: written in English where they are said; a catalogue has them in another language.

`_` says a text, `ngettext` one that depends on a number, and `later` marks one that stands in a table and is
said when it is used. A place for a value is written `%(name)s`, so that a translator may move it.
"""

from __future__ import annotations

from collections.abc import Mapping
from gettext import NullTranslations

from jinja2 import Environment
from markupsafe import Markup, escape

ENGLISH = "en"


class _Speech:
    """What this process speaks: one language for all its pages, chosen when it starts."""

    language = ENGLISH
    catalogue = NullTranslations()


def speak(language: str, catalogue: NullTranslations) -> None:
    """From now on the pages are in that language. `language` is a tag as HTML has it: `en`, `pt-BR`."""
    _Speech.language, _Speech.catalogue = language, catalogue


def language() -> str:
    return _Speech.language


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


def install(environment: Environment) -> None:
    """Give templates `_`, `ngettext`, `{% trans %}`, for literals only: they say HTML, with values escaped.

    The filter `said` says a word that comes in a value; it is plain text, and escaped like any other.
    """
    environment.extend(newstyle_gettext=True)
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(_=_markup, gettext=_markup, ngettext=_counted_markup, language=language)
    environment.filters.update(said=gettext)


def _markup(text: str, /, **values: object) -> Markup:
    # `%%` stands for a per cent sign in every text of a template, whether or not it has values.
    return Markup(_Speech.catalogue.gettext(text) % _escaped(values))  # noqa: S704 - ours, values escaped


def _counted_markup(one: str, many: str, number: int, /, **values: object) -> Markup:
    said = _Speech.catalogue.ngettext(one, many, number)
    return Markup(said % _escaped({"num": number, **values}))  # noqa: S704 - ours, values escaped


def _escaped(values: Mapping[str, object]) -> dict[str, Markup]:
    return {name: escape(value) for name, value in values.items()}
