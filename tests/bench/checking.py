"""One check, and what it asked of Lean: `python -m tests.bench.checking PROJECT NAME... > counts.json`.

Wide limits are not needed: those of a check count for each module.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lean_project.check import check
from lean_project.project import open_project
from lean_project.toolchain_build import Builder
from lean_project.toolchain_judge import Judge


def main(folder: Path, names: list[str]) -> None:
    """Counts and seconds: modules built, lines asked of the judge, and how long Lean took for both."""
    counts: defaultdict[str, float] = defaultdict(float)
    _measured(counts, Builder, "build", "built", lambda *_: 1)
    _measured(counts, Judge, "judge", "lines", lambda request: len(request.splitlines()))
    facts = check(open_project(folder), names)
    counts["facts"], counts["failed"] = len(facts.declarations), len(facts.failed_modules)
    print(json.dumps(counts))


def _measured(
    counts: defaultdict[str, float], owner: type, method: str, what: str, size: Callable[..., int]
) -> None:
    real = getattr(owner, method)

    def measured(self: object, *arguments: Any) -> object:
        began = time.perf_counter()
        try:
            return real(self, *arguments)
        finally:
            counts[f"{what}_seconds"] += time.perf_counter() - began
            counts[what] += size(*arguments)

    setattr(owner, method, measured)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
