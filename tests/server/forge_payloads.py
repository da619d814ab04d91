"""Deliveries as forges make them: with the headers and fields that their manuals name, of our own making."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

SHA, OTHER_SHA, ZERO = "a" * 40, "b" * 40, "0" * 40
ANA, BEN, MONA, STRANGER = 101, 102, 104, 999
LOGINS = {ANA: "ana-on-forge", BEN: "ben-on-forge", MONA: "mona-on-forge", STRANGER: "stranger"}
BASE = {
    "github": "https://github.com/village/halls",
    "gitlab": "https://gitlab.com/village/halls",
    "forgejo": "https://codeberg.org/village/halls",
    "gitea": "https://codeberg.org/village/halls",
}
PATHS = {"github": "pull", "gitlab": "-/merge_requests", "forgejo": "pulls", "gitea": "pulls"}
FORGES = tuple(BASE)


@dataclass(frozen=True)
class Change:
    """A pull request as a test wants it; each forge tells it in its own way."""

    title: str = "The even case"
    body: str = ""
    branch: str = "even-case"
    author: int = ANA
    number: int = 34
    state: str = "open"
    draft: bool = False
    sha: str = SHA
    at: datetime = datetime(2026, 3, 2, 10, tzinfo=UTC)

    def link(self, forge: str) -> str:
        return f"{BASE[forge]}/{PATHS[forge]}/{self.number}"


@dataclass(frozen=True)
class Delivery:
    event: str
    payload: dict[str, Any] = field(repr=False)

    @property
    def body(self) -> bytes:
        return json.dumps(self.payload).encode()


def account(forge: str, number: int) -> str:
    """As whoever signs in with it is known."""
    return f"{BASE[forge].removesuffix('/village/halls')}#{number}"


def pull_request(forge: str, change: Change, action: str = "opened", by: int | None = None) -> Delivery:
    """`action` in GitHub's words; `asked` is a review that asks for changes, by `by`."""
    who = change.author if by is None else by
    if forge == "gitlab":
        return Delivery("Merge Request Hook", _merge_request(change, action, who))
    hub = {
        "action": action,
        "number": change.number,
        "pull_request": _pull(forge, change),
        "repository": _repository(forge),
        "sender": _user(forge, who),
    }
    if action == "review_requested":
        hub["requested_reviewer"] = _user(forge, MONA)
    if action != "asked":
        hub["action"] = "synchronized" if action == "synchronize" and forge != "github" else action
        return Delivery("pull_request", hub)
    if forge == "github":
        review = {"id": 80, "user": _user(forge, who), "body": "No.", "state": "changes_requested"}
        review |= {"submitted_at": _at(change.at), "author_association": _association(who)}
        return Delivery("pull_request_review", {**hub, "action": "submitted", "review": review})
    review = {"type": "pull_request_review_rejected", "content": "No."}
    return Delivery("pull_request_rejected", {**hub, "action": "reviewed", "review": review})


def push(forge: str, branch: str = "main", sha: str = OTHER_SHA, ref: str = "refs/heads/") -> Delivery:
    if forge == "gitlab":
        told = {"object_kind": "push", "event_name": "push", "before": SHA, "after": sha, "ref": ref + branch}
        told |= {"checkout_sha": sha, "user_id": ANA, "user_username": LOGINS[ANA], "project_id": 15}
        return Delivery("Push Hook", {**told, "project": _project(), "commits": [], "total_commits_count": 0})
    hub = {"ref": ref + branch, "before": SHA, "after": sha, "repository": _repository(forge), "commits": []}
    hub |= {"pusher": {"name": LOGINS[ANA], "email": "ana@example.org"}, "sender": _user(forge, ANA)}
    return Delivery("push", {**hub, "deleted": sha == ZERO} if forge == "github" else hub)


def check(forge: str, passed: bool, sha: str = SHA, name: str = "build") -> Delivery:
    end = "success" if passed else "failure"
    if forge == "github":
        run = {"id": 4, "name": name, "head_sha": sha, "status": "completed", "conclusion": end}
        run |= {"check_suite": {"id": 5, "head_sha": sha}, "pull_requests": []}
        told = {"action": "completed", "check_run": run}
        return Delivery("check_run", {**told, "repository": _repository(forge), "sender": _user(forge, ANA)})
    if forge == "gitlab":
        run = {"id": 31, "iid": 3, "ref": "even-case", "tag": False, "sha": sha, "source": name}
        run |= {"status": "success" if passed else "failed", "stages": ["build"], "duration": 63}
        return Delivery(
            "Pipeline Hook", {"object_kind": "pipeline", "object_attributes": run, "project": _project()}
        )
    if forge == "forgejo":
        run = {"id": 6, "title": "build", "workflow_id": name, "commit_sha": sha, "index_in_repo": 2}
        run |= {"repository": _repository(forge), "trigger_user": _user(forge, ANA), "ScheduleID": 0}
        return Delivery(f"action_run_{end}", {"action": end, "run": run, "prior_status": "running"})
    return status(forge, end, sha, name)


