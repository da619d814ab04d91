"""What all tests share. Hypothesis does not time its examples: that would say nothing of the code."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from blueprint.errors import UserError
from lean_project import sandbox

settings.register_profile("chantier", deadline=None)
settings.load_profile("chantier")

_CONFINED = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Without a sandbox, Lean still runs in the tests, which are ours; the tests of the sandbox skip."""
    try:
        config.stash[_CONFINED] = sandbox.confinement()
    except UserError as error:
        os.environ[sandbox.SETTING] = "node"
        config.stash[_CONFINED] = f"{sandbox.confinement()}, because: {error}"


def pytest_report_header(config: pytest.Config) -> str:
    return f"builds are confined by: {config.stash[_CONFINED]}"
