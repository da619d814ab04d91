"""`chantier rules`: how long claims last in a project, how many one may hold, whether there are any."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import click

from server.cli.choice import chosen_person, chosen_project, open_database
from server.service.policy import policy_of, set_rule
from server.settings import ClaimSettings, load


@click.command(short_help="Print or change a project's rules for claims.")
@click.argument("rule", required=False)
@click.argument("value", required=False)
@click.option("--default", is_flag=True, help="Let the server's settings decide RULE again.")
@click.option("--as", "name", metavar="PERSON", help="Who says so; not needed with one maintainer.")
@click.option("--project", metavar="SLUG", help="Which project; not needed where there is only one.")
def command(
    rule: str | None, value: str | None, default: bool, name: str | None, project: str | None
) -> None:
    """Print the rules for claims in a project, or give it a RULE of its own: the same words as in the
    settings, such as `cap 5`, `leases false` or `assignment false`."""
    if (value is not None) + default != (rule is not None):
        raise click.UsageError("Give RULE a VALUE, or --default; with neither, the rules are printed.")
    now, database = datetime.now(UTC), open_database(load())
    with database.begin() as store:
        where = chosen_project(store, project)
        if rule is not None:
            set_rule(store, where, chosen_person(store, name), rule, value, now=now)
        policy, own = asdict(policy_of(store, where)), store.projects.policy(where.id)
    for key, known in ClaimSettings.model_fields.items():
        mark = "*" if key in own else " "
        click.echo(f"{mark} {key:<14}{str(policy[key]).lower():<7}{known.description}")
