"""How the address of a repository is read, however it is written, and where its forge may stand."""

from __future__ import annotations

import pytest

from dashboards.repository_address import repository_address, site_of


@pytest.mark.parametrize(
    ("written", "page", "kind"),
    [
        ("https://github.com/a/b.git", "https://github.com/a/b", "github"),
        ("git@github.com:a/b.git", "https://github.com/a/b", "github"),
        ("ssh://git@gitlab.example.org:2222/a/b/c.git", "https://gitlab.example.org/a/b/c", "gitlab"),
        ("https://ada:secret@Codeberg.org/a/b/", "https://codeberg.org/a/b", "forgejo"),
        ("git.example.org:a/b", "https://git.example.org/a/b", ""),
        ("http://localhost:3000/a/b?x#y", "http://localhost:3000/a/b", ""),
    ],
)
def test_one_repository_has_one_page(written: str, page: str, kind: str) -> None:
    where = repository_address(written)
    assert where is not None
    assert (where.page, where.kind) == (page, kind)
    assert where.is_same(repository_address(page.upper().replace("HTTP", "http").replace("S://", "s://")))


@pytest.mark.parametrize(
    "written", [None, "", "/srv/b", "file:///srv/b", "C:\\b", "b", "https://", "https://["]
)
def test_what_is_on_no_forge(written: str | None) -> None:
    assert repository_address(written) is None


@pytest.mark.parametrize(
    ("written", "kind", "sites"),
    [
        ("https://gitlab.com/a/b/c", "", ["https://gitlab.com"]),
        ("https://example.org/a/b", "gitlab", ["https://example.org"]),
        (
            "https://example.org/gitlab/a/b",
            "gitlab",
            ["https://example.org", "https://example.org/gitlab"],
        ),
        ("https://example.org/forge/a/b", "forgejo", ["https://example.org/forge"]),
        ("https://example.org/forge/a/b", "gitea", ["https://example.org/forge"]),
    ],
)
def test_where_a_forge_may_stand(written: str, kind: str, sites: list[str]) -> None:
    where = repository_address(written, kind)
    assert where is not None
    assert list(where.sites) == sites


def test_what_is_known_to_run_there_says_how_addresses_look() -> None:
    own = "https://example.org/a/b"
    known = {kind: repository_address(own, kind) for kind in ("", "github", "gitlab", "gitea")}
    assert [where and where.change("7") for where in known.values()] == [
        None,
        f"{own}/pull/7",
        f"{own}/-/merge_requests/7",
        f"{own}/pulls/7",
    ]
    hub = repository_address("https://github.com/a/b", "gitlab")
    assert hub is not None
    assert hub.change("7") == "https://github.com/a/b/pull/7"


def test_a_site_is_written_in_one_way() -> None:
    assert site_of("HTTPS://me@Example.ORG/GitLab/") == "https://example.org/GitLab"
