"""A PDF under a password (AES-256). What is locked is no archive copy, and does not say that it is. No Qt."""

from __future__ import annotations

from io import BytesIO


def locked(data: bytes, password: str) -> bytes:
    """The PDF so that it opens with the password only; screen readers may read it. Without attachments."""
    import pikepdf

    with pikepdf.open(BytesIO(data)) as pdf:
        for name in list(pdf.attachments):
            del pdf.attachments[name]
        if "/AF" in pdf.Root:
            del pdf.Root.AF
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as said:
            for key in ("pdfaid:part", "pdfaid:conformance"):
                if key in said:
                    del said[key]
        out = BytesIO()
        allowed = pikepdf.Permissions(accessibility=True)
        pdf.save(out, encryption=pikepdf.Encryption(owner=password, user=password, R=6, allow=allowed))
    return out.getvalue()
