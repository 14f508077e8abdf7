"""Whatever is loaded and moved, every line is what walking up the parents gives."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.server.tree import AT, OPERATOR, loaded, person, unit

from ringfence.errors import DataError, NotAllowed, NotFound
from ringfence_server.access import acting_of
from ringfence_server.accounts.models import User
from ringfence_server.jurisdictions.actions import add_unit, move_unit, remove_unit, rename_unit
from ringfence_server.jurisdictions.lines import in_units
from ringfence_server.jurisdictions.models import COLUMNS, LEVELS, Unit
from ringfence_server.jurisdictions.queries import covers, line_above, within

pytestmark = pytest.mark.django_db


@st.composite
def trees(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    """Units under a country, each below an earlier one of a higher level."""
    made = [("CN", "", "country")]
    for n in range(draw(st.integers(1, 14))):
        _, level = above = draw(st.sampled_from([(c, lv) for c, _, lv in made if lv != "grid"]))
        below = draw(st.sampled_from(LEVELS[LEVELS.index(level) + 1 :]))
        made.append((f"u{n}", above[0], below))
    return made


def _rows(tree: list[tuple[str, str, str]]) -> str:
    return "".join(f"{code},{parent},{level},名,\n" for code, parent, level in tree)


def _walked(code: str) -> dict[str, str]:
    line = dict.fromkeys(COLUMNS, "")
    one: Unit | None = unit(code)
    while one is not None:
        if one.level != "country":
            line[one.level] = one.code
        one = one.parent
    return line


def _check_all() -> None:
    units = list(Unit.objects.all())
    lines = {one.code: _walked(one.code) for one in units}
    above = {code: {*line.values()} - {""} | {"CN"} for code, line in lines.items()}
    for one in units:
        assert one.line == lines[one.code]
        assert {u.code for u in within(Unit.objects.all(), [one])} == {
            code for code, codes in above.items() if one.code in codes
        }
        assert [u.code for u in line_above(one)] == [c for c in lines[one.code].values() if c]
        for other in units:
            assert covers(one, other) is (one.code in above[other.code])
    for user in User.objects.all():
        assert user.line == lines[user.unit_id]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_sequence(db: None, data: st.DataObject) -> None:
    tree = data.draw(trees())
    with transaction.atomic():
        loaded(_rows(tree))
        for code, _, _ in tree:
            person(f"at.{code.lower()}", None, code)
        _check_all()
        for _ in range(data.draw(st.integers(1, 4))):
            which = data.draw(st.sampled_from(tree[1:]))[0]
            onto = data.draw(st.sampled_from(tree))[0]
            higher = LEVELS.index(unit(onto).level) < LEVELS.index(unit(which).level)
            try:
                move_unit(unit=unit(which), parent=onto, by=OPERATOR, at=AT)
            except DataError:
                assert not higher
            else:
                assert higher
            _check_all()
        second = {code: (parent, level) for code, parent, level in data.draw(trees())}
        with suppress(DataError):
            loaded(_rows([(code, *rest) for code, rest in second.items()]))
        _check_all()
        transaction.set_rollback(True)


def test_every_model_in_a_unit_is_found() -> None:
    assert User in set(in_units())


def test_a_row_made_in_bulk_has_its_line_and_is_not_moved_past_it() -> None:
    loaded()
    rows = [User(username=f"u{n}", name="n", unit_id="440103001", created_at=AT) for n in range(3)]
    User.objects.bulk_create(rows)
    assert {row.city for row in User.objects.all()} == {"4401"}
    with pytest.raises(TypeError):
        User.objects.update(unit="440303")
    one = User.objects.get(username="u1")
    one.unit = unit("440303")
    one.save(update_fields=["unit"])
    assert User.objects.get(username="u1").city == "4403"


def _add(code: str, level: str, parent: str = "4401") -> Unit:
    return add_unit(
        code=code, parent=parent, level=level, name_zh="海珠区", name_en="", by=OPERATOR, at=AT
    )


def test_a_unit_is_added_renamed_and_removed() -> None:
    loaded()
    made = _add("440105", "district")
    assert made.city == "4401"
    with pytest.raises(NotAllowed):
        _add("440105", "district")
    for code, level, parent in (
        ("440106", "shire", "4401"),
        ("440106", "city", "4401"),
        ("440106", "district", "nowhere"),
        ("440106", "district", ""),
        ("=440106", "district", "4401"),
        ("", "district", "4401"),
        ("440106\0", "district", "4401"),
    ):
        with pytest.raises(DataError):
            _add(code, level, parent)
    rename_unit(unit=made, name_zh="海珠", name_en="Haizhu", by=OPERATOR, at=AT)
    assert unit("440105").name("en") == "Haizhu"
    remove_unit(unit=made, by=OPERATOR, at=AT)
    assert not Unit.objects.filter(pk="440105").exists()


def test_what_belongs_to_it_keeps_a_unit() -> None:
    loaded()
    person("wang", None, "440303")
    for code in ("4401", "440303"):
        with pytest.raises(NotAllowed):
            remove_unit(unit=unit(code), by=OPERATOR, at=AT)
    by = acting_of(person("guan", "administrator", "4401"), AT)
    with pytest.raises(NotFound):
        remove_unit(unit=unit("440303"), by=by, at=AT)
    remove_unit(unit=unit("440104001"), by=by, at=AT)
