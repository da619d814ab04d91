"""The texts of pages: how they are said, and that templates hold none that is not marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from markupsafe import Markup

from blueprint.errors import UserError
from dashboards import catalogue, pages, script_texts, templating, texts
from dashboards.viewing import Viewer
from dashboards.wording import between, join

from . import sample
from .pseudo import outside

TEMPLATES = sorted((Path(catalogue.__file__).parent / "templates").glob("*.html"))
SCRIPTS = sorted((Path(catalogue.__file__).parent / "frontend" / "src").glob("*.js"))
# What is the same in every language: names, formats, examples of what is written; and a class of CSS.
SAME = re.compile(r"Chantier|Lean|API|JSON|LaTeX|SVG,?|PNG,?|DOT|https://\.\.\.|github-actions|narrow")
_HEADER = r"""
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\nPlural-Forms: nplurals=2; plural=n > 1;\n"
"""
_SPOKEN = {"_", "gettext", "ngettext"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    texts.speak(texts.ENGLISH, texts.AS_WRITTEN)


@pytest.fixture
def environment() -> Environment:
    return templating.environment()


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_templates_hold_no_text_that_is_not_marked(environment: Environment, file: Path) -> None:
    bare = [text for text in outside(_unmarked(environment, file.read_text())) if not SAME.fullmatch(text)]
    assert bare == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_templates_mark_literals_only(environment: Environment, file: Path) -> None:
    """What they say is HTML, which no value must become; and only literals are found to be translated."""
    tree = environment.parse(file.read_text())
    said = [call for call in tree.find_all(nodes.Call) if getattr(call.node, "name", "") in _SPOKEN]
    forms = [form for call in said for form in call.args[: 2 if call.node.name == "ngettext" else 1]]  # type: ignore[attr-defined]
    assert all(isinstance(form, nodes.Const) and isinstance(form.value, str) for form in forms)


def test_bare_text_is_found(environment: Environment) -> None:
    source = (
        "<p>{% trans %}One{% endtrans %} {{ two }} three</p><i title='Four {{ x }}' alt='{{ _(\"A\") }}'></i>"
    )
    assert list(outside(_unmarked(environment, source))) == ["three", "Four"]


def _unmarked(environment: Environment, source: str) -> str:
    """A template without its expressions and statements, and without what it marks."""
    out, marked, statement = [], False, ""
    for _, kind, text in environment.lex(source):
        if kind == "data" and not marked:
            out.append(text)
        elif kind == "block_begin":
            statement = ""
            out.append("\n")
        elif kind == "name" and not statement:
            statement = text
            marked = text in ("trans", "pluralize") or (marked and text != "endtrans")
    return "".join(out)


def test_values_in_a_text_of_a_template_are_escaped(environment: Environment) -> None:
    made = environment.from_string(
        "{{ _('<b>%(who)s</b> of %(node)s', who=who, node=node) }} "
        "{% trans who %}{{ who }}: 50 %{% endtrans %} {{ who|said }}"
    )
    said = made.render(who="<i>", node=Markup("<u>"))
    assert said == "<b>&lt;i&gt;</b> of <u> &lt;i&gt;: 50 % &lt;i&gt;"


def test_a_plural_has_its_number(environment: Environment) -> None:
    source = (
        "{% trans num=n, a %}{{ a }}: {{ num }} node{% pluralize %}{{ a }}: {{ num }} nodes{% endtrans %}"
    )
    made = environment.from_string(source)
    assert [made.render(n=n, a="A") for n in (1, 2)] == ["A: 1 node", "A: 2 nodes"]
    assert [texts.ngettext("%(num)s node", "%(num)s nodes", n) for n in (1, 2)] == ["1 node", "2 nodes"]


def test_lists_are_joined_in_the_pages_language(folder: Path) -> None:
    @dataclass
    class Loop:
        revindex: int
        last: bool = False

    assert between(Loop(2)) == " and "  # type: ignore[arg-type]
    _write(folder, "fr", 'msgid "%(first)s and %(last)s"\nmsgstr "%(first)s et %(last)s"\n')
    catalogue.speak("fr")
    assert join(["a", "b", "c"]) == "a, b et c"
    assert join(["a"]) == "a"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    return tmp_path


def test_a_page_speaks_the_language_of_the_catalogue(folder: Path) -> None:
    _write(
        folder,
        "pt_BR",
        'msgid "Dependency graph"\nmsgstr "Grafo de dependências"\n\n#, python-format\n'
        'msgid "%(num)s node, %(verified)s verified."\nmsgid_plural "%(num)s nodes, %(verified)s verified."\n'
        'msgstr[0] "%(verified)s de %(num)s nó"\nmsgstr[1] "%(verified)s de %(num)s nós"\n',
    )
    catalogue.speak("pt_BR")
    html = pages.graph(sample.snapshot(), Viewer(sample.NOW))
    assert '<html lang="pt-BR">' in html
    assert "<h1>Grafo de dependências</h1>" in html
    assert re.search(r"\d de \d+ nós", html)
    assert "Filters" in html  # nobody has translated it yet


@pytest.mark.parametrize(
    ("language", "entries"),
    [
        ("fr", '#, python-format\nmsgid "%(num)s nodes"\nmsgstr "%(nombre)s nœuds"\n'),
        ("fr", 'msgid "Graph\n'),
        ("xx", ""),
    ],
)
def test_a_bad_catalogue_is_refused(folder: Path, language: str, entries: str) -> None:
    _write(folder, language, entries)
    with pytest.raises(UserError, match=language):
        catalogue.speak(language)
    assert texts.language() == "en"


def test_scripts_say_what_the_page_brings_them(folder: Path) -> None:
    said = {text for file in SCRIPTS for text in re.findall(r'worded\("([^"]+)"', file.read_text("utf-8"))}
    assert said == set(script_texts.TEXTS)
    assert script_texts.translated() == {}
    _write(folder, "fr", 'msgid "Copied"\nmsgstr "Copié"\n')
    catalogue.speak("fr")
    assert '"Copied": "Copi\\u00e9"' in pages.graph(sample.snapshot(), Viewer(sample.NOW))


def test_a_language_without_a_catalogue_is_refused(folder: Path) -> None:
    with pytest.raises(UserError, match="`de`"):
        catalogue.speak("de")


def test_the_template_is_the_same_on_every_machine() -> None:
    written = catalogue.written(catalogue.collected())
    assert written == catalogue.written(catalogue.collected())
    assert b"Date" not in written.partition(b"\n\n")[0]


def _write(folder: Path, language: str, entries: str) -> None:
    file = folder / language / "LC_MESSAGES" / "chantier.po"
    file.parent.mkdir(parents=True)
    file.write_text(f"{_HEADER}\n{entries}", "utf-8")
