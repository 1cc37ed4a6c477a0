"""The questions of relevance.tsv over the works of the demo: the first hits are those that are meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalog.search import relevance


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[relevance.Asked]:
    folder: Path = tmp_path_factory.mktemp("relevance")
    return relevance.answered(relevance.built(folder))


def test_the_set_is_large_and_each_question_means_a_title_that_is_there() -> None:
    asked = relevance.questions()
    assert len({question.text for question in asked}) == len(asked) >= 150
    titles = {document.title for document in relevance.shelf()} | {"*"}
    wanted = {title.partition("|")[0] for question in asked for title in question.wanted}
    assert wanted <= titles


@pytest.mark.parametrize("figure", ["mrr", "recall"])
def test_no_figure_falls_below_its_floor(answers: list[relevance.Asked], figure: str) -> None:
    told = relevance.report(answers)
    assert relevance.figures(answers)[figure] >= relevance.floors()[figure], told


def test_the_report_names_the_questions_that_miss(answers: list[relevance.Asked]) -> None:
    told = relevance.report([relevance.Asked("title", "laut", ("Laut", "Bumi"), (2, None)), *answers[:1]])
    assert "laut: Laut: 2, Bumi: -" in told
    assert answers[0].text not in told
