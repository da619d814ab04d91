"""JUnit XML, as every CI shows it: a test case each for nodes and modules. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

# What XML 1.0 cannot hold at all.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """A node or a module: it passes unless it says why it `failed` or was `skipped`."""

    name: str
    group: str
    file: str | None = None
    line: int | None = None
    failed: str | None = None
    skipped: str | None = None


def junit(title: str, cases: Sequence[Case]) -> str:
    """The document, complete."""
    suites = Element("testsuites")
    suite = SubElement(
        suites,
        "testsuite",
        name=_clean(title),
        tests=str(len(cases)),
        failures=str(sum(case.failed is not None for case in cases)),
        errors="0",
        skipped=str(sum(case.skipped is not None and case.failed is None for case in cases)),
    )
    for case in cases:
        _add(suite, case)
    indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, "unicode")


def _add(suite: Element, case: Case) -> None:
    element = SubElement(suite, "testcase", name=_clean(case.name), classname=_clean(case.group))
    if case.file:
        element.set("file", _clean(case.file))
    if case.line:
        element.set("line", str(case.line))
    if case.failed is not None:
        SubElement(element, "failure", message=_clean(case.failed.split("\n")[0])).text = _clean(case.failed)
    elif case.skipped is not None:
        SubElement(element, "skipped", message=_clean(case.skipped.split("\n")[0]))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
