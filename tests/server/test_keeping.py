"""Copies of everything, and projects that move from one server to another."""

from __future__ import annotations

import gzip
import hashlib
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from blueprint.errors import UserError
from server import inspection, keeping, papers
from server.records.projects import ProjectRow
from server.service import claims, contributions, erasing, ledgers, people, views
from server.service.audit import require_sound
from server.service.contributions import Assertion
from server.store import Database
from server.store.parcels import GIVEN, LEFT_OUT, TAKEN
from server.store.people import ACCOUNT
from server.store.schema import revisions
from server.store.tables import metadata
from server.sync import sync
from server.work.permissions import Role

from . import conftest
from .conftest import START, Village
from .lived_in import DAY, live_in
from .migrating import fill, migrate
from .migrating import kept as content

# Columns that nobody may take elsewhere.
SECRET = {"hash", "token_hash", "key"}


@pytest.fixture
def project(any_database: Database, village: Village) -> ProjectRow:
    return live_in(any_database, village)


def told(database: Database, project: ProjectRow) -> Any:
    with database.reading() as store:
        return views.snapshot(store, project, START + 3 * DAY)


def changed(file: Path, change: Callable[[list[dict[str, Any]]], None]) -> Path:
    """The file with other lines, under a manifest that fits them."""
    lines = [json.loads(line) for line in file.read_text().splitlines()][:-1]
    change(lines)
    manifest: dict[str, dict[str, Any]] = {}
    hashes: dict[str, Any] = {}
    out = []
    for line in lines:
        data = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        out.append(data)
        name = next(iter(line))
        if len(line) == 1:
            hashes.setdefault(name, hashlib.sha256()).update(f"{data}\n".encode("utf-8", "surrogatepass"))
            rows = manifest.get(name, {"rows": 0})["rows"] + 1
            manifest[name] = {"rows": rows, "sha256": hashes[name].hexdigest()}
    out.append(json.dumps({"manifest": manifest}))
    file.write_bytes("".join(f"{line}\n" for line in out).encode("utf-8", "surrogatepass"))
    return file


def tampered(url: str, change: str) -> None:
    """Somebody who may do anything with the database changes credit."""
    engine = create_engine(url)
    with engine.begin() as connection:
        if url.startswith("sqlite"):
            connection.execute(text("DROP TRIGGER credit_no_update"))
        else:
            connection.execute(text("ALTER TABLE credit DISABLE TRIGGER ALL"))
        connection.execute(text(change))
    engine.dispose()


