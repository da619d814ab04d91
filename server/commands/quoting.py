"""References between backticks, in which anything may stand. Pure."""

from __future__ import annotations

import re

# As in Markdown: closed by a run of as many backticks; one space next to an inner backtick is padding.
QUOTED = re.compile(r"(?P<fence>`+)(?!`)(?: (?=`))?(?P<ref>.+?)(?:(?<=`) )?(?<!`)(?P=fence)(?!`)")


def quote(ref: str) -> str:
    """The reference between as many backticks as it needs to be read back whole."""
    longest = max((len(run) for run in re.findall("`+", ref)), default=0)
    fence = "`" * (longest + 1)
    before, after = (" " if mark else "" for mark in (ref.startswith("`"), ref.endswith("`")))
    return f"{fence}{before}{ref}{after}{fence}"
