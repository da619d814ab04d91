"""What every template of ours has: where it stands, escaping, the texts, and times as people read them."""

from __future__ import annotations

from jinja2 import FileSystemLoader, StrictUndefined

from dashboards import wording
from dashboards.assets import FOLDER
from dashboards.report import drift_words
from dashboards.template_texts import Templates


def environment() -> Templates:
    """A new one in the language of the pages, to which its owner adds what only its templates use."""
    made = Templates(
        loader=FileSystemLoader(FOLDER.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(drift_words=drift_words)
    made.filters.update(ago=wording.ago, date=wording.date, join_words=wording.join)
    return made
