"""What is wrong with a value is told in our own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from blueprint.errors import UserError
from lean_project.settings import checked
from server.settings import load


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"title": 3}, "setting `title`: it must be text"),
        ({"lean": {"toolchain": "nix"}}, "setting `lean.toolchain`: it must be 'auto', 'embedded' or 'lake'"),
        ({"lean": {"axioms": "x"}}, "setting `lean.axioms`: it must be a list"),
        ({"nothing": 1}, "setting `nothing`: there is no such key"),
        ({"lean": 1}, "setting `lean`: it must be a table"),
        ({"title": "x" * 201}, "setting `title`: a title has at most 200 characters"),
    ],
)
def test_what_a_project_says_wrongly_of_itself(said: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match="setting") as refused:
        checked(said)
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('port = "abc"', "`port`: it must be a whole number."),
        ("port = 99999999", "`port`: it must be 65535 or less."),
        ("colour = 1", "`colour`: there is no such key."),
        ("claims = 3", "`claims`: it must be a table."),
        ("[claims]\ncap = 0", "`claims.cap`: it must be 1 or more."),
        ('[claims]\nleases = "perhaps"', "`claims.leases`: it must be `true` or `false`."),
        ('[zulip]\nsite = "x"', "`zulip.site`: a web address begins with http:// or https://."),
    ],
)
def test_what_a_server_is_told_wrongly(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "server.toml"
    file.write_text(f"{line}\n")
    with pytest.raises(UserError) as refused:
        load(file, {})
    assert str(refused.value) == f"The settings {file} are wrong at {told}"
