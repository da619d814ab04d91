"""What the payloads of different forges have in common. Fields that nobody needs are not read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

# What is looked at of a text; what comes behind is not.
_LONGEST = 65_536


class Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


def _cut(value: Any) -> Any:
    """Texts may be absent; those that are too long end early, and what no database keeps is left out."""
    return value[:_LONGEST].replace("\0", "") if isinstance(value, str) else value or ""


def _moment(value: Any) -> datetime:
    """GitLab writes some moments so: `2015-05-17 17:06:40 UTC`. What names no zone is in UTC."""
    if not isinstance(value, str):
        raise ValueError("no moment")
    read = datetime.fromisoformat(value.removesuffix(" UTC").strip())
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("before all years") from error


def _moment_if_any(value: Any) -> datetime | None:
    """None too where it cannot be read, or is the year 1, which Go writes for none: one does without."""
    try:
        read = _moment(value)
    except ValueError:
        return None
    return read if read.year > 1 else None


Words = Annotated[str, BeforeValidator(_cut)]
Link = Annotated[str, Field(max_length=500, pattern=r"^https?://[^\s<>\"]+$")]
Sha = Annotated[str, Field(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]
Number = Annotated[int, Field(ge=0, lt=2**63)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Perhaps = Annotated[datetime | None, BeforeValidator(_moment_if_any)]
