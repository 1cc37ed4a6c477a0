"""The table of language codes says what the standard's own tables say."""

from __future__ import annotations

import subprocess
import sys

import pytest
from iso639 import ALL_LANGUAGES

from catalog.formats.language_table import CODES, SHORT, TERMINOLOGICAL
from catalog.formats.languages import language_code

LANGUAGES = [
    language for language in ALL_LANGUAGES if language.part2b not in ("", None, "mis", "mul", "und", "zxx")
]


def test_every_code_of_the_standard_is_in_the_table_and_no_other() -> None:
    assert {language.part2b for language in LANGUAGES} == CODES
    different = {
        language.part2t: language.part2b for language in LANGUAGES if language.part2t != language.part2b
    }
    assert different == TERMINOLOGICAL
    assert {language.part1: language.part2b for language in LANGUAGES if language.part1} == SHORT


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ind", "ind"),
        ("deu", "ger"),
        ("id", "ind"),
        ("EN", "eng"),
        ("Swedish", "swe"),
        ("xmm", "xmm"),
        ("qqq", ""),
    ],
)
def test_codes_and_names_become_marc_codes(written: str, code: str) -> None:
    assert language_code(written) == code


def test_common_codes_and_names_need_no_large_table() -> None:
    program = (
        "import sys; from catalog.formats.languages import language_code as code; "
        "found = [code(text) for text in ('ind', 'deu', 'en', 'English', 'Indonesia', 'c', '???')]; "
        "assert found == ['ind', 'ger', 'eng', 'eng', 'ind', '', '']; sys.exit('iso639' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
