"""Answers are compressed for whoever can read that, and are the same underneath."""

from __future__ import annotations

import gzip

import pytest

from server import web_compressing

from .web_world import Site


def test_a_page_is_smaller_and_the_same(site: Site) -> None:
    client = site.client()
    plain = client.get("/p/num/people")
    packed = client.get("/p/num/people", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert len(packed.data) < len(plain.data)
    assert "<h1>People</h1>" in gzip.decompress(packed.data).decode()


def test_what_is_unchanged_is_not_sent_again_compressed_or_not(site: Site) -> None:
    client = site.client()
    for accepted in ({}, {"Accept-Encoding": "gzip"}):
        first = client.get("/p/num/graph.json", headers=accepted)
        again = client.get("/p/num/graph.json", headers={**accepted, "If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)


def test_what_is_short_stays_as_it_is(site: Site) -> None:
    answer = site.client().get("/p/num/badge.json", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_what_is_large_is_not_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_compressing, "_LARGEST", web_compressing.LEAST)
    before = web_compressing._kept.cache_info()
    packed = site.client().get("/p/num/graph.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert web_compressing._kept.cache_info() == before
