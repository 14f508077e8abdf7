"""Which rows are current, and that every source is heard."""

from ringfence.engines.reference import ReferenceEngine

from .tiny_home import TinyHome, at, rule, stay


def test_the_last_version_of_a_key_and_source_counts(home: TinyHome) -> None:
    home.replacing = True
    home.deliver("presence", stay("case", "10:00", "12:00"), compact=True)
    home.deliver("presence", stay("ann", "10:00", "11:00"), compact=True)
    home.deliver("presence", stay("ann", "10:00", "10:20"), stay("ann", "10:00", "10:30"))
    [row] = home.ask(rule())
    assert (row["end"], row["other_row"]) == (at("10:30"), 3)


def test_a_denial_by_the_same_source_replaces_the_stay(home: TinyHome) -> None:
    home.replacing = True
    home.deliver("presence", stay("case", "10:00", "12:00"), stay("ann", "10:00", "11:00"))
    home.deliver("presence", stay("ann", "10:00", "11:00", certainty="denied"))
    assert home.ask(rule()) == []


def test_an_undated_link_is_replaced_by_its_key(home: TinyHome) -> None:
    home.replacing = True
    link = {"subject_a": "ann", "subject_b": "case", "relation": "care"}
    home.deliver("link", link)
    home.deliver("link", {**link, "end": "10:00"})
    [row] = home.ask(rule())
    assert row["end"] == at("10:00")


def test_two_sources_of_one_stay_are_both_shown(home: TinyHome) -> None:
    home.replacing = True
    home.deliver("presence", stay("case", "10:00", "12:00"), stay("ann", "10:00", "11:00"))
    clinic = home.deliver("presence", stay("case", "10:00", "12:00"), source="clinic")
    rows = home.ask(rule())
    assert len(rows) == 2
    assert clinic in {row["focus_batch"] for row in rows}


def test_rows_of_a_table(home: TinyHome) -> None:
    home.replacing = True
    home.deliver("presence", stay("case", "10:00", "12:00"), stay("ann", "10:00", "11:00"))
    home.deliver("presence", stay("ann", "10:00", "11:30"))
    engine = ReferenceEngine(home.snapshot())
    assert engine.rows("presence", "subject", None).num_rows == 2
    [row] = engine.rows("presence", "subject", ["ann", "nobody"]).to_pylist()
    assert int(row["end"].timestamp()) == at("11:30")
    assert engine.rows("presence", "subject", []).num_rows == 0
    assert engine.rows("test", "subject", ["ann"]).num_rows == 0


def test_only_rules_of_the_order_and_never_the_focus_itself(home: TinyHome) -> None:
    home.deliver(
        "presence",
        stay("case", "10:00", "12:00"),
        stay("case", "11:00", "13:00", "shop"),
        stay("ann", "10:00", "11:00"),
    )
    home.deliver("presence", stay("case", "10:00", "12:00"), source="clinic")
    first, second = rule(id="first"), rule(id="second", order=2)
    assert {(r["rule"], r["other"]) for r in home.ask(first, second)} == {("first", "ann")}
    assert {r["rule"] for r in home.ask(first, second, order=2)} == {"second"}
