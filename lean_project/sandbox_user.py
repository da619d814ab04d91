"""Whom a sandbox runs as where root starts it: a user of its own.

The kernel counts processes by user: whoever fills one sandbox with them must not be in the way of another.
"""

from __future__ import annotations

import os
import secrets
import shlex
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

from blueprint.errors import UserError

# Numbers that stand for nobody: no distribution, container manager or directory of people gives them away,
# going by systemd's list of ranges and the defaults of sssd and useradd.
USERS = range(2_100_000_000, 2_101_000_000)
# The same, for containers that have only the first 65536.
FEW_USERS = range(60_578, 61_184)
_TRIES = 1000


@contextmanager
def user_of_its_own() -> Iterator[int]:
    """A number, of a user and of a group, that no other sandbox here has until the block ends.

    An abstract socket of that name holds it: the kernel gives it back, however this process ends.
    """
    users = USERS if _known(USERS[-1]) else FEW_USERS
    for _ in range(_TRIES):
        user = secrets.choice(users)
        with socket.socket(socket.AF_UNIX) as hold:
            if _taken(hold, f"\0chantier-sandbox-{user}"):
                continue
            yield user
            return
    raise UserError("Too many sandboxes run at once; try again when some have ended.")


def hand_over(user: int, *places: Path) -> None:
    """Give files or folders that we made, and all that lies in them, to the user of a sandbox."""
    if user != os.geteuid():
        for place in chain.from_iterable(map(_whole, places)):
            with suppress(OSError):  # a container may have no such user: then the probe fails and says so
                os.chown(place, user, user, follow_symlinks=False)


def refuse_closed(user: int, *places: Path) -> None:
    """Raises `UserError` for a place that is closed to others, which the user of a sandbox could not read."""
    for place in places:
        if user != os.geteuid() and not place.stat().st_mode & stat.S_IROTH:
            raise UserError(
                f"{place} is closed to others, and root's sandboxes run as others; open it: "
                f"`chmod -R go+rX {shlex.quote(str(place))}`."
            )


def _whole(place: Path) -> Iterator[Path]:
    yield place
    for folder, folders, files in os.walk(place):
        yield from (Path(folder, name) for name in (*folders, *files))


def _taken(hold: socket.socket, name: str) -> bool:
    try:
        hold.bind(name)
    except OSError:
        return True
    return False


def _known(user: int) -> bool:
    """Whether our user namespace has that number."""
    lines = Path("/proc/self/uid_map").read_text("ascii").splitlines()
    parts = (map(int, line.split()) for line in lines)
    return any(first <= user < first + count for first, _, count in parts)
