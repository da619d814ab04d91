"""Every task action through each door: one service call, the same sentence, the same refusals."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from blueprint.errors import UserError
from server.commands.credits import WORDS
from server.commands.deeds import Deed
from server.commands.forms import TASK_VERBS, fill
from server.commands.usage import USAGE
from server.dispatch import answer
from server.records.people import Person
from server.service import people, progress, projects
from server.work.permissions import Role

from .web_world import START, Site, submit

API = "/api/v1/projects/num"
PAGE = "/p/num/nodes/thm:euclid"


class Api:
    """One person's token."""

    def __init__(self, site: Site, name: str, role: Role = Role.CONTRIBUTOR) -> None:
        self.client, self.person = site.client(), site.person(name, role)
        self.headers = {"Authorization": f"Bearer {site.token(self.person)}"}

    def post(self, path: str, status: int = 200, **fields: Any) -> dict[str, Any]:
        response = self.client.post(f"{API}/{path}", json=fields, headers=self.headers)
        assert response.status_code == status, response.text
        return response.json


def say(site: Site, person: Person, text: str) -> str:
    with site.database.begin() as store:
        known, project = people.get(store, person.id), projects.find(store, "num")
        return answer(store, project, known, text, site.now, base_url="http://localhost").text


def euclid(site: Site) -> int:
    tasks = site.client().get(f"{API}/tasks").json["items"]
    return next(one["number"] for one in tasks if (one["node"], one["kind"]) == ("thm:euclid", "prove"))


def told(client: FlaskClient, page: str = PAGE) -> str:
    found = re.search(r'class="flash flash-(\w+)">(.*?)</p>', client.get(page).text)
    assert found
    return re.sub("<[^>]+>", "", found[2])


def test_a_task_through_the_api_from_claim_to_handover(site: Site) -> None:
    ada, ben, number = Api(site, "Ada L"), Api(site, "Ben B"), euclid(site)
    taken = ada.post(f"tasks/{number}/claim", until="2w")
    assert taken["detail"] == f"#{number} “prove Theorem 2.3 (Euclid)” is yours until 2026-03-16 (UTC)."
    assert taken["renewed"] is False
    assert ada.post(f"tasks/{number}/progress", note="half of it")["task"]["state"] == "in progress"
    ben.post(f"tasks/{number}/join")
    shared = ada.post(f"tasks/{number}/accept", who=ben.person.id)
    assert [claim["name"] for claim in shared["task"]["claims"]] == ["Ada L", "Ben B"]
    proposed = ben.post(f"tasks/{number}/propose", change="#34", method="agent", tools=["A tool", "B"])
    assert proposed["task"]["state"] == "in review"
    assert proposed["task"]["proposed"] == ["https://github.com/example/num/pull/34"]
    assert "`agent` (A tool, B)" in proposed["detail"]
    asked = ada.post(f"tasks/{number}/propose", change="https://github.com/example/num/pull/35")
    assert f"How was it made? `disclose #{number} manual`" in asked["detail"]
    ada.post(f"tasks/{number}/disclose", method="manual")
    again = ada.post(f"tasks/{number}/propose", change="#36")
    assert "How was it made?" not in again["detail"]
    back = ben.post(f"tasks/{number}/withdraw", change="#34")
    assert "#34" not in str(back["task"]["proposed"])
    ben.post(f"tasks/{number}/awaiting-review")
    author = ben.post(f"tasks/{number}/awaiting-author", note="Shorter, please")
    assert author["task"]["state"] == "awaiting author"
    carl = Api(site, "Carl C")
    ada.post(f"tasks/{number}/handoff", who="Carl C", note="My notes are on the branch.")
    assert carl.post(f"tasks/{number}/decline")["detail"] == "Declined; Ada L knows."
    ada.post(f"tasks/{number}/handoff", who=f"#{carl.person.id}")
    handed = carl.post(f"tasks/{number}/accept")
    assert [claim["name"] for claim in handed["task"]["claims"]] == ["Carl C", "Ben B"]
    assert carl.post(f"tasks/{number}/stuck", note="tried induction")["task"]["stuck"] == "tried induction"
    assert "before 2026-03-04" in carl.post(f"tasks/{number}/snooze", until="2 days")["detail"]
    pieces = carl.post(f"tasks/{number}/split", note="- the even case\n2. the odd case\n\n")
    titles = [
        one["title"] for one in site.client().get(f"{API}/tasks").json["items"] if one["piece_of"] == number
    ]
    assert titles == ["the even case", "the odd case"]
    assert "split" in pieces["detail"]
    assert ada.post(f"tasks/{number}/wait")["changed"] is True
    assert ada.post(f"tasks/{number}/wait")["changed"] is False
    assert "no longer wait" in ada.post(f"tasks/{number}/unwait")["detail"]


