"""Pictures, drawn by a real TeX that must not see anything else."""

from __future__ import annotations

import base64
import re
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from blueprint import pictures
from blueprint.pictures import drawing, drawn, tex
from blueprint.pictures.drawing import PictureError
from blueprint.pictures.tex import ROUTES, Route, document, installed

ARROW = r"\begin{tikzcd} A \arrow[r, hook] & \NN \end{tikzcd}"
PREAMBLE = r"\usepackage{tikz-cd}\usetikzlibrary{calc}\newcommand{\NN}{\mathbb{N}}"
IMAGE = re.compile(r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]*)" width="\d+" height="\d+">')

with_tex = pytest.mark.skipif(installed() is None, reason="no TeX with pdftocairo or dvisvgm is installed")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHANTIER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(params=ROUTES, ids=lambda route: route.tex)
def route(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Route:
    monkeypatch.setattr(tex, "ROUTES", (request.param,))
    if installed() is None:
        pytest.skip(f"{request.param.tex} or {request.param.converter} is not installed")
    return request.param


def draw(route: Route, text: str) -> bytes:
    return drawing.draw(route, text, time.monotonic() + 60)


def lemma(graph_of, body: str):
    return graph_of(rf"\begin{{lemma}}\label{{a}} {body} \end{{lemma}}", preamble=PREAMBLE)


@pytest.mark.parametrize(
    "body",
    [ARROW, rf"\[ {ARROW} \]", r"$\xymatrix@C=1pc{A \ar[r] & B}$", r"\begin{tikzpicture}\end{tikzpicture}"],
)
def test_the_reader_keeps_the_source(graph_of, only, body: str) -> None:
    html = only(lemma(graph_of, body)).statement.html
    assert html.count('<pre class="picture">') == 1
    assert "\\(" not in html
    assert "\\[" not in html


@with_tex
def test_pictures_become_images(graph_of, only, route: Route) -> None:
    graph = drawn(lemma(graph_of, rf"{ARROW} and \[ {ARROW} \] and $\xymatrix{{A \ar[r] & B}}$"))
    images = IMAGE.findall(only(graph).statement.html)
    assert len(images) == 3
    assert all(b"<svg" in base64.b64decode(data) for data, _ in images)
    assert "tikzcd" in images[0][1]
    assert not graph.problems


def test_without_a_tex_the_source_stays(graph_of, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tex, "ROUTES", ())
    graph = lemma(graph_of, ARROW)
    assert drawn(graph) == graph


@with_tex
def test_what_cannot_be_drawn_is_said_and_shown(graph_of, only) -> None:
    graph = drawn(lemma(graph_of, r"\begin{tikzpicture} \nosuchmacro \end{tikzpicture}"))
    assert 'class="picture"' in only(graph).statement.html
    (problem,) = [problem for problem in graph.problems if problem.code == "picture-not-drawn"]
    assert "Undefined control sequence" in problem.message
    assert problem.node == "a"


@with_tex
def test_drawn_once(route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
    first = draw(route, document("a", (), ()))
    monkeypatch.setattr(drawing, "_status", lambda *_: pytest.fail("drawn again"))
    assert draw(route, document("a", (), ())) == first


@with_tex
def test_a_failure_is_not_kept(route: Route, cache: Path) -> None:
    with pytest.raises(PictureError, match="Undefined control sequence"):
        draw(route, document(ARROW, (), ()))  # \NN is not known
    assert not (cache / "pictures").exists()


@with_tex
@pytest.mark.parametrize("forged", [b"<svg><script>1</script></svg>", b"!\xff", b"<svg>" + b" " * 500_000])
def test_a_forged_picture_is_drawn_again(route: Route, cache: Path, forged: bytes) -> None:
    honest = draw(route, document("a", (), ()))
    (kept,) = (cache / "pictures").iterdir()
    kept.write_bytes(forged)
    assert draw(route, document("a", (), ())) == honest


@with_tex
def test_a_picture_of_somebody_else_is_drawn_again(route: Route, cache: Path) -> None:
    honest = draw(route, document("a", (), ()))
    (kept,) = (cache / "pictures").iterdir()
    kept.rename(cache / "elsewhere.svg")
    kept.symlink_to(cache / "elsewhere.svg")
    (cache / "elsewhere.svg").write_bytes(b"<svg>other</svg>")
    assert draw(route, document("a", (), ())) == honest


@with_tex
def test_all_pictures_together_have_an_end(graph_of, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SECONDS", 2)
    endless = "".join(rf"\begin{{tikzpicture}} \def\x{{{at}\x}}\x \end{{tikzpicture}} " for at in range(20))
    graph = drawn(lemma(graph_of, endless))
    said = {problem.message for problem in graph.problems if problem.code == "picture-not-drawn"}
    assert any("takes too long" in message for message in said)
    assert any("was used up" in message for message in said)


@with_tex
def test_tex_does_not_run_unconfined(route: Route, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        drawing, "_started", lambda *_: subprocess.Popen(["/bin/sh", "-c", "exit 77"], start_new_session=True)
    )
    with pytest.raises(PictureError, match="Landlock"):
        draw(route, document("a", (), ()))


@pytest.mark.parametrize(
    "command",
    [
        r"\input{%s}",
        r"\input{|cat %s}",
        r"\newread\f\openin\f=%s \ifeof\f\else\read\f to\x\x\fi",
        r"\immediate\write18{cat %s > picture.svg}",
        r"\message{\pdffiledump length 100 {%s}}\pdffiledump length 100 {%s}",
        r"\usepackage{verbatim}\verbatiminput{%s}",
        r"\special{psfile=%s}\special{dvisvgm:img 10 10 %s}",
        r"\pdfximage{%s}",
    ],
)
@with_tex
def test_nothing_else_can_be_read(route: Route, tmp_path: Path, command: str) -> None:
    secret = tmp_path / "secret.tex"
    secret.write_text("sesquipedalian")
    try:
        svg = draw(route, document(f"a {command.replace('%s', str(secret))}", (), ()))
    except PictureError as error:
        assert "sesquipedalian" not in str(error)  # noqa: PT017
    else:
        assert b"sesquipedalian" not in svg
        assert b"secret" not in svg
        assert len(svg) < len(
            draw(route, document("sesquipedalian", (), ()))
        )  # which has more letters than `a`


@with_tex
def test_nothing_else_can_be_written(route: Route, tmp_path: Path) -> None:
    target = tmp_path / "made"
    text = rf"\newwrite\f\immediate\openout\f={target} \immediate\write\f{{x}}\immediate\closeout\f a"
    with suppress(PictureError):
        draw(route, document(text, (), ()))
    assert not list(tmp_path.glob("made*"))


@with_tex
@pytest.mark.parametrize(
    "endless", [r"\def\x{\x}\x", r"\def\x{\x\x}\x", r"\loop\shipout\hbox{x}\iftrue\repeat"]
)
def test_what_never_ends_is_ended(route: Route, monkeypatch: pytest.MonkeyPatch, endless: str) -> None:
    monkeypatch.setattr(drawing, "SECONDS", 3)
    with pytest.raises(PictureError):
        draw(route, document(endless, (), ()))


def test_an_image_that_does_more_is_refused(tmp_path: Path) -> None:
    svg = tmp_path / "picture.svg"
    for hidden in (
        "<script>",
        "<a href='javascript:x'/>",
        "<g onload='x'/>",
        "<image xlink:href='http://a.b'/>",
    ):
        svg.write_text(f"<svg>{hidden}</svg>")
        with pytest.raises(PictureError, match="more than a drawing"):
            drawing._drawing(svg)
