"""Roles in one project: who gives them, who keeps them, and what is written down of it."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from blueprint.errors import UserError
from dashboards.maintaining import LogQuery
from server.service import channels, claims, journal, members, people, projects, upkeep, watching
from server.service.erasing import erase
from server.service.permission import role_of
from server.service.strangers import strangers
from server.store import Database
from server.work.permissions import Role

from .conftest import Village
from .crew import Crew, build, refused


@pytest.fixture
def crew(village: Village, any_database: Database) -> Crew:
    return build(village, any_database)


def appoint(crew: Crew, by, who, role: Role) -> str:
    with crew.database.begin() as store:
        return members.appoint(store, crew.project, by, who, role, now=crew.now).text


def dismiss(crew: Crew, by, who) -> str:
    with crew.database.begin() as store:
        return members.dismiss(store, crew.project, by, who, now=crew.now).text


def close(crew: Crew, private: bool = True) -> None:
    with crew.database.begin() as store:
        crew.project = members.close(store, crew.project, None, private, now=crew.now)


def roles(crew: Crew) -> dict[str, Role]:
    with crew.database.reading() as store:
        return {one.person.name: one.role for one in members.listing(store, crew.project)}


def role(crew: Crew, person) -> Role | None:
    with crew.database.reading() as store:
        return role_of(store, crew.project, person)


def test_an_owner_appoints_and_dismisses(crew: Crew) -> None:
    appoint(crew, None, crew.ana, Role.OWNER)
    assert appoint(crew, crew.ana, crew.ben, Role.MAINTAINER) == "Ben is a maintainer of The Village now."
    assert roles(crew) == {"Ana": Role.OWNER, "Ben": Role.MAINTAINER}
    crew.do(upkeep.hold, crew.ben, "thm:d", "wait")
    assert dismiss(crew, crew.ana, crew.ben) == "Ben is not a maintainer of The Village any more."
    assert "you need to be a maintainer" in refused(crew, upkeep.unhold, crew.ben, "thm:d")
    assert crew.notices(crew.ben)[0] == "Ana made you a maintainer of The Village."


def test_the_role_is_one_of_that_project_alone(crew: Crew) -> None:
    appoint(crew, None, crew.ben, Role.OWNER)
    with crew.database.begin() as store:
        other = store.projects.add("other", "Other", "/srv/other", None, crew.now)
        assert role_of(store, other, crew.ben) is Role.CONTRIBUTOR
        assert [one.name for one in members.maintainers(store, other)] == ["Mona"]
        assert [one.name for one in members.maintainers(store, crew.project)] == ["Ben", "Mona"]


@pytest.mark.parametrize("who", ["ben", "mona"])
def test_nobody_but_owners_appoints(crew: Crew, who: str) -> None:
    with pytest.raises(UserError, match="you need to be an owner"):
        appoint(crew, getattr(crew, who), crew.cleo, Role.MAINTAINER)
    with pytest.raises(UserError, match="you need to be an owner"):
        appoint(crew, getattr(crew, who), getattr(crew, who), Role.OWNER)
    assert roles(crew) == {}


def test_the_last_owner_stays(crew: Crew) -> None:
    appoint(crew, None, crew.ana, Role.OWNER)
    for act in (
        lambda: dismiss(crew, crew.ana, crew.ana),
        lambda: appoint(crew, crew.ana, crew.ana, Role.CONTRIBUTOR),
    ):
        with pytest.raises(UserError, match="Ana is the only owner"):
            act()
    appoint(crew, crew.ana, crew.ben, Role.OWNER)
    dismiss(crew, crew.ana, crew.ana)
    assert roles(crew) == {"Ben": Role.OWNER}


def test_everybody_may_lay_down_their_own_role(crew: Crew) -> None:
    appoint(crew, None, crew.ben, Role.MAINTAINER)
    dismiss(crew, crew.ben, crew.ben)
    assert roles(crew) == {}


def test_what_changed_is_kept_and_stands_in_the_log(crew: Crew) -> None:
    appoint(crew, None, crew.ana, Role.OWNER)
    appoint(crew, crew.ana, crew.ben, Role.MAINTAINER)
    dismiss(crew, crew.ana, crew.ben)
    close(crew)
    with crew.database.reading() as store:
        found, _ = journal.page(store, crew.project, LogQuery(about="rules"), UTC)
    told = [event.text for event in found]
    assert told[0] == "Whoever runs the server made the project private."
    assert "Ana dismissed Ben, who was a maintainer." in told
    assert told[-1] == "Whoever runs the server made Ana an owner of the project."


def test_as_a_project_closes_those_at_work_become_members(crew: Crew) -> None:
    crew.claim(crew.ben, "thm:d")
    close(crew)
    assert roles(crew) == {"Mona": Role.MAINTAINER, "Ben": Role.CONTRIBUTOR}
    assert (
        refused(crew, claims.claim, crew.cleo, "thm:e", until=None) == "There is no project `village` here."
    )
    close(crew, private=False)
    crew.claim(crew.cleo, "thm:e")


def test_a_private_project_is_in_no_list_of_others(crew: Crew) -> None:
    close(crew)
    with crew.database.reading() as store:
        assert projects.every(store) == ()
        assert projects.every(store, crew.cleo) == ()
        assert [one.slug for one in projects.every(store, crew.mona)] == ["village"]
        assert projects.seen(store, "village", crew.cleo) is None
        assert projects.seen(store, "village", None) is None
        assert projects.seen(store, "nowhere", crew.mona) is None


def test_who_is_in_its_private_channel_may_work_there(crew: Crew) -> None:
    close(crew)
    with crew.database.begin() as store:
        channels.add(store, crew.project, "villages")
        channels.see(store, 7, "villages", private=True)
        channels.fill(store, 7, [3])
    assert role(crew, crew.cleo) is Role.CONTRIBUTOR
    crew.claim(crew.cleo, "thm:e")


def test_who_is_in_a_public_channel_of_it_is_nobody_there(crew: Crew) -> None:
    close(crew)
    with crew.database.begin() as store:
        channels.add(store, crew.project, "villages")
        channels.see(store, 7, "villages", private=False)
        channels.fill(store, 7, [3])
        assert channels.heard_in(store, 7, "villages") is None
    assert role(crew, crew.cleo) is None


def test_who_was_dismissed_is_shown_nothing_they_were_told(crew: Crew) -> None:
    crew.do(watching.watch, crew.ben, "thm:d")
    crew.claim(crew.ben, "thm:d")
    close(crew)
    with crew.database.begin() as store:
        upkeep.hold(store, crew.project, crew.mona, "thm:d", "wait", now=crew.now)
    assert crew.notices(crew.ben)
    dismiss(crew, None, crew.ben)
    assert crew.notices(crew.ben) == []


def test_of_two_roles_of_one_person_the_higher_is_kept(crew: Crew) -> None:
    appoint(crew, None, crew.ben, Role.CONTRIBUTOR)
    with crew.database.begin() as store:
        other = people.by_git(store, "B. N.", "ben@example.org", crew.now)
        members.appoint(store, crew.project, None, other, Role.MAINTAINER, now=crew.now)
        people.link_git(store, crew.ben, "ben@example.org", crew.now + timedelta(days=1))
    assert roles(crew) == {"Ben": Role.MAINTAINER}


def test_who_was_erased_in_a_private_project_hinders_nobody_outside(crew: Crew) -> None:
    with crew.database.begin() as store:
        contributor = people.add(store, "Outsider", Role.CONTRIBUTOR, crew.now)
    close(crew)
    with crew.database.begin() as store:
        assert crew.ana.id in strangers(store, contributor)  # by her commits
        erase(store, crew.ana, crew.now)
        assert crew.ana.id in strangers(store, contributor)