def status(forge: str, state: str, sha: str = SHA, name: str = "ci/build") -> Delivery:
    told = {"id": 7, "sha": sha, "context": name, "state": state, "description": "", "target_url": None}
    told |= {"created_at": "2026-03-02T10:00:00Z", "updated_at": "2026-03-02T10:00:00Z"}
    return Delivery("status", {**told, "repository": _repository(forge), "sender": _user(forge, ANA)})


def comment(
    forge: str,
    text: str,
    by: int = ANA,
    on: Change | None = None,
    *,
    body: str = "",
    title: str = "About the halls",
    number: int = 1,
    at: datetime = datetime(2026, 3, 2, 11, tzinfo=UTC),
    action: str = "created",
) -> Delivery:
    """Below a pull request, or else below an issue of that title and body."""
    if forge == "gitlab":
        return Delivery("Note Hook", _note(text, by, on, body, title, number, at, action))
    link = on.link(forge) if on else f"{BASE[forge]}/issues/{on.number if on else 7}"
    issue = {"number": 7, "title": on.title if on else title, "body": on.body if on else body or None}
    issue |= {"html_url": link.replace("pull/", "issues/") if forge == "github" else link, "state": "open"}
    if on:
        issue["pull_request"] = (
            {"html_url": link, "url": "https://api.example.org"} if forge == "github" else {}
        )
    said = {"id": number, "body": text, "user": _user(forge, by), "created_at": _at(at), "html_url": link}
    told = {"action": action, "issue": issue, "comment": said, "is_pull": on is not None}
    return Delivery("issue_comment", {**told, "repository": _repository(forge), "sender": _user(forge, by)})


def headers(
    forge: str, delivery: Delivery, secret: str, number: str = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
) -> dict[str, str]:
    """What the forge sends beside the body; GitLab here by its secret token, as most do."""
    digest = hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
    if forge == "github":
        event = {
            "X-GitHub-Event": delivery.event,
            "X-GitHub-Delivery": number,
            "X-GitHub-Hook-ID": "292430182",
        }
        return event | {"X-Hub-Signature": "sha1=0", "X-Hub-Signature-256": f"sha256={digest}"}
    if forge == "gitlab":
        told = {"X-Gitlab-Event": delivery.event, "X-Gitlab-Event-UUID": number, "Idempotency-Key": number}
        return told | {"X-Gitlab-Token": secret, "X-Gitlab-Instance": "https://gitlab.com"}
    names = ("Forgejo", "Gitea", "Gogs") if forge == "forgejo" else ("Gitea", "Gogs")
    told = {f"X-{name}-{what}": value for name in names for what, value in _three(delivery, digest, number)}
    return told | {"X-Hub-Signature-256": f"sha256={digest}", "X-GitHub-Event": delivery.event}


def gitlab_signature(delivery: Delivery, secret: str, at: datetime, number: str = "msg-1") -> dict[str, str]:
    """How GitLab signs where a signing token is set."""
    moment, key = str(int(at.timestamp())), base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{number}.{moment}.".encode() + delivery.body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    told = {"X-Gitlab-Event": delivery.event, "webhook-id": number, "webhook-timestamp": moment}
    return told | {"webhook-signature": signature}


def _three(delivery: Delivery, digest: str, number: str) -> tuple[tuple[str, str], ...]:
    return ("Event", delivery.event), ("Delivery", number), ("Signature", digest)


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _association(person: int) -> str:
    return "MEMBER" if person == BEN else "NONE"


def _user(forge: str, number: int) -> dict[str, Any]:
    login = LOGINS[number]
    return {"id": number, "login": login, "html_url": f"https://example.org/{login}", "type": "User"}


def _repository(forge: str) -> dict[str, Any]:
    told = {
        "id": 35,
        "name": "halls",
        "full_name": "village/halls",
        "private": False,
        "default_branch": "main",
    }
    return told | {"html_url": BASE[forge], "clone_url": f"{BASE[forge]}.git", "owner": _user(forge, MONA)}


