"""The whole story, as a volunteer lives it, from `chantier demo` to credit, with nobody playing a part."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

CHANTIER = Path(sys.executable).with_name("chantier")
NODE, FILE, UNTIL = "thm:odd-sum", "Showcase/Sums.lean", "theorem odd_sum"
PROOF = """  induction n with
  | zero => rfl
  | succ n ih =>
    rw [total, ih]
    grind
"""


@dataclass(frozen=True)
class Site:
    """The demo, served: its folder, its repository, its address, and a sign-in link not used yet."""

    folder: Path
    url: str
    link: str

    @property
    def repository(self) -> Path:
        return self.folder / "showcase"

    def run(self, *args: str | Path) -> str:
        environment = os.environ | {"CHANTIER_DATA": str(self.folder / "data")}
        done = subprocess.run(
            [CHANTIER, *args], env=environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """`chantier demo`, with its output piped, until its pages answer."""
    folder, port, said = tmp_path / "demo", _free_port(), tmp_path / "said"
    command = [CHANTIER, "demo", "--folder", folder, "--port", str(port)]
    with said.open("w") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=tmp_path)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, server, said)
        link = re.search(rf"{url}/\S+", said.read_text())
        assert link, said.read_text()
        yield Site(folder, url, link.group())
    finally:
        server.terminate()
        server.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], said: Path) -> None:
    for _ in range(600):
        assert server.poll() is None, said.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(said.read_text())


@pytest.fixture
def page() -> Iterator[Page]:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    with sync_playwright() as play:
        if not found and not Path(play.chromium.executable_path).exists():
            pytest.skip("no Chromium on this machine")
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        browser = play.chromium.launch(executable_path=found, args=arguments)
        yield browser.new_page()
        browser.close()


@pytest.mark.lean
@pytest.mark.browser
@pytest.mark.timeout(600)
def test_a_node_is_claimed_proved_and_credited(site: Site, page: Page) -> None:
    page.goto(site.link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Welcome, Maya Demo")).to_be_visible()

    node_page = f"{site.url}/p/showcase/nodes/{NODE}"
    page.goto(node_page)
    expect(page.locator(".node-meta")).to_contain_text("Stated")
    page.get_by_role("button", name="Claim").click()
    expect(page.locator("aside")).to_contain_text("Held by you")

    sums = site.repository / FILE
    before, rest = sums.read_text().split(UNTIL, 1)
    sums.write_text(before + UNTIL + rest.replace("  sorry\n", PROOF, 1))
    who = ["-c", "user.name=Emil Demo", "-c", "user.email=emil@example.org"]
    git = ["git", "-C", str(site.repository), *who]
    subprocess.run([*git, "commit", "--quiet", "-am", "Prove the sum of the odd numbers"], check=True)
    said = site.run("sync", site.repository)
    assert "Sum of the odd numbers" in said

    page.goto(node_page)
    expect(page.locator(".node-meta")).to_contain_text("Verified")
    expect(page.locator("aside")).not_to_contain_text("Held by")
    contributors = page.locator("section", has=page.get_by_role("heading", name="Contributors"))
    contributors.get_by_role("link", name="Emil Demo").first.click()
    expect(page.get_by_role("heading", name="Emil Demo")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Sum of the odd numbers")

    report = site.run("report")
    assert "Sum of the odd numbers" in report
    assert "Emil Demo" in report
    assert "done already" in _refused(site, "say", "--as", "Ada Demo", f"claim {NODE}")


def _refused(site: Site, *args: str) -> str:
    environment = os.environ | {"CHANTIER_DATA": str(site.folder / "data")}
    done = subprocess.run(
        [CHANTIER, *args], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1, done.stdout
    return done.stdout + done.stderr
