"""The report as a letter: HTML that mail programs show, which needs nothing from elsewhere, and an e-mail."""

from __future__ import annotations

import base64
from collections.abc import Callable
from email.message import EmailMessage
from functools import lru_cache
from gettext import NullTranslations

from jinja2 import Environment

from dashboards import links, templating, texts, wording
from dashboards.charts.figures import Figure, charted
from dashboards.report import Report
from dashboards.report_markdown import markdown
from dashboards.snapshot import Snapshot
from dashboards.texts import _

# So many rows of each list; the page has all of them.
MOST = 12


def html(report: Report, base_url: str) -> str:
    """One file with its pictures in it. `base_url` is where the pages are."""
    return _html(report, base_url, lambda figure: f"data:image/png;base64,{_encoded(figure.png)}")


def letter(report: Report, snapshot: Snapshot, base_url: str) -> bytes:
    """An e-mail, as text and as HTML with pictures; whoever sends it adds the sender and who gets it."""
    message = EmailMessage()
    message["Subject"] = wording.plain_line(
        _(
            "%(title)s: %(since)s to %(last)s",
            title=report.title,
            since=wording.date(report.since),
            last=wording.date(report.last),
        )
    )
    message.set_content(markdown(report, snapshot), cte="base64")
    message.add_alternative(_html(report, base_url, _cid), subtype="html", cte="base64")
    page = message.get_payload()[1]  # type: ignore[index]
    for figure in charted(report):
        page.add_related(  # type: ignore[union-attr]
            figure.png,
            "image",
            "png",
            cid=f"<{_name(figure)}>",
            filename=f"{figure.key}.png",
            disposition="inline",
        )
    return message.as_bytes()


def _cid(figure: Figure) -> str:
    return f"cid:{_name(figure)}"


def _name(figure: Figure) -> str:
    return f"{figure.key}@chantier"


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _html(report: Report, base_url: str, source: Callable[[Figure], str]) -> str:
    page = f"{base_url.rstrip('/')}{links.project_path(report.slug)}"
    template = _environment(texts.catalogue()).get_template("report_letter.html")
    return template.render(report=report, figures=charted(report), source=source, page=page, most=MOST)


@lru_cache(maxsize=1)
def _environment(_spoken: NullTranslations) -> Environment:
    environment = templating.environment()
    environment.filters.update(plain=wording.plain_math)
    return environment
