"""From what a forge posts to what happened; whatever the forge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from server.forges import forgejo, github, gitlab
from server.forges.events import Forge, Told

_READERS: Mapping[Forge, Mapping[str, Callable[[bytes], Told | None]]] = {
    Forge.GITHUB: github.READERS,
    Forge.GITLAB: gitlab.READERS,
    Forge.FORGEJO: forgejo.READERS,
    Forge.GITEA: forgejo.READERS,
}
# Headers with the name of the event, and with what tells one delivery from all others.
_EVENTS: Mapping[Forge, tuple[str, ...]] = {
    Forge.GITHUB: ("x-github-event",),
    Forge.GITLAB: ("x-gitlab-event",),
    Forge.FORGEJO: ("x-forgejo-event", "x-gitea-event"),
    Forge.GITEA: ("x-gitea-event",),
}
_NUMBERS: Mapping[Forge, tuple[str, ...]] = {
    Forge.GITHUB: ("x-github-delivery",),
    Forge.GITLAB: ("webhook-id", "idempotency-key"),
    Forge.FORGEJO: ("x-forgejo-delivery", "x-gitea-delivery"),
    Forge.GITEA: ("x-gitea-delivery",),
}
_LONGEST = 100


class UnreadableError(ValueError):
    """The payload is not what that forge documents; the sentence says where."""


@dataclass(frozen=True, slots=True)
class Label:
    """What the headers say of a delivery; empty where they do not."""

    event: str
    number: str


def label(forge: Forge, headers: Mapping[str, str]) -> Label:
    """`headers` go by their names in small letters."""
    names = _EVENTS[forge], _NUMBERS[forge]
    return Label(
        *(next((headers[name] for name in known if name in headers), "")[:_LONGEST] for known in names)
    )


def is_wanted(forge: Forge, event: str) -> bool:
    """Whether anything can follow from that event."""
    return event in _READERS[forge]


def read(forge: Forge, event: str, body: bytes) -> Told | None:
    """What happened; nothing where nothing can follow from it. `UnreadableError` where that is unclear."""
    try:
        return _READERS[forge][event](body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "its beginning"
        raise UnreadableError(f"The payload is not as documented, at {place[:80]}.") from None
