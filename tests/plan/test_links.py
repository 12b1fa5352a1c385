"""Which addresses of links may be opened."""

from __future__ import annotations

import pytest

from cypp_desktop.plan.links import is_openable

#: What a returned text may hold: addresses that run, read or call something, or hide where they lead.
BAD = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>", "file:///etc/passwd",
    "file://attacker/share/x", "\\\\attacker\\share\\x", "//attacker/share", "http://\\\\attacker\\share",
    'http://ok.example/"onmouseover="alert(1)', "mailto:x@y?attach=c:/secret",
    "mailto:x@y?subject=a&attach=b", "ms-word:ofe|u|http://evil/x", "http://evil.example/&#39;<b>",
    "search-ms:query=x&crumb=location:\\\\evil",
    "https:\\\\evil\\x", "http://]]>x", "ftp://x/y", "\x01javascript:x", "https://", "http:///x", "mailto:",
    "https://a\\b", "https://a/\u202ex", "https://a/\x1b[31m", "https://a b", "/local", "", "vbscript:x",
    " https://a", "https://a\n",
)  # fmt: skip


@pytest.mark.parametrize("address", BAD)
def test_what_leads_elsewhere_than_to_the_web_or_a_mailbox_is_no_link(address: str) -> None:
    assert not is_openable(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org", "HTTP://example.org/a?b=c&d=%20e#f", "https://example.org/a_(b)'c",
        "https://[::1]:8080/x", "mailto:a.jones@example.org", "mailto:a@b?subject=The%20plan&body=Hello",
        "https://xn--mnchen-3ya.de/\u00fc",
    ],
)  # fmt: skip
def test_the_web_and_mailboxes_are_links(address: str) -> None:
    assert is_openable(address)
