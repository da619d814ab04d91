"""Whether a text that cites a label relies on what it names."""

from __future__ import annotations

import re

# Before a reference to how something is done, and not to what was shown.
LIKENESS = re.compile(
    r"\b(?:(?:proofs?|that|argument|place|instead|beginning)\s+(?:of|in|for)"
    r"|similar(?:ly)?\s+to|analogous(?:ly)?\s+to|as\s+in)"
    r"\s+(?:the\s+)?(?:[A-Z]\w*\.?)?[\s~]*\Z",
    re.IGNORECASE,
)
BEFORE = 40  # characters in which such words are looked for


def relies(before: str) -> bool:
    """Whether the words `before` a reference leave it more than an example of how something is done."""
    return LIKENESS.search(before) is None
