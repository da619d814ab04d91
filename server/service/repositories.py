"""Where a project's repository stands, and whether an address is that of it, however it is written."""

from __future__ import annotations

from dashboards.repository_address import RepositoryAddress, repository_address
from server.records.projects import ProjectRow
from server.store import Store


def address_of(store: Store, project: ProjectRow) -> RepositoryAddress | None:
    """What runs there, its webhook says where the name of the host does not. None where it has none."""
    return repository_address(project.repository_url, store.hooks.forge(project.id) or "")


def is_elsewhere(project: ProjectRow, address: str) -> bool:
    """Whether that is another repository than the project's; where it has no address, none is known to be."""
    own = repository_address(project.repository_url)
    return own is not None and not own.is_same(repository_address(address))
