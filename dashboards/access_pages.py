"""The pages for getting in."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.access import WayIn
from dashboards.rendering import render
from dashboards.viewing import Viewer


def sign_in(viewer: Viewer, chat: str = "", forges: Sequence[WayIn] = ()) -> str:
    """How one signs in; `chat` is the address of the Zulip where the bot listens, if there is one."""
    return render("signin.html", viewer, chat=chat, forges=forges)


def login(viewer: Viewer, token: str, name: str) -> str:
    """The page behind a one-time link for the person of that name: looking at it redeems nothing."""
    return render("login.html", viewer, token=token, name=name)


def joining(viewer: Viewer, token: str, name: str) -> str:
    """The page behind a link by which the viewer and the person of that name become one."""
    return render("joining.html", viewer, token=token, name=name)


def new_token(viewer: Viewer, token: str) -> str:
    """A token for the API, shown this once."""
    return render("token.html", viewer, token=token)


def leaving(viewer: Viewer, address: str, name: str) -> str:
    """On the way to `address`, which is elsewhere: at the forge of that name."""
    return render("leaving.html", viewer, address=address, name=name)


def newcomer(viewer: Viewer, site: str, login: str, name: str, *, known: bool, is_open: bool) -> str:
    """Who they are to be here. `name` is a proposal, or where they are `known`, what they are called."""
    return render("newcomer.html", viewer, site=site, login=login, name=name, known=known, is_open=is_open)
