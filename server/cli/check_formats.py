"""A check as editors and CI read it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from blueprint.graph import Problem
from lean_project import facts as codec
from lean_project.findings import Findings
from lean_project.topics import Topic
from server.cli.junit import Case, junit
from server.cli.lint_formats import Locate, github, sarif

Problems = tuple[Problem, ...]
FORMATS = ("text", "json", "github", "sarif", "junit")


def formatted(form: str, findings: Findings, problems: Problems, policy: frozenset[Topic], at: Locate) -> str:
    """The findings in any format but `text`. What the policy fails on is an error everywhere."""
    if form == "json":
        facts = json.loads(codec.encode(findings.facts))
        return json.dumps(facts, ensure_ascii=False, indent=1)
    if form == "junit":
        return junit(findings.graph.title or "Chantier", list(_cases(findings, problems, policy)))
    return {"github": github, "sarif": sarif}[form](problems, at)


def _cases(findings: Findings, problems: Problems, policy: frozenset[Topic]) -> Iterator[Case]:
    for module in findings.facts.failed_modules:
        said = "\n".join(one.message for one in problems if one.code == Topic.UNBUILT)
        yield _case(Case(module, "modules"), said, Topic.UNBUILT in policy)
    for node in findings.graph.nodes:
        own = [problem for problem in problems if problem.node == node.id]
        place = next((problem.place for problem in own if problem.place), node.statement.place)
        case = Case(node.id, node.sections[0] if node.sections else "nodes", place.file, place.line)
        said = "\n".join(problem.message for problem in own)
        failed = any(problem.code in policy for problem in own)
        passes = findings.statuses[node.id].passes and not failed
        yield case if passes else _case(case, said or "no declaration is named", failed)


def _case(case: Case, said: str, failed: bool) -> Case:
    return replace(case, failed=said) if failed else replace(case, skipped=said)
