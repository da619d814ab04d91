"""What reading may cost is the machine's to say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from blueprint import reader
from blueprint.allowances import VARIABLES, allowed
from blueprint.draft import Limits
from blueprint.errors import UserError

MANUAL = Path(__file__).parents[2] / "docs/settings.md"


def test_thirty_seconds_and_two_gigabytes_unless_said_otherwise() -> None:
    assert allowed({"CHANTIER_READ_SECONDS": ""}) == Limits(seconds=30, memory=2 << 30)
    told = allowed({"CHANTIER_READ_SECONDS": "100", "CHANTIER_READ_MEGABYTES": "4096"})
    assert (told.seconds, told.memory, told.output) == (100, 4 << 30, 128 << 20)
    assert allowed({"CHANTIER_READ_MEGABYTES": "600"}).output == Limits().output


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many", "9" * 30, "\u0663", "1\x1b[31m"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(UserError, match="CHANTIER_READ_SECONDS") as error:
        allowed({"CHANTIER_READ_SECONDS": value})
    assert str(error.value).isprintable()


def test_the_environment_reaches_the_reader(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(r"\def\x{\x}\x", files={"chantier.toml": "[blueprint]\nsource = 'blueprint/src/web.tex'\n"})
    monkeypatch.setenv("CHANTIER_READ_SECONDS", "1")
    with pytest.raises(UserError, match="more than 1 seconds"):
        reader.read(root / "blueprint/src/web.tex", root)


def test_the_manual_knows_each() -> None:
    text = MANUAL.read_text("utf-8")
    assert all(f"`{name}`" in text for name in VARIABLES)
