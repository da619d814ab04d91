"""What plasTeX would load and never needs here. To be imported before any of its macros.

Its index module reads the whole Unicode collation table when it is loaded, to sort an index that is never
made: a tenth of a second and some twenty megabytes. Without the table it sorts by letters.
"""

from __future__ import annotations

import sys

sys.modules["plasTeX.Base.LaTeX.pyuca"] = None  # type: ignore[assignment]  # Python's way to say: not there
