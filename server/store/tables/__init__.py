"""The tables, a module for what they are about; whoever needs one imports it from there.

Credit, the log, lineage, and the events of tasks and of agreements are only ever added to: triggers enforce
that. Credit is a chain besides, verified at each sync. Claims, the states of tasks and what is asked about
them follow from the events of tasks; snapshots can be rebuilt.
"""

from __future__ import annotations

from server.store.tables import (
    access,
    chat,
    credit,
    forges,
    log,
    mail,
    nodes,
    people,
    projects,
    reports,
    tasks,
)
from server.store.tables.columns import metadata

# Whoever asks for the metadata has every table in it.
__all__ = [
    "access",
    "chat",
    "credit",
    "forges",
    "log",
    "mail",
    "metadata",
    "nodes",
    "people",
    "projects",
    "reports",
    "tasks",
]
