"""The orders that are compared: at random, first come first served, and ours."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from dashboards.snapshot import TaskView
from server.service.suggestions import KEPT, OFFERED
from server.work.ground import known
from server.work.suggestions import Asker, Setting, order

from .building import Order, Site
from .volunteers import Volunteer

KEPT_DAYS = KEPT.total_seconds() / 86400


def at_random(site: Site, free: list[TaskView], person: Volunteer, now: float) -> list[TaskView]:
    return Random(f"{site.seed} order {person.number} {now}").sample(free, len(free))


def first_come(site: Site, free: list[TaskView], person: Volunteer, now: float) -> list[TaskView]:
    """As the document has them."""
    return free


def ours(site: Site, free: list[TaskView], person: Volunteer, now: float) -> list[TaskView]:
    """The product's own rule, with all it knows and nothing else: no home, no speed, no true length."""
    kept = {
        number
        for other, (until, numbers) in site.kept.items()
        if other != person.number and until > now
        for number in numbers
    }
    setting = Setting(
        frontier=site.frontier,
        ground=site.plan.ground,
        asker=Asker(known(site.plan.ground, person.finished), person.newcomer),
        crew=len(site.people),
        reserved=kept,
        unverified=site.unverified,
    )
    found = order(free, setting)
    site.kept[person.number] = (now + KEPT_DAYS, [task.number for task in found[:OFFERED]])
    return found


ORDERS: Mapping[str, Order] = {"random": at_random, "first come": first_come, "ours": ours}
