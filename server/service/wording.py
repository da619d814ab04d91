"""Words that several services use."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from dashboards.snapshot import ClaimView, TaskView


def task_name(task: TaskView) -> str:
    """`#12 (prove Lemma 2.3)`"""
    return f"{task.label} ({task.kind} {task.caption})"


def claim_words(claim: ClaimView, zone: tzinfo = UTC) -> str:
    """` until 2026-12-24 (UTC)`, ` (paused)`, or nothing where a claim has no end."""
    return " (paused until what it rests on is settled)" if claim.paused else until_words(claim.expires, zone)


def until_words(expires: datetime | None, zone: tzinfo = UTC) -> str:
    """` until 2026-12-24 (Europe/Paris)`: the day in that zone; nothing where a claim has no end."""
    return f" until {expires.astimezone(zone):%Y-%m-%d} ({zone})" if expires else ""
