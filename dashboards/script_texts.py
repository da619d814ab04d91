"""What the scripts of the pages say, which a page brings to them where it is not in English."""

from __future__ import annotations

from dashboards import texts
from dashboards.texts import _, later

TEXTS = (
    later("%(caption)s — %(word)s, ready to take; uses %(uses)s, used by %(users)s"),
    later("%(caption)s — %(word)s; uses %(uses)s, used by %(users)s"),
    later("%(some)s of %(all)s fit"),
    later("Copied"),
    later(
        "Dependency graph. Arrow keys go from node to node: up to what a node uses, down to what uses it. "
        "Enter chooses a node, and opens the chosen one; plus and minus zoom, 0 shows all, Escape lets go. "
        "The list below says the same."
    ),
    later("Go there"),
    later("Go through the history of the project"),
    later("Not in the blueprint yet"),
    later("That did not work."),
    later("The server did not answer. Load the page again to see whether it was done."),
    later("You are offline, so nothing was sent. Try again when you are back."),
)


def translated() -> dict[str, str]:
    """By the English text; empty where that is what they say."""
    return {} if texts.language() == texts.ENGLISH else {text: _(text) for text in TEXTS}
