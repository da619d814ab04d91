"""The API over a real database: the same things as JSON, and the same rules."""

from __future__ import annotations

import pytest

from .web_world import Site

ROOT = "/api/v1"
NUM = f"{ROOT}/projects/num"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def free_task(site: Site) -> int:
    tasks = site.client().get(f"{NUM}/tasks").json["items"]
    return next(task["number"] for task in tasks if task["readiness"] == "ready" and not task["claims"])


READABLE = (
    "",
    "graph",
    "nodes",
    "nodes/thm:euclid",
    "tasks",
    "suggestions",
    "people",
    "people/1",
    "credit",
    "events",
    "report",
)


@pytest.mark.parametrize("page", READABLE)
def test_everything_answers_as_json_with_an_etag(site: Site, page: str) -> None:
    first = site.client().get(f"{NUM}/{page}".rstrip("/"))
    assert (first.status_code, first.mimetype) == (200, "application/json")
    again = site.client().get(f"{NUM}/{page}".rstrip("/"), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_mark_is_of_what_is_there_now_and_of_whoever_asks(site: Site) -> None:
    """Else a browser, or a proxy, shows what was, or what somebody else was shown."""
    emmy, ben = (bearer(site.token(site.person(name))) for name in ("Emmy", "Ben"))
    number = free_task(site)

    def marks(headers: dict[str, str]) -> list[str]:
        answers = [site.client().get(f"{NUM}/{page}", headers=headers) for page in ("tasks", "mine")]
        assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-cache"}
        return [answer.headers["ETag"] for answer in answers]

    before = marks(emmy)
    assert site.client().post(f"{NUM}/tasks/{number}/claim", json={}, headers=emmy).status_code == 200
    after = marks(emmy)
    assert before[0] != after[0]
    assert before[1] != after[1]
    assert marks(ben)[1] != after[1]
    stale = site.client().get(f"{NUM}/tasks", headers={**emmy, "If-None-Match": before[0]})
    assert stale.status_code == 200


def test_suggestions_are_as_many_as_asked_for_and_say_why(site: Site) -> None:
    found = site.client().get(f"{NUM}/suggestions?limit=1").json
    assert [one["readiness"] for one in found] == ["ready"]
    assert found[0]["reasons"]
    assert len(site.client().get(f"{NUM}/suggestions").json) == 3
    for limit in ("none", "-1", "0", "1000", "1&limit=2"):
        assert site.client().get(f"{NUM}/suggestions?limit={limit}").status_code == 400


def test_projects(site: Site) -> None:
    listed = site.client().get(f"{ROOT}/projects").json
    assert listed == {
        "items": [{"slug": "num", "title": "Elementary number theory", "url": NUM}],
        "next": None,
    }
    assert site.client().get(NUM).json["nodes"]["verified"] == 4


def test_a_node_whole(site: Site) -> None:
    node = site.client().get(f"{NUM}/nodes/lem:prime-divisor").json
    assert node["status"] == "proved"
    assert node["used_by"] == ["thm:euclid"]
    assert node["proof"]["reasons"][0]["path"] == ["Num.exists_prime_dvd", "Num.helper", "sorryAx"]


def test_report_as_markdown(site: Site) -> None:
    response = site.client().get(f"{NUM}/report?format=markdown&since=2026-01-01")
    assert response.mimetype == "text/markdown"
    assert response.text.startswith("# Elementary number theory")


@pytest.mark.parametrize(
    "path", ["/nothing", "/projects/none", "/projects/num/nodes/none", "/projects/num/people/99"]
)
def test_errors_are_problems(site: Site, path: str) -> None:
    response = site.client().get(f"{ROOT}{path}")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert set(response.json) == {"type", "title", "status", "detail"}


def test_wrong_method_and_bad_date_are_problems(site: Site) -> None:
    assert site.client().delete(NUM).json["status"] == 405
    assert site.client().get(f"{NUM}/report?since=soon").json["detail"].startswith("`since` must be")


def test_claim_with_a_token(site: Site) -> None:
    emmy, number = site.person("Emmy"), free_task(site)
    headers = bearer(site.token(emmy))
    done = site.client().post(f"{NUM}/tasks/{number}/claim", json={"days": 10}, headers=headers)
    assert done.status_code == 200
    assert done.json["renewed"] is False
    assert done.json["task"]["claims"][0]["expires"].startswith("2026-03-12")
    back = site.client().post(f"{NUM}/tasks/{number}/disclaim", headers=headers)
    assert back.json["task"]["claims"] == []


def test_a_refusal_is_the_same_sentence(site: Site) -> None:
    number = free_task(site)
    for name, status in (("Emmy", 200), ("Ada", 409)):
        headers = bearer(site.token(site.person(name)))
        response = site.client().post(f"{NUM}/tasks/{number}/claim", headers=headers)
        assert response.status_code == status
    assert "Emmy holds" in response.json["detail"]


def test_a_token_without_the_scope_may_only_read(site: Site) -> None:
    headers = bearer(site.token(site.person("Emmy"), frozenset({"read"})))
    assert site.client().get(f"{ROOT}/session", headers=headers).json["person"]["name"] == "Emmy"
    response = site.client().post(f"{NUM}/tasks/{free_task(site)}/claim", headers=headers)
    assert (response.status_code, response.mimetype) == (403, "application/problem+json")
    assert "may not write" in response.json["detail"]


@pytest.mark.parametrize("token", ["", "nonsense", "chantier_x", "é"])
def test_a_bad_token_is_refused_even_for_reading(site: Site, token: str) -> None:
    response = site.client().get(NUM, headers=bearer(token))
    assert (response.status_code, response.mimetype) == (401, "application/problem+json")


def test_a_token_is_no_good_for_pages(site: Site) -> None:
    headers = bearer(site.token(site.person("Emmy")))
    assert "Emmy" not in site.client().get("/p/num/", headers=headers).text


def test_a_session_needs_the_csrf_header(site: Site) -> None:
    emmy, number = site.signed_in(), free_task(site)
    bare = emmy.post(f"{NUM}/tasks/{number}/claim", json={})
    assert (bare.status_code, bare.json["title"]) == (400, "No CSRF token")
    token = emmy.get(f"{ROOT}/session").json["csrf_token"]
    done = emmy.post(f"{NUM}/tasks/{number}/claim", json={}, headers={"X-CSRFToken": token})
    assert done.status_code == 200


def test_nobody_may_not_claim(site: Site) -> None:
    response = site.client().post(f"{NUM}/tasks/{free_task(site)}/claim", json={})
    assert response.status_code == 401


@pytest.mark.parametrize(
    "body", ["[]", '"x"', "{", '{"days": 1', "null", '{"days": {"a": 1}}', '{"days": -3}', '{"days": 1.5}']
)
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_a_body_that_is_not_understood_claims_nothing(site: Site, body: str, kind: str) -> None:
    headers, number = bearer(site.token(site.person("Emmy"))) | {"Content-Type": kind}, free_task(site)
    response = site.client().post(f"{NUM}/tasks/{number}/claim", data=body, headers=headers)
    status = 400 if kind == "application/json" else 415
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert free_task(site) == number


@pytest.mark.parametrize("verb", ["claim", "disclaim"])
def test_a_task_that_is_not_there(site: Site, verb: str) -> None:
    response = site.client().post(f"{NUM}/tasks/999/{verb}", headers=bearer(site.token(site.person("Emmy"))))
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert "#999" in response.json["detail"]
