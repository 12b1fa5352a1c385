"""Signs that deceive: each character that nobody sees is removed, or shown as a mark; no other is touched."""

import json
import sys
import unicodedata

import pytest

from cypp_desktop.plan import signs

#: Formats that are seen (signs over or around numbers), and those that a script of its own writes with.
SEEN_FORMATS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
SEEN_FORMATS |= {*range(0x13430, 0x13440)}
NEVER_SEEN_LETTERS = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0}
VARIATIONS = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
UNASSIGNED_AND_UNSEEN = {0x2065, *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000)}
NEVER_SEEN = NEVER_SEEN_LETTERS | VARIATIONS | UNASSIGNED_AND_UNSEEN


def deceives(code: int) -> bool:
    """Whether a character deceives, by what Unicode says of it."""
    letter = chr(code)
    category = unicodedata.category(letter)
    if letter in "\t\n" or code in SEEN_FORMATS:
        return False
    is_never = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return category in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") or is_never or code in NEVER_SEEN


ALL_SIGNS = [chr(code) for code in range(sys.maxunicode + 1) if deceives(code)]


def test_every_sign_that_unicode_has_is_gone_from_between_letters_or_shown_as_a_mark():
    for sign in ALL_SIGNS:
        text = f"A{sign}b"
        assert sign not in signs.cleaned(text), f"U+{ord(sign):04X}"
        assert sign not in signs.shown(text), f"U+{ord(sign):04X}"
        assert sign not in signs.escaped(text) or sign == "\r"
        if not 0xF000 <= ord(sign) < 0xF100:  # where symbol fonts keep signs that are meant
            parted = "A b" if unicodedata.category(sign) == "Cc" else "Ab"  # a control glues no words
            assert signs.cleaned(text) in (parted, "A\nb", f"A{signs.UNKNOWN}b")
            assert signs.shown(text) == f"A[U+{ord(sign):04X}]b"


def test_no_other_character_is_touched():
    others = "".join(chr(code) for code in range(sys.maxunicode + 1) if not deceives(code))
    assert signs.cleaned(others) is others
    assert signs.shown(others) is others
    assert signs.escaped(others) == others


IN_THEIR_PLACE = {
    "Persian": "می\u200cخواهم",
    "Arabic, a letter in its first form": "ه\u200d",
    "Hindi": "क्\u200dष",
    "Sinhala": "ශ්\u200dරී",
    "Malayalam": "ന്\u200d ശരി",
    "a family": "👨\u200d👩\u200d👧",
    "a rainbow": "🏳\ufe0f\u200d🌈",
    "a health worker": "👩🏽\u200d⚕\ufe0f",
    "a warning": "⚠\ufe0f late",
    "a key": "1\ufe0f\u20e3",
    "Wales": "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "Hebrew and a mark": "C++ של\u200f",
    "Welsh": "Tŷ Gŵyr, Môn, llŷn, ŵy",
    "accents apart": "e\u0301ty\u0302",
    "Hebrew points": "שָׁלוֹם",
    "Arabic points": "مُحَمَّد",
    "Gaelic": "Ath-bhreithneachadh, cùram",
    "a form": "10 °C – 5 ‰ … “quoted” £",
}


@pytest.mark.parametrize("text", IN_THEIR_PLACE.values(), ids=IN_THEIR_PLACE)
def test_what_a_script_or_a_picture_needs_stays(text):
    assert signs.cleaned(text) == text
    assert signs.shown(text) == text


def test_a_sign_is_needed_once():
    assert signs.cleaned("می\u200c\u200cخواهم") == "می\u200cخواهم"
    assert signs.cleaned("ne\u200bga\u200dtive") == "negative"
    assert signs.cleaned("vs\ufe0f tag\U000e0041 🏴\U000e0041") == "vs tag 🏴"


def test_what_is_cleaned_is_clean():
    everything = "a".join(ALL_SIGNS)
    once = signs.cleaned(everything)
    assert signs.cleaned(once) == once


def test_ends_of_lines_are_ours_and_symbols_are_what_they_mean():
    assert signs.cleaned("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h") == "a\nb\nc\nd\ne\nf\ng\nh"
    assert signs.cleaned("\uf0b7 one \uf0b3 5 \ue000") == "• one ≥ 5 \ufffd"
    assert signs.shown_on_one_line("a\r\nb\tc\u202ed\x1b[31m") == "a b c[U+202E]d[U+001B][31m"


def test_json_for_a_terminal_says_the_same():
    data = {"a": "x\u202ey\x1b\x7f\x9b\U000e0041\ue000", "b": "می\u200cخواهم ŵ"}
    text = signs.escaped(json.dumps(data, indent=2, ensure_ascii=False))
    assert json.loads(text) == data
    assert not [letter for letter in text if letter in "\u202e\x1b\x7f\x9b\U000e0041\ue000"]
