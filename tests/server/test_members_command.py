"""`chantier members`, as typed on the machine, where nothing is refused to whoever may run it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from blueprint.errors import UserError
from server.cli.verbs import group
from server.work.permissions import Role

from .web_world import Site


@pytest.fixture
def site(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    site.person("Ada L")
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    monkeypatch.setenv("CHANTIER_DATABASE_URL", site.settings.database_url.get_secret_value())
    return site


def run(*words: str) -> str:
    done = CliRunner().invoke(group, ["members", *words])
    if isinstance(done.exception, UserError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output.strip()


def test_the_first_owner_is_named_on_the_machine(site: Site) -> None:
    assert run("list", "num") == "num: 0 with a role of their own. Everybody may see it."
    assert run("appoint", "num", "Ada L", "owner") == "Ada L is an owner of Elementary number theory now."
    assert run("list", "num").startswith("owner       ")
    with pytest.raises(UserError, match="the only owner"):
        run("dismiss", "num", "Ada L")


def test_a_project_closes_and_opens(site: Site) -> None:
    site.person("Mona", Role.MAINTAINER)
    assert site.client().get("/p/num/").status_code == 200
    said = run("private", "num", "on")
    assert said == "num: only its one member sees it."
    assert site.client().get("/p/num/").status_code == 404
    assert "Only its members see it." in run("list", "num")
    assert run("private", "num", "off") == "num: everybody may see it."
    assert site.client().get("/p/num/").status_code == 200