def test_what_maintainers_do_through_the_api(site: Site) -> None:
    mona, ben, number = Api(site, "Mona", Role.MAINTAINER), Api(site, "Ben B"), euclid(site)
    assert mona.post(f"tasks/{number}/size", size="L")["task"]["size"] == "L"
    assert mona.post(f"tasks/{number}/tag", tags=["primes", "Easy"])["task"]["tags"] == ["primes", "easy"]
    assert mona.post(f"tasks/{number}/hold", note="The text may change")["task"]["state"] == "held"
    assert "on hold" in ben.post(f"tasks/{number}/claim", status=409)["detail"]
    mona.post(f"tasks/{number}/unhold")
    ben.post(f"tasks/{number}/claim")
    mona.post(f"tasks/{number}/hold")
    assert "is on hold, and nobody's." in ben.post(f"tasks/{number}/disclaim")["detail"]
    mona.post(f"tasks/{number}/unhold")
    assert mona.post(f"tasks/{number}/assign", who="Ben B")["task"]["state"] == "offered"
    assert ben.post(f"tasks/{number}/accept")["task"]["claims"][0]["name"] == "Ben B"
    assert mona.post(f"tasks/{number}/unassign", note="as agreed")["task"]["claims"] == []
    opened = mona.post("nodes/thm:euclid/open", kind="review", note="Is it what we want?")
    assert (opened["task"]["kind"], opened["task"]["title"]) == ("review", "Is it what we want?")
    review = opened["task"]["number"]
    assert mona.post(f"tasks/{review}/resolve")["detail"].endswith("is done.")
    assert mona.post(f"tasks/{review}/open")["task"]["state"] == "open"
    for verb, fields in (("hold", {}), ("size", {"size": "S"}), ("assign", {"who": "Mona"}), ("tag", {})):
        refused = ben.post(f"tasks/{number}/{verb}", status=403, **fields)
        assert "you need to be a maintainer" in refused["detail"]


@pytest.mark.parametrize(
    ("verb", "fields", "says"),
    [
        ("claim", {"until": "doomsday"}, "I cannot read the time `doomsday`; write it as `2w`"),
        ("claim", {"days": {"a": 1}}, "The field `days` must be a whole number."),
        ("claim", {"days": True}, "The field `days` must be a whole number."),
        ("invite", {}, "The field `who` is needed."),
        ("size", {"size": "XXL"}, "The field `size` must be 'S', 'M', 'L' or 'estimate'."),
        ("propose", {"change": "javascript:alert(1)"}, "The field `change` cannot be read"),
        (
            "disclose",
            {"method": "telepathy"},
            "The field `method` must be 'manual', 'copilot', 'agent' or 'autonomous'.",
        ),
        ("progress", {"note": "x" * 2001}, "more than 2000 characters"),
        ("claim", {"untill": "2w"}, "There is no field `untill` here; there are days, note, until."),
        ("wait", {"until": "2w"}, "There is no field `until` here; none is needed."),
    ],
)
def test_fields_that_cannot_be_read_are_problems(
    site: Site, verb: str, fields: dict[str, Any], says: str
) -> None:
    assert says in Api(site, "Ada L").post(f"tasks/{euclid(site)}/{verb}", status=400, **fields)["detail"]


@pytest.mark.parametrize("verb", TASK_VERBS)
def test_no_verb_is_open_to_strangers_or_to_reading_tokens(site: Site, verb: str) -> None:
    path = f"{API}/tasks/{euclid(site)}/{verb}"
    assert site.client().post(path, json={}).status_code == 401
    reading = site.token(site.person("Emmy"), frozenset({"read"}))
    response = site.client().post(path, json={}, headers={"Authorization": f"Bearer {reading}"})
    assert response.status_code == 403


def test_verbs_that_are_none_are_no_addresses(site: Site) -> None:
    ada = Api(site, "Ada L")
    for path in ("tasks/1/help", "tasks/1/agree", "tasks/1/login", "credit/1/withdraw", "nodes/x/claim"):
        assert ada.post(path, status=404)["status"] in (404, 405)


def test_every_verb_of_a_form_is_a_deed() -> None:
    fields = {"who": "Ada", "size": "S", "method": "manual", "kind": "review", "note": "x"}
    for verb in TASK_VERBS:
        assert isinstance(fill(verb, "#1", fields, START), Deed), verb
    assert set(WORDS) < set(USAGE)


def test_credit_through_the_api(site: Site) -> None:
    ada, ben = Api(site, "Ada L"), Api(site, "Ben B")
    made = ada.post(
        "credit",
        who=ben.person.id,
        kind="example",
        ref="thm:euclid",
        evidence=["https://example.org/1", "#34"],
        degree="supporting",
    )
    number = made["credit"]["id"]
    assert made["detail"].endswith(f"It counts once Ben B says `confirm {number}`.")
    assert made["credit"]["evidence"] == ["https://example.org/1", "https://github.com/example/num/pull/34"]
    assert "only the person credited" in ada.post(f"credit/{number}/confirm", status=409)["detail"]
    assert ben.post(f"credit/{number}/confirm")["credit"]["status"] == "confirmed"
    disputed = ada.post(f"credit/{number}/dispute", evidence="https://example.org/not-so")
    assert disputed["credit"]["status"] == "disputed"
    assert ben.post(f"credit/{number}/refuse")["credit"]["status"] == "refused"
    assert (
        "`evidence` is needed" in ada.post("credit", status=400, kind="example", ref="thm:euclid")["detail"]
    )
    assert (
        "no kind of contribution"
        in ada.post("credit", status=409, kind="magic", evidence="https://example.org/1")["detail"]
    )


