"""What plasTeX would load and never needs here. To be imported before any of its macros.

Its index module reads the whole Unicode collation table when it is loaded, to sort an index that is never
made: a tenth of a second and some twenty megabytes. Without the table it sorts by letters. And a package
that only names its style sheets loads all of rendering: three template languages and a picture library.
"""

from __future__ import annotations

import sys
from types import ModuleType

RENDERING = "plasTeX.Renderers.PageTemplate"

sys.modules["plasTeX.Base.LaTeX.pyuca"] = None  # type: ignore[assignment]  # Python's way to say: not there
sys.modules[RENDERING] = ModuleType(RENDERING)
sys.modules[RENDERING].Renderer = object  # type: ignore[attr-defined]  # named in signatures only
