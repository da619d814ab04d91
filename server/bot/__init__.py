"""The bot, and the door to Zulip: the modules in here, and no others, talk to it."""

from __future__ import annotations

from server.bot.client import Credentials
from server.bot.running import run
from server.bot.zulip_chat import ZulipChat, connect

__all__ = ["Credentials", "ZulipChat", "connect", "run"]
