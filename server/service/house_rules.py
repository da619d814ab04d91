"""What a project decides for itself, each with who changed it last; and what the server's file says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel, SecretStr

from blueprint.errors import UserError
from dashboards.maintaining import Changed, ServerSetting, SettingGroup, SettingView
from dashboards.texts import later
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import hooks, members, naming, reporting
from server.service.board import checked
from server.service.policy import RULES, policy_of, set_rule
from server.settings import SECRETS, ClaimSettings, FileSettings, Settings
from server.store import Store

LEADERBOARD, PRIVATE = "leaderboard", members.PRIVATE
_PRIVATE = later(
    "Whether only members know that the project is there. Whoever held a task, or spoke of credit, becomes "
    "one as it closes, and so do the server's maintainers."
)
_LEADERBOARD = later("Whether the page of people ranks those who do not mind; without it nobody is ranked.")
_RELIES = later(
    "Whether the facts come from reports of the project's own CI, because this server cannot check it; only "
    "from reporters that are trusted under Tokens."
)
_COMMENTS = later(
    "Whether a command on the first line of a comment on the forge, such as `claim 2w`, is carried out for "
    "whoever is known by their account there; it needs a webhook, under Tokens."
)


def groups(store: Store, project: ProjectRow) -> tuple[SettingGroup, ...]:
    """All that maintainers can set."""
    changed = _changed(store, project)
    return (
        SettingGroup(
            "claims",
            later("Rules of claims"),
            later(
                "How long tasks are held, and how many at a time. "
                "They count for claims that run already, too."
            ),
            tuple(_rules(store, project, changed)),
        ),
        SettingGroup(
            "people",
            later("What people see"),
            "",
            (_switch(LEADERBOARD, _LEADERBOARD, project.leaderboard, changed),),
        ),
        SettingGroup("privacy", later("Who knows of the project"), "", (_private(project, changed),)),
        SettingGroup(
            "facts",
            later("Where facts come from"),
            "",
            (_switch(reporting.RELIES, _RELIES, project.relies_on_reports, changed),),
        ),
        SettingGroup(
            "forge",
            later("The forge"),
            "",
            (_switch(hooks.COMMENTS, _COMMENTS, project.forge_comments, changed),),
        ),
    )


def goals(store: Store, project: ProjectRow) -> tuple[tuple[str, str], ...]:
    """Labels and captions of the nodes that the project's own file names as its goals."""
    graph = checked(store, project).graph
    nodes = {node.id: node.caption for node in graph.nodes}
    return tuple((id, nodes[id]) for id in graph.goals)


def change(
    store: Store, project: ProjectRow, person: Person, key: str, value: str | None, *, now: datetime
) -> str:
    """Set one of them, or with None let it be as by default; a sentence says how it is then."""
    if key in RULES:
        policy = set_rule(store, project, person, key, value, now=now)
        return f"`{key}` is {_shown(asdict(policy)[key])} in this project from now on."
    on = _on(value)
    if key == PRIVATE:
        members.close(store, project, person, on, now=now)
    elif key == LEADERBOARD:
        naming.show_leaderboard(store, project, person, on, now=now)
    elif key == hooks.COMMENTS:
        hooks.hear_comments(store, project, on, now, person)
    elif key == reporting.RELIES:
        reporting.set_rely(store, project, person, on, now)
    else:
        raise UserError(f"There is no setting `{key[:40]}` of a project.")
    return f"`{key}` is {_shown(on)} in this project from now on."


def of_the_server(settings: Settings) -> tuple[ServerSetting, ...]:
    """What the server's file says; of the secrets, whether they are set and nothing else."""
    known = {field.name: getattr(settings, field.name) for field in fields(settings)}
    plain = (one for name, value in known.items() for one in _plain(name, value))
    return (*plain, *(_secret(name, meaning, known) for name, meaning in SECRETS.items()))


def _rules(store: Store, project: ProjectRow, changed: Mapping[str, Changed]) -> Iterator[SettingView]:
    own, default = store.projects.policy(project.id), asdict(store.policy)
    now = asdict(policy_of(store, project))
    for key, known in ClaimSettings.model_json_schema()["properties"].items():
        yield SettingView(
            key,
            "switch" if known["type"] == "boolean" else "number",
            known["description"],
            _shown(now[key]),
            _shown(default[key]),
            key in own,
            known.get("minimum"),
            known.get("maximum"),
            changed.get(key),
        )


def _switch(key: str, meaning: str, value: bool, changed: Mapping[str, Changed]) -> SettingView:
    return SettingView(key, "switch", meaning, _shown(value), "off", value, changed=changed.get(key))


def _private(project: ProjectRow, changed: Mapping[str, Changed]) -> SettingView:
    shown = _switch(PRIVATE, _PRIVATE, project.private, changed)
    return replace(shown, owners=True)


def _changed(store: Store, project: ProjectRow) -> dict[str, Changed]:
    """By setting, who changed it last."""
    found = store.queues.changed(project.id)
    return {row.setting: Changed(row.at, row.by, row.name) for row in found}


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _on(value: str | None) -> bool:
    if value not in (None, "on", "off"):
        raise UserError("A switch is `on` or `off`.")
    return value == "on"


def _plain(name: str, value: Any) -> Iterator[ServerSetting]:
    field = FileSettings.model_fields.get(name)
    if isinstance(value, BaseModel):
        for key, inner in type(value).model_fields.items():
            default = "" if inner.is_required() else _shown(inner.get_default(call_default_factory=True))
            said = getattr(value, key)
            if not isinstance(said, SecretStr):
                yield ServerSetting(f"{name}.{key}", _shown(said), inner.description or "", default)
    elif field is not None and not isinstance(value, SecretStr):
        yield ServerSetting(name, _shown(value), field.description or "", _shown(field.get_default()))


def _secret(name: str, meaning: str, known: Mapping[str, object]) -> ServerSetting:
    value = known.get(name.removeprefix("CHANTIER_").lower())
    return ServerSetting(name, "not set" if value is None else "set", meaning)
