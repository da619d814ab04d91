"""Which modules may share a process while they are built, and in which order that takes few processes. Pure.

Code of a project can run while Lean elaborates, and can then do anything in its process. A module that only
Lean's own code elaborates is *quiet*: it changes nothing for those after it. Any other is *loud*. A module is
built in a process only if every loud module that was built or imported there is among its own imports: those
it trusts by itself. So nobody's code has a say in a module that does not import it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lean_project.modules import Module, ModuleName

# Text without which no code of a module is run by Lean, and no term is made that the text does not show.
# Comments and other innocent places count too: that costs time, not trust.
_LOUD = re.compile(
    rb"eval|elab|macro|syntax|run_|unsafe|implemented_by|extern|simproc|initialize|\binit\b|binder_predicate"
    rb"|register_|declare_|builtin|\b[BE]?IO\b|quot_precheck|unexpand|delab|parser",
    re.IGNORECASE,
)


def is_loud(module: Module) -> bool:
    """Whether code of the module may run while it or what imports it is built."""
    return any(name[0] != "Init" for name in module.core) or _LOUD.search(module.source) is not None


class Company:
    """The loud modules among what each module of a project imports, at any distance."""

    def __init__(self, modules: Sequence[Module]) -> None:
        """`modules` come with dependencies first."""
        self._modules = modules
        self._trusted: dict[ModuleName, frozenset[ModuleName]] = {}
        for module in modules:
            own = frozenset((module.name,)) if is_loud(module) else frozenset()
            self._trusted[module.name] = own.union(*(self._trusted.get(name, ()) for name in module.imports))

    def of(self, module: Module) -> frozenset[ModuleName]:
        """Those whose code may run in the process that builds it, itself included."""
        return self._trusted[module.name]

    def order(self) -> Iterator[Module]:
        """The modules, dependencies first: the next is one that can join the process, as quiet as may be."""
        waiting = list(self._modules)
        there: frozenset[ModuleName] = frozenset()
        done: set[ModuleName] = set()
        known = self._trusted.keys()
        while waiting:
            ready = [module for module in waiting if done.issuperset(known & set(module.imports))]
            chosen = min(ready or waiting, key=lambda module: self._cost(module, there))
            there = self.of(chosen)
            waiting.remove(chosen)
            done.add(chosen.name)
            yield chosen

    def _cost(self, module: Module, there: frozenset[ModuleName]) -> tuple[bool, int]:
        return not there <= self.of(module), len(self.of(module) - there)
