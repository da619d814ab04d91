"""How many tasks one person may hold at a time."""

from __future__ import annotations

from blueprint.errors import UserError
from server.records.people import Person
from server.service.board import Board
from server.service.wording import task_name
from server.store import Store
from server.work.suggestions import listing


def refuse_over_cap(store: Store, board: Board, person: Person, *, themselves: bool = True) -> None:
    """`UserError` where the person can take no further task; `themselves`: it is said to that person."""
    theirs = board.held_by(person.id)
    held = [*map(task_name, theirs.tasks), *theirs.aside]
    newcomer = store.ledger.is_newcomer(person.id)
    if board.policy.has_room(len(held), newcomer=newcomer):
        return
    cap = board.policy.cap_for(newcomer=newcomer)
    many = "1 task" if cap == 1 else f"{cap} tasks"
    names = listing(held, len(held))
    if not themselves:
        raise UserError(f"{person.name} holds {names}, and can hold at most {many} at a time for now.")
    until = " until your first piece of work is verified" if newcomer else ""
    raise UserError(
        f"You hold {names}, and one person holds at most {many}{until}; finish or `disclaim` one first."
    )
