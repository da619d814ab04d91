"""plasTeX with its one great waste repaired: each Jinja template is compiled once, not once a rendered node.

Run by the Python of leanblueprint's environment, with the arguments of `plastex`.
"""

from __future__ import annotations

import functools
import sys

from jinja2 import Environment
from plasTeX.client import plastex

if __name__ == "__main__":
    Environment.from_string = functools.cache(Environment.from_string)  # type: ignore[method-assign]
    sys.exit(plastex())