def _pull(forge: str, change: Change) -> dict[str, Any]:
    merged = change.state == "merged"
    told = {
        "id": 1000 + change.number,
        "number": change.number,
        "html_url": change.link(forge),
        "title": change.title,
        "body": change.body or None,
        "state": "open" if change.state == "open" else "closed",
        "draft": change.draft,
        "merged_at": _at(change.at) if merged else None,
        "created_at": "2026-03-02T10:00:00Z",
        "updated_at": _at(change.at),
        "user": _user(forge, change.author),
        "head": {"ref": change.branch, "sha": change.sha, "label": f"ana:{change.branch}", "repo": None},
        "base": {"ref": "main", "sha": OTHER_SHA, "repo": _repository(forge)},
        "requested_reviewers": [],
    }
    return told | ({"merged": merged} if forge != "github" else {"author_association": "CONTRIBUTOR"})


def _project() -> dict[str, Any]:
    web = BASE["gitlab"]
    told = {"id": 15, "name": "Halls", "web_url": web, "git_http_url": f"{web}.git", "namespace": "Village"}
    return told | {"default_branch": "main", "path_with_namespace": "village/halls", "visibility_level": 20}


def _merge_request(change: Change, action: str, by: int) -> dict[str, Any]:
    actions = {
        "opened": "open",
        "closed": "merge" if change.state == "merged" else "close",
        "reopened": "reopen",
    }
    told: dict[str, Any] = {
        "id": 99,
        "iid": change.number,
        "target_branch": "main",
        "source_branch": change.branch,
        "source_project_id": 14,
        "author_id": change.author,
        "assignee_ids": [],
        "reviewer_ids": [],
        "title": change.title,
        "description": change.body,
        "state": {"open": "opened"}.get(change.state, change.state),
        "draft": change.draft,
        "work_in_progress": change.draft,
        "updated_at": f"{change.at:%Y-%m-%d %H:%M:%S} UTC",
        "url": change.link("gitlab"),
        "last_commit": {"id": change.sha, "message": "Half of it\n", "author": {"name": "Ana"}},
        "action": actions.get(action, "update"),
    }
    changes: dict[str, Any] = {}
    if action == "synchronize":
        told["oldrev"] = OTHER_SHA
    if action == "review_requested":
        reviewer = {"id": MONA, "name": "Mona", "username": LOGINS[MONA], "state": "unreviewed"}
        changes["reviewers"] = {
            "previous": [{**reviewer, "state": "requested_changes", "re_requested": False}],
            "current": [{**reviewer, "re_requested": True}],
        }
    if action == "asked":
        reviewer = {"id": by, "name": "R", "username": LOGINS[by], "re_requested": False}
        changes["reviewers"] = {
            "previous": [{**reviewer, "state": "unreviewed"}],
            "current": [{**reviewer, "state": "requested_changes"}],
        }
    user = {"id": by, "name": "Somebody", "username": LOGINS[by], "email": "[REDACTED]"}
    whole = {"object_kind": "merge_request", "event_type": "merge_request", "user": user, "labels": []}
    return {**whole, "project": _project(), "object_attributes": told, "changes": changes}


def _note(
    text: str, by: int, on: Change | None, body: str, title: str, number: int, at: datetime, action: str
) -> dict[str, Any]:
    link = on.link("gitlab") if on else f"{BASE['gitlab']}/-/issues/7"
    said = {"id": number, "note": text, "noteable_type": "MergeRequest" if on else "Issue", "author_id": by}
    said |= {"created_at": f"{at:%Y-%m-%d %H:%M:%S} UTC", "system": False, "url": f"{link}#note_{number}"}
    said["action"] = "create" if action == "created" else "update"
    user = {"id": by, "name": "Somebody", "username": LOGINS[by]}
    told = {"object_kind": "note", "event_type": "note", "user": user, "project": _project()}
    if on:
        about = {"id": 7, "iid": on.number, "title": on.title, "description": on.body, "author_id": on.author}
        return {**told, "object_attributes": said, "merge_request": {**about, "source_branch": on.branch}}
    about = {"id": 92, "iid": 7, "title": title, "description": body, "author_id": by, "state": "opened"}
    return {**told, "object_attributes": said, "issue": about}


def later(change: Change, minutes: int, **new: Any) -> Change:
    """The same pull request so many minutes on."""
    from dataclasses import replace

    return replace(change, at=change.at + timedelta(minutes=minutes), **new)
