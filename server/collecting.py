"""The collector of garbage in processes that serve for long: what they keep is none of its business.

It looks at every object there is, again and again, which takes half a second where projects of ten thousand
nodes are at hand; and meanwhile nobody is answered.
"""

from __future__ import annotations

import gc

# New objects before it looks at the newest, rounds of that before it looks at older ones, and so on.
_THRESHOLDS = (50_000, 20, 20)


def serve() -> None:
    """When a process begins to serve."""
    gc.set_threshold(*_THRESHOLDS)
    gc.freeze()


def settle() -> None:
    """When something large was read that is kept; nothing happens in a process that does not serve."""
    if gc.get_freeze_count():
        gc.freeze()
