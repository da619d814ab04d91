"""The verbs `credit` and `ledger`, as typed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from blueprint.errors import UserError
from server.cli.verbs import group

LINK = "https://example.org/pull/4"


@pytest.fixture
def run(monkeypatch, tmp_path, village):
    """Run `chantier ...` on a synced project with Ana, who proved `thm:a`, Ben and the maintainer Max."""
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CHANTIER_CONFIG", raising=False)

    def run(*words, status=0):
        outcome = CliRunner().invoke(group, [str(word) for word in words], env={"COLUMNS": "200"})
        if outcome.exception and not isinstance(outcome.exception, SystemExit):
            raise outcome.exception
        assert outcome.exit_code == status, outcome.output
        return outcome.output

    village.commit(village.ana, [village.node("thm:a")], "theorem a : A := by simp")
    run("sync", village.folder)
    run("login", "Ben", "--new")
    run("login", "Max", "--new", "--role", "maintainer")
    return run


def broken(tmp_path, statement):
    with closing(sqlite3.connect(tmp_path / "data" / "chantier.db")) as connection, connection:
        connection.execute("DROP TRIGGER credit_no_update")
        connection.execute("DROP TRIGGER credit_no_delete")
        connection.execute(statement)


def test_the_life_of_a_contribution(run):
    made = run("credit", "add", "Ana", "informal proof", "--on", "thm:a", "--evidence", LINK, "--as", "Ben")
    assert made == "Credit 3, informal proof for Theorem a, of Ana is proposed.\n"
    waiting = run("credit", "list", "--of", "Ana", "--waiting")
    assert waiting.startswith("    3  proposed   Ana: informal proof")
    run("credit", "confirm", 3, "--as", "Ana")
    run("credit", "dispute", 3, "--evidence", LINK, "--as", "Ben")
    run("credit", "confirm", 3)
    run("credit", "disclose", "entry 3", "agent", "--tool", "Prover", "--as", "Ana")
    assert run("credit", "list", "--on", "thm:a").splitlines()[0] == (
        "    3  confirmed  Ana: informal proof on thm:a (lead, agent: Prover, says Ben)"
    )
    new = run("credit", "correct", 3, "Ana", "example", "--evidence", LINK, "--as", "Ben")
    assert new == "Credit 8, example, of Ana is proposed.\n"
    assert run("credit", "refuse", 8, "--as", "Ana").endswith("is refused.\n")
    assert "9 entries, unbroken; the last is " in run("ledger", "verify")
    with pytest.raises(UserError, match="cannot change it any more"):
        run("credit", "confirm", 8, "--as", "Ben")


def test_a_name_goes_and_comes_back(run):
    assert run("credit", "name", "hidden", "--as", "Ana").endswith("you are somebody #1.\n")
    for form in ("json", "csv", "markdown", "cff"):
        assert "Ana" not in run("credit", "export", "--format", form)
    assert "Ana" not in run("report", "--since", "52w") + run("credit", "list")
    run("credit", "name", "pseudonym", "--pseudonym", "Anon Y. Mous", "--as", "#1")
    assert (
        json.loads(run("credit", "export", "--format", "json"))["contributors"][0]["name"] == "Anon Y. Mous"
    )
    assert run("credit", "name", "real", "--as", "#1").endswith("you are Ana.\n")
    assert "2 entries, unbroken" in run("ledger", "verify", "--project", "village")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE credit SET degree = 'supporting' WHERE seq = 2",
        "UPDATE credit SET by_id = 2 WHERE seq = 2",
        "UPDATE credit SET method = 'manual' WHERE seq = 2",
        "UPDATE credit SET act = 'refused' WHERE seq = 2",
    ],
)
def test_verify_says_where_a_chain_breaks(run, tmp_path, change):
    broken(tmp_path, change)
    assert "village: broken at entry 2 of 2" in run("ledger", "verify", status=1)


def test_what_was_cut_off_the_end_is_missed_by_whoever_wrote_the_hash_down(run, tmp_path):
    last = run("ledger", "verify").strip().rstrip(".").split()[-1]
    assert run("ledger", "verify", "--knows", last)
    broken(tmp_path, "DELETE FROM credit WHERE seq = 2")
    assert "1 entry, unbroken" in run("ledger", "verify")
    assert "entries were taken away" in run("ledger", "verify", "--knows", last, status=1)


TABLE = f"""
# Who did what

