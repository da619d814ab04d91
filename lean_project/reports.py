"""A check that somebody else ran, as a document: signed where it was made, believed where its maker is. Pure.

The signature is over the very bytes of the document, so nothing of it is read before it is verified.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field, TypeAdapter, ValidationError

from blueprint.errors import UserError
from lean_project import facts as codec
from lean_project.facts import Facts
from lean_project.mistakes import mistake

MAX_BYTES = 16 * 2**20
SIGNATURE_HEADER = "X-Chantier-Signature"
_PREFIX = "sha256="


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be printable text on one line")
    return text


_Line = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
_Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of `commit` found. `project` is its name on the server, `id` is used once.

    `verified` are the ids of nodes verified there and `failed` the topics that made the run fail: both are
    for people and for later runs, no server believes them.
    """

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    made: AwareDatetime
    project: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,80}$")]
    commit: _Sha
    chantier: _Line
    facts: Facts
    verified: tuple[Annotated[str, Field(max_length=1000)], ...] = ()
    policy: tuple[_Line, ...] = ()
    failed: tuple[_Line, ...] = ()
    schema: Literal["chantier-report/1"] = "chantier-report/1"


_CODEC: TypeAdapter[Report] = TypeAdapter(Report)


def new_id() -> str:
    return secrets.token_hex(16)


def encode(report: Report) -> bytes:
    return _CODEC.dump_json(report, indent=1) + b"\n"


def decode(data: bytes) -> Report:
    """The report in these bytes. Raises `UserError` on anything else, and says which field is wrong."""
    if len(data) > MAX_BYTES:
        raise UserError(f"The report is larger than {MAX_BYTES // 2**20} MB.")
    try:
        report = _CODEC.validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part)[:40] for part in first["loc"][:6]) or "the document"
        raise UserError(f"This is no report of `chantier check`: {field}: {mistake(first)[:200]}.") from error
    if not report.facts.toolchain.isprintable() or len(report.facts.toolchain) > 200:
        raise UserError("This is no report of `chantier check`: facts.toolchain is not a line of text.")
    if any(not 0 <= use < len(report.facts.meanings) for one in report.facts.meanings for use in one.uses):
        raise UserError("This is no report of `chantier check`: facts.meanings leads out of itself.")
    return report


def as_reported(report: Report, reporter: str) -> Facts:
    """The facts, marked as somebody else's."""
    marked = replace(report.facts, reported_by=reporter, digest="")
    return replace(marked, digest=hashlib.sha256(codec.encode(marked)).hexdigest())


def sign(body: bytes, key: str) -> str:
    """The signature of a document: HMAC-SHA256 with the reporter's key."""
    return _PREFIX + hmac.new(key.encode("utf-8"), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, signature: str, key: str) -> bool:
    return hmac.compare_digest(sign(body, key).encode("ascii"), signature.strip().encode("utf-8", "replace"))


def is_fresh(report: Report, now: datetime, life_seconds: float, ahead_seconds: float) -> bool:
    """Whether it was made at most so long ago, and not in the future but for clocks that differ."""
    age = (now - report.made).total_seconds()
    return -ahead_seconds <= age <= life_seconds
