"""What the pages' forms do: one address for each action, one command, and back to the page that asked."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint as Routes
from flask import g, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from dashboards import links
from server import browser
from server.commands.credits import WORDS
from server.commands.deeds import Deed
from server.commands.forms import NODE_VERBS, TASK_VERBS, fill, fill_credit, fill_word
from server.commands.wishes import wishes_of
from server.deeds import Actor, do
from server.house import NUMBER, WRITES, House, one_of, project_of
from server.outcomes import Said, tell_how
from server.service import agreement, doubts, naming, people, preferences, undoing, watching
from server.service.watching import WatchOutcome
from server.store import Store


def add_forms(routes: Routes, house: House, limiter: Limiter) -> None:
    """The routes that take the pages' forms."""
    _tasks(routes, house, limiter)
    _credit(routes, house, limiter)
    _undoing(routes, house, limiter)
    _watching(routes, house, limiter)
    _agreement(routes, house, limiter)
    _renames(routes, house, limiter)
    _self(routes, house, limiter)


def _tasks(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post(f"/p/<slug>/tasks/<{NUMBER}:number>/<{one_of(TASK_VERBS)}:verb>")
    @limiter.limit(WRITES)
    def on_task(slug: str, number: int, verb: str) -> Response:
        return _act(house, slug, lambda: fill(verb, f"#{number}", request.form, house.time_of(g.person)))

    @routes.post(f"/p/<slug>/nodes/<segment>/<{one_of(NODE_VERBS)}:verb>")
    @limiter.limit(WRITES)
    def on_node(slug: str, segment: str, verb: str) -> Response:
        node = links.node_from(segment)
        return _act(house, slug, lambda: fill(verb, node, request.form, house.time_of(g.person)))


def _credit(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/p/<slug>/credit")
    @limiter.limit(WRITES)
    def add_credit(slug: str) -> Response:
        return _act(house, slug, lambda: fill_credit(request.form))

    @routes.post(f"/p/<slug>/credit/<{NUMBER}:number>/<{one_of(WORDS)}:verb>")
    @limiter.limit(WRITES)
    def on_credit(slug: str, number: int, verb: str) -> Response:
        return _act(house, slug, lambda: fill_word(verb, number, request.form))


def _undoing(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/p/<slug>/undo")
    @limiter.limit(WRITES)
    def undo(slug: str) -> Response:
        def act(store: Store) -> str:
            return undoing.undo(store, project_of(store, slug), g.person, now=house.clock()).text

        return _tell(house, slug, act)


def _watching(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/p/<slug>/nodes/<segment>/watch")
    @limiter.limit(WRITES)
    def watch(slug: str, segment: str) -> Response:
        def act(store: Store) -> str:
            id, project = links.node_from(segment), project_of(store, slug)
            return _watched(watching.watch(store, project, g.person, id, house.clock()))

        return _tell(house, slug, act)

    @routes.post("/p/<slug>/nodes/<segment>/unwatch")
    @limiter.limit(WRITES)
    def unwatch(slug: str, segment: str) -> Response:
        def act(store: Store) -> str:
            id, project = links.node_from(segment), project_of(store, slug)
            return _watched(watching.unwatch(store, project, g.person, id, house.clock()))

        return _tell(house, slug, act)


def _watched(outcome: WatchOutcome) -> str:
    if outcome.watching:
        return f"You will be told what happens to {outcome.caption}."
    return f"You are not told about {outcome.caption} any more."


def _agreement(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/p/<slug>/nodes/<segment>/agree")
    @limiter.limit(WRITES)
    def agree(slug: str, segment: str) -> Response:
        def act(store: Store) -> str:
            id, project, seen = links.node_from(segment), project_of(store, slug), request.form.get("seen")
            return agreement.agree(store, project, g.person, id, seen=seen or "", now=house.clock()).text

        return _tell(house, slug, act)

    @routes.post("/p/<slug>/nodes/<segment>/withdraw")
    @limiter.limit(WRITES)
    def withdraw(slug: str, segment: str) -> Response:
        def act(store: Store) -> str:
            id, project = links.node_from(segment), project_of(store, slug)
            return agreement.withdraw(store, project, g.person, id, now=house.clock()).text

        return _tell(house, slug, act)


def _renames(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/p/<slug>/renames")
    @limiter.limit(WRITES)
    def decide(slug: str) -> Response:
        def act(store: Store) -> str:
            project, asked = project_of(store, slug), request.form
            labels = asked.get("old", ""), asked.get("new", "")
            decision = doubts.same if asked.get("decision") == "same" else doubts.different
            return decision(store, project, g.person, *labels, now=house.clock()).text

        return _tell(house, slug, act)


def _self(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/account/zone")
    @limiter.limit(WRITES)
    def set_zone() -> Response:
        def act(store: Store) -> str:
            known = people.set_zone(store, g.person, request.form.get("zone", ""))
            return f"Your dates are those of {known.zone} from now on."

        return _tell(house, None, act)

    @routes.post("/account/preferences")
    @limiter.limit(WRITES)
    def set_preferences() -> Response:
        def act(store: Store) -> str:
            asked = {**request.form.to_dict(), "kinds": ",".join(request.form.getlist("kinds"))}
            known = preferences.change(store, g.person, wishes_of(asked), house.clock())
            return preferences.words(g.person, known)

        return _tell(house, None, act)

    @routes.post("/account/name")
    @limiter.limit(WRITES)
    def set_name() -> Response:
        def act(store: Store) -> str:
            asked = request.form
            person = naming.choose(
                store, g.person, naming.naming_of(asked.get("naming", "")), asked.get("pseudonym")
            )
            naming.take_part_in_ranking(store, person, bool(asked.get("ranked")))
            return f"Others see you as {person.name} from now on."

        return _tell(house, None, act)

    @routes.post("/account/sharing")
    @limiter.limit(WRITES)
    def set_sharing() -> Response:
        def act(store: Store) -> str:
            asked = request.form
            known = naming.share(
                store, g.person, dataset=bool(asked.get("dataset")), linked=bool(asked.get("linked"))
            )
            return naming.sharing_words(known)

        return _tell(house, None, act)


def _act(house: House, slug: str, command: Callable[[], Deed]) -> Response:
    """Do what the form asks."""

    def act(store: Store) -> str:
        return do(Actor(store, project_of(store, slug), g.person, house.clock()), command()).text

    return _tell(house, slug, act)


def _tell(house: House, slug: str | None, act: Callable[[Store], str]) -> Response:
    """Do it, say how it went, and go back to the page that asked."""
    return tell_how(house, lambda store: _done(house, store, slug, act), _back(slug))


def _done(house: House, store: Store, slug: str | None, act: Callable[[Store], str]) -> Said:
    """Do it: what happened, and whether that can be taken back."""
    if slug is None:
        return act(store), "done"
    place = store, project_of(store, slug), g.person
    before, text = undoing.latest(*place, house.clock()), act(store)
    deed = undoing.latest(*place, house.clock())
    if deed is None or deed == before or not undoing.is_possible(*place, deed, house.clock()):
        return text, "done"
    return text, "undoable"


def _back(slug: str | None) -> str:
    """The page of ours that the form was on, else the project's work, or one's own page."""
    if slug is None:
        return "/account"
    page = browser.came_from() or ""
    return page if page.startswith("/p/") else links.project_path(slug, "work")
