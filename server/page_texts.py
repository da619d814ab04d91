"""The template of all texts of the pages, with the words that records and settings bring to them.

`python -m server.page_texts` writes it, as `make texts` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dashboards import catalogue
from lean_project.facts import Kind
from lean_project.status import Readiness, TaskKind
from server.service.journal import TOPICS
from server.service.queues import WORDS
from server.settings import SECRETS, FileSettings
from server.work.kinds import KINDS, Degree, Method
from server.work.permissions import Role
from server.work.preferences import Subject
from server.work.standing import Status
from server.work.task import Informal
from server.work.transitions import State

_MARKED = ("service/house_rules.py", "web_forges.py")
_TABLES = (Degree, Informal, Kind, Method, Readiness, Role, State, Status, TaskKind)

# Words that stand in no table: parts of a node, what is wrong with a blueprint, and how a setting is.
_PLAIN = (
    *("statement", "proof"),
    *("error", "warning", "info", "drift", "missing", "superfluous"),
    *("on", "off", "set", "not set"),
)


def collected() -> catalogue.Catalog:
    folder = Path(__file__).parent
    return catalogue.collected((folder / name for name in _MARKED), words())


def words() -> Iterator[str]:
    """What pages show as a record, a table or a setting has it."""
    yield from KINDS
    for table in _TABLES:
        yield from (str(one) for one in table)
    yield from _PLAIN
    yield from (subject.meaning for subject in Subject)
    yield from (text for known in WORDS.values() for text in (known.title, known.meaning))
    yield from (title for title, _ in TOPICS.values())
    yield from _meanings()


def _meanings() -> Iterator[str]:
    """What settings do: the server's, some of which projects have for themselves."""
    schema = FileSettings.model_json_schema()
    for section in (schema, *schema["$defs"].values()):
        for field in section.get("properties", {}).values():
            yield from [field["description"]] if "description" in field else []
    yield from SECRETS.values()


if __name__ == "__main__":
    catalogue.TEMPLATE.parent.mkdir(exist_ok=True)
    catalogue.TEMPLATE.write_bytes(catalogue.written(collected()))
