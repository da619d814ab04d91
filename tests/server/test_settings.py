"""Settings: every key documented, unknown ones refused, secrets from the environment only."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from blueprint.errors import UserError
from server import paths
from server.settings import SECRETS, FileSettings, load
from server.work.leases import Size

MANUAL = Path(__file__).parents[2] / "docs" / "settings.md"


def write(tmp_path, text):
    file = tmp_path / "chantier-server.toml"
    file.write_text(text)
    return file


def keys(model, prefix=""):
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys(field.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field


def test_every_key_is_described_in_the_manual_in_the_same_words():
    manual = MANUAL.read_text("utf-8")
    rows = [
        f"| `{key}` | `{_toml(field.default)}` | {field.description} |" for key, field in keys(FileSettings)
    ]
    rows += [f"| `{name}` | {meaning} |" for name, meaning in SECRETS.items()]
    assert [row for row in rows if row not in manual] == []


def _toml(value):
    return (
        str(list(value))
        if isinstance(value, tuple)
        else str(value).lower()
        if isinstance(value, bool)
        else f'"{value}"'
        if isinstance(value, str)
        else str(value)
    )


def test_the_example_in_the_manual_is_accepted(tmp_path):
    example = MANUAL.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    assert tomllib.loads(example)
    assert load(write(tmp_path, example), {}).base_url == "https://chantier.example.org"


def test_the_example_of_signing_in_is_accepted(tmp_path):
    example = MANUAL.with_name("signing-in.md").read_text("utf-8").split("```toml\n")[1].split("```")[0]
    assert load(write(tmp_path, example), {}).signin.gitlab_site == "https://gitlab.example.org"


def test_without_a_file_everything_has_a_default(tmp_path, monkeypatch):
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    settings = load(tmp_path / "absent.toml", {})
    assert settings.database_url.get_secret_value() == f"sqlite:///{tmp_path}/chantier.db"
    assert (settings.base_url, settings.zulip.site) == ("http://127.0.0.1:8000", "")
    assert settings.policy.days[Size.M] == 14


def test_the_site_of_a_forge_is_written_in_one_way(tmp_path):
    told = load(write(tmp_path, "[signin]\ngitlab_site = 'https://GitLab.Example.org/Git/'"), {})
    assert told.signin.gitlab_site == "https://gitlab.example.org/Git"


def test_an_ipv6_host_stands_in_brackets(tmp_path):
    assert load(write(tmp_path, "host = '::1'"), {}).base_url == "http://[::1]:8000"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("prot = 1", "prot"),
        ("[claims]\nsmal = 1", "claims.smal"),
        ("port = 0", "port"),
        ("port = 'x'", "port"),
        ("base_url = 'javascript:alert(1)'", "base_url"),
        ("[zulip]\nsite = 'https://z.example.org'", "zulip"),
        ("[zulip]\napi_key = 'abc'", "zulip.api_key"),
        ("zulip_api_key = 'abc'", "zulip_api_key"),
        ("secret_key = 'abc'", "secret_key"),
        ("[claims]\nlarge = 100", "claims"),
        ("database_url = 'postgresql://u:hunter2@db/x'", "database_url"),
        ("limits_url = 'redis://:hunter2@cache'", "limits_url"),
        ("trusted_proxies = ['10.0.0.1/8']", "trusted_proxies"),
        ("trusted_proxies = ['everybody']", "trusted_proxies"),
        ("[signin]\ngithub_site = 'github.com'", "signin.github_site"),
        ("[signin]\ngithub_secret = 'abc'", "signin.github_secret"),
    ],
)
def test_what_is_wrong_is_refused_by_file_and_key_without_its_value(tmp_path, text, key):
    file = write(tmp_path, text)
    with pytest.raises(UserError) as refused:
        load(file, {})
    assert f"`{key}`" in str(refused.value)
    assert str(file) in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("text", ["port = ", "\xff"])
def test_what_is_no_toml_is_refused(tmp_path, text):
    file = tmp_path / "x.toml"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(UserError, match="cannot be read"):
        load(file, {})


def test_secrets_come_from_the_environment_and_do_not_print(tmp_path):
    told = {
        "CHANTIER_DATABASE_URL": "postgresql+psycopg://u:hunter2@db/x",
        "CHANTIER_SECRET_KEY": "hunter2" * 5,
        "CHANTIER_ZULIP_API_KEY": "hunter2",
    }
    settings = load(write(tmp_path, "port = 81"), told)
    assert settings.zulip_api_key is not None
    assert settings.zulip_api_key.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(settings)
    assert settings.database_url.get_secret_value() == told["CHANTIER_DATABASE_URL"]


def test_a_short_secret_key_is_refused(tmp_path):
    with pytest.raises(UserError, match="32"):
        load(tmp_path / "absent", {"CHANTIER_SECRET_KEY": "short"})


def test_the_folders_follow_the_environment(monkeypatch, tmp_path):
    for name in ("CHANTIER_DATA", "CHANTIER_CONFIG", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/ana")
    assert paths.data_dir() == Path("/home/ana/.local/share/chantier")
    monkeypatch.setenv("XDG_DATA_HOME", "/xdg")
    assert paths.data_dir() == Path("/xdg/chantier")
    monkeypatch.setenv("CHANTIER_DATA", "/data")
    assert (paths.data_dir(), paths.config_file()) == (Path("/data"), Path("/data/chantier-server.toml"))
    monkeypatch.setenv("CHANTIER_CONFIG", "/etc/chantier.toml")
    assert paths.config_file() == Path("/etc/chantier.toml")
