"""A project's rules for claims: the server's, but for what its maintainers set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime

from pydantic import ValidationError

from blueprint.errors import UserError
from lean_project.mistakes import mistake
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.permission import require
from server.settings import ClaimSettings
from server.store import Store
from server.work.leases import Policy
from server.work.permissions import Action

RULES = tuple(ClaimSettings.model_fields)
RULED = "ruled"


def policy_of(store: Store, project: ProjectRow) -> Policy:
    """The rules that hold in the project."""
    return replace(store.policy, **store.projects.policy(project.id))


def set_rule(
    store: Store, project: ProjectRow, person: Person, rule: str, value: str | None, *, now: datetime
) -> Policy:
    """Give the project a rule of its own, or with None the server's again. `rule` is one of `RULES`.

    It counts for leases as they run: with `leases` off, none ends. `UserError` where the value will not do.
    """
    person = require(store, project, person, Action.RULES)
    if rule not in RULES:
        raise UserError(f"There is no rule `{rule[:40]}`; there are {', '.join(RULES)}.")
    store.projects.lock(project.id)
    own = {key: kept for key, kept in store.projects.policy(project.id).items() if key != rule}
    if value is not None:
        own[rule] = value
    settings = _valid({**asdict(store.policy), **own}, rule)
    store.projects.set_policy(project.id, {key: getattr(settings, key) for key in own})
    policy = policy_of(store, project)
    ruled(store, project, person.id, rule, asdict(policy)[rule], now)
    return policy


def ruled(
    store: Store, project: ProjectRow, person_id: int | None, rule: str, value: object, now: datetime
) -> None:
    """Write down that the project's rule, or another setting of it, is so from now on, and who said so."""
    said = f"set the project's rule `{rule}` to {value}"
    words = said if person_id is not None else f"The project's rule `{rule}` is {value} from now on."
    store.log.record(project.id, RULED, words, now, person_id=person_id, setting=rule)


def are_rules(store: Store, own: Mapping[str, object]) -> bool:
    """Whether a project may have these rules of its own, as they stand."""
    try:
        settings = ClaimSettings.model_validate({**asdict(store.policy), **own}, strict=True)
    except ValidationError:
        return False
    return all(getattr(settings, key) == value for key, value in own.items())


def _valid(rules: dict[str, object], rule: str) -> ClaimSettings:
    try:
        return ClaimSettings.model_validate(rules)
    except ValidationError as error:
        why = mistake(error.errors(include_input=False)[0])
        raise UserError(f"The rule `{rule}` cannot be so: {why}.") from error
