"""The API's door: the same as the pages, as JSON under `/api/v1`, errors as `application/problem+json`.

What can be asked is declared once (`operations`), and by that checked, done, and described (`document`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from flask import Blueprint as Routes
from flask import Response as Answer
from flask import jsonify, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from server.api.document import Json, document
from server.api.maintaining import add_members, add_queues, add_settings
from server.api.nodes import add_nodes, add_statements
from server.api.operations import Operations
from server.api.people import add_people, add_words
from server.api.problems import PROBLEM, ROOT, problem
from server.api.projects import add_past, add_projects
from server.api.session import add_session, add_wishes
from server.api.tasks import add_deeds, add_tasks
from server.api.tokens import bearer
from server.api.upkeep import add_reporters, add_reports, add_upkeep
from server.api.webhooks import add_webhooks
from server.house import House

__all__ = ["PROBLEM", "ROOT", "bearer", "make_api", "problem"]

SECTIONS = (
    *(add_projects, add_nodes, add_tasks, add_people, add_past),
    *(add_deeds, add_words, add_statements),
    *(add_session, add_wishes),
    *(add_queues, add_settings, add_members, add_upkeep, add_reporters, add_reports, add_webhooks),
)


def make_api(house: House, limiter: Limiter, page: Callable[[Json], str]) -> Routes:
    """The API's routes over `house`; `page` draws its description for people."""
    operations = Operations(house, limiter)
    for add in SECTIONS:
        add(operations)
    _describe(operations, page)
    return operations.routes


def _describe(operations: Operations, page: Callable[[Json], str]) -> None:
    @cache
    def described() -> Json:
        """Made when it is first asked for: it takes longer than all else that begins with the server."""
        return document(operations.every)

    @operations.routes.get("/openapi.json", provide_automatic_options=False)
    def openapi() -> Response:
        response: Answer = jsonify(described())
        response.add_etag()
        return response.make_conditional(request)

    @operations.routes.get("/docs", provide_automatic_options=False)
    def docs() -> str:
        return page(described())
