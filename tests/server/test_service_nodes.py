"""How people refer to nodes and projects."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprint.errors import UserError
from server.service import nodes, projects
from server.sync import sync


@pytest.fixture
def site(village, database):
    all_nodes = [
        village.node("thm:pigeonhole", lean="Nat.pigeonhole"),
        village.node("lem:a/b c", "thm:pigeonhole", kind="lemma", lean="Nat.twice"),
        village.node("lem:other", kind="lemma", lean="Nat.twice"),
    ]
    village.commit(village.ana, all_nodes, "theorem Nat.pigeonhole : P := by simp")
    project = sync(database, village.folder, village.now).project
    with database.reading() as store:
        yield store, project


@pytest.mark.parametrize(
    "ref",
    [
        "thm:pigeonhole",
        " `thm:pigeonhole` ",
        "THM:Pigeonhole",
        "Nat.pigeonhole",
        "#1",
        "#2",
        "theorem pigeonhole",
        "https://example.org/village/node/thm:pigeonhole",
        "https://example.org/village/nodes/thm%3Apigeonhole?tab=lean",
        "https://example.org/village/graph#thm:pigeonhole",
    ],
)
def test_a_node_goes_by_many_names(site, ref):
    assert nodes.resolve(*site, ref) == "thm:pigeonhole"


def test_an_address_may_hold_an_odd_label(site):
    assert nodes.resolve(*site, "https://example.org/village/nodes/lem%3Aa%2Fb%20c") == "lem:a/b c"


def test_what_is_nearly_right_is_suggested(site):
    with pytest.raises(UserError, match="did you mean `thm:pigeonhole`"):
        nodes.resolve(*site, "thm:pigeonhol")
    with pytest.raises(UserError, match=r"`Nat\.pigeonhole`"):
        nodes.resolve(*site, "nat_pigeonhole")


def test_a_name_that_several_nodes_have_is_not_guessed(site):
    with pytest.raises(UserError, match=r"2 nodes go by `Nat\.twice`; say which label: lem:a/b c, lem:other"):
        nodes.resolve(*site, "Nat.twice")


@pytest.mark.parametrize("ref", ["#99", "#0", "#999999999"])
def test_a_number_that_is_no_task(site, ref):
    with pytest.raises(UserError, match=f"no task {ref}"):
        nodes.resolve(*site, ref)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.text(max_size=80) | st.from_regex(r"https?://[^ ]{0,40}"))
def test_any_text_is_a_node_or_one_sentence(site, ref):
    try:
        assert nodes.resolve(*site, ref) in {"thm:pigeonhole", "lem:a/b c", "lem:other"}
    except UserError as error:
        assert len(str(error)) < 400  # noqa: PT017


def test_a_node_is_shown_with_all_around_it(site, village):
    store, project = site
    detail = nodes.show(store, project, "thm:pigeonhole", village.now)
    assert detail.used_by == ("lem:a/b c",)
    assert detail.uses == ()
    assert [fact.name for fact in detail.facts] == ["Nat.pigeonhole"]
    assert [task.state for task in detail.tasks] == ["verified", "verified"]
    assert {entry.person_name for entry in detail.credit} == {"Ana"}


def test_projects_go_by_slug_and_folder(site, village):
    store, project = site
    assert projects.find(store, "village") == project
    assert projects.find(store, str(village.folder)) == project
    assert projects.find(store, f"{village.folder}/../village") == project
    with pytest.raises(UserError, match="did you mean `village`"):
        projects.find(store, "vilage")
    with pytest.raises(UserError):
        projects.find(store, "\0")
