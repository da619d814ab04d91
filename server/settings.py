"""The server's settings: one TOML file, and the environment for what is secret. Unknown keys are refused."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from blueprint.errors import UserError
from dashboards.repository_address import site_of
from lean_project.mistakes import mistake
from lean_project.pool import Stock
from server.paths import config_file, data_dir
from server.work.leases import Policy

IN_MEMORY = "memory://"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ZulipSettings(_Table):
    """The organization and the bot that listens there (both keys or neither), and what it puts up with."""

    site: str = Field("", description="Address of the organization, such as https://example.zulipchat.com.")
    email: str = Field("", description="The bot's e-mail address, as Zulip shows it.")
    per_minute: int = Field(
        30, ge=0, le=1000, description="Commands that one person may send in a minute; 0 for any number."
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.site) != bool(self.email):
            raise ValueError("give both `site` and `email`, or neither")
        return self

    @field_validator("site")
    @classmethod
    def _is_address(cls, site: str) -> str:
        return _web_address(site)


class ClaimSettings(_Table):
    """How long claims last (days) and how many a person may hold; a project may have rules of its own."""

    leases: bool = Field(True, description="Whether claims run out; if not, they last until given back.")
    assignment: bool = Field(True, description="Whether tasks are claimed at all.")
    small: int = Field(7, ge=1, le=3650, description="Days for a task of size S.")
    medium: int = Field(14, ge=1, le=3650, description="Days for a task of size M.")
    large: int = Field(30, ge=1, le=3650, description="Days for a task of size L.")
    longest: int = Field(90, ge=1, le=3650, description="The most days that somebody can ask for.")
    notice: int = Field(3, ge=0, le=365, description="Days before its end that a holder is reminded.")
    grace: int = Field(3, ge=0, le=365, description="Days that a claim is kept after its end.")
    offer: int = Field(7, ge=1, le=365, description="Days in which an offer or an invitation is answered.")
    review: int = Field(
        30, ge=1, le=365, description="Days that the clock stands still for a review without an answer."
    )
    newcomer_cap: int = Field(
        1,
        ge=1,
        le=1000,
        description="Claims at a time, in each project, for those without any verified work.",
    )
    cap: int = Field(3, ge=1, le=1000, description="Claims at a time, in each project, for everybody else.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if max(self.small, self.medium, self.large) > self.longest:
            raise ValueError("`small`, `medium` and `large` may not exceed `longest`")
        return self

    def policy(self) -> Policy:
        return Policy(**self.model_dump())


class SignInSettings(_Table):
    """How people get in, besides the links that the bot and the command line make."""

    open: bool = Field(
        True, description="Whether somebody unknown who comes from a forge becomes a contributor."
    )
    github: str = Field("", description="The client ID that GitHub gave; empty for no GitHub.")
    github_site: str = Field("https://github.com", description="GitHub's address, or that of one's own.")
    gitlab: str = Field("", description="The ID of the application that GitLab made; empty for no GitLab.")
    gitlab_site: str = Field("https://gitlab.com", description="GitLab's address, or that of one's own.")

    @field_validator("github_site", "gitlab_site")
    @classmethod
    def _is_site(cls, site: str) -> str:
        """Written as accounts are kept, whose site it is a part of."""
        return site_of(_web_address(site))


class LeanSettings(_Table):
    """How many Leans the server keeps ready."""

    warm: int = Field(
        0,
        ge=0,
        le=16,
        description="Checks that find the embedded Lean started: each takes 8 GB of memory. 0 for none.",
    )
    idle: int = Field(60, ge=1, description="Minutes without a check after which they are let go.")

    def stock(self) -> Stock:
        return Stock(self.warm, self.idle * 60)


class HookSettings(_Table):
    """What follows from what a forge tells by a webhook."""

    sync: bool = Field(
        False,
        description="Whether a push to the default branch makes the server pull, and check what it got.",
    )


class LimitSettings(_Table):
    """How much one may ask for in a minute."""

    requests: int = Field(
        0,
        ge=0,
        le=1_000_000,
        description="Requests from one address in a minute, whoever asks there, styles and scripts left out; "
        "0 for any number.",
    )
    costly: int = Field(
        60,
        ge=0,
        le=1_000_000,
        description="Of these, by one person or from one address, what takes long to work out: pictures and "
        "parts of graphs, reports of days of one's own; 0 for any number.",
    )


class FileSettings(_Table):
    """What the file may say."""

    database_url: str = Field("", description="SQLAlchemy address; by default SQLite in the data folder.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="The port to listen on.")
    base_url: str = Field("", description="The address that people use; by default http://HOST:PORT.")
    trusted_proxies: tuple[str, ...] = Field(
        (),
        description="Addresses or networks of proxies in front of the server, whose word on who asks "
        "(`X-Forwarded-For`) is taken.",
    )
    limits_url: str = Field(
        IN_MEMORY,
        description="Where requests are counted for rate limits; `redis://HOST` for several processes.",
    )
    language: str = Field(
        "en",
        pattern="^[a-z]{2,3}(_[A-Z]{2})?$",
        description="The language of the pages, as `en` or `pt_BR`, for which there must be a translation.",
    )
    zulip: ZulipSettings = Field(default_factory=lambda: ZulipSettings(), description="The chat bot.")
    signin: SignInSettings = Field(default_factory=lambda: SignInSettings(), description="How people get in.")
    claims: ClaimSettings = Field(
        default_factory=lambda: ClaimSettings(), description="The rules for claims."
    )
    lean: LeanSettings = Field(default_factory=lambda: LeanSettings(), description="The Leans kept ready.")
    hooks: HookSettings = Field(default_factory=lambda: HookSettings(), description="Webhooks of forges.")
    limits: LimitSettings = Field(
        default_factory=lambda: LimitSettings(), description="How much one may ask for."
    )

    @field_validator("database_url", "limits_url")
    @classmethod
    def _no_password(cls, url: str, field: ValidationInfo) -> str:
        if urlsplit(url).password:
            name = f"CHANTIER_{str(field.field_name).upper()}"
            raise ValueError(f"a password does not belong in this file; set {name} instead")
        return url

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for each in proxies:
            ip_network(each)
        return proxies

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        return _web_address(url)


# Environment variable -> what it is for. These are never printed.
SECRETS = {
    "CHANTIER_DATABASE_URL": "The database's address, where it holds a password.",
    "CHANTIER_GITHUB_SECRET": "The client secret that GitHub gave this server.",
    "CHANTIER_GITLAB_SECRET": "The secret of the application that GitLab gave this server.",
    "CHANTIER_LIMITS_URL": "Where requests are counted, where that address holds a password.",
    "CHANTIER_SECRET_KEY": "What sessions are signed with, at least 32 characters.",
    "CHANTIER_ZULIP_API_KEY": "The API key of the Zulip bot.",
    "CHANTIER_ZULIP_WEBHOOK_TOKEN": "What Zulip proves itself with where the bot is an outgoing webhook.",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The file's settings with every default filled in, and the secrets, which print as stars."""

    database_url: SecretStr
    host: str
    port: int
    base_url: str
    zulip: ZulipSettings
    claims: ClaimSettings
    lean: LeanSettings = field(default_factory=lambda: LeanSettings())
    signin: SignInSettings = field(default_factory=lambda: SignInSettings())
    hooks: HookSettings = field(default_factory=lambda: HookSettings())
    limits: LimitSettings = field(default_factory=lambda: LimitSettings())
    trusted_proxies: tuple[str, ...] = ()
    limits_url: SecretStr = field(default_factory=lambda: SecretStr(IN_MEMORY))
    language: str = "en"
    secret_key: SecretStr | None = None
    github_secret: SecretStr | None = None
    gitlab_secret: SecretStr | None = None
    zulip_api_key: SecretStr | None = None
    zulip_webhook_token: SecretStr | None = None

    @property
    def policy(self) -> Policy:
        return self.claims.policy()


