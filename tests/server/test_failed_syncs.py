"""What could not be brought in: on the maintainers' pages and in the API, and tried again from both."""

from __future__ import annotations

from datetime import timedelta

from server.service import projects, syncs
from server.work.permissions import Role

from .test_api import NUM, bearer
from .web_world import Site, submit

AT = "/p/num/maintain/"
WHY = "The newest commits of /srv/num could not be fetched; git says: no route to <host>."


def fail(site: Site, times: int = 1) -> None:
    with site.database.begin() as store:
        project = projects.find(store, "num")
        store.wanted_syncs.ask(project.id, site.now)
        for number in range(times):
            began = site.now + number * timedelta(hours=1)
            assert syncs.hold(store, project, began)
            syncs.fail(store, project, began, WHY, began)


def due(site: Site) -> bool:
    with site.database.reading() as store:
        return syncs.is_due(store, site.now)


def test_one_that_failed_is_one_click_from_what_waits(site: Site) -> None:
    mona = site.signed_in("Mona", Role.MAINTAINER)
    assert f'<li class="none">\n    <a href="{AT}syncs">' in mona.get(AT).text
    assert "Nothing waits here" in mona.get(f"{AT}syncs").text
    assert "Try again now" not in mona.get(f"{AT}health").text
    fail(site)
    site.later(minutes=2)
    page = mona.get(AT).text
    assert page.index(f'{AT}syncs"') < page.index(f'{AT}statements"')
    for shown in ("syncs", "health"):
        text = mona.get(AT + shown).text
        assert "no route to &lt;host&gt;." in text
        assert "It is tried again at " in text
        assert "2 minutes ago" in text
    assert "Nothing is wrong" not in mona.get(f"{AT}health").text


def test_it_is_tried_again_at_once_where_somebody_says_so(site: Site) -> None:
    mona = site.signed_in("Mona", Role.MAINTAINER)
    fail(site, times=6)
    site.later(days=1)
    assert not due(site)  # it was given up
    assert "not tried again by itself" in mona.get(f"{AT}syncs").text
    answer = submit(mona, f"{AT}health", f"{AT}syncs/retry")
    assert answer.headers["Location"] == f"{AT}syncs"
    assert due(site)
    assert "no route to" in mona.get(f"{AT}syncs").text  # until it went well
    with site.database.begin() as store:
        project = syncs.take(store, site.now)
        assert project is not None
        syncs.finish(store, project, site.now)
    assert "Nothing waits here" in mona.get(f"{AT}syncs").text


def test_programs_learn_of_it_and_try_again(site: Site) -> None:
    head = bearer(site.token(site.person("Mona", Role.MAINTAINER)))
    client = site.client()
    refused = client.post(f"{NUM}/sync/again", headers=head)
    assert refused.status_code == 409
    assert "No sync of this project has failed" in refused.json["detail"]
    fail(site, times=6)
    health = client.get(f"{NUM}/health", headers=head).json
    assert health["failing"] == site.now.isoformat()
    assert any(WHY in words for words in health["wrong"])
    waiting = client.get(f"{NUM}/queues/syncs", headers=head).json["items"]
    assert [one["since"] for one in waiting] == [site.now.isoformat()]
    assert client.post(f"{NUM}/sync/again", headers=head).status_code == 200
    assert due(site)
    other = bearer(site.token(site.person("Emmy")))
    assert client.post(f"{NUM}/sync/again", headers=other).status_code == 403
