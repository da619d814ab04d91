"""The API's description: valid, whole, and true of the routes that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from server.api.document import address
from server.commands.credits import WORDS
from server.commands.forms import NODE_VERBS, TASK_VERBS, fields_of

from .test_api import NUM, ROOT, bearer
from .web_world import Site, make_site

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = make_site(tmp_path_factory.mktemp("described"))
    site.add_project()
    yield site
    site.database.close()


@pytest.fixture(scope="module")
def described(site: Site) -> dict[str, Any]:
    return site.client().get(f"{ROOT}/openapi.json").json


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, found in methods.items():
            yield method.upper(), path, found


def test_it_is_valid_openapi(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    validate(described)


def test_it_has_exactly_the_routes_that_there_are(site: Site, described: dict[str, Any]) -> None:
    there = {
        (method, address(rule.rule.removeprefix(ROOT)))
        for rule in site.flask.url_map.iter_rules()
        if rule.rule.startswith(f"{ROOT}/") and rule.rule not in (f"{ROOT}/openapi.json", f"{ROOT}/docs")
        for method in (rule.methods or set()) & METHODS
    }
    assert there == {(method, path) for method, path, _ in operations(described)}


def test_everything_is_said(described: dict[str, Any]) -> None:
    names = [found["operationId"] for _, _, found in operations(described)]
    assert len(set(names)) == len(names)
    for _, path, found in operations(described):
        assert not set("<>") & set(path)
        assert found["summary"], path
        assert found["description"], path
        assert found["responses"], path
        assert all(each["description"] for each in found["parameters"]), path
    for name, schema in described["components"]["schemas"].items():
        assert "enum" in schema or schema["description"], name
        for field, each in schema.get("properties", {}).items():
            assert each.get("description"), (name, field)


@pytest.mark.parametrize("verb", TASK_VERBS)
def test_an_action_takes_what_the_chat_takes(described: dict[str, Any], verb: str) -> None:
    found = described["paths"][f"{ROOT}/projects/{{slug}}/tasks/{{number}}/{verb}"]["post"]
    name = found["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert set(described["components"]["schemas"][name].get("properties", {})) == fields_of(verb)


def test_every_action_has_an_address(described: dict[str, Any]) -> None:
    wanted = [f"nodes/{{node}}/{verb}" for verb in NODE_VERBS] + [f"credit/{{number}}/{w}" for w in WORDS]
    for path in wanted:
        assert f"{ROOT}/projects/{{slug}}/{path}" in described["paths"]


def test_the_page_has_every_operation_and_nothing_from_elsewhere(
    site: Site, described: dict[str, Any]
) -> None:
    page = site.client().get(f"{ROOT}/docs")
    assert page.status_code == 200
    for _, _, found in operations(described):
        assert f'id="{found["operationId"]}"' in page.text
    assert re.search(r' style="|<style|<script>|src="http|href="http', page.text) is None
    anchors = set(re.findall(r'href="#([^"]+)"', page.text))
    assert anchors <= set(re.findall(r' id="([^"]+)"', page.text))


def test_the_document_is_the_same_to_the_letter_and_not_sent_twice(site: Site) -> None:
    first = site.client().get(f"{ROOT}/openapi.json")
    again = site.client().get(f"{ROOT}/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("DELETE", "/projects", 405),
        ("OPTIONS", "/projects", 405),
        ("POST", "/projects/num/say", 401),
        ("GET", "/projects?color=red", 400),
        ("GET", "/projects/num/tasks/0", 404),
        ("GET", "/projects/num/tasks/99999999999999999999", 404),
        ("GET", "/projects/num/tasks?limit=201", 400),
        ("GET", "/projects/num/mine", 401),
    ],
)
def test_every_error_is_a_problem(site: Site, method: str, path: str, status: int) -> None:
    response = site.client().open(f"{ROOT}{path}", method=method)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert response.json["status"] == status
    assert response.json["detail"].endswith(".")
    if status == 401:
        assert response.headers["WWW-Authenticate"] == "Bearer"
    if status == 405:
        assert response.headers["Allow"]


def test_too_much_and_not_json(site: Site) -> None:
    headers = bearer(site.token(site.person("Cleo")))
    say = f"{NUM}/say"
    large = site.client().post(say, json={"text": "x" * 70_000}, headers=headers)
    assert (large.status_code, large.mimetype) == (413, "application/problem+json")
    form = site.client().post(say, data={"text": "status"}, headers=headers)
    assert (form.status_code, form.mimetype) == (415, "application/problem+json")
    for wrong in ('{"text": "\\u0000"}', '{"text": "\\ud800"}', '{"text": ""}', "[" * 30_000, "\xff"):
        answer = site.client().post(
            say, data=wrong.encode("latin-1"), headers={**headers, "Content-Type": "application/json"}
        )
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
