"""A printed file that opens with a password only.

Such a file cannot be archival (PDF/A forbids encryption): print it with ``Facts(archival=False)``.
"""

from __future__ import annotations

from io import BytesIO


def encrypted(data: bytes, password: str) -> bytes:
    """The same PDF encrypted with AES-256 (ISO 32000-2, revision 6); it may be read aloud and printed."""
    import pikepdf

    allowed = pikepdf.Permissions(modify_annotation=False, modify_assembly=False, modify_form=False,
                                  modify_other=False)  # fmt: skip
    how = pikepdf.Encryption(owner=password, user=password, R=6, allow=allowed)
    with pikepdf.open(BytesIO(data)) as pdf:
        out = BytesIO()
        pdf.save(out, encryption=how, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()
