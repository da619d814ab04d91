"""Words that several services use."""

from __future__ import annotations

from datetime import UTC, datetime

from dashboards.snapshot import TaskView


def task_name(task: TaskView) -> str:
    """`#12 (prove Lemma 2.3)`"""
    return f"{task.label} ({task.kind} {task.caption})"


def until_words(expires: datetime | None) -> str:
    """` until 2026-12-24 (UTC)`, or nothing where a claim has no end."""
    return f" until {expires.astimezone(UTC):%Y-%m-%d} (UTC)" if expires else ""
