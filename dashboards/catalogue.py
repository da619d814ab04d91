"""All texts in one place: `locale/chantier.pot` for translators, beside it a catalogue of each language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from blueprint.errors import UserError
from dashboards import texts

__all__ = ["TEMPLATE", "Catalog", "collected", "compiled", "read", "speak", "written"]

FOLDER = Path(__file__).parent / "locale"
TEMPLATE = FOLDER / "chantier.pot"
_SOURCES = ("*.py", "charts/*.py", "templates/*.html")
# Where the words of records and settings are gathered.
_RECORDS = "server/page_texts.py"
_METHODS = {".py": "python", ".html": "jinja2"}
_KEYWORDS = {"_": None, "later": None, "ngettext": (1, 2), "plural": (1, 2), "gettext": None}
_OPTIONS = {"newstyle_gettext": "true", "trimmed": "true", "trim_blocks": "true", "silent": "false"}
_HEADER = """\
# The texts of Chantier's pages. Written by `make texts`; docs/translating.md says how to translate them.
"""
# What a header says of when and by whom it was written: it would be another one each time.
_PASSING = ('"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Language-Team', '"Generated-By')


def speak(language: str) -> None:
    """The pages are in that language from now on. `UserError` where there is no good catalogue of it."""
    known = texts.AS_WRITTEN if language == texts.ENGLISH else read(language)
    texts.speak(language.replace("_", "-"), known)


def read(language: str) -> GNUTranslations:
    """The catalogue `locale/LANGUAGE/LC_MESSAGES/chantier.po`."""
    file = FOLDER / language / "LC_MESSAGES" / "chantier.po"
    try:
        Locale.parse(language)
        with file.open("rb") as stream:
            catalogue = read_po(stream, abort_invalid=True)
    except (ValueError, UnknownLocaleError, OSError, PoFileError) as error:
        raise UserError(f"There is no good translation of the pages into `{language}`: {error}") from error
    for message, errors in catalogue.check():
        raise UserError(f"The translation of {message.id!r} into `{language}` does not fit: {errors[0]}")
    return compiled(catalogue)


def compiled(catalogue: Catalog) -> GNUTranslations:
    """What is marked as fuzzy is left out, as everywhere."""
    stream = BytesIO()
    write_mo(stream, catalogue)
    stream.seek(0)
    return GNUTranslations(stream)


def collected(elsewhere: Iterable[Path] = (), words: Iterable[str] = ()) -> Catalog:
    """Every text that is marked under `dashboards` and in the files elsewhere, and the `words` of records."""
    catalogue = Catalog(project="Chantier", charset="utf-8", header_comment=_HEADER, fuzzy=False)
    for file in (*_files(), *sorted(elsewhere)):
        name = file.relative_to(FOLDER.parent.parent).as_posix()
        found = extract_from_file(_METHODS[file.suffix], file, _KEYWORDS, options=dict(_OPTIONS))
        for _line, message, comments, context in found:
            catalogue.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    for word in words:
        catalogue.add(word, None, [(_RECORDS, 0)])
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """As a template: the same bytes on every machine and every day."""
    stream = BytesIO()
    write_po(stream, catalogue, width=100, include_lineno=False, sort_by_file=True)
    lines = stream.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_PASSING)).encode()


def _files() -> Iterator[Path]:
    """In one order everywhere."""
    for pattern in _SOURCES:
        yield from sorted(FOLDER.parent.glob(pattern))
