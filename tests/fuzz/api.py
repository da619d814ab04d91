"""Schemathesis against the API, over real HTTP and a real database: every answer is one that the description
has, and none is a fault, whatever is asked.

`python -m tests.fuzz.api --examples 200` asks for longer than the test suite does.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import schemathesis
import structlog
from schemathesis.engine import events, from_schema
from werkzeug.serving import make_server

from server.work.permissions import Role
from tests.server.web_world import Site, make_site

DESCRIPTION = "/api/v1/openapi.json"
# Who asks: the scopes of their token, and their role.
WHO: dict[str, tuple[frozenset[str], Role] | None] = {
    "anonymous": None,
    "reader": (frozenset({"read"}), Role.CONTRIBUTOR),
    "writer": (frozenset({"read", "write"}), Role.CONTRIBUTOR),
    "maintainer": (frozenset({"read", "write"}), Role.MAINTAINER),
}
PHASES = ("examples", "coverage", "fuzzing", "stateful")
# What is well formed may be refused all the same: a text that is no date, a cursor that is none.
ACCEPTED = ["2xx", "304", "400", "401", "403", "404", "409"]


@dataclass
class Found:
    """What a campaign came to: how many operations there are, which were asked, what came, what is wrong."""

    described: int = 0
    asked: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    phases: dict[str, str] = field(default_factory=dict)
    wrong: dict[tuple[str, str], str] = field(default_factory=dict)


def campaign(
    who: str,
    *,
    examples: int,
    seed: int,
    project: str | None = "num",
    phases: Collection[str] = PHASES,
) -> Found:
    """Requests by one who asks; with a `project`, every address below it is one of a real project."""
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as (site, address):
        settings = {
            "seed": seed,
            "headers": _headers(site, who),
            "parameters": {"path.slug": project} if project else {},
            "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
            "phases": {phase: {"enabled": phase in phases} for phase in PHASES},
            "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
            "continue-on-failure": True,
        }
        config = schemathesis.Config.from_dict(settings)
        schema = schemathesis.openapi.from_url(f"{address}{DESCRIPTION}", config=config)
        found = Found(described=sum(1 for _ in schema.get_all_operations()))
        for event in from_schema(schema).execute():
            _note(found, event)
        return found


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Site, str]]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    site = make_site(folder)
    site.add_project()
    for limiter in site.flask.extensions["limiter"]:
        limiter.enabled = False
    server = make_server("127.0.0.1", 0, site.flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield site, f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        site.database.close()


def _headers(site: Site, who: str) -> dict[str, str]:
    known = WHO[who]
    if known is None:
        return {}
    scopes, role = known
    return {"Authorization": f"Bearer {site.token(site.person('Cleo', role), scopes)}"}


def _note(found: Found, event: events.EngineEvent) -> None:
    if isinstance(event, events.PhaseFinished):
        found.phases[event.phase.name.value] = event.status.value
    elif isinstance(event, events.ScenarioFinished):
        _note_answers(found, event)
    elif isinstance(event, events.NonFatalError):
        found.wrong["error", event.label] = str(event.value)
    elif isinstance(event, events.FatalError):
        found.wrong["error", "everything"] = repr(event.exception)


def _note_answers(found: Found, event: events.ScenarioFinished) -> None:
    cases = event.recorder.cases
    for id, interaction in event.recorder.interactions.items():
        if interaction.response is not None:
            found.statuses[interaction.response.status_code] += 1
            if id in cases:
                found.asked.add(cases[id].value.operation.label)
    for checks in event.recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                words = f"{failure.message}\n{check.failure_info.code_sample}"
                found.wrong[check.name, failure.operation or event.recorder.label] = words


def main() -> None:
    """Ask as everybody, print what came of it, and end badly where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=100, help="For each operation and phase.")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    bad = False
    for who in WHO:
        for project in ("num", None):
            found = campaign(who, examples=asked.examples, seed=asked.seed, project=project)
            print(f"{who}, {project or 'any project'}: {len(found.asked)} operations, {dict(found.statuses)}")
            for (check, operation), words in found.wrong.items():
                print(f"  {check}, {operation}: {words}")
            bad = bad or bool(found.wrong)
    sys.exit(bad)


if __name__ == "__main__":
    main()
