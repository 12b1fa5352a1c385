"""Places in a list: always room between two neighbours, and keys stay short."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cypp_desktop.plan.ordering import key_between, spread_keys


@given(st.lists(st.integers(0, 1000), max_size=120))
def test_rows_put_anywhere_keep_their_order(places: list[int]) -> None:
    keys: list[str] = []
    for place in places:
        at = place % (len(keys) + 1)
        before = keys[at - 1] if at else None
        after = keys[at] if at < len(keys) else None
        keys.insert(at, key_between(before, after))
    assert keys == sorted(set(keys))
    assert not any(key.endswith("0") for key in keys)


def test_adding_at_either_end_keeps_keys_short() -> None:
    first = last = key_between(None, None)
    for _ in range(1000):
        first, last = key_between(None, first), key_between(last, None)
    assert len(first) < 25 and len(last) < 25


@given(st.integers(0, 3000))
def test_keys_for_a_whole_list_rise_and_leave_room(count: int) -> None:
    keys = spread_keys(count)
    assert len(keys) == count and keys == sorted(set(keys))
    if keys:
        assert key_between(None, keys[0]) < keys[0] and key_between(keys[-1], None) > keys[-1]


def test_two_people_at_one_place_get_a_key_after_both() -> None:
    assert key_between("V", "V") > "V"