def test_a_form_on_the_page_says_the_same_as_the_chat(site: Site) -> None:
    emmy, number = site.signed_in("Emmy"), euclid(site)
    submit(emmy, PAGE, f"/p/num/tasks/{number}/claim", until="until 24 Mar")
    assert told(emmy) == f"#{number} “prove Theorem 2.3 (Euclid)” is yours until 2026-03-24 (UTC)."
    refused = say(site, site.person("Ben B"), f"progress #{number} mine")
    olga = site.signed_in("Olga")
    submit(olga, PAGE, f"/p/num/tasks/{number}/progress", note="mine")
    assert told(olga) == refused.replace("`mine`", "mine")
    assert refused.startswith(f"Emmy holds #{number} “prove Theorem 2.3 (Euclid)”, not you")


def test_the_page_shows_what_is_asked_and_what_one_can_do(site: Site) -> None:
    emmy, number, ben = site.signed_in("Emmy"), euclid(site), site.person("Ben B")
    submit(emmy, PAGE, f"/p/num/tasks/{number}/claim")
    say(site, ben, f"join #{number}")
    say(site, ben, 'credit @"Emmy" for example on thm:euclid: https://example.org/1')
    work = emmy.get("/p/num/work").text
    assert "Waiting for your answer" in work
    assert "would like to share this with you" in work
    assert "Ben B says so" in work
    submit(emmy, "/p/num/work", f"/p/num/tasks/{number}/accept", who=f"#{ben.id}")
    entry = re.search(r"/p/num/credit/(\d+)/confirm", work)
    assert entry
    submit(emmy, "/p/num/work", f"/p/num/credit/{entry[1]}/confirm")
    assert "is confirmed." in told(emmy, "/p/num/work")
    page = emmy.get(PAGE).text
    assert "Held by you and <a" in page
    assert '<section id="answers" data-live class="if-asked">' in emmy.get("/p/num/work").text


def test_a_note_that_means_harm_is_shown_as_text(site: Site) -> None:
    emmy, number = site.signed_in("Emmy"), euclid(site)
    submit(emmy, PAGE, f"/p/num/tasks/{number}/claim")
    submit(emmy, PAGE, f"/p/num/tasks/{number}/stuck", note="<script>alert(1)</script> @**all**")
    page = emmy.get(PAGE).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_time_zone_of_ones_own_page(site: Site) -> None:
    emmy, number = site.signed_in("Emmy"), euclid(site)
    submit(emmy, "/account", "/account/zone", zone="pacific/kiritimati")
    assert told(emmy, "/account") == "Your dates are those of Pacific/Kiritimati from now on."
    submit(emmy, PAGE, f"/p/num/tasks/{number}/claim", until="24 Mar")
    assert "until 2026-03-24 (Pacific/Kiritimati)" in told(emmy)
    assert "2026-03-24 23:59 (Pacific/Kiritimati)" in emmy.get(PAGE).text
    submit(emmy, "/account", "/account/zone", zone="Atlantis")
    assert "There is no time zone" in told(emmy, "/account")
    assert 'value="Pacific/Kiritimati"' in emmy.get("/account").text


def test_how_others_see_one_is_ones_own_choice(site: Site) -> None:
    emmy, number = site.signed_in("Emmy"), euclid(site)
    submit(emmy, PAGE, f"/p/num/tasks/{number}/claim")
    submit(emmy, "/account", "/account/name", naming="pseudonym", pseudonym="Nobody Special")
    assert told(emmy, "/account") == "Others see you as Nobody Special from now on."
    assert "Nobody Special</a>" in site.client().get(PAGE).text
    assert "Emmy" not in site.client().get(PAGE).text
    submit(emmy, "/account", "/account/name", naming="everything")
    assert told(emmy, "/account") == "Choose your name (real), a pseudonym, or no name (hidden)."
    submit(emmy, "/account", "/account/name", naming="real", ranked="yes")
    assert "Emmy</a>" in site.client().get(PAGE).text


def test_the_time_zone_through_the_api(site: Site) -> None:
    ada = Api(site, "Ada L")
    response = ada.client.post("/api/v1/session/zone", json={"zone": "Asia/Kolkata"}, headers=ada.headers)
    assert response.json == {"zone": "Asia/Kolkata"}


def test_a_refusal_in_the_middle_leaves_nothing_of_the_command(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = site.person("Ana", Role.CONTRIBUTOR)

    def refuse(*_: object, **__: object) -> None:
        raise UserError("The note cannot be kept.")

    monkeypatch.setattr(progress, "progress", refuse)
    assert say(site, ana, "claim thm:euclid\nI begin.") == "The note cannot be kept."
    assert "no task" in say(site, ana, "mine")
