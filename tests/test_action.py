"""`action.yml`: its shape, that no input can become shell, and its steps run with programs that stand in."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from lean_project.topics import read_policy

ACTION = Path(__file__).resolve().parent.parent / "action.yml"
TEXT = ACTION.read_text("utf-8")
HOSTILE = "$(touch pwned)`touch pwned`; touch pwned #'\"\n--json\n::set-output name=x::y"


@dataclass(frozen=True)
class Step:
    """What stands between two `- name:` of the steps, as text: the file is simple, and kept so."""

    name: str
    text: str

    @property
    def script(self) -> str:
        body = self.text.split("run: |\n", 1)[1]
        return "\n".join(line.removeprefix(" " * 8) for line in body.splitlines()) + "\n"

    @property
    def inputs(self) -> dict[str, str]:
        """Variable -> expression."""
        return dict(re.findall(r"^        ([A-Z_]+): \$\{\{ (.*?) \}\}$", self.text, re.M))


STEPS = [Step(*found) for found in re.findall(r"    - name: ([^\n]*)\n(.*?)(?=\n    - name|\Z)", TEXT, re.S)]
INPUTS = re.findall(
    r"^  ([a-z-]+):\n    description", TEXT.split("\noutputs:")[0].split("\ninputs:")[1], re.M
)


def test_it_is_a_composite_action_with_everything_described() -> None:
    assert "\n  using: composite\n" in TEXT
    assert [step.name for step in STEPS] == [
        "Install Chantier",
        "Install the embedded Lean",
        "Check",
        "Compare",
    ]
    for step in STEPS:
        assert "      shell: bash\n" in step.text
        assert step.script.startswith("set -euo pipefail\n")
    assert TEXT.count("default:") == len(INPUTS) == 8
    assert "uses:" not in TEXT
    assert "\t" not in TEXT


def test_no_expression_stands_in_a_script() -> None:
    """An expression is put in before the shell reads the line, so an input there would be shell."""
    for step in STEPS:
        assert "${{" not in step.script


def test_every_input_is_used_and_every_expression_known() -> None:
    used = {name for step in STEPS for name in re.findall(r"inputs\.([a-z-]+)", step.text)}
    assert used == set(INPUTS)
    allowed = re.compile(r"inputs\.[a-z-]+|github\.action_path|steps\.\w+\.outputs\.\w+|!cancelled\(\) .*")
    assert [one for one in re.findall(r"\$\{\{ (.*?) \}\}", TEXT) if not allowed.fullmatch(one)] == []


def test_the_default_policy_is_one() -> None:
    found = re.search(r"fail-on:\n.*\n    default: (.*)", TEXT)
    assert found is not None
    assert read_policy(found[1])


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_bash_understands_it(step: Step) -> None:
    subprocess.run(["bash", "-n"], input=step.script, text=True, check=True)


@dataclass
class Runner:
    """A folder that stands in for GitHub's runner; `chantier` writes down its arguments."""

    folder: Path

    def run(self, name: str, status: int = 0, **inputs: str) -> subprocess.CompletedProcess[str]:
        step = next(step for step in STEPS if step.name == name)
        program = self.folder / "bin" / "chantier"
        program.parent.mkdir(exist_ok=True)
        program.write_text(
            f'#!/bin/sh\nprintf "%s\\0" "$@" >> "{self.folder}/said"\nprintf "\\n" >> "{self.folder}/said"\n'
            f'echo output\ncase "$*" in *none*) exit 0;; *) exit {status};; esac\n'
        )
        program.chmod(0o755)
        files = {name: str(self.folder / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        given = {variable: inputs.get(variable, "") for variable in step.inputs}
        environment = {"PATH": f"{program.parent}:{os.environ['PATH']}", "RUNNER_TEMP": str(self.folder)}
        return subprocess.run(
            ["bash", "-e"],
            input=step.script,
            env={**environment, **files, **given},
            cwd=self.folder,
            text=True,
            capture_output=True,
            check=False,
        )

    def said(self) -> list[list[str]]:
        calls = (self.folder / "said").read_text("utf-8").split("\0\n")
        return [call.split("\0") for call in calls if call]


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_the_check_reports_only_where_it_is_told_to(runner: Runner) -> None:
    done = runner.run("Check", PROJECT=".", FAIL_ON="drift", REPORT_TO="")
    assert done.returncode == 0, done.stderr
    assert runner.said()[-1] == ["check", "--format=github", "--fail-on=drift", "--", "."]
    runner.run("Check", PROJECT="p", FAIL_ON="drift", REPORT_TO="https://x/api")
    out = f"{runner.folder}/chantier-out"
    assert runner.said()[-1] == [
        "check",
        "--format=github",
        "--fail-on=drift",
        f"--report={out}/report.json",
        "--post=https://x/api",
        "--",
        "p",
    ]
    assert f"sarif={out}/chantier.sarif\n" in (runner.folder / "GITHUB_OUTPUT").read_text()
    assert (runner.folder / "chantier-out" / "chantier.xml").read_text() == "output\n"


def test_the_status_of_the_check_is_that_of_the_step(runner: Runner) -> None:
    assert runner.run("Check", status=1, PROJECT=".", FAIL_ON="drift").returncode == 1
    (runner.folder / "chantier-out").mkdir(exist_ok=True)
    compared = runner.run("Compare", status=1, PROJECT=".", BASE="main", FAIL_ON="drift")
    assert compared.returncode == 1
    assert (runner.folder / "GITHUB_STEP_SUMMARY").read_text() == "output\n"
    assert "comparison=" in (runner.folder / "GITHUB_OUTPUT").read_text()


@pytest.mark.parametrize("name", ["Check", "Compare"])
def test_hostile_inputs_stay_arguments(runner: Runner, name: str) -> None:
    (runner.folder / "chantier-out").mkdir()
    hostile = dict.fromkeys(("PROJECT", "FAIL_ON", "BASE", "REPORT_TO"), HOSTILE)
    assert runner.run(name, **hostile).returncode == 0
    assert not list(runner.folder.rglob("pwned"))
    last = runner.said()[-1]
    assert last[last.index("--") + 1 :] == [HOSTILE]
    assert [word for word in last if word == "--json"] == []
