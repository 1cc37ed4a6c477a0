"""The copyright rules: each rule of each set, met and not met; and what the sets themselves must hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from loans.copyright.decide import decide
from loans.copyright.declarations import Declaration, text_hash
from loans.copyright.explain import SENTENCES, sentence_of
from loans.copyright.facts import Counters, Decision, Licence, RequestFacts
from loans.copyright.library import raw_sets, shipped_sets
from loans.copyright.rules import CHECKS
from loans.copyright.schema import KINDS, SchemaError, parse

SETS = shipped_sets()
CHAPTER: dict[str, Any] = {
    "genre": "chapter", "kind": "book", "purpose": "research", "title": "Bab 2", "container": "Sejarah Kota",
    "pages": 12, "pages_of_work": 240, "chapters": 1,
}  # fmt: skip
ARTICLE: dict[str, Any] = {
    "genre": "article", "kind": "journal", "purpose": "research", "title": "Arsip kota", "container": "Wacana",
    "issue": "3", "year": 2025, "pages": 14,
}  # fmt: skip


def decision(jurisdiction: str, facts: dict[str, Any], counters: dict[str, Any] | None = None) -> Decision:
    asked = RequestFacts(asked_on=date(2026, 5, 4), **facts)
    return decide(asked, SETS[jurisdiction], Counters(**(counters or {})))


# Rule, what is asked for (beside an ordinary chapter or article), what was supplied before, the answer.
OFFER = Licence("Perkumpulan Reproduksi", "Rp500 per halaman", "https://example.org")
CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    ("id-purpose", CHAPTER, {"purpose": "other"}, {}, "block"),
    ("id-single-copy", CHAPTER, {"copies": 2}, {}, "block"),
    ("id-whole-work", CHAPTER, {"whole": True}, {}, "block"),
    ("id-whole-work", CHAPTER, {"pages": 240}, {}, "block"),
    ("id-scores", CHAPTER, {"kind": "score"}, {}, "warn"),
    ("id-excluded-kinds", CHAPTER, {"kind": "database"}, {}, "block"),
    ("id-excluded-kinds", CHAPTER, {"kind": "software"}, {}, "block"),
    ("id-share", CHAPTER, {"chapters": 2, "pages": 25}, {}, "block"),
    ("id-source-cited", CHAPTER, {"container": ""}, {}, "warn"),
    ("id-same-reader", CHAPTER, {}, {"same_reader": 1}, "block"),
    ("id-related-readers", CHAPTER, {}, {"related_readers": 3}, "warn"),
    ("id-licence", CHAPTER, {}, {"licences": (OFFER,)}, "pay"),
    ("us-purpose", ARTICLE, {"purpose": "other"}, {}, "block"),
    ("us-single-copy", ARTICLE, {"copies": 2}, {}, "block"),
    ("us-whole-work", CHAPTER, {"whole": True}, {}, "block"),
    ("us-excluded-kinds", CHAPTER, {"kind": "score"}, {}, "block"),
    ("us-contu-periodical", ARTICLE, {}, {"title_year": 5}, "pay"),
    ("us-contu-other", CHAPTER, {}, {"title_term": 5}, "pay"),
    ("us-same-reader", ARTICLE, {}, {"same_reader": 1}, "warn"),
    ("us-related-readers", ARTICLE, {}, {"related_readers": 3}, "warn"),
    ("uk-purpose", ARTICLE, {"purpose": "other"}, {}, "block"),
    ("uk-own-study", ARTICLE, {"purpose": "education"}, {}, "warn"),
    ("uk-single-copy", ARTICLE, {"copies": 2}, {}, "block"),
    ("uk-whole-work", CHAPTER, {"whole": True}, {}, "block"),
    ("uk-share", CHAPTER, {"chapters": 3, "pages": 60}, {}, "block"),
    ("uk-one-article", ARTICLE, {}, {"same_issue": 1}, "block"),
    ("uk-same-reader", ARTICLE, {}, {"same_reader": 1}, "block"),
    ("uk-related-readers", ARTICLE, {}, {"related_readers": 1}, "warn"),
    ("de-purpose", ARTICLE, {"purpose": "other"}, {}, "block"),
    ("de-single-copy", ARTICLE, {"copies": 2}, {}, "block"),
    ("de-whole-work", CHAPTER, {"whole": True}, {}, "block"),
    ("de-share", CHAPTER, {"pages": 30}, {}, "block"),
    ("de-journals-only", ARTICLE, {"kind": "newspaper"}, {}, "block"),
    ("de-same-reader", ARTICLE, {}, {"same_reader": 1}, "warn"),
    ("de-related-readers", ARTICLE, {}, {"related_readers": 3}, "warn"),
]


@pytest.mark.parametrize(("rule", "usual", "changed", "counted", "outcome"), CASES)
def test_each_rule_of_the_table(
    rule: str, usual: dict[str, Any], changed: dict[str, Any], counted: dict[str, Any], outcome: str
) -> None:
    jurisdiction = rule[:2].upper()
    assert rule not in {reason.rule for reason in decision(jurisdiction, usual).reasons}
    found = decision(jurisdiction, usual | changed, counted)
    assert {reason.rule: reason.outcome for reason in found.reasons}[rule] == outcome


def test_every_shipped_rule_stands_in_the_table() -> None:
    assert {rule.code for found in SETS.values() for rule in found.rules} == {case[0] for case in CASES}


@pytest.mark.parametrize("jurisdiction", SETS)
@pytest.mark.parametrize("usual", [CHAPTER, ARTICLE], ids=["chapter", "article"])
def test_an_ordinary_part_for_research_is_allowed_everywhere(
    jurisdiction: str, usual: dict[str, Any]
) -> None:
    found = decision(jurisdiction, usual)
    assert (found.outcome, found.reasons) == ("allow", ())


def test_contu_sixth_article_of_a_year_pays_or_is_blocked() -> None:
    fifth, sixth = decision("US", ARTICLE, {"title_year": 4}), decision("US", ARTICLE, {"title_year": 5})
    assert (fifth.outcome, fifth.code) == ("allow", "US-CCG")
    assert (sixth.outcome, sixth.code) == ("pay", "US-LICENCE")


def test_contu_does_not_count_issues_older_than_five_years() -> None:
    found = decision("US", ARTICLE | {"year": 2021}, {"title_year": 40})
    assert (found.outcome, found.code) == ("allow", "US-CCL")


def test_contu_asks_for_a_year_that_is_not_known() -> None:
    found = decision("US", ARTICLE | {"year": None})
    assert found.outcome == "warn"
    assert found.reasons[0].args == {"missing": ["year"]}


def test_related_requests_of_a_class_are_noticed() -> None:
    third, fourth = (
        decision("ID", CHAPTER, {"related_readers": 2}),
        decision("ID", CHAPTER, {"related_readers": 3}),
    )
    assert third.outcome == "allow"
    assert fourth.outcome == "warn"
    assert fourth.reasons[0].args["readers"] == 4


def test_strictest_answer_counts_and_every_reason_is_told() -> None:
    found = decision("ID", CHAPTER | {"container": ""}, {"same_reader": 1, "licences": (OFFER,)})
    assert [reason.outcome for reason in found.reasons] == ["block", "pay", "warn"]
    assert (found.outcome, found.fee) == ("block", "")


def test_licence_tells_what_it_costs() -> None:
    assert decision("ID", CHAPTER, {"licences": (OFFER,)}).fee == "Rp500 per halaman"


def test_missing_number_of_pages_warns_instead_of_guessing() -> None:
    found = decision("DE", CHAPTER | {"pages_of_work": None})
    assert (found.outcome, found.reasons[0].unknown) == ("warn", True)


def test_one_chapter_needs_no_page_numbers() -> None:
    assert decision("ID", CHAPTER | {"pages": None, "pages_of_work": None}).outcome == "allow"


def test_number_that_no_law_names_is_marked_as_the_portals_own() -> None:
    found = decision("ID", CHAPTER | {"chapters": 2, "pages": 100})
    assert found.reasons[0].rule == "id-share"
    assert found.reasons[0].own_default


def test_every_kind_of_rule_is_carried_out_and_explained() -> None:
    assert set(KINDS) == set(CHECKS) == set(SENTENCES)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("rule", "usual", "changed", "counted", "outcome"), CASES)
def test_each_reason_is_a_sentence(
    language: str,
    rule: str,
    usual: dict[str, Any],
    changed: dict[str, Any],
    counted: dict[str, Any],
    outcome: str,
) -> None:
    found = decision(rule[:2].upper(), usual | changed, counted)
    with translation.override(language):
        told = [sentence_of(reason) for reason in found.reasons]
    assert all(line.endswith((".", "?", "!")) and "%(" not in line for line in told)


@pytest.mark.parametrize(("language", "word"), [("id", "ahli hukum"), ("en", "lawyer")])
def test_every_text_says_a_lawyer_must_check(language: str, word: str) -> None:
    assert sorted(SETS) == ["DE", "ID", "UK", "US"]
    for found in SETS.values():
        assert word in found.lawyer_note[language]


def test_uk_declaration_has_two_parts_to_tick() -> None:
    text = SETS["UK"].declaration["en"]
    declared = Declaration("en", 1, text)
    assert len(declared.statements) == 2
    assert declared.hash == text_hash(text) != text_hash(text + " ")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"schema": 2}, "schema"),
        ({"rules": []}, "rules"),
        (
            {"rules": [{"code": "x", "kind": "mood", "outcome": "block", "source": "s"}]},
            "“mood” is not one of",
        ),
        ({"rules": [{"code": "x", "kind": "share", "outcome": "block", "source": "s"}]}, "is missing"),
        (
            {"rules": [{"code": "x", "kind": "licence", "outcome": "maybe", "source": "s"}]},
            "not one of block, pay, warn",
        ),
        ({"rules": [{"code": "x", "kind": "licence", "outcome": "pay", "source": "s"}] * 2}, "same code"),
        ({"name": {"en": "Only English"}}, "name"),
        ({"valid_from": "soon"}, "valid_from"),
    ],
)
def test_rules_that_make_no_sense_are_refused(change: dict[str, Any], complaint: str) -> None:
    with translation.override("en"), pytest.raises(SchemaError, match=complaint):
        parse(raw_sets()[0] | change)
