"""A request that only reads sees one moment: what the gate found is what the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from server.service import members
from server.store import Database, Store

from .every_page import bring_to_life
from .web_world import Site, make_site

PAGES = ("/p/num/", "/p/num/work", "/p/num/graph", "/p/num/graph.json", "/p/num/nodes/thm:euclid")


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = make_site(tmp_path_factory.mktemp("moment"))
    bring_to_life(site)
    yield site
    site.database.close()


@pytest.mark.parametrize("page", [*PAGES, "/p/num/people", "/p/num/report", "/api/v1/projects/num/tasks"])
def test_a_page_is_read_in_one_transaction(site: Site, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    begun = []
    reading = Database.reading

    @contextmanager
    def counted(database: Database) -> Iterator[Store]:
        begun.append(page)
        with reading(database) as store:
            yield store

    monkeypatch.setattr(Database, "reading", counted)
    assert site.client().get(page).status_code == 200
    assert len(begun) == 1


def test_a_project_that_is_closed_meanwhile_is_shown_as_it_was_or_not_at_all(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closed after the gate: the page is that of the moment before. Asked again, it is not there."""
    client, seen = site.client(), Store.__init__

    def closed(store: Store, *parts: object) -> None:
        seen(store, *parts)  # type: ignore[arg-type]
        monkeypatch.setattr(Store, "__init__", seen)
        store.projects.every()  # from here on the transaction sees this moment
        with site.database.begin() as other:
            project = other.projects.every()[0]
            members.close(other, project, None, True, now=site.now)

    monkeypatch.setattr(Store, "__init__", closed)
    assert client.get("/p/num/work").status_code == 200
    assert client.get("/p/num/work").status_code == 404
