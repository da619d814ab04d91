"""What people can ask for."""

from __future__ import annotations

from server.commands.deeds import Deed
from server.commands.looks import Looking

Command = Deed | Looking