def row(lines: list[dict[str, Any]], table: str, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = [line[table] for line in lines if table in line][number]
    return found


def test_every_table_is_either_taken_along_or_left_out() -> None:
    taken = {table.name for table in TAKEN}
    assert taken | LEFT_OUT == set(metadata.tables)
    assert not taken & LEFT_OUT
    secret = {
        (table.name, column.name) for table in TAKEN for column in table.columns if column.name in SECRET
    }
    assert secret == {("credit", "hash")}


def test_a_project_is_read_back_identically_on_the_other_kind_of_database(
    any_database: Database, project: ProjectRow, other_url: str, tmp_path: Path
) -> None:
    there, back = tmp_path / "there.jsonl", tmp_path / "back.jsonl"
    keeping.export(any_database, project.slug, there)
    other = Database(other_url)
    arrived = keeping.bring_in(other, there)
    keeping.export(other, project.slug, back)
    assert there.read_bytes() == back.read_bytes()
    assert told(other, arrived).tasks == told(any_database, project).tasks
    assert told(other, arrived).credit == told(any_database, project).credit
    assert sync(other, Path(project.path), START + 3 * DAY).unchanged
    with other.begin() as store:
        ana = people.by_name(store, "Ana of the chat")
        assert ana.role is Role.CONTRIBUTOR
        new = people.add(store, "Cleo", Role.CONTRIBUTOR, START)
        claims.claim(store, arrived, new, "thm:c", until=None, now=START + 3 * DAY)
    other.close()


def test_a_row_of_every_table_that_is_taken_comes_through(database_url: str, other_url: str) -> None:
    """Whatever tables and columns there will be: the first of the generic rows of each belong together."""
    here, there = Database(database_url), Database(other_url)
    fill(database_url)
    with here.reading() as store:
        rows = list(store.parcels.rows(1))
    assert {table for table, _ in rows} == {table.name for table in TAKEN}
    with there.begin() as store:
        project_id = store.parcels.add(rows)
        assert list(store.parcels.rows(project_id)) == rows
    here.close()
    there.close()


def test_no_secret_is_exported(
    any_database: Database, database_url: str, project: ProjectRow, tmp_path: Path
) -> None:
    keeping.export(any_database, project.slug, tmp_path / "p.jsonl")
    said = (tmp_path / "p.jsonl").read_text()
    rows = content(database_url)
    secrets = [
        row[name] for table in rows.keys() & LEFT_OUT for row in rows[table] for name in SECRET & row.keys()
    ]
    assert len(secrets) > 3
    assert not [secret for secret in secrets if secret in said]
    assert not [name for _, name in GIVEN if f'"{name}"' in said.split('"people":', 1)[1].split("}", 1)[0]]
    assert stat.S_IMODE((tmp_path / "p.jsonl").stat().st_mode) == 0o600


def test_nobody_signs_in_by_what_a_file_says(
    any_database: Database, project: ProjectRow, other_url: str
) -> None:
    with any_database.begin() as store:
        ana = people.by_name(store, "Ana of the chat")
        store.people.link(ana.id, ACCOUNT, "https://github.com#1", START)
        rows = list(store.parcels.rows(project.id))
    known = [values for table, values in rows if table == "identities"]
    assert ACCOUNT not in {values["kind"] for values in known}
    forged = {**known[-1], "id": len(known) + 1, "kind": ACCOUNT, "value": "https://github.com#2"}
    place = max(n for n, (table, _) in enumerate(rows) if table == "identities")
    other = Database(other_url)
    with other.begin() as store:
        store.parcels.add([*rows[: place + 1], ("identities", forged), *rows[place + 1 :]])
        assert store.people.by_identity(ACCOUNT, "https://github.com#2") is None
    other.close()


def test_a_project_joins_others_if_it_goes_by_another_name(
    any_database: Database, project: ProjectRow, tmp_path: Path
) -> None:
    file = tmp_path / "p.jsonl"
    keeping.export(any_database, project.slug, file)
    with pytest.raises(UserError, match="--slug"):
        keeping.bring_in(any_database, file)
    with pytest.raises(UserError, match="--folder"):
        keeping.bring_in(any_database, file, slug="second")
    second = keeping.bring_in(any_database, file, "second", tmp_path / "second")
    assert (second.slug, second.path) == ("second", str(tmp_path / "second"))
    assert told(any_database, second).credit[0].person_id == told(any_database, project).credit[0].person_id
    with any_database.reading() as store:
        assert store.ledger.entries(second.id) == store.ledger.entries(project.id)


def test_people_get_other_numbers_where_theirs_are_somebody_elses(
    any_database: Database, project: ProjectRow, other_url: str, tmp_path: Path
) -> None:
    """Their ledger verifies and goes on, and the project leaves again as it came."""
    there, back = tmp_path / "there.jsonl", tmp_path / "back.jsonl"
    keeping.export(any_database, project.slug, there)
    other = Database(other_url)
    with other.begin() as store:
        zoe, yan = (people.add(store, name, Role.MAINTAINER, START) for name in ("Zoe", "Yan"))
    arrived = keeping.bring_in(other, there)
    keeping.export(other, arrived.slug, back)
    assert there.read_bytes() == back.read_bytes()
    with other.begin() as store:
        ledger, credit = store.ledger.entries(arrived.id), store.ledger.views(arrived.id)
        assert {(one.person_name, one.kind) for one in credit} == {
            (one.person_name, one.kind) for one in told(any_database, project).credit
        }
        assert not {one.person_id for one in credit} & {zoe.id, yan.id}
        [holder] = {one.person_name for lease in store.tasks.claims(arrived.id) for one in lease.crew}
        assert holder == "Ana of the chat"
        said = Assertion("Zoe", "example", ("https://example.org/1",), "thm:a")
        contributions.add(store, arrived, people.by_name(store, "Yan"), said, now=START + 3 * DAY)
        assert ledgers.verify(store, arrived).broken is None
        assert store.ledger.entries(arrived.id)[:-1] == ledger
        entry = store.ledger.entries(arrived.id)[-1][0]
        assert not {entry.person_id, entry.by} & {one.person_id for one, _, _ in ledger}
    with any_database.reading() as store:
        assert store.ledger.entries(project.id) == ledger
    keeping.export(other, arrived.slug, back)
    other.close()
    third = Database(f"sqlite:///{tmp_path / 'third.db'}")
    keeping.bring_in(third, back)
    third.close()


def test_credit_that_is_moved_to_somebody_behind_the_servers_back_shows(
    any_database: Database, project: ProjectRow, other_url: str, tmp_path: Path
) -> None:
    """To somebody whose own number here is the one that is sealed, too."""
    keeping.export(any_database, project.slug, tmp_path / "p.jsonl")
    other = Database(other_url)
    with other.begin() as store:
        for name in ("Zoe", "Yan", "Xia"):
            people.add(store, name, Role.CONTRIBUTOR, START)
    arrived = keeping.bring_in(other, tmp_path / "p.jsonl")
    with other.reading() as store:
        sealed = store.ledger.entries(arrived.id)[0][0].person_id
        assert people.get(store, sealed).name in ("Zoe", "Yan", "Xia")
    tampered(other_url, f"UPDATE credit SET person_id = {sealed} WHERE seq = 1")
    with other.reading() as store:
        assert ledgers.verify(store, arrived).broken == 1
    other.close()


def test_who_is_known_by_an_address_here_is_the_same_and_a_number_in_a_chat_proves_nothing(
    any_database: Database, project: ProjectRow, other_url: str, village: Village, tmp_path: Path
) -> None:
    keeping.export(any_database, project.slug, tmp_path / "p.jsonl")
    other = Database(other_url)
    with other.begin() as store:
        seven = people.by_zulip(store, 7, "Seven", START)
        ana = people.by_git(store, "A. Nother", village.ana.email, START)
        store.people.set_role(ana.id, Role.VISITOR)
    arrived = keeping.bring_in(other, tmp_path / "p.jsonl")
    with other.reading() as store:
        assert people.get(store, ana.id).role is Role.VISITOR
        holders = {one.person_id for lease in store.tasks.claims(arrived.id) for one in lease.crew}
        assert holders == {ana.id}
        assert people.known_in_chat(store, 7).id == seven.id
        assert {one.id for one in store.people.every() if one.name == "Ben"}.isdisjoint((seven.id, ana.id))
        require_sound(store, arrived)
    other.close()


def test_who_was_erased_stays_so_wherever_the_project_goes(
    any_database: Database, project: ProjectRow, other_url: str, village: Village, tmp_path: Path
) -> None:
    with any_database.begin() as store:
        store.log.record(project.id, "credit", "thanked Ana of the chat", START + 2 * DAY)
        erasing.erase(store, people.by_name(store, "Ana of the chat"), START + 2 * DAY)
    there, back = tmp_path / "there.jsonl", tmp_path / "back.jsonl"
    keeping.export(any_database, project.slug, there)
    other = Database(other_url)
    with other.begin() as store:
        for name in ("Zoe", "Yan"):
            people.add(store, name, Role.CONTRIBUTOR, START)
        known = people.by_git(store, "Ana", village.ana.email, START)
    arrived = keeping.bring_in(other, there)
    with other.begin() as store:
        assert people.by_git(store, "Ana", village.ana.email, START).id == known.id
        credited = {one.person_id: one.person_name for one in store.ledger.views(arrived.id)}
        [gone] = [id for id, name in credited.items() if name == f"somebody #{id}"]
        assert f"thanked somebody #{gone}" in [event.text for event in store.log.events(arrived.id)]
    assert known.id not in credited
    keeping.export(other, arrived.slug, back)
    # All is as it was, but for the address by which somebody else is known there.
    assert _but_for_addresses(there) == _but_for_addresses(back)
    other.close()


def test_who_was_erased_here_does_not_come_back_with_a_project(
    any_database: Database, project: ProjectRow, village: Village, tmp_path: Path
) -> None:
    file = tmp_path / "p.jsonl"
    keeping.export(any_database, project.slug, file)
    with any_database.begin() as store:
        ana = people.by_name(store, "Ana of the chat")
        erasing.erase(store, ana, START + 3 * DAY)
    again = keeping.bring_in(any_database, file, "again", tmp_path / "again")
    with any_database.reading() as store:
        assert not [one.name for one in store.people.every() if one.name == "Ana of the chat"]
        assert {one.person_id for one in store.ledger.views(again.id)} & {ana.id}
        assert "Ana of the chat" not in str(store.log.events(again.id))
        require_sound(store, again)
    with pytest.raises(UserError, match="no person number"), any_database.reading() as store:
        people.get(store, ana.id)


def test_two_in_a_file_who_are_one_here_are_one(
    any_database: Database, project: ProjectRow, other_url: str, village: Village, tmp_path: Path
) -> None:
    keeping.export(any_database, project.slug, tmp_path / "p.jsonl")
    other = Database(other_url)
    with other.begin() as store:
        both = people.by_git(store, "Both", village.ana.email, START)
        people.link_git(store, both, village.ben.email, START)
    arrived = keeping.bring_in(other, tmp_path / "p.jsonl")
    with other.begin() as store:
        assert {one.person_id for one in store.ledger.views(arrived.id)} == {both.id}
        assert people.by_git(store, "Ben", village.ben.email, START).id == both.id
        require_sound(store, arrived)
    other.close()


def _but_for_addresses(file: Path) -> list[str]:
    lines = file.read_text().splitlines()[:-1]
    return [line for line in lines if "identities" not in json.loads(line)]


HOSTILE: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "an unknown table": lambda lines: lines.insert(1, {"sqlite_master": {"id": 1}}),
    "a table with secrets": lambda lines: lines.insert(1, {"api_tokens": {"id": 1}}),
    "another column": lambda lines: row(lines, "people").update(role="maintainer"),
    "a column less": lambda lines: row(lines, "nodes").pop("label"),
    "a number as text": lambda lines: row(lines, "tasks").update(version="1; DROP TABLE people"),
    "a number too large": lambda lines: row(lines, "tasks").update(version=2**40),
    "a text too long": lambda lines: row(lines, "projects").update(slug="x" * 81),
    "a path as a name": lambda lines: row(lines, "projects").update(slug="../x"),
    "a NUL": lambda lines: row(lines, "people").update(name="a\0b"),
    "half a character": lambda lines: row(lines, "people").update(name="\ud800"),
    "a moment without a zone": lambda lines: row(lines, "people").update(created="2026-03-02T09:00:00"),
    "no moment": lambda lines: row(lines, "people").update(created="yesterday"),
    "a truth that is a number": lambda lines: row(lines, "nodes").update(gone=1),
    "no base64": lambda lines: row(lines, "snapshots").update(graph="%%%"),
    "data that does not unpack": lambda lines: row(lines, "snapshots", -1).update(graph="AAAA"),
    "a reference to nothing": lambda lines: row(lines, "tasks").update(node_id=99),
    "a reference to itself": lambda lines: row(lines, "people").update(same_as=99),
    "a node twice": lambda lines: row(lines, "nodes").update(label=row(lines, "nodes", 1)["label"]),
    "numbers out of order": lambda lines: row(lines, "nodes").update(id=7),
    "no project": lambda lines: lines.__delitem__(slice(1, None)),
    "a state that its events do not explain": lambda lines: row(lines, "tasks").update(state="regressed"),
    "a lease out of nothing": lambda lines: row(lines, "claims").update(ended=None, ending=None),
    "an event that cannot have happened": lambda lines: row(lines, "task_events").update(what="expired"),
    "an event that there is not": lambda lines: row(lines, "task_events").update(what="haunted"),
    "a kind of task that there is not": lambda lines: row(lines, "tasks").update(kind="haunt"),
    "a kind of credit that there is not": lambda lines: row(lines, "credit").update(act="haunted"),
    "rules that nobody can have": lambda lines: row(lines, "projects").update(policy={"cap": "many"}),
    "rules that are none": lambda lines: row(lines, "projects").update(policy=[1]),
    "a graph that is something else": lambda lines: row(lines, "snapshots", -1).update(
        graph=row(lines, "snapshots", -1)["facts"]
    ),
    "credit for somebody else": lambda lines: row(lines, "credit").update(person_id=3),
    "a hash of one's own": lambda lines: row(lines, "credit").update(hash="0" * 64),
    "an entry less": lambda lines: lines.remove({"credit": row(lines, "credit")}),
    "another revision": lambda lines: lines[0].update(revision="0001"),
    "a backup": lambda lines: lines[0].update(chantier="backup"),
}


