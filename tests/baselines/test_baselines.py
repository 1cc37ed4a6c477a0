"""Ours against the matchers in use, on every labelled set; and that the Gold Rush key is the one of its authors."""

from __future__ import annotations

import json

import pytest

from catalog.formats.records import Field, RawRecord
from tests.baselines import goldrush, recordmanager
from tests.baselines.sets import BASELINES, MARC_AI, baseline, marc_ai_pairs, ours, own_pairs
from tests.paths import SHARED, needs_shared

KEYS = SHARED / "data" / "labelled" / "folio-reservoir" / "js" / "test" / "assertions-goldrush2024.json"


def record(*fields: str, leader: str = "00000cam a2200000 a 4500") -> RawRecord:
    """From lines such as "245 $aTitle$brest"; a control field has no dollar sign."""
    told: list[Field] = []
    for line in fields:
        tag, _, text = line.partition(" ")
        if "$" in text:
            told.append((tag, " ", " ", tuple((piece[0], piece[1:]) for piece in text.split("$")[1:])))
        else:
            told.append((tag, text))
    return RawRecord(1, 0, b"", "iso2709", leader, told)


# What the records say that the published keys were made of.
DESCRIBED = {
    "one": record(
        "008 790321s1967    nyusyz", "100 $aSchumann, Robert,$d1810-1856.", "245 $aSymphony, op. 38",
        "250 $a59th edition.", "260 $a[New York,$bRobert Owen Lehman Foundation,$c1967]",
        "300 $ascore (xxvi, 196 p.)", leader="01010ccm a2200289   4500",
    ),
    "spec-example-1": record(
        "008 920203s1992    nyu b", "100 $aDawidowicz, Lucy S.", "245 $aWhat is the use of Jewish history? :$bessays /",
        "250 $a1st ed.", "260 $aNew York :$bSchocken Books,$cc1992.", "300 $axxiii, 278 p. ;",
    ),
    "spec-example-2": record(
        "008 170403s2017 nyu 000 0 eng", "100 $aSnyder, Timothy,",
        "245 $aOn tyranny :$btwenty lessons from the twentieth century /$cTimothy Snyder.", "250 $aFirst edition.",
        "264 $aNew York :$bTim Duggan Books,$c[2017]", "264 $c©2017", "300 $a126 pages ;",
    ),
    "three": record(
        "007 c", "008 070529s20212022au            000 0 und d", "086 $aNot å real GDCN.", "100 $aThée, Mïne",
        "110 $aCompany X", "245 $aMy test record :$bAn example für mod-meta-storage.$f2022 May 29."
        "$h[electronic resource].$nPart one.$pA fictitious.$pThe sécond p.$pAn extra p subfield.",
        "250 $aFîfth edition.", "260 $aMy desk,$bMy préss.$c2024.", "260 $aTheir desk,$bTheir press.$c2023-",
        "300 $a3443 slides 1 appendix.", leader="00317nam  2200085ua 4500",
    ),
    "blinky-nutsy-gutenberg": record(
        "008 070529s9999    xx            000 0 und d", "100 $aWall, Dorothy,",
        "245 $aBlinky Bill and Nutsy$h[electronic resource].",
    ),
    "blinky-nutsy-nla": record(
        "008 860818s1937 xnaaf j 000 1 eng d", "100 $aWall, Dorothy,",
        "245 $aBlinky Bill and Nutsy :$btwo little Australians /", "260 $aSydney :$bAngus & Robertson,$c1937",
        "300 $a115 p. :",
    ),
}  # fmt: skip


@needs_shared
@pytest.mark.parametrize("name", DESCRIBED)
def test_the_gold_rush_key_is_the_one_that_its_authors_publish(name: str) -> None:
    published = json.loads(KEYS.read_text())[f"test/records/{name}.json"]
    assert goldrush.match_key(DESCRIBED[name]) == published


def test_a_shared_isbn_ends_recordmanagers_comparison_before_anything_contradicts() -> None:
    first = record("020 $a9789793062792", "245 $aLaskar pelangi", "260 $c2005")
    blanks = record("020 $a978 979 306 279 2", "245 $aSang pemimpi", "260 $c2011")
    assert recordmanager.same(first, record("020 $a9789793062792", "245 $aSang pemimpi", "260 $c2011"))
    assert not recordmanager.same(first, blanks), "a number with blanks is lost"


def test_recordmanager_asks_for_an_author_on_both_sides_and_one_year() -> None:
    full = record("100 $aHirata, Andrea", "245 $aLaskar pelangi", "260 $c2005", "300 $a529 hlm.")
    assert recordmanager.same(
        full, record("100 $aHirata, A.", "245 $aLaskar pelangi", "260 $c2005", "300 $a534 p.")
    )
    assert not recordmanager.same(full, record("245 $aLaskar pelangi", "260 $c2005"))
    assert not recordmanager.same(full, record("100 $aHirata, Andrea", "245 $aLaskar pelangi", "260 $c2006"))


def test_ours_finds_more_than_the_better_baseline_on_the_cases_of_our_own() -> None:
    pairs = own_pairs()
    best = max(baseline(name, pairs).f1 for name in BASELINES)
    assert best > 0.5
    assert ours(pairs).f1 >= best + 0.05


@needs_shared
def test_ours_finds_more_than_the_better_baseline_on_real_records() -> None:
    assert MARC_AI.is_dir()
    pairs = marc_ai_pairs()
    best = max(baseline(name, pairs).f1 for name in BASELINES)
    assert best > 0.9, "the simplest rule finds that much; else a baseline is broken"
    assert ours(pairs).f1 >= best + 0.02
