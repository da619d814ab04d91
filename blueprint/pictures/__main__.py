"""A process that gives up what drawing a picture never needs, and then becomes the program that draws it.

`python -I -m blueprint.pictures FOLDER PROGRAM ARGUMENT...`: of the files below its home only those of
FOLDER are open to it, and only there it writes; the limits hold for whatever it becomes. Where the system
cannot take the files away from it, it ends.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

from blueprint.landlock import confine
from blueprint.pictures.drawing import UNCONFINED

LIMITS = {
    resource.RLIMIT_CPU: 10,
    resource.RLIMIT_AS: 1 << 30,
    resource.RLIMIT_FSIZE: 16 << 20,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NPROC: 0,  # it starts nothing; where this is not enforced, nothing is there to be started
}
SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/opt")
SETTINGS = ("/etc/texmf", "/etc/fonts", "/var/lib/texmf")


def main() -> None:
    folder, program, *arguments = sys.argv[1:]
    home = Path(program).resolve().parents
    running = [*map(Path, SYSTEM), *home[2:3]]
    if not confine(reading=[Path(path) for path in SETTINGS], running=running, writing=[Path(folder)]):
        sys.exit(UNCONFINED)
    for kind, bound in LIMITS.items():
        _, most = resource.getrlimit(kind)
        least = bound if most == resource.RLIM_INFINITY else min(bound, most)
        resource.setrlimit(kind, (least, least))
    os.execv(program, [program, *arguments])  # noqa: S606 - that is what this process is for


if __name__ == "__main__":
    main()
