"""The verbs of `chantier`, each in a module that is loaded only when it is called."""

from __future__ import annotations

import importlib
import keyword

import click

# verb -> one line of help; the module `server.cli.VERB` holds a click command named `command`. Where the
# verb is a word of Python's own, its module ends in `_`.
VERBS = {
    "graph": "Print the dependency graph of a blueprint.",
    "lint": "Print the mistakes of a blueprint, each with its place.",
    "lean": "Install, remove or warm the embedded Lean.",
    "check": "Let Lean check every declaration the blueprint names.",
    "compare": "Print what a proposed change does to the nodes.",
    "status": "Print what every node is, and where the blueprint's claims are wrong.",
    "edges": "Print where `\\uses` and what Lean uses differ.",
    "authors": "Print who wrote what Lean has, and with which commits.",
    "sync": "Bring a project's newest commit in: check it, settle tasks and credit.",
    "tasks": "Print the tasks of a project, and who holds them.",
    "rules": "Print or change a project's rules for claims.",
    "agree": "Agree on the statement of a node, or withdraw that.",
    "renames": "Say which node is which, where only a person can tell.",
    "say": "Talk to a project as the chat bot would hear you.",
    "report": "Print a progress report (Markdown).",
    "credit": "Say who contributed what, and bring credit in and out.",
    "ledger": "Verify the ledger of credit.",
    "members": "Say who has which role in a project.",
    "reporter": "Say who may report checks of a project.",
    "webhook": "Let a forge tell what happens to a project's repository.",
    "login": "Print a one-time sign-in link for a person.",
    "link": "Count commits by a git address as the work of a person.",
    "serve": "Serve the pages and the API.",
    "channels": "Print or change the chat channels of a project.",
    "bot": "Run the Zulip bot.",
    "backup": "Write a checked copy of the whole database.",
    "restore": "Fill the database from such a copy.",
    "export": "Write a whole project to a file of JSON lines.",
    "import": "Bring in a project that was exported.",
    "erase": "Forget a person who asks for it.",
    "demo": "Make the demo project and run the whole pipeline on it.",
}


class Verbs(click.Group):
    """Loads a verb on demand, so that the command starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        if server := ctx.params.get("server"):
            return _remote(cmd_name, server)
        command = importlib.import_module(f"server.cli.{_module(cmd_name)}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"server.cli.{cmd_name}.command is no click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


def _remote(verb: str, url: str) -> click.Command:
    from server.cli.remote_verbs import command  # which only those who ask a server need

    return command(verb, url)


def _module(verb: str) -> str:
    return f"{verb}_" if keyword.iskeyword(verb) else verb


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chantier")
@click.option("--server", metavar="URL", help="Ask the server at this address, not the data beside you.")
def group(server: str | None) -> None:
    """Run a collaborative formalization: blueprint, Lean, volunteers, credit."""