@pytest.fixture(scope="module")
def parcel(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("parcel")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspection, "read", conftest.read)
        patch.setattr(inspection, "check", conftest.check)
        database = Database(f"sqlite:///{folder / 'chantier.db'}")
        live_in(database, Village(folder / "village"))
    keeping.export(database, "village", folder / "p.jsonl")
    database.close()
    return (folder / "p.jsonl").read_bytes()


@pytest.fixture(scope="module", params=conftest.KINDS)
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """For tests that leave it so."""
    database = Database(conftest.empty_database(request, tmp_path_factory.mktemp("empty"), request.param))
    yield database
    database.close()


@pytest.mark.parametrize("wrong", HOSTILE)
def test_a_hostile_file_brings_nothing_in(empty: Database, parcel: bytes, tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "p.jsonl"
    file.write_bytes(parcel)
    changed(file, HOSTILE[wrong])
    with pytest.raises(UserError) as refused:
        keeping.bring_in(empty, file)
    assert "\n" not in str(refused.value)
    with empty.reading() as store:
        assert store.books.is_empty()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1f\x8bnonsense",
        b"[" * 100_000,
        b"nonsense\n",
        b"\xff\xfe\n",
        b'{"chantier":"project","format":2,"revision":"0001"}\n',
        b'{"chantier":"project","format":1,"revision":{}}\n',
        b'{"chantier":"project"}\n',
        b"[1]\n",
    ],
)
def test_what_is_no_such_file_is_one_sentence(database: Database, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    for act in (keeping.bring_in, keeping.restore):
        with pytest.raises(UserError, match=r"x(:1)?[: ]"):
            act(database, tmp_path / "x")
    with pytest.raises(UserError, match="cannot be read"):
        keeping.bring_in(database, tmp_path / "none")


@pytest.mark.parametrize("wrong", ["cut", "more", "other", "number"])
def test_a_damaged_file_brings_nothing_in(empty: Database, parcel: bytes, tmp_path: Path, wrong: str) -> None:
    ways = {
        "cut": parcel[: parcel.rindex(b'{"manifest"')],
        "more": parcel + b'{"people":{}}\n',
        "other": parcel.replace(b"Ben", b"Bob"),
        "number": parcel.replace(b'"rows":1', b'"rows":NaN', 1),
    }
    (tmp_path / "p.jsonl").write_bytes(ways[wrong])
    with pytest.raises(UserError, match=r"p\.jsonl"):
        keeping.bring_in(empty, tmp_path / "p.jsonl")
    with empty.reading() as store:
        assert store.books.is_empty()


def test_a_backup_brings_everything_back_on_either_kind(
    any_database: Database, database_url: str, project: ProjectRow, other_url: str, tmp_path: Path
) -> None:
    file, again = tmp_path / "all.jsonl.gz", tmp_path / "again.jsonl.gz"
    written = keeping.backup(any_database, file)
    assert sum(written.values()) == sum(len(rows) for rows in content(database_url).values())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other = Database(other_url)
    assert keeping.restore(other, file) == sum(written.values())
    keeping.backup(other, again)
    assert gzip.decompress(again.read_bytes()) == gzip.decompress(file.read_bytes())
    with other.begin() as store:
        cleo = people.add(store, "Cleo", Role.CONTRIBUTOR, START)
        claims.claim(store, project, cleo, "thm:c", until=None, now=START + 3 * DAY)
    other.close()


def test_a_backup_is_of_one_moment(any_database: Database, project: ProjectRow, tmp_path: Path) -> None:
    """Somebody joins while it is being written: they are in it nowhere."""
    with any_database.reading() as store:
        rows = store.books.rows()
        first = next(rows)
        with any_database.begin() as other:
            late = people.add(other, "Late", Role.CONTRIBUTOR, START)
            claims.claim(other, project, late, "thm:c", until=None, now=START + 3 * DAY)
        assert "Late" not in json.dumps([first, *rows])


def test_a_database_in_use_is_replaced_only_by_force(
    any_database: Database, database_url: str, project: ProjectRow, tmp_path: Path
) -> None:
    keeping.backup(any_database, tmp_path / "all.jsonl")
    before = content(database_url)
    with any_database.begin() as store:
        people.add(store, "Late", Role.CONTRIBUTOR, START)
    with pytest.raises(UserError, match="--force"):
        keeping.restore(any_database, tmp_path / "all.jsonl")
    keeping.restore(any_database, tmp_path / "all.jsonl", force=True)
    assert content(database_url) == before


@pytest.mark.parametrize("wrong", ["cut", "ledger", "reference", "revision"])
def test_a_restore_that_fails_leaves_everything_as_it_was(
    any_database: Database, database_url: str, project: ProjectRow, tmp_path: Path, wrong: str
) -> None:
    file = tmp_path / "all.jsonl"
    keeping.backup(any_database, file)
    ways: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
        "cut": lambda lines: None,
        "ledger": lambda lines: row(lines, "credit").update(kind="example"),
        "reference": lambda lines: row(lines, "watches").update(node_id=999),
        "revision": lambda lines: lines[0].update(revision="9999"),
    }
    changed(file, ways[wrong])
    if wrong == "cut":
        file.write_text("".join(file.read_text().splitlines(keepends=True)[:-5]))
    before = content(database_url)
    with pytest.raises(UserError):
        keeping.restore(any_database, file, force=True)
    assert content(database_url) == before


