"""Where the server keeps its things."""

from __future__ import annotations

import os
from pathlib import Path


def data_dir() -> Path:
    """`$CHANTIER_DATA`, else `$XDG_DATA_HOME/chantier`, else `~/.local/share/chantier`."""
    if chosen := os.environ.get("CHANTIER_DATA"):
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "chantier"


def config_file() -> Path:
    """`$CHANTIER_CONFIG`, else `chantier-server.toml` in the data folder."""
    chosen = os.environ.get("CHANTIER_CONFIG")
    return Path(chosen).expanduser() if chosen else data_dir() / "chantier-server.toml"
