"""The one table of who may do what, and the manual that prints it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from server.work.permissions import LEAST, Action, Role, allows, role_in

MANUAL = Path(__file__).parents[2] / "docs" / "permissions.md"
ROLES = (None, *Role)


def row(action: Action) -> str:
    cells = ("yes" if allows(role, action) else "" for role in Role)
    return "".join((f"| {action} |", *(f" {cell} |" if cell else " |" for cell in cells)))


def test_every_action_has_a_least_role() -> None:
    assert set(LEAST) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_whoever_is_more_may_do_more(action: Action) -> None:
    may = [allows(role, action) for role in ROLES]
    assert may == sorted(may)
    assert not allows(None, action)
    assert allows(Role.OWNER, action)


def test_the_manual_prints_the_table() -> None:
    printed = [line for line in MANUAL.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert printed == ["| to | visitor | contributor | maintainer | owner |", *map(row, Action)]


@pytest.mark.parametrize(("site", "member", "inside"), list(product(Role, (None, *Role), (False, True))))
def test_in_a_public_project_the_higher_role_counts(site: Role, member: Role | None, inside: bool) -> None:
    role = role_in(site, member, private=False, inside=inside)
    assert role in (site, member)
    assert role is not None
    assert role.covers(site)
    assert member is None or role.covers(member)


@pytest.mark.parametrize("site", Role)
def test_a_private_project_is_there_for_members_and_those_inside_alone(site: Role) -> None:
    assert role_in(site, None, private=True) is None
    assert role_in(site, Role.CONTRIBUTOR, private=True) is not None
    inside = role_in(site, None, private=True, inside=True)
    assert inside is not None
    assert Role.CONTRIBUTOR.covers(inside)
    assert site.covers(inside)
