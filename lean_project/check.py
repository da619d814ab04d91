"""One check: what Lean, asked about a whole project, says of its declarations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache as once
from pathlib import Path

from pydantic import ValidationError

from blueprint.caches import cache_dir, turn, write_whole
from blueprint.errors import UserError
from lean_project import facts as codec
from lean_project.artefacts import RECORD, Artefact, digest, find, keep, keys
from lean_project.build_record import Record, Said, read_record
from lean_project.company import Company
from lean_project.facts import Facts, Message
from lean_project.hearing import Ask, Built, Hearing
from lean_project.judge import Source
from lean_project.judge_book import Book
from lean_project.judge_core import Print, core_prints
from lean_project.lake_judge import Opinion
from lean_project.leans import Builder, Lean, chosen
from lean_project.memory import available
from lean_project.modules import Finding, Library, Module, ModuleName, discover, dotted
from lean_project.names import Name, read_name
from lean_project.project import Project
from lean_project.sandbox import confinement, without
from lean_project.sandbox_process import NoAnswerError
from lean_project.toolchain_process import Limits, drivers

Say = Callable[[str], None]

# The judge gets ready while the modules are built where there is memory for two Leans, in bytes.
MEMORY_FOR_TWO = 9_000_000_000
DEFAULT = Limits()
# Besides `judge*.py`, the modules whose change makes facts found before worthless.
RULES = ("build_record", "check", "facts", "hearing", "lookalikes", "modules", "names", "netstrings")


def ignore(_words: str) -> None:
    """For those who do not watch."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a module; `artefact` is None where it was not built, `stopped` where Lean had no say."""

    module: Module
    record: Record
    artefact: Artefact | None = None
    stopped: bool = False


def check(
    project: Project,
    names: Iterable[str],
    *,
    progress: Say = ignore,
    cache: Path | None = None,
    limits: Limits = DEFAULT,
) -> Facts:
    """Build the project's modules, judge what was built, and give the facts.

    `names` are the declarations that the blueprint names: Lean's own among them get facts too. What was
    found out before is not found out again: `cache` is the folder where that is kept. Raises `UserError`
    where no check can be had; a module that does not build is no such case.
    """
    lean = chosen(project)
    library = discover(project, lean.has_module)
    asked = tuple(dict.fromkeys(name for text in names if (name := read_name(text))))
    return _Check(lean, library, asked, cache or cache_dir(), progress, limits).facts()