def load(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in `file` (by default that of `server.paths`; it may be absent) and the environment.

    Raises `UserError` naming the file and the key that is wrong.
    """
    secrets = os.environ if environment is None else environment
    told = _read(file or config_file())
    return Settings(
        database_url=SecretStr(secrets.get("CHANTIER_DATABASE_URL") or told.database_url or _sqlite()),
        host=told.host,
        port=told.port,
        base_url=told.base_url.rstrip("/") or address(told.host, told.port),
        zulip=told.zulip,
        claims=told.claims,
        lean=told.lean,
        signin=told.signin,
        github_secret=_secret(secrets, "CHANTIER_GITHUB_SECRET"),
        gitlab_secret=_secret(secrets, "CHANTIER_GITLAB_SECRET"),
        hooks=told.hooks,
        limits=told.limits,
        trusted_proxies=told.trusted_proxies,
        limits_url=SecretStr(secrets.get("CHANTIER_LIMITS_URL") or told.limits_url),
        language=told.language,
        secret_key=_secret(secrets, "CHANTIER_SECRET_KEY", least=32),
        zulip_api_key=_secret(secrets, "CHANTIER_ZULIP_API_KEY"),
        zulip_webhook_token=_secret(secrets, "CHANTIER_ZULIP_WEBHOOK_TOKEN", least=16),
    )


def address(host: str, port: int) -> str:
    """The web address of a server that listens there; an IPv6 host stands in brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _read(file: Path) -> FileSettings:
    if not file.is_file():
        return FileSettings()
    try:
        return FileSettings.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UserError(f"The settings {file} cannot be read: {error}.") from error
    except ValidationError as error:
        first: Any = error.errors(include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UserError(f"The settings {file} are wrong at `{key}`: {mistake(first)}.") from error


def _secret(environment: Mapping[str, str], name: str, least: int = 1) -> SecretStr | None:
    value = environment.get(name)
    if value and len(value) < least:
        raise UserError(f"The environment variable {name} is too short; give at least {least} characters.")
    return SecretStr(value) if value else None


def _sqlite() -> str:
    return f"sqlite:///{data_dir() / 'chantier.db'}"


def _web_address(url: str) -> str:
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("a web address begins with http:// or https://")
    return url
