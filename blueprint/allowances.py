"""What reading a blueprint may cost on this machine: the environment's word, never the project's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from blueprint.draft import Limits
from blueprint.errors import UserError

DEFAULT = Limits()
# Environment variable -> the limit it sets, and how many of the limit's units one of its own is.
VARIABLES = {"CHANTIER_READ_SECONDS": ("seconds", 1), "CHANTIER_READ_MEGABYTES": ("memory", 1 << 20)}
MOST = 1_000_000
ANSWER = 32  # who grants more memory grants a longer answer: the part of it that the answer may be


def allowed(environment: Mapping[str, str]) -> Limits:
    """The limits that the environment sets; a project's own settings, which strangers write, have no say."""
    given = {name: value for name, value in environment.items() if name in VARIABLES and value}
    limits = replace(DEFAULT, **dict(_limit(name, value) for name, value in given.items()))
    return replace(limits, output=max(DEFAULT.output, limits.memory // ANSWER))


def _limit(name: str, value: str) -> tuple[str, int]:
    limit, unit = VARIABLES[name]
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= MOST):
        raise UserError(
            f"The environment variable {name} is {value[:20]!a}; give a whole number from 1 to {MOST}."
        )
    return limit, int(value) * unit
