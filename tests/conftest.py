"""What all tests share. Hypothesis does not time its examples: that would say nothing of the code."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("chantier", deadline=None)
settings.load_profile("chantier")
