"""Which row of the books is which node of the newest blueprint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from lean_project.findings import Findings
from lean_project.renames import names, same
from server.records import NodeRow, ProjectRow
from server.store import Store


def match_nodes(store: Store, project: ProjectRow, findings: Findings) -> dict[str, NodeRow]:
    """Label -> row, for every node of the blueprint; rows follow their nodes through renames."""
    known, present = store.projects.nodes(project.id), names(findings.graph)
    rows = _known_rows(known, present)
    kept = {row.id for row in rows.values()}
    for row in known:
        if row.id not in kept:
            _write(store, row, replace(row, label=_former(row, present), gone=True))
    _free_labels(store, rows)
    for label, lean in present.items():
        if label in rows:
            rows[label] = _write(store, rows[label], replace(rows[label], label=label, lean=lean, gone=False))
        else:
            rows[label] = store.projects.add_node(project.id, label, lean)
    return rows


def _known_rows(known: Iterable[NodeRow], present: Mapping[str, tuple[str, ...]]) -> dict[str, NodeRow]:
    """Label -> row, for the nodes that have one: first those there were last time, then those come back."""
    found: dict[str, NodeRow] = {}
    for gone in (False, True):
        rows = {row.label: row for row in known if row.gone is gone}
        new = {label: lean for label, lean in present.items() if label not in found}
        origins = same({label: row.lean for label, row in rows.items()}, new)
        found |= {label: rows[origin] for label, origin in origins.items()}
    return found


def _former(row: NodeRow, present: Mapping[str, tuple[str, ...]]) -> str:
    """What a node that is gone is called: as before, unless another node has that label now."""
    return f"{row.label} (former {row.id})" if row.label in present else row.label


def _free_labels(store: Store, rows: dict[str, NodeRow]) -> None:
    """Nodes may have exchanged their labels, of which no two may be equal even for a moment."""
    for label, row in rows.items():
        if row.label != label:
            rows[label] = _write(store, row, replace(row, label=f"{label} (from {row.id})"))


def _write(store: Store, old: NodeRow, new: NodeRow) -> NodeRow:
    if new != old:
        store.projects.set_node(new)
    return new