class _Check:
    """One check with everything it needs."""

    def __init__(
        self,
        lean: Lean,
        library: Library,
        asked: tuple[Name, ...],
        cache: Path,
        progress: Say,
        limits: Limits,
    ) -> None:
        self._lean, self._library, self._asked = lean, library, asked
        self._cache, self._say, self._limits = cache, progress, limits
        self._keys = keys(library.modules, _identity(lean))

    def facts(self) -> Facts:
        file = self._cache / "facts" / f"{self._facts_key()}.json"
        if known := _known(file):
            return known
        # Each check needs gigabytes, and the next one may find here what this one leaves.
        with turn(file.parent, lambda: self._say("waiting for another check to end")):
            return _known(file) or self._keep(file, *self._find_out())

    def _keep(self, file: Path, found: Facts, outcomes: Sequence[Outcome]) -> Facts:
        """Keep the facts for the next time, unless a module was stopped: it may fare better then."""
        if not any(outcome.stopped for outcome in outcomes):
            write_whole(file, codec.encode(found))
        return found

    def _facts_key(self) -> str:
        parts = [*sorted(self._keys.values()), *sorted(map(repr, self._asked))]
        parts += [repr(finding) for finding in self._library.findings]
        return digest("\0".join([_identity(self._lean), _rules(), *parts]).encode())

    def _find_out(self) -> tuple[Facts, list[Outcome]]:
        with ExitStack() as stack:
            judge = once(lambda: stack.enter_context(self._lean.judge(self._limits)))
            if available() > MEMORY_FOR_TWO:
                judge()
            outcomes = self._build_all()
            self._say("judging")
            return self._judged(outcomes, lambda request: judge()(request)), outcomes

    # --- the untrusted stage ---

    def _build_all(self) -> list[Outcome]:
        outcomes: dict[ModuleName, Outcome] = {}
        modules = self._library.modules
        company = Company(modules)
        with self._lean.builder(self._limits) as building:
            for number, module in enumerate(company.order(), 1):
                self._say(f"building {dotted(module.name)} ({number} of {len(modules)})")
                outcome = self._hindered(module, outcomes) or self._build(building, module, company)
                outcomes[module.name] = outcome
                if outcome.artefact:
                    building.lay_out(module, outcome.artefact)
        return [outcomes[module.name] for module in modules]

    def _hindered(self, module: Module, before: dict[ModuleName, Outcome]) -> Outcome | None:
        """The outcome of a module that Lean need not be asked about."""
        if found := [finding for finding in self._library.findings if finding.module == module.name]:
            return Outcome(module, Record(False, tuple(map(_finding, found)), {}))
        missing = [name for name in module.imports if name not in before or not before[name].artefact]
        if missing:
            names = ", ".join(map(dotted, missing))
            text = f"not tried, because of what it imports {names} did not build"
            return Outcome(module, Record(False, (Said("warning", 1, 0, text),), {}))
        return None

    def _build(self, building: Builder, module: Module, company: Company) -> Outcome:
        """Build a module, or take it from the store if it was built before."""
        store, key = self._cache / "artefacts", self._keys[module.name]
        artefact = find(store, key)
        if artefact is None:
            try:
                artefact = building.build(module, company.of(module))
            except NoAnswerError as error:
                said = Said("error", 1, 0, f"Lean was stopped while it built this module: {error}.")
                return Outcome(module, Record(False, (said,), {}), stopped=True)
            keep(store, key, artefact)
        record = read_record(artefact.files[RECORD])
        return Outcome(module, record, artefact if record.built else None)

    # --- the trusted stage ---

    def _judged(self, outcomes: Sequence[Outcome], ask: Ask) -> Facts:
        sources = [Source(dotted(o.module.name), o.module.file, o.record.places) for o in outcomes]
        base = digest("\0".join((_identity(self._lean), _rules())).encode())
        hearing = Hearing(sources, _built(outcomes), self._asked, Book(self._cache / "judged"), base)
        try:
            declarations, meanings = hearing.facts(ask, self._prints)
        except (ValueError, KeyError) as error:
            raise UserError("The judge's answer could not be read; check again.") from error
        read = [_unread(outcome, hearing.unreadable.get(at)) for at, outcome in enumerate(outcomes)]
        opinions = self._lean.opinions({o.module.name: o.artefact for o in read if o.artefact})
        found = Facts(
            toolchain=self._lean.name,
            confinement=confinement(),
            declarations=declarations,
            messages=(*(said for outcome in read for said in _messages(outcome)), *_doubts(opinions)),
            failed_modules=tuple(dotted(o.module.name) for o in read if not o.artefact),
            meanings=meanings,
            kernels=tuple(one.kernel for one in opinions if one.refusal is None),
        )
        return replace(found, digest=digest(codec.encode(found)))

    def _prints(self, wanted: Mapping[Name, str]) -> Mapping[Name, Print]:
        return core_prints(self._lean.library, wanted, self._cache / "core" / f"{self._lean.identity}.json")


def _built(outcomes: Sequence[Outcome]) -> dict[int, Built]:
    """The built modules by number."""
    numbers = {outcome.module.name: number for number, outcome in enumerate(outcomes)}
    return {
        number: Built(one.artefact, one.module.core, tuple(numbers[name] for name in one.module.imports))
        for number, one in enumerate(outcomes)
        if one.artefact
    }


def _unread(outcome: Outcome, why: str | None) -> Outcome:
    """The outcome of a module whose files are none of Lean's: it counts as not built."""
    if why is None:
        return outcome
    said = Said("error", 1, 0, f"What Lean built from this module cannot be read: {why}.")
    return Outcome(outcome.module, Record(False, (*outcome.record.said, said), {}))


def _messages(outcome: Outcome) -> Iterable[Message]:
    for said in outcome.record.said:
        yield Message(outcome.module.file, said.line, said.column, said.severity, said.text)


def _doubts(opinions: Iterable[Opinion]) -> Iterable[Message]:
    """Another kernel's refusal: an error of the project as a whole."""
    for one in opinions:
        if one.refusal is not None:
            text = f"The kernel {one.kernel} does not accept what was built: {one.refusal}"
            yield Message("lakefile.toml", 1, 0, "error", text)


def _finding(finding: Finding) -> Said:
    return Said("error", finding.line, 0, finding.text)


def _known(file: Path) -> Facts | None:
    try:
        return codec.decode(file.read_bytes())
    except (OSError, ValidationError):
        return None


def _identity(lean: Lean) -> str:
    """What makes artefacts: the toolchain and our Lean programs, and whether a sandbox was around them."""
    programs = [digest(file.read_bytes()) for file in sorted(drivers().glob("*.lean"))]
    return digest("\0".join([lean.identity, str(without()), *programs]).encode())


def _rules() -> str:
    """What makes facts of them: this module and those that read the outcome of both stages."""
    here = Path(__file__).parent
    files = [
        *here.glob("judge*.py"),
        *(here / f"{name}.py" for name in RULES),
    ]
    return digest("\0".join(digest(file.read_bytes()) for file in sorted(files)).encode())
