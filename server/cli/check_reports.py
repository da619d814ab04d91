"""The report of a check: made, signed, written, and posted to the server."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from blueprint.caches import write_whole
from blueprint.errors import UserError
from lean_project.findings import Findings
from lean_project.reports import MAX_BYTES, SIGNATURE_HEADER, Report, decode, encode, new_id, sign
from lean_project.repository import Repository
from lean_project.topics import Topic

KEY, TOKEN = "CHANTIER_REPORT_KEY", "CHANTIER_REPORT_TOKEN"
_ADDRESS = re.compile(r".*/api/v1/projects/([a-z0-9-]{1,80})/reports")
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_SECONDS = 60
_ANSWER_BYTES = 100_000
_SOURCES = (".lean", ".tex", ".sty", ".toml")


def project_at(url: str) -> str:
    """The project's name in the address that takes its reports. `UserError` for any other address."""
    try:
        parts, found = urlsplit(url), _ADDRESS.fullmatch(url)
    except ValueError:
        parts, found = urlsplit(""), None
    if found is None or parts.query or parts.username:
        raise UserError("Reports go to https://SERVER/api/v1/projects/NAME/reports; give that address.")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise UserError("A report carries a secret; give an address that begins with https://.")
    return found[1]


def committed(root: Path) -> str:
    """The hash of the commit that the folder holds, unchanged. `UserError` where it holds anything else."""
    with Repository.open(root) as repository:
        sha = repository.head().sha
        tracked = set()
        for path, data in repository.files(sha):
            tracked.add(path)
            if not _same(root / path, data):
                raise UserError(f"{path} is not as commit {sha[:10]} has it; a report is about a commit.")
    if strange := next(_untracked(root, tracked), None):
        raise UserError(f"{strange} is in no commit; a report is about a commit, so add it or move it away.")
    return sha


def _same(file: Path, data: bytes) -> bool:
    try:
        return file.read_bytes() == data
    except OSError:
        return False


def _untracked(root: Path, tracked: set[str]) -> Iterator[str]:
    """Sources that a check could read; hidden folders hold what tools made."""
    for place, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            path = (Path(place) / name).relative_to(root).as_posix()
            if name.endswith(_SOURCES) and path not in tracked:
                yield path


def make(
    findings: Findings, project: str, commit: str, policy: frozenset[Topic], failed: tuple[Topic, ...]
) -> Report:
    return Report(
        id=new_id(),
        made=datetime.now(UTC),
        project=project,
        commit=commit,
        chantier=version("chantier"),
        facts=findings.facts,
        verified=tuple(id for id, status in findings.statuses.items() if status.verified),
        policy=tuple(sorted(policy)),
        failed=failed,
    )


def write(report: Report, file: Path, environment: Mapping[str, str] = os.environ) -> bytes:
    """Write the report, and beside it its signature where there is a key. Gives what was written."""
    body = encode(report)
    if len(body) > MAX_BYTES:
        raise UserError(f"The report would be larger than {MAX_BYTES // 2**20} MB; no server takes it.")
    try:
        write_whole(file, body)
        if key := _secret(KEY, environment):
            write_whole(file.with_name(f"{file.name}.sig"), f"{sign(body, key)}\n".encode())
    except OSError as error:
        raise UserError(f"{file} cannot be written: {error.strerror}.") from error
    return body


def read(file: Path) -> Report:
    """A report written before. `UserError` where there is none."""
    try:
        with file.open("rb") as source:
            return decode(source.read(MAX_BYTES + 1))
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}.") from error


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would carry the token somewhere else."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


def _secret(name: str, environment: Mapping[str, str]) -> str:
    """Without the end of the line that people copy with it. `UserError`, which does not quote it, for what
    could never be one: the error of a library would."""
    value = environment.get(name, "").strip()
    if not re.fullmatch(r"[ -~]*", value):
        raise UserError(f"{name} is not what `chantier reporter add` printed; copy it again.")
    return value


def post(url: str, body: bytes, environment: Mapping[str, str] = os.environ) -> str:
    """Send the report; gives the server's words. `UserError` where it does not take it."""
    project_at(url)
    key, token = _secret(KEY, environment), _secret(TOKEN, environment)
    missing = [name for name, value in ((KEY, key), (TOKEN, token)) if not value]
    if missing:
        raise UserError(f"To post a report, set {' and '.join(missing)}; `chantier reporter add` gives both.")
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        SIGNATURE_HEADER: sign(body, key),
    }
    request = Request(url, body, headers, method="POST")  # noqa: S310 - `project_at` has seen the address
    try:
        with build_opener(_NoRedirects).open(request, timeout=_SECONDS) as answer:
            return _words(answer.read(_ANSWER_BYTES), "The server has it.")
    except HTTPError as error:
        words = _words(error.read(_ANSWER_BYTES), error.reason)
        raise UserError(f"The server did not take the report ({error.code}): {words}") from error
    except (URLError, TimeoutError, OSError) as error:
        raise UserError(f"{url} cannot be reached: {getattr(error, 'reason', error)}.") from error


def _words(answer: bytes, otherwise: str) -> str:
    try:
        return str(json.loads(answer)["detail"])[:1000]
    except (ValueError, KeyError, TypeError):
        return otherwise
