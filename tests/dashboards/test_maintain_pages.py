"""The pages for maintainers show what strangers wrote, and none of it acts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blueprint.graph import Macro, Part, Place
from dashboards import pages
from dashboards.maintaining import (
    Changed,
    CheckView,
    CreditItem,
    DeliveryItem,
    FindingItem,
    Frame,
    Handed,
    HealthView,
    HookView,
    LetterItem,
    LogQuery,
    LogView,
    MemberView,
    QueueView,
    ReporterView,
    ServerSetting,
    SettingGroup,
    SettingView,
    StatementItem,
    SyncItem,
    TaskItem,
)
from dashboards.paging import Page
from dashboards.snapshot import AgreementView, ClaimView, CommitView, CreditView, EventView, RequestView
from dashboards.viewing import Viewer
from lean_project.status import Drift, Readiness

from . import sample
from .test_pages import BAD, Tags

NOW = sample.NOW
GRAPH = replace(sample.snapshot().graph, macros=(Macro("x", BAD),))
FRAME = Frame("num", BAD, "javascript:alert(4)", CommitView(BAD, NOW, BAD, BAD), GRAPH)
OLGA = Viewer(NOW, 9, BAD, "token", maintainer=True, owner=True)
TASK = replace(
    sample.snapshot().tasks[0],
    node=BAD,
    caption=BAD,
    title=BAD,
    stuck=BAD,
    links=("javascript:alert(5)",),
    tags=(BAD,),
    readiness=Readiness.READY,
    claims=(ClaimView(1, BAD, NOW, NOW),),
)
ASK = RequestView("offered", 1, BAD, 2, BAD, NOW, NOW)
CREDIT = CreditView(
    1, 1, BAD, BAD, BAD, BAD, BAD, BAD, ("javascript:1",), NOW, "disputed", by_id=2, by_name=BAD, tools=(BAD,)
)
ITEMS = {
    "requests": TaskItem(TASK, NOW, ASK),
    "credit": CreditItem(CREDIT, ("confirm", "refuse", "dispute")),
    "statements": StatementItem(
        BAD, BAD, Part(Place(BAD, 1), html=BAD), [(BAD, BAD)], BAD, NOW, AgreementView(1, BAD, NOW, BAD), BAD
    ),
    "problems": FindingItem(BAD, BAD, BAD, BAD, BAD, "https://example.org/x", BAD, NOW, BAD),
    "drift": FindingItem(BAD, node=BAD, drift=Drift(BAD, BAD, BAD, BAD)),
    "letters": LetterItem(1, BAD, BAD, BAD, NOW, NOW),
    "deliveries": DeliveryItem(1, BAD, BAD, NOW, BAD),
    "syncs": SyncItem(NOW, BAD, 1, NOW),
}


def every_page() -> dict[str, str]:
    def made(name: str, **values: object) -> str:
        return pages.maintain(name, FRAME, OLGA, **values)

    setting = SettingView("cap", "number", BAD, BAD, BAD, True, 1, 9, Changed(NOW, 1, BAD))
    event = EventView(NOW, BAD, BAD, 1, BAD, BAD)
    queues = {
        key: made(
            "queue",
            queue=QueueView(key, BAD, BAD, 1, NOW),
            shown=Page([item], 1, 2, 30),
            items=[item],
        )
        for key, item in ITEMS.items()
    }
    return queues | {
        "overview": made("overview", queues=[QueueView("credit", BAD, BAD, 1, NOW)]),
        "roles": made("roles", members=[MemberView(1, BAD, BAD, NOW)], others=[], given=[BAD]),
        "settings": made(
            "settings",
            groups=[SettingGroup(BAD, BAD, BAD, [setting])],
            goals=[(BAD, BAD)],
            server=[ServerSetting(BAD, BAD, BAD)],
        ),
        "tokens": made(
            "tokens",
            reporters=[ReporterView(BAD, NOW, NOW)],
            webhooks=[HookView("github", BAD, BAD, NOW, NOW, failed=NOW, why=BAD, waits=True)],
            forges=[("gitlab", BAD)],
            handed=Handed(BAD, {BAD: BAD}),
        ),
        "log": made("log", log=LogView(LogQuery(BAD, BAD, BAD, BAD, 3), [event], [(BAD, BAD)], "a=1", "b=2")),
        "health": made(
            "health",
            health=HealthView(
                CheckView(BAD, NOW, BAD, BAD, 1, 1, (BAD,), 3.0),
                1,
                1,
                1,
                1,
                1,
                BAD,
                NOW,
                SyncItem(NOW, BAD, 1),
                wrong=(BAD,),
            ),
        ),
    }


@pytest.mark.parametrize("name", every_page())
def test_foreign_text_never_acts(name: str) -> None:
    html = every_page()[name]
    tags = Tags(html)
    for tag, attributes in tags.found:
        assert not [key for key in attributes if key.startswith("on") or key == "style"], tag
        for key in ("href", "src", "action", "formaction"):
            address = attributes.get(key) or ""
            assert not address.lower().strip().startswith(("javascript:", "data:", "vbscript:")), tag
    assert not [one for one in tags.every("img") if one.get("src") == "x"]
    assert all(one.get("src") or one.get("type") == "application/json" for one in tags.every("script"))
    assert "zyzyzy" not in html
    assert len(tags.every("h1")) == 1
