"""Accents and letters that LaTeX has macros for, in titles and in what is shown."""

from __future__ import annotations

import pytest

WRITTEN = [
    (r"H\"older", "Hölder"),
    (r"H\"{o}lder", "Hölder"),
    (r"H{\"o}lder", "Hölder"),
    (r"Poincar\'e", "Poincaré"),
    (r"Poincar\' e", "Poincaré"),
    (r"Erd\H{o}s and Erd\H os", "Erdős and Erdős"),
    (r"\L o\'s and \L{}o\'s", "Łoś and Łoś"),
    (r"\v{C}ech and \v Cech", "Čech and Čech"),
    (r"Fran\c cois and Fran\c{c}ois", "François and François"),
    (r"na\"{\i}ve and na\"\i ve", "naïve and naïve"),
    (r"\'{\i} \`{\i} \^\i", "í ì î"),
    (r"\~n \=a \.z \u g \k{a} \r u \d t \b d", "ñ ā ż ğ ą ů ṭ ḏ"),
    (r"\o re \O re \ae{} \AE{} \oe{} \aa ngstr\"om \AA{}", "øre Øre æ Æ œ ångström Å"),
    (r"Stra\ss e and Gau\ss", "Straße and Gauß"),
    (r"\'Etale", "Étale"),
]


@pytest.mark.parametrize(("typed", "meant"), WRITTEN)
def test_letters_are_what_they_are(graph_of, only, typed: str, meant: str) -> None:
    body = rf"\begin{{theorem}}[{typed}]\label{{a}} {typed}. \end{{theorem}}"
    node = only(graph_of(rf"\chapter{{{typed}}}" + "\n" + body))
    assert node.title == meant
    assert node.sections == (meant,)
    assert node.statement.html == f"<p>{meant}.</p>"


def test_a_macro_of_the_project_may_have_an_accents_name(graph_of, only) -> None:
    node = only(
        graph_of(r"\begin{theorem}\label{a} $\H_1$ \end{theorem}", preamble=r"\renewcommand{\H}{\mathbb{H}}")
    )
    assert r"\H" in node.statement.html