| Who      | What                 | On      | Link             | Weather |
|----------|----------------------|---------|------------------|---------|
| Ana      | Example              | `thm:a` | [pull]({LINK})   | sun     |
| @Ben     | error report, review | thm:a   | {LINK}           | rain    |
| Ana, Ben | coordination         |         |                  | rain    |
| Bern     | exposition           | thm:a   | {LINK}           | fog     |
| ChatGPT  | exposition           | thm:a   | {LINK}           | fog     |
| Ana      | singing              | thm:a   | {LINK}           | fog     |
| Ana      | example              | thm:z   | {LINK}           | fog     |
"""


def test_a_table_is_taken_in_and_what_is_unsure_is_told(run, tmp_path):
    file = tmp_path / "credit.md"
    file.write_text(TABLE)
    planned = run("credit", "import", file, "--evidence", LINK, status=1)
    assert "line 6: would enter: example on thm:a by Ana" in planned
    assert "The column `Weather` is not taken over." in planned
    assert "5 contributions to enter, 0 known before." in planned
    assert len(run("credit", "list").splitlines()) == 2
    done = run("credit", "import", file, "--evidence", LINK, "--write", status=1)
    for line in (
        "line 7: entered: review on thm:a by Ben",
        "line 8: entered: coordination by Ana",
        "line 8: entered: coordination by Ben",
        "Nobody here is called Bern; did you mean `@Ben`?",
        "A program is a tool, and no contributor",
        "There is no kind of contribution called `singing`",
        "There is no node `thm:z`",
        "4 rows have something unsure:",
        TABLE.splitlines()[-1],
    ):
        assert line in done
    listed = run("credit", "list")
    assert len(listed.splitlines()) == 7
    assert listed.count("proposed") == 5
    assert "0 contributions entered, 5 known before." in run(
        "credit", "import", file, "--evidence", LINK, "--write", status=1
    )
    assert "7 entries, unbroken" in run("ledger", "verify")


def test_a_table_may_make_people_known(run, tmp_path):
    file = tmp_path / "credit.md"
    file.write_text(f"|person|kind|evidence|\n|-|-|-|\n|Wilhelmina Xu|figure|{LINK}|\n|Benn|figure|{LINK}|\n")
    assert "1 contribution entered" in run("credit", "import", file, "--write", "--new-people", status=1)
    assert "Wilhelmina Xu: figure" in run("credit", "list", "--of", "Wilhelmina Xu")


def test_a_row_that_is_left_makes_nobody_known(run, tmp_path):
    file = tmp_path / "credit.md"
    file.write_text(f"|person|kind|evidence|\n|-|-|-|\n|Wilhelmina Xu|singing|{LINK}|\n|Quentin|figure||\n")
    told = run("credit", "import", file, "--write", "--new-people", status=1)
    assert "no kind of contribution called `singing`" in told
    assert "Credit needs evidence" in told
    for name in ("Wilhelmina Xu", "Quentin"):
        with pytest.raises(UserError, match="Nobody here is called"):
            run("credit", "list", "--of", name)


def test_without_a_table_nothing_is_taken_in(run, tmp_path):
    (tmp_path / "credit.md").write_text("| a | b |\n|---|---|\n| 1 | 2 |\n")
    with pytest.raises(UserError, match="no table of credit"):
        run("credit", "import", tmp_path / "credit.md")


def test_the_leaderboard_is_off_until_a_maintainer_shows_it(run):
    with pytest.raises(UserError, match="need to be a maintainer"):
        run("credit", "leaderboard", "on", "--as", "Ben")
    assert run("credit", "leaderboard") == "village shows no leaderboard.\n"
    assert run("credit", "leaderboard", "on") == ""  # nobody did anything that is not trivial
    assert run("credit", "ranked", "no", "--as", "Ana") == "Leaderboards may not show Ana.\n"
    assert run("credit", "leaderboard", "off") == "village shows no leaderboard.\n"
