"""Whether two names look alike to a person, though they are written with other signs.

Case, blanks, punctuation, accents, forms of a letter (full width, ligatures), signs that nobody sees, and
letters of other scripts that look like Latin ones make no difference.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

#: Letters that look alike, by what they are taken for here: capitals and small letters of Greek, Cyrillic and
#: Armenian for Latin ones; of Latin letters and digits those that are hard to tell apart.
_LOOKS_LIKE: Final = {
    "a": "\u0410\u0430\u0391\u03b1\u0251",
    "b": "\u0412\u0432\u0392\u042c\u044c\u03b2",
    "c": "\u0421\u0441\u03f9\u03f2",
    "d": "\u0500\u0501",
    "e": "\u0415\u0435\u0395\u03b5\u0401\u0451",
    "f": "\u03dc\u03dd",
    "g": "\u0261\u050c\u050d",
    "h": "\u041d\u043d\u0397\u04bb\u04ba\u0570",
    "i": "\u0406\u0456\u0399\u03b9\u0131\u04c0\u04cflL1|!\u0196",
    "j": "\u0408\u0458\u03f3\u037f",
    "k": "\u041a\u043a\u039a\u03ba",
    "m": "\u041c\u043c\u039c\u03fa",
    "n": "\u039d\u03b7\u0548\u0578",
    "o": "\u041e\u043e\u039f\u03bf\u03c3\u0555\u05850",
    "p": "\u0420\u0440\u03a1\u03c1",
    "q": "\u051a\u051b",
    "r": "\u0413\u0433",
    "s": "\u0405\u04555\u054f",
    "t": "\u0422\u0442\u03a4\u03c4",
    "u": "\u03c5\u054d\u057d",
    "v": "\u0474\u0475\u03bd",
    "w": "\u051c\u051d\u03c9\u0461",
    "x": "\u0425\u0445\u03a7\u03c7",
    "y": "\u0423\u0443\u03a5\u03b3\u04af\u04ae",
    "z": "\u0396\u03b62",
}  # fmt: skip
_TAKEN_FOR: Final = {ord(sign): letter for letter, signs in _LOOKS_LIKE.items() for sign in signs}
#: Pairs of letters that look like one.
_PAIRS: Final = (("rn", "m"), ("vv", "w"))


@lru_cache(maxsize=10_000)
def looks(name: str) -> str:
    """What is left of a name of all that makes people tell it from others; names that look alike have the
    same. Empty where nothing is left.
    """
    plain = unicodedata.normalize("NFKD", name).translate(_TAKEN_FOR)
    folded = unicodedata.normalize("NFKD", plain.casefold()).translate(_TAKEN_FOR)
    letters = "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")
    for pair, one in _PAIRS:
        letters = letters.replace(pair, one)
    return letters
