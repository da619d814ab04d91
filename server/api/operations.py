"""What can be asked of the API: each thing is declared once, and by that checked, done and described."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask import Blueprint as Routes
from flask import g, jsonify, request
from flask_limiter import Limiter
from flask_wtf.csrf import ValidationError, validate_csrf  # type: ignore[import-untyped]
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from server.api import asking, paging
from server.api.asking import Body, NoBody, NoQuery, Query
from server.api.problems import ROOT, problem
from server.house import WRITES, House, NotHereError
from server.limits import costly
from server.records.people import Person
from server.service.nodes import NoTaskError
from server.service.permission import ForbiddenError
from server.store import Store

READS, REPORTS = "600 per minute", "60 per hour"
View = Callable[..., Any]


class Access(StrEnum):
    """Who may ask."""

    OPEN = "open"
    OWN = "own"  # somebody, for what is about themselves
    WRITE = "write"
    REPORTER = "reporter"


# Of each operation, by one person or from one address.
_LIMITS = {
    Access.OPEN: READS,
    Access.OWN: READS,
    Access.WRITE: WRITES,
    Access.REPORTER: REPORTS,
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address. `rule` is Flask's, below the root; `answer` is the type of what is answered.

    `summary` and `description` are for people; `answers` are statuses besides the usual ones; `links` lead
    from an answer to other operations, by their name: parameter -> where in the answer its value stands.
    """

    name: str
    method: str
    rule: str
    tag: str
    summary: str
    description: str
    access: Access
    answer: Any
    query: type[Query] = NoQuery
    body: type[Body] | None = None
    media: tuple[str, ...] = (asking.JSON,)
    answers: Mapping[int, str] = field(default_factory=dict)
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    secret: bool = False
    costly: bool = False

    @property
    def listed(self) -> bool:
        return issubclass(self.query, paging.Paged)


class Operations:
    """All of them, and the routes that they make."""

    def __init__(self, house: House, limiter: Limiter) -> None:
        self.house, self._limiter = house, limiter
        self.routes = Routes("api", __name__, url_prefix=ROOT)
        self.every: list[Operation] = []

    def reads(
        self, rule: str, answer: Any, tag: str, *, access: Access = Access.OPEN, **more: Any
    ) -> Callable[[View], View]:
        """Register a view that changes nothing; it takes `query` where there is one, and the rule's parts."""
        return lambda view: self._add(view, "GET", rule, answer, tag, access, **more)

    def does(
        self,
        rule: str,
        answer: Any,
        tag: str,
        *,
        body: type[Body] = NoBody,
        method: str = "POST",
        **more: Any,
    ) -> Callable[[View], View]:
        """Register a view that changes something, for whoever may write; it takes `body`."""
        return lambda view: self._add(view, method, rule, answer, tag, Access.WRITE, body=body, **more)

    def _add(
        self, view: View, method: str, rule: str, answer: Any, tag: str, access: Access, **more: Any
    ) -> View:
        summary, _, text = (inspect.getdoc(view) or "").partition("\n")
        said = {"name": view.__name__, "summary": summary, "description": " ".join(text.split())}
        operation = Operation(method=method, rule=rule, answer=answer, tag=tag, access=access, **said | more)
        self.add(operation, view)
        return view

    def add(self, operation: Operation, view: View) -> None:
        """Register an operation that is declared already."""
        self.every.append(operation)
        rule = self.routes.add_url_rule
        rule(
            operation.rule,
            operation.name,
            self._limited(operation, self._door(operation, view)),
            methods=[operation.method],
            provide_automatic_options=False,
        )

    def _limited(self, operation: Operation, door: View) -> View:
        door.__name__ = door.__qualname__ = operation.name  # by which the limiter tells them apart
        if operation.costly:
            door = costly(self.house, self._limiter)(door)
        return self._limiter.limit(_LIMITS[operation.access])(door)

    def _door(self, operation: Operation, view: View) -> View:
        def door(**place: Any) -> Response:
            if operation.access in (Access.OWN, Access.WRITE) and g.person is None:
                return _nobody(self.house)
            if operation.access is Access.WRITE and not g.by_token and not _is_ours():
                return _forged(self.house)
            query = asking.query(operation.query)
            if operation.query is not NoQuery:
                place["query"] = query
            if operation.body not in (None, NoBody):
                place["body"] = asking.body(operation.body)
            elif operation.body is NoBody:
                asking.body(NoBody)
            try:
                return _answered(operation, view(**place))
            except ForbiddenError as error:
                return problem(self.house, 403, "Not with your role", str(error))

        return door


def _answered(operation: Operation, value: Any) -> Response:
    """JSON; of what was only read, with an ETag, so that an unchanged answer is not sent again."""
    if isinstance(value, Response) and value.status_code >= 400:
        return value
    response: Response = value if isinstance(value, Response) else jsonify(value)
    if operation.listed:
        response = paging.linked(response, value["next"])
    if operation.secret:
        response.headers["Cache-Control"] = "no-store"
    elif operation.method == "GET":
        response.add_etag()
        response = response.make_conditional(request)
    return response


def _is_ours() -> bool:
    """Whether the request of a session carries the session's token."""
    try:
        validate_csrf(request.headers.get("X-CSRFToken"))
    except ValidationError:
        return False
    return True


def _forged(house: House) -> Response:
    return problem(house, 400, "No CSRF token", f"Send the token of {ROOT}/session as `X-CSRFToken`.")


def _nobody(house: House) -> Response:
    words = "Send an API token as `Authorization: Bearer`, or a session."
    return problem(house, 401, "Sign in first", words)


def look(house: House, read: Callable[[Store, Person], Any]) -> Any:
    """Only read it, as somebody."""
    with house.reading() as store:
        return read(store, g.person)


def act(house: House, deed: Callable[[Store, Person], Any]) -> Any:
    """Do it in one transaction. What a role does not cover is forbidden, what the rules refuse a conflict."""
    try:
        with house.database.begin() as store:
            return deed(store, g.person)
    except NoTaskError as error:
        raise NotHereError(str(error)) from error
    except ForbiddenError:
        raise
    except UserError as error:
        return problem(house, 409, "Refused", str(error))
