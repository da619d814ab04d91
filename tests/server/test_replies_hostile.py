"""Every sentence of the bot with hostile values in it: nothing in them is markup, and nothing deceives.

The templates are found by looking, so that a new one is tried without a word here; what is ours in them, and
not foreign, stands in `OURS`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import server
from server.commands.usage import USAGE
from server.markup import LIMIT, split
from server.replies import Reply

from .fake_zulip_markup import blocks_in, links_in, mentions_in, tricks_in
from .hostile import OWN_MENTIONS, calls

PAGES = "https://pages.example"
# Parameters that hold nothing of anybody else's, by their names.
OURS: dict[str, st.SearchStrategy[Any]] = {
    "base_url": st.just(PAGES),
    "link": st.just(f"{PAGES}/sign-in/abc"),
    "number": st.just("0a1b2c3d"),
    "slug": st.just("halls"),
    "verb": st.sampled_from((None, *USAGE)),
}
# Where the bot's sentences stand; `bulletins` are those that it says unasked.
SPEAKING = [
    importlib.import_module(f"server.{module.name}")
    for module in pkgutil.iter_modules(server.__path__)
    if module.name.startswith(("replies", "bulletins"))
]
TEMPLATES: dict[str, Callable[..., Reply | str]] = {
    f"{module.__name__}.{name}": function
    for module in SPEAKING
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and not name.startswith("_")
}
_BLOCKS = {"spoiler In words", "spoiler In Lean", "math", "text"}


def dangers(text: str) -> list[str]:
    """What a message does that no message of the bot's may do."""
    text = re.sub(rf"{re.escape(PAGES)}/\S*", "", text)
    strange = [block for block in blocks_in(text) if block not in _BLOCKS]
    foreign = [mention for mention in mentions_in(text) if mention not in OWN_MENTIONS]
    return [*foreign, *links_in(text), *tricks_in(text), *strange]


# Not made smaller when one fails: the values are large, and the sentence tells enough.
FAST = (Phase.explicit, Phase.reuse, Phase.generate)
ANSWERS = {name: calls(template, OURS) for name, template in TEMPLATES.items()}


@pytest.mark.parametrize("name", TEMPLATES)
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck), phases=FAST)
@given(data=st.data())
def test_no_template_lets_anything_out(name: str, data: st.DataObject) -> None:
    reply = data.draw(ANSWERS[name])
    text = reply.text if isinstance(reply, Reply) else reply
    assert dangers(text) == []
    for part in split(text):
        assert dangers(part) == []
        assert len(part) <= LIMIT
        part.encode()


@pytest.mark.parametrize(
    "text",
    [
        "@**all**", "x @**Ada|9** y", "@*crew*", "@_**Ada|9**",
        "```spoiler In words\n@**topic**\n```",
        "[here](https://evil.example)", "see https://evil.example", "evil.com", "#**general>topic**",
        "<time:2026-01-01T00:00:00Z>", "a\u202eb", "a\u200bb", "a\u2060b", "\ud800", "```spoiler In words\nx",
        "```python\nx\n```", "/me waves", "> said", "x\n# Title", "```quote\nx\n```",
    ],
)  # fmt: skip
def test_the_reader_of_markup_sees_each_danger(text: str) -> None:
    assert dangers(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "`@**all**`", "```text\n@**all** https://evil.example\n```", "$$x$$\u2060th", "a \\@ b",
        "`` a ` @**all** ``", f"in {PAGES}/sign-in/abc", "````spoiler In words\n```math\nx\n```\ny\n````",
    ],
)  # fmt: skip
def test_and_nothing_else(text: str) -> None:
    assert dangers(text) == []
