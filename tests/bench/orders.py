"""The orders that are compared: at random, first come first served, and ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from dashboards.snapshot import TaskView
from server.service.suggestions import OFFERED, kept
from server.work.ground import known
from server.work.suggestions import Asker, Setting, order

from .building import Order, Site
from .volunteers import Volunteer


def at_random(site: Site, free: list[TaskView], person: Volunteer, now: float) -> list[TaskView]:
    return Random(f"{site.seed} order {person.number} {now}").sample(free, len(free))


def first_come(site: Site, free: list[TaskView], person: Volunteer, now: float) -> list[TaskView]:
    """As the document has them."""
    return free


def ours(site: Site, free: list[TaskView], person: Volunteer, now: float) -> list[TaskView]:
    """The product's own rule, with all it knows and nothing else: no home, no speed, no true length."""
    reserved = {
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
        reserved=reserved,
        unverified=site.unverified,
    )
    found = order(free, setting)
    site.kept[person.number] = (
        now + kept(site.policy) / timedelta(days=1),
        [task.number for task in found[:OFFERED]],
    )
    return found


ORDERS: Mapping[str, Order] = {"random": at_random, "first come": first_come, "ours": ours}
