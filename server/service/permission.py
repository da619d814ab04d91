"""Who may do what."""

from __future__ import annotations

from blueprint.errors import UserError
from server.records import Person, Role
from server.store import Store


def require(store: Store, person: Person, role: Role, action: str) -> Person:
    """The person as the database knows them now; `UserError` when their role does not cover `role`."""
    known = store.people.get(person.id)
    if known is None:
        raise UserError("You are not known here any more; sign in again.")
    if not known.role.covers(role):
        article = "an" if known.role is Role.ONLOOKER else "a"
        raise UserError(
            f"To {action} you need to be a {role}, and you are {article} {known.role}; "
            "ask whoever runs the server."
        )
    return known
