"""Our judge on a native Lean, and the other kernels that are found here.

The judge runs in a workspace of ours: `lake env` evaluates a lakefile, and in the trusted stage that is never
the project's. What the project depends on is found by LEAN_PATH.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from blueprint.errors import UserError
from lean_project.artefacts import Artefact
from lean_project.axioms import STANDARD_AXIOMS
from lean_project.modules import ModuleName, dotted
from lean_project.sandbox import confined
from lean_project.sandbox_command import Command, disposable
from lean_project.sandbox_process import NoAnswerError, OverrunError, Process
from lean_project.toolchain_lake import BOUNDS, Lake
from lean_project.toolchain_process import Limits, drivers

DRIVER = "Judge.lean"
KERNEL_SECONDS = 3600
WORKSPACE = 'name = "judge"\n'


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another kernel said: None where it accepted everything, else why it did not."""

    kernel: str
    refusal: str | None


class LakeJudge:
    """Answers one request with a native Lean."""

    def __init__(self, lake: Lake, limits: Limits) -> None:
        self._lake, self._limits = lake, limits

    def judge(self, request: bytes) -> bytes:
        """The answer to what `judge_docket` asks. Raises `NoAnswerError`."""
        with _workspace(self._lake) as (folder, scratch):
            requests, driver = folder / "requests", folder / DRIVER
            requests.mkdir()
            requests.joinpath("0").write_bytes(request)
            driver.write_text(
                _placed(drivers().joinpath(DRIVER).read_text("utf-8"), requests, scratch), "utf-8"
            )
            argv = ("lean", "--run", str(driver))
            command = _command(self._lake, scratch, argv, (requests, driver), self._lake.folders)
            with confined(command) as process:
                answer = self._answer(process, scratch / "answer.0")
        if not answer.startswith(b"done"):
            raise NoAnswerError(f"Lean could not judge: {answer.decode('utf-8', 'replace')[:300]}")
        return answer

    def _answer(self, process: Process, file: Path) -> bytes:
        """With what was printed where there is none: an older Lean does not understand the judge."""
        try:
            return process.wait_for(file, self._limits.start + self._limits.judge)
        except OverrunError:
            raise
        except NoAnswerError as error:
            raise NoAnswerError(f"{error}; {_last(process)}") from error


def judged(judge: LakeJudge, request: bytes) -> bytes:
    """The answer. Raises `UserError`: no answer is no verdict."""
    try:
        return judge.judge(request)
    except NoAnswerError as error:
        raise UserError(f"The judgement under `lake env` failed: {error}.") from error


def opinions(lake: Lake, built: Mapping[ModuleName, Artefact]) -> Iterator[Opinion]:
    """What the other kernels say that are on PATH here, one after another."""
    modules = tuple(dotted(name) for name in built)
    with _workspace(lake) as (folder, scratch):
        compiled = folder / "compiled"
        _lay_out(compiled, built)
        path = (compiled, *lake.folders)
        for name in ("leanchecker", "lean4checker"):
            if program := _program(lake, name):
                command = _command(lake, scratch, (str(program), *modules), (compiled, program), path)
                yield _opinion(name, command)
                break
        exporter, nanoda = _program(lake, "lean4export"), _program(lake, "nanoda_bin", "nanoda")
        if exporter and nanoda:
            yield _by_nanoda(lake, scratch, (exporter, nanoda, compiled), modules, path)


def _by_nanoda(
    lake: Lake, scratch: Path, given: tuple[Path, Path, Path], modules: Sequence[str], path: tuple[Path, ...]
) -> Opinion:
    """nanoda reads what lean4export writes, and a file that says how."""
    exporter, nanoda, compiled = given
    # Not in the scratch folder: what ran there before may have put a link in its place.
    export, settings = scratch / "export", compiled.with_name("nanoda.json")
    told = {
        "export_file_path": str(export),
        "permitted_axioms": sorted(STANDARD_AXIOMS),
        "unpermitted_axiom_hard_error": False,
        "nat_extension": True,
        "string_extension": True,
    }
    settings.write_text(json.dumps(told), "utf-8")
    line = ("sh", "-c", 'program=$1; file=$2; shift 2; exec "$program" "$@" > "$file"', "sh")
    argv = (*line, str(exporter), str(export), *modules)
    first = _opinion("lean4export", _command(lake, scratch, argv, (compiled, exporter), path))
    if first.refusal:
        return Opinion("nanoda", first.refusal)
    return _opinion("nanoda", _command(lake, scratch, (str(nanoda), str(settings)), (nanoda, settings), ()))


def _opinion(kernel: str, command: Command) -> Opinion:
    """By the exit status alone."""
    try:
        with confined(command) as process:
            status = process.wait(KERNEL_SECONDS)
            last = _last(process)
    except NoAnswerError as error:
        return Opinion(kernel, str(error))
    return Opinion(kernel, f"exit status {status}: {last}" if status else None)


def _last(process: Process) -> str:
    """The last line that it printed."""
    lines = process.printed().decode("utf-8", "replace").strip().splitlines()
    return "".join(lines[-1:])[:300] or "it printed nothing"


def _command(
    lake: Lake, scratch: Path, argv: tuple[str, ...], read: tuple[Path, ...], path: tuple[Path, ...]
) -> Command:
    packages = (lake.packages,) if lake.packages.is_dir() else ()
    return Command(
        argv=(str(lake.program), "--dir", str(scratch), "env", *argv),
        scratch=scratch,
        read=(lake.home, *packages, *read),
        environment=lake.environment(scratch, path=path),
        bounds=BOUNDS,
    )


@contextmanager
def _workspace(lake: Lake) -> Iterator[tuple[Path, Path]]:
    """A folder, and in it a workspace without anything of the project but the name of its toolchain."""
    with disposable("chantier-lake-judge-") as folder:
        scratch = folder / "scratch"
        scratch.mkdir()
        for name, text in (("lakefile.toml", WORKSPACE), ("lean-toolchain", f"{lake.version}\n")):
            scratch.joinpath(name).write_text(text, "utf-8")
        yield folder, scratch


def _placed(driver: str, requests: Path, scratch: Path) -> str:
    """The driver with the folders that it finds here where it has them in the embedded Lean."""
    return driver.replace('"/requests/', f'"{requests}/').replace('"/scratch/', f'"{scratch}/')


def _lay_out(folder: Path, built: Mapping[ModuleName, Artefact]) -> None:
    for name, artefact in built.items():
        target = folder.joinpath(*name)
        target.parent.mkdir(parents=True, exist_ok=True)
        for part, data in artefact.files.items():
            if part.startswith("olean") or part == "ir":
                Path(f"{target}.{part}").write_bytes(data)


def _program(lake: Lake, *names: str) -> Path | None:
    """A kernel that comes with the toolchain, or one that is installed here."""
    own = (lake.home / "bin" / name for name in names)
    found = next((program for program in own if program.is_file()), None)
    elsewhere = next((place for name in names if (place := shutil.which(name))), None)
    return found or (Path(elsewhere).resolve() if elsewhere else None)
