"""Going from one revision of the books to another."""

from __future__ import annotations

from collections.abc import Callable

from alembic.config import Config
from sqlalchemy import create_engine

from server.store import MIGRATIONS


def migrate(url: str, revision: str, way: Callable[[Config, str], None]) -> None:
    """`way` is Alembic's command to go up or down."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(url)
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        way(config, revision)
    engine.dispose()
