"""A printed file that opens with a password only, and which passwords do that.

Such a file cannot be archival (PDF/A forbids encryption): print it with ``Facts(archival=False)``.
"""

from __future__ import annotations

import secrets
import stringprep
from collections.abc import Callable
from io import BytesIO
from unicodedata import normalize

from cypp_desktop.errors import UsageError

#: The bytes of a password that a PDF knows; what comes after is cut off without a word.
_LONGEST = 127
#: The characters that a password may not hold, and those that are left out of it or become blanks when it is
#: read (SASLprep, RFC 4013, which ISO 32000-2 asks for): not every program knows that.
_NOT_HELD: tuple[Callable[[str], bool], ...] = (
    stringprep.in_table_b1,
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def usable_password(words: str) -> str:
    """The password as it is put into a file. Raises UsageError where it would lock nothing, or where the file
    would open with another one, or not in every program.
    """
    if not words.strip():
        raise UsageError("A password needs letters or digits: with an empty one anybody could open the file.")
    password = normalize("NFC", words)
    odd = any(is_in(character) for character in password for is_in in _NOT_HELD)
    if odd or normalize("NFKC", password) != password:
        raise UsageError(
            "The password holds a sign that not every program reads alike. "
            "Use letters, digits and common signs."
        )
    if len(password.encode()) > _LONGEST:
        raise UsageError(f"The password is too long: a PDF knows only the first {_LONGEST} letters of it.")
    return password


def encrypted(data: bytes, password: str) -> bytes:
    """The same PDF encrypted with AES-256 (ISO 32000-2, revision 6); it may be read aloud and printed.

    Who has the password may read it. The owner's, with which what is not allowed could be allowed, is made up
    for this file alone, and nobody has it.
    """
    import pikepdf

    password = usable_password(password)
    allowed = pikepdf.Permissions(modify_annotation=False, modify_assembly=False, modify_form=False,
                                  modify_other=False)  # fmt: skip
    how = pikepdf.Encryption(owner=secrets.token_urlsafe(32), user=password, R=6, allow=allowed)
    with pikepdf.open(BytesIO(data)) as pdf:
        out = BytesIO()
        pdf.save(out, encryption=how, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()
