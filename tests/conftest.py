"""What all tests share. Hypothesis does not time its examples: that would say nothing of the code."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("chantier", deadline=None)
settings.load_profile("chantier")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that start Lean share one worker: each Lean takes gigabytes."""
    for item in items:
        if item.get_closest_marker("lean"):
            item.add_marker(pytest.mark.xdist_group("lean"))
