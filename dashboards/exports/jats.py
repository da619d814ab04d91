"""The CRediT matrix as JATS XML (ANSI/NISO Z39.96, version 1.2 and later): an article's contributors."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dashboards.exports.roll import Contributor, Roll, Share

_CREDIT = "https://credit.niso.org/"


def render(roll: Roll) -> str:
    """A front matter whose `contrib-group` goes into an article. The unnamed are there, as anonymous."""
    article = Element("article", {"article-type": "other"})
    meta = SubElement(SubElement(article, "front"), "article-meta")
    SubElement(SubElement(meta, "title-group"), "article-title").text = roll.title
    group = SubElement(meta, "contrib-group")
    for one in roll.contributors:
        _contributor(group, one)
    if not roll.contributors:
        meta.remove(group)
    indent(article)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(article, encoding="unicode")}\n'


def _contributor(group: Element, one: Contributor) -> None:
    contrib = SubElement(group, "contrib", {"contrib-type": "author"})
    if one.name is None:
        SubElement(contrib, "anonymous")
    else:
        SubElement(contrib, "string-name").text = one.name
    for share in one.shares:
        SubElement(contrib, "role", _attributes(share)).text = share.role


def _attributes(share: Share) -> dict[str, str]:
    return {
        "vocab": "credit",
        "vocab-identifier": _CREDIT,
        "vocab-term": share.role,
        "vocab-term-identifier": f"{_CREDIT}contributor-roles/{_slug(share.role)}/",
        "degree-contribution": share.degree,
    }


def _slug(role: str) -> str:
    """`Writing – review & editing` is `writing-review-editing` in the addresses of the taxonomy."""
    return re.sub(r"[^a-z]+", "-", role.casefold()).strip("-")
