"""What a partner may have written into a text: in no file made from the plan does it lead anywhere or run."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from tests.plan.test_links import BAD
from tests.report.pdf_structure import Structure
from tests.report.plans import everything
from tests.report.printing import PrintedPlan
from tests.report.test_web import page_of

TEXT = "\n\n".join(f"[L{at}](<{address}>) and [M{at}]({address})" for at, address in enumerate(BAD)) + (
    "\n\n[ok](https://ok.example/a) ![img](http://evil.example/x.png) ![i](\\\\\\\\evil\\\\s\\\\x.png)"
    ' <img src="\\\\evil\\s\\y.png" onerror=alert(1)> <script>alert(1)</script> <a href="javascript:1">z</a>'
    " ]]> <!-- --> <?xml?> </w:t></w:r> <para> {{7*7}} ${x} ESC\x1b[31mred"
)
#: What of it may be followed: addresses of the web (blanks around one are none of it), as a plan keeps them,
#: which is without the signs that a terminal obeys or that turn the direction of reading.
WEB = {"https://ok.example/a", "http://evil.example/x.png", "https://a", "https://a/x", "https://a/[31m"}
TITLE = '=HYPERLINK("http://evil","x")</title><script>alert(1)</script>"\')>> endobj (\\) \x1b]0;x\x07'


@pytest.fixture
def printed(tmp_path: Path) -> PrintedPlan:
    content = everything()
    outcome = content["priorities"][0]["outcomes"][0]
    outcome["updates"][0]["text"] = TEXT
    outcome["measures"][0]["title"] = TITLE
    return PrintedPlan(content, tmp_path)


def test_html_has_no_live_address_but_of_the_web(printed: PrintedPlan) -> None:
    page = page_of(printed, "update")
    assert not {"script", "img", "iframe", "object", "form", "para"} & {tag for tag, _ in page.elements}
    hrefs = {link["href"] or "" for link in page.all("a")}
    assert {href for href in hrefs if not href.startswith("#")} == WEB
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert b"\x1b" not in printed.written("update", "html")


def test_word_has_no_target_but_of_the_web(printed: PrintedPlan) -> None:
    with zipfile.ZipFile(io.BytesIO(printed.written("update", "docx"))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    outside = re.findall(rb'Target="([^"]*)"[^>]*TargetMode="External"', b"".join(parts.values()))
    outside += re.findall(rb'TargetMode="External"[^>]*Target="([^"]*)"', b"".join(parts.values()))
    assert set(outside) == {address.encode() for address in WEB}
    assert not any(b"\x1b" in part for name, part in parts.items() if name.endswith(".xml"))
    assert not any(b"<w:instrText" in part and b"HYPERLINK" in part for part in parts.values())


def test_pdf_has_no_action_but_of_the_web(printed: PrintedPlan) -> None:
    structure = Structure(printed.pdf("update"))
    found = {
        str(note["/A"]["/URI"])
        for link in structure.root.of("Link")
        for note in link.links
        if "/A" in note and "/URI" in note["/A"]
    }
    assert found == WEB
