"""Whether a delivery is the forge's: its signature fits a secret that both know. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from server.forges.events import Forge

PREFIX = "whsec_"
# How far a clock that signs may be from ours.
CLOCKS_DIFFER = timedelta(minutes=5)
# Header -> what stands before the digest in it. The first that is there is the one that counts.
_DIGESTS: Mapping[Forge, tuple[tuple[str, str], ...]] = {
    Forge.GITHUB: (("x-hub-signature-256", "sha256="),),
    Forge.FORGEJO: (("x-forgejo-signature", ""), ("x-gitea-signature", "")),
    Forge.GITEA: (("x-gitea-signature", ""),),
}


_SIGNS: Mapping[Forge, tuple[str, ...]] = {
    **{forge: tuple(name for name, _ in known) for forge, known in _DIGESTS.items()},
    Forge.GITLAB: ("webhook-signature", "x-gitlab-token"),
}


def new_secret() -> str:
    """A secret that each of the forges takes: 32 random bytes in the form that GitLab asks of those it signs
    with."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def claims_a_signature(forge: Forge, headers: Mapping[str, str]) -> bool:
    """Whether there is anything to verify; what has nothing need not be read at all."""
    return any(name in headers for name in _SIGNS[forge])


def is_signed(
    forge: Forge, headers: Mapping[str, str], body: bytes, keys: Iterable[str], now: datetime
) -> bool:
    """Whether one of these secrets signed the body. Each is tried, in a time that does not tell which fits.

    `headers` go by their names in small letters.
    """
    fits = _fits_gitlab if forge is Forge.GITLAB else _fits_digest
    return sum(fits(forge, headers, body, key, now) for key in keys) > 0


def _fits_digest(forge: Forge, headers: Mapping[str, str], body: bytes, key: str, now: datetime) -> bool:
    expected = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    said = next((headers[name].removeprefix(mark) for name, mark in _DIGESTS[forge] if name in headers), "")
    return _same(said, expected)


def _fits_gitlab(forge: Forge, headers: Mapping[str, str], body: bytes, key: str, now: datetime) -> bool:
    """By the signature, where there is one; a GitLab that does not sign sends the secret itself."""
    if "webhook-signature" not in headers:
        return _same(headers.get("x-gitlab-token", ""), key)
    number, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    known = hmac.new(_bytes_of(key), f"{number}.{moment}.".encode() + body, hashlib.sha256).digest()
    expected = f"v1,{base64.b64encode(known).decode()}"
    fits = [_same(one, expected) for one in headers["webhook-signature"].split(" ")[:5]]
    return any(fits) and _is_recent(moment, now)


def _bytes_of(key: str) -> bytes:
    try:
        return base64.b64decode(key.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return key.encode()


def _is_recent(moment: str, now: datetime) -> bool:
    if not (moment.isascii() and moment.isdigit() and len(moment) < 12):
        return False
    return abs(now.timestamp() - int(moment)) <= CLOCKS_DIFFER.total_seconds()


def _same(said: str, expected: str) -> bool:
    return hmac.compare_digest(said.encode("utf-8", "replace"), expected.encode())
