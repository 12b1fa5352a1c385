"""What rows are called: by their codes where there are any, else by the beginning of what they say."""

from __future__ import annotations

from cypp_desktop.plan.model import Measure, Outcome, Person, Priority, Section
from cypp_desktop.plan.row_names import RowName, crumb, label, short_name_of, trail, whole_code


def test_a_label_says_what_there_is_of_code_and_title() -> None:
    assert label("1a", "Healthy babies") == "1a Healthy babies"
    assert label(None, "Healthy babies") == "Healthy babies"
    assert label("1a", "") == "1a"
    assert label("1a", "Healthy babies", gap="  ") == "1a  Healthy babies"


def test_a_trail_goes_by_codes_and_ends_with_what_a_text_covers() -> None:
    way = [
        RowName("update", covers=(RowName("measure", "i"), RowName("measure", None, "Smoking"))),
        RowName("outcome", "1a", "Healthy babies"),
        RowName("priority", None, "Strong families everywhere in the county"),
    ]
    assert trail(way) == "Strong families everywhere… › 1a › i, Smoking"
    assert trail([RowName("organisation", None, "Schools")]) == ""


def test_stored_values_and_mapped_rows_have_the_same_name() -> None:
    values = {"name": None, "post": "Head of service", "email": "a@b"}
    assert RowName.of_values("person", values) == RowName.of(Person(**values))
    assert RowName.of_values("person", values).with_kind == "Person Head of service"


def test_a_step_of_the_way_to_a_row_has_the_name_of_its_level() -> None:
    assert crumb(Priority(code="1", title="Families"), "Objective") == "Objective 1"
    assert crumb(Priority(title="Families"), "Objective") == "Families"
    assert crumb(Outcome(code="1a", title="Babies"), "Activity") == "1a Babies"
    assert crumb(Measure(title=""), "Indicator") == "Indicator"
    assert crumb(Section(number="4.2", title="Health"), "") == "Narrative 4.2"


def test_a_measure_is_no_number_by_itself() -> None:
    assert short_name_of(RowName("outcome", "1a", "Babies"), "key activity") == "key activity 1a"
    assert short_name_of(RowName("measure", "i", "Smoking"), "measure") == "measure “Smoking”"
    assert short_name_of(RowName("plan", None, "A plan"), "plan") == "the plan"
    assert (whole_code("1", "1a"), whole_code("2", "3"), whole_code(None, "3")) == ("1a", "2/3", "3")


def test_a_long_title_is_cut_on_the_way_to_a_row() -> None:
    whole = "Families and the old in care"
    assert RowName("priority", None, whole).step == whole
    assert RowName("priority", None, whole + "s").step == "Families and the old in car…"
