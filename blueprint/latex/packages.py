"""Loading packages: the failures that plasTeX hides are told where they are the project's."""

from __future__ import annotations

from typing import Any

from plasTeX.Base.LaTeX import Packages

from blueprint.sources import SourceError

# What ends the whole reading.
LIMITS = (SourceError, MemoryError, RecursionError)


class Loading:
    """`\\usepackage` and its kin. What only a TeX has is passed over, what a project should have is not."""

    extension: str

    def load(self, tex: Any, file: str, options: Any = None) -> None:
        name = f"{file}{self.extension}"
        try:
            loaded = tex.ownerDocument.context.loadPackage(tex, name, options or {})
        except LIMITS:
            raise
        except Exception:  # noqa: BLE001  # plasTeX's packages raise anything on options they do not expect
            loaded = False
        if not loaded and tex.desk.sources.is_own(name):
            message = f"The package {name} cannot be read, so what it defines is not known."
            hint = "Add the file, or mend its name; only files inside the project folder are read."
            tex.desk.remark("missing-package", "error", message, hint)


NAMES = ("documentclass", "documentstyle", "usepackage", "RequirePackage")
MACROS = tuple(type(name, (Loading, getattr(Packages, name)), {}) for name in NAMES)
