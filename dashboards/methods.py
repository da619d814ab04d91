"""How a project's credited work was made: by hand, or with which tools."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.snapshot import CreditView
from dashboards.texts import _, later, ngettext

# From no machine to nothing but; None is what nobody said anything about.
ORDER = ("manual", "copilot", "agent", "autonomous", None)


@dataclass(frozen=True, slots=True)
class Method:
    """So many contributions were made that way; `tools` in the order of the alphabet.

    `name` is manual, copilot, agent or autonomous, None for those of which nobody said.
    """

    name: str | None
    contributions: int
    tools: tuple[str, ...]

    @property
    def word(self) -> str:
        return self.name or later("not said")

    @property
    def words(self) -> str:
        """`copilot: 3 contributions (Lean Copilot)`"""
        number = ngettext("%(num)s contribution", "%(num)s contributions", self.contributions)
        tools = f" ({', '.join(self.tools)})" if self.tools else ""
        return f"{_(self.word)}: {number}{tools}"


def methods(credit: Iterable[CreditView]) -> tuple[Method, ...]:
    """Those that occur, from no machine to nothing but."""
    counted: Counter[str | None] = Counter()
    tools: dict[str | None, set[str]] = defaultdict(set)
    for entry in credit:
        counted[entry.method] += 1
        tools[entry.method].update(entry.tools)
    return tuple(Method(name, counted[name], tuple(sorted(tools[name]))) for name in ORDER if counted[name])
