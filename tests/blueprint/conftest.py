"""Small blueprints, written where a test wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from blueprint.graph import Graph, Node
from blueprint.reader import DEFAULT, Limits, read

PREAMBLE = r"""\documentclass{report}
\usepackage{amsmath, amsthm}
\usepackage{hyperref}
\usepackage{blueprint}
\newtheorem{theorem}{Theorem}[chapter]
\newtheorem{definition}[theorem]{Definition}
\newtheorem{lemma}[theorem]{Lemma}
\newtheorem{remark}[theorem]{Remark}
"""


@pytest.fixture(autouse=True, scope="session")
def fresh_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is read here is read now: nothing of former runs is given again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHANTIER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


Writer = Callable[..., Path]
Reader = Callable[..., Graph]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write a project around a document's body; `files` are more files by their path in the project."""

    def writing(body: str, *, preamble: str = "", files: Mapping[str, str | bytes] | None = None) -> Path:
        main = f"{PREAMBLE}{preamble}\n\\begin{{document}}\n{body}\n\n\\end{{document}}\n"
        for name, text in {"blueprint/src/web.tex": main, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return writing


@pytest.fixture
def graph_of(write: Writer) -> Reader:
    """The graph of a document's body."""

    def reading(body: str, *, limits: Limits = DEFAULT, **project: object) -> Graph:
        root = write(body, **project)
        return read(root / "blueprint/src/web.tex", root, limits)

    return reading


@pytest.fixture
def only() -> Callable[[Graph], Node]:
    """The one node of a graph."""

    def one(graph: Graph) -> Node:
        assert len(graph.nodes) == 1
        return graph.nodes[0]

    return one
