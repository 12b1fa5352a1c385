"""Asks the package ``page-validation`` whether printed files are what they say: PDF/UA-1 and PDF/A-3a."""

from __future__ import annotations

import page

BOTH = ("ua1", "3a")


def faults(data: bytes, profiles: tuple[str, ...] = BOTH) -> list[str]:
    """What stands in the way of each profile, as its rule and its words; empty where nothing does."""
    found: set[str] = set()
    for profile in profiles:
        report = page.validate_pdf_bytes(data, profile=profile)
        found |= {f"{failure.rule_id}: {failure.message}" for failure in report.failures}
        if not report.is_compliant and not report.failures:
            found.add(f"{profile}: not compliant")
    return sorted(found)
