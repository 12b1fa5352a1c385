"""Signs that deceive in a return: none of them comes into the plan, nor onto a terminal, page or screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from cypp_desktop.command_line.main import run
from cypp_desktop.merge.apply import merge_files
from cypp_desktop.plan.model import Measure
from tests.merge.forger import an_id, forged
from tests.merge.sent import officer, one, refused, row, send

ASKED = "Smoking at delivery"
SIGNS = (
    "RTL \u202eevitagen\u202c ZW ne\u200bga\u200dtive \u2066iso\u2069 tag\U000e0041 vs\ufe0f \ufeff\u00ad "
    "BEL\x07 ESC\x1b[31mred FF\x0c VT\x0b NEL\x85 LS\u2028 PUA\ue000 nonch\ufffe"
)
DECEIVING = [sign for sign in SIGNS if not sign.isprintable() or sign in "\ufe0f\ue000"]


def test_none_comes_into_the_plan_or_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with officer(tmp_path) as plan:
        sent = send(plan)
        forgery = tmp_path / "forged.cypp-return"
        measure = row(plan, Measure, title=ASKED)
        with forged(sent, forgery) as forger:
            forger.change("measure", measure.id, "definition", SIGNS)
        merge_files(plan, [one(plan, forgery)])
        kept = row(plan, Measure, title=ASKED).definition or ""
        assert "RTL evitagen ZW negative iso tag vs" in kept
        assert not [sign for sign in kept if sign in DECEIVING]
        plan.publish()
        path = plan.target
    assert path is not None
    for words in (["show", str(path)], ["history", str(path)], ["history", str(path), "--json"]):
        assert run(words) == 0
    said = capsys.readouterr()
    assert not [sign for sign in said.out + said.err if sign in DECEIVING and sign != "\n"]


def test_a_field_said_in_thousands_of_ways_is_refused_in_words(tmp_path: Path) -> None:
    with officer(tmp_path) as plan:
        sent = send(plan)
        forgery = tmp_path / "forged.cypp-return"
        measure = row(plan, Measure, title=ASKED)
        with forged(sent, forgery) as forger:
            heads = forger.heads("measure", measure.id, "definition")
            for number in range(60):
                words = f"version {number}"
                forger.change("measure", measure.id, "definition", words, parents=heads, id=an_id())
        assert "in 60 ways at once" in refused(plan, forgery).words
