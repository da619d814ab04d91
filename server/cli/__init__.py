"""The command line: `chantier`, a verb a file."""

from __future__ import annotations

import sys

from blueprint import latex_process
from blueprint.errors import UserError

READING = {"graph", "lint"}  # verbs that do nothing before they have read a blueprint


def main() -> None:
    """Entry point of `chantier`: an error is one sentence and exit status 1, a fault of ours a number."""
    try:
        if READING.intersection(sys.argv[1:2]):
            latex_process.prepare()  # before the command line itself is loaded
        from server.cli.verbs import group

        group(prog_name="chantier")
    except UserError as error:
        print(f"chantier: {error}", file=sys.stderr)
    except Exception as error:  # noqa: BLE001 -- the last resort: nobody is shown a traceback
        from server import faults  # once in a blue moon, and half as long to load as the command line

        fault = faults.record(error)
        where = f"; the details are in {fault.file}" if fault.file else ""
        print(f"chantier: this is a fault of Chantier itself, number {fault.id}{where}.", file=sys.stderr)
    else:
        return
    sys.exit(1)