@pytest.mark.parametrize("revision", revisions())
def test_a_backup_of_an_earlier_version_is_brought_up_to_date(
    database_url: str, tmp_path: Path, revision: str
) -> None:
    """What an older Chantier wrote is what `Books` gives at an older revision."""
    database = Database(database_url)
    with database.reading() as store:
        assert store.books.is_empty()
    migrate(database_url, revision, command.downgrade)
    fill(database_url)
    before = content(database_url)
    before["credit"] = []  # rows that `fill` makes are in no chain
    with database.reading() as store:
        rows = [(table, values) for table, values in store.books.rows() if table != "credit"]
    papers.write(tmp_path / "old.jsonl", papers.Header("backup", revision), rows)
    database.close()
    database = Database(database_url)
    keeping.restore(database, tmp_path / "old.jsonl", force=True)
    after = content(database_url, like={name: rows for name, rows in before.items() if rows})
    assert after == {name: rows for name, rows in before.items() if rows}
    database.close()


def test_what_was_tampered_with_is_not_copied(
    any_database: Database, database_url: str, project: ProjectRow, tmp_path: Path
) -> None:
    tampered(database_url, "UPDATE credit SET kind = 'example'")
    with pytest.raises(UserError, match="ledger"):
        keeping.backup(any_database, tmp_path / "copy")
    with pytest.raises(UserError, match="ledger"):
        keeping.export(any_database, project.slug, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
