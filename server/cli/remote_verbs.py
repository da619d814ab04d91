"""What `chantier --server` can do: the verbs, as far as a server's API has what they need."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import click
from pydantic import TypeAdapter

from blueprint.errors import UserError
from dashboards import periods
from dashboards.snapshot import CreditView, TaskView
from server.cli.remote import Server, keep_token, server_at
from server.cli.terminal import counted, printable

Json = Mapping[str, Any]

_project = click.option(
    "--project", metavar="SLUG", help="Which project; not needed where there is only one."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="As the API has it.")


def command(name: str, url: str) -> click.Command:
    """The verb of that name, for the server at that address. `UserError` where there is none."""
    make = VERBS.get(name)
    if make is None:
        raise UserError(f"`{name}` works on this machine alone; with --server there are {', '.join(VERBS)}.")
    return make(server_at(url))


def _status(server: Server) -> click.Command:
    @click.command("status")
    @_project
    @_as_json
    def status(project: str | None, as_json: bool) -> None:
        """Print how a project stands, and what every node is."""
        path = server.project(project)
        found, nodes = server.get(path), list(server.items(f"{path}/nodes"))
        if as_json:
            return _print_json({**found, "nodes": nodes})
        for node in nodes:
            click.echo(printable(_node_line(node)))
        click.echo(printable(_summary(found)))
        return None

    return status


def _graph(server: Server) -> click.Command:
    @click.command("graph")
    @_project
    @_as_json
    def graph(project: str | None, as_json: bool) -> None:
        """Print every node and what it uses."""
        path = server.project(project)
        if as_json:
            return _print_json(server.get(f"{path}/graph"))
        nodes = list(server.items(f"{path}/nodes"))
        for node in nodes:
            uses = f" uses {', '.join(node['uses'])}" if node["uses"] else ""
            click.echo(printable(f"{node['id']}{uses}"))
        click.echo(f"{counted(len(nodes), 'node')}, {counted(sum(len(n['uses']) for n in nodes), 'use')}")
        return None

    return graph


def _tasks(server: Server) -> click.Command:
    from server.cli import tasks as local

    @click.command("tasks")
    @click.option("--state", type=click.Choice(local.STATES, case_sensitive=False), metavar="STATE")
    @click.option("--all", "done", is_flag=True, help="Also those that are done.")
    @_project
    @_as_json
    def tasks(state: str | None, done: bool, project: str | None, as_json: bool) -> None:
        """Print the tasks of a project that are not done, by number."""
        found = {task_view(one): one for one in server.items(f"{server.project(project)}/tasks")}
        wanted = [one for one in found if local.wanted(one, state, done)]
        if as_json:
            return _print_json([found[one] for one in wanted])
        for one in wanted:
            click.echo(printable(local.line(one)))
        return None

    return tasks


def _report(server: Server) -> click.Command:
    @click.command("report")
    @click.option("--period", type=click.Choice([*periods.PRESETS, periods.ALL]), help="Instead of days.")
    @click.option("--since", metavar="DAY", help="The first day, such as 2026-03-01.")
    @click.option("--until", metavar="DAY", help="The last day; today where it is not given.")
    @_project
    @_as_json
    def report(
        period: str | None, since: str | None, until: str | None, project: str | None, as_json: bool
    ) -> None:
        """Print what happened in a project lately and how it stands (Markdown)."""
        path, days = f"{server.project(project)}/report", {"period": period, "since": since, "until": until}
        if as_json:
            return _print_json(server.get(path, **days))
        click.echo(server.text(path, format="markdown", **days), nl=False)
        return None

    return report


def _credit(server: Server) -> click.Command:
    from server.cli.credit import line

    @click.group("credit")
    def credit() -> None:
        """Credit for what people contributed; `say` enters, confirms and disputes it."""

    @credit.command("list")
    @click.option("--of", "person", type=int, metavar="NUMBER", help="Only that person's.")
    @click.option("--on", "node", metavar="NODE", help="Only about this node.")
    @click.option("--waiting", is_flag=True, help="Only what waits for your word.")
    @_project
    @_as_json
    def listing(
        person: int | None, node: str | None, waiting: bool, project: str | None, as_json: bool
    ) -> None:
        """Print contributions of every status, newest first."""
        which, path = "waiting" if waiting else "all", f"{server.project(project)}/credit"
        found = list(server.items(path, person=person, node=node, which=which))
        if as_json:
            return _print_json(found)
        for one in found:
            click.echo(printable(line(credit_view(one))))
        return None

    return credit


def _say(server: Server) -> click.Command:
    @click.command("say")
    @_project
    @click.argument("words", nargs=-1, required=True, metavar="TEXT...")
    def say(project: str | None, words: tuple[str, ...]) -> None:
        """Say TEXT to a project, such as "claim lem:main"; the exit status is 1 if it was refused."""
        said = server.post(f"{server.project(project)}/say", {"text": " ".join(words)})
        click.echo("\n".join(map(printable, said["text"].split("\n"))), err=not said["ok"])
        sys.exit(0 if said["ok"] else 1)

    return say


def _login(server: Server) -> click.Command:
    @click.command("login")
    def login() -> None:
        """Ask for a token, which the page *Account* of the server makes, and keep it."""
        token = click.prompt("Token", hide_input=True).strip()
        if not token.isascii() or not token.isprintable() or " " in token:
            raise UserError("That is not a token as the page *Account* shows it; copy it again.")
        person = json.loads(server.read("/session", token=token))["person"]
        keep_token(server.url, token)
        click.echo(printable(f"You are {person['name']} on {server.url} from now on."))

    return login


VERBS: Mapping[str, Callable[[Server], click.Command]] = {
    "status": _status,
    "graph": _graph,
    "tasks": _tasks,
    "report": _report,
    "credit": _credit,
    "say": _say,
    "login": _login,
}


def _print_json(found: object) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


def _node_line(node: Json) -> str:
    todo = "" if node["readiness"] == "done" else f", {node['readiness']}"
    return f"{node['id']}  {node['kind'].capitalize()} {node['number'] or ''}: {node['status']}{todo}"


def _summary(found: Json) -> str:
    nodes, commit = found["nodes"], found["commit"]["sha"][:10]
    return (
        f"{found['title']}, commit {commit}: {nodes['verified']} of {counted(nodes['total'], 'node')} "
        f"verified; {counted(found['drift'], 'drift')}, {counted(found['problems'], 'problem')}."
    )


@cache
def _readers() -> tuple[TypeAdapter[TaskView], TypeAdapter[CreditView]]:
    return TypeAdapter(TaskView), TypeAdapter(CreditView)


def task_view(found: Json) -> TaskView:
    """The task that the API's JSON tells of."""
    claims = [
        {**claim, "person_id": claim["person"], "person_name": claim["name"]} for claim in found["claims"]
    ]
    names = {"claims": claims, "parent": found["piece_of"], "links": found["proposed"]}
    return _readers()[0].validate_python({**found, **names})


def credit_view(found: Json) -> CreditView:
    return _readers()[1].validate_python(dict(found))
