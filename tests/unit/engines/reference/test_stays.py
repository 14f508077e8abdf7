"""Who was where at the same time: windows, residual air, events, as-of, denied stays."""

from ringfence.engines.question import Stay
from ringfence.protocols.model import Dwell, SameZone

from .tiny_home import TinyHome, at, focus, rule, stay


def spans(answer: list[dict[str, object]]) -> list[tuple[object, object, object]]:
    return [(row["other"], row["start"], row["end"]) for row in answer]


def test_an_overlap_is_where_both_stays_run(home: TinyHome) -> None:
    home.deliver(
        "presence",
        stay("case", "10:00", "12:00"),
        stay("ann", "11:00", "13:00"),
        stay("touching", "12:00", "13:00"),
        stay("elsewhere", "11:00", "13:00", "shop"),
    )
    [row] = home.ask(rule())
    assert (row["other"], row["start"], row["end"]) == ("ann", at("11:00"), at("12:00"))
    assert (row["kind"], row["place"], row["zone"]) == ("presence", "hall", None)
    assert (row["stay_start"], row["focus_row"], row["other_row"]) == (at("10:00"), 2, 3)
    assert (row["satisfied"], row["open"], row["flags"]) == (True, [], [])


def test_the_window_clips_the_stay_of_the_focus_only(home: TinyHome) -> None:
    home.deliver("presence", stay("case", "10:00", "12:00"), stay("ann", "09:00", "13:00"))
    [row] = home.ask(rule(), focuses=(focus(start="10:30", end="11:00"),))
    assert (row["start"], row["end"], row["stay_start"]) == (at("10:30"), at("11:00"), at("10:00"))


def test_air_lingers_beyond_the_stay_and_the_window(home: TinyHome) -> None:
    home.deliver(
        "presence",
        stay("case", "10:00", "12:00"),
        stay("soon", "12:00", "14:00"),
        stay("late", "13:00", "14:00"),
    )
    lingering = rule(lag_minutes=60)
    assert spans(home.ask(lingering)) == [("soon", at("12:00"), at("13:00"))]
    window = (focus(end="11:00"),)
    home.deliver("presence", stay("inside", "11:30", "11:45"))
    assert spans(home.ask(lingering, focuses=window)) == [("inside", at("11:30"), at("11:45"))]


def test_a_stay_that_the_window_misses_leaves_no_air(home: TinyHome) -> None:
    home.deliver("presence", stay("case", "10:00", "11:00"), stay("ann", "11:00", "12:00"))
    assert home.ask(rule(lag_minutes=60), focuses=(focus(start="11:00"),)) == []


def test_a_missing_end_means_until_as_of_and_the_future_does_not_count(home: TinyHome) -> None:
    home.as_of = "12:00"
    home.deliver(
        "presence",
        stay("case", "10:00", None),
        stay("ann", "11:00", None),
        stay("planned", "11:30", "14:00"),
        stay("later", "12:00", "14:00"),
    )
    assert spans(home.ask(rule())) == [
        ("ann", at("11:00"), at("12:00")),
        ("planned", at("11:30"), at("12:00")),
    ]


def test_stays_of_many_days_meet(home: TinyHome) -> None:
    home.deliver(
        "presence", stay("case", "07-01 10:00", "07-15 10:00"), stay("ann", "07-09 23:00", "01:00")
    )
    assert spans(home.ask(rule())) == [("ann", at("07-09 23:00"), at("01:00"))]


def test_an_event_stays_as_long_as_the_protocol_says_and_is_asked_about(home: TinyHome) -> None:
    home.deliver("place", {"place": "hall", "kind": "restaurant"})
    home.deliver("presence", stay("case", "10:00", "12:00"))
    home.deliver("event", {"subject": "ann", "place": "hall", "at": "12:10", "kind": "payment"})
    dwells = {"restaurant": Dwell(30, 5), "default": Dwell(1, 1)}
    [row] = home.ask(rule(), dwells=dwells)
    assert (row["kind"], row["start"], row["end"]) == ("event", at("11:40"), at("12:00"))
    assert (row["certainty"], row["satisfied"], row["open"]) == ("assumed", False, ["dwell"])
    [row] = home.ask(rule(accepts_assumed=True), dwells=dwells)
    assert row["satisfied"]
    assert home.ask(rule(evidence=("presence",)), dwells=dwells) == []
    assert home.ask(rule(), dwells={"bar": Dwell(60, 60)}) == []


def test_the_default_dwell_is_for_every_other_and_the_unknown_kind(home: TinyHome) -> None:
    home.deliver("place", {"place": "bank", "kind": "bank"})
    for place in ("bank", "nowhere"):
        home.deliver("presence", stay("case", "10:00", "10:30", place))
        home.deliver("event", {"subject": place, "place": place, "at": "10:35", "kind": "scan"})
    assert home.told(rule(), dwells={"default": Dwell(10, 10)}) == {
        "bank": "dwell",
        "nowhere": "dwell",
    }


def test_an_event_of_the_case_exposes_others(home: TinyHome) -> None:
    home.deliver("event", {"subject": "case", "place": "hall", "at": "10:00", "kind": "gate"})
    home.deliver("presence", stay("ann", "10:05", "10:30"))
    [row] = home.ask(rule(lag_minutes=5), dwells={"default": Dwell(10, 10)})
    assert (row["start"], row["end"], row["stay_start"]) == (at("10:05"), at("10:15"), at("09:50"))


def test_a_denied_stay_is_none_and_sends_those_it_contradicts_to_review(home: TinyHome) -> None:
    home.deliver(
        "presence",
        stay("case", "10:00", "12:00"),
        stay("ann", "10:00", "11:00"),
        stay("bob", "10:00", "11:00"),
        stay("cat", "10:30", "10:45", certainty="denied"),
        stay("dan", "10:00", "11:00"),
    )
    home.deliver(
        "presence",
        stay("ann", "10:55", "12:00", certainty="denied"),
        stay("bob", "11:00", "12:00", certainty="denied"),
        stay("dan", "10:00", "11:00", "shop", certainty="denied"),
        source="interview",
    )
    assert home.told(rule()) == {"ann": "contact_stay", "bob": "contact", "dan": "contact"}


def test_a_denied_stay_of_the_case_is_asked_about_first(home: TinyHome) -> None:
    home.deliver("presence", stay("case", "10:00", "12:00"), stay("ann", "10:00", "11:00"))
    home.deliver(
        "presence", stay("case", "11:30", None, certainty="denied", zone="A"), source="interview"
    )
    assert home.told(rule()) == {"ann": "case_stay"}


def test_the_overlap_is_as_certain_as_its_weaker_record(home: TinyHome) -> None:
    home.deliver(
        "presence",
        stay("case", "10:00", "12:00", certainty="declared"),
        stay("ann", "10:00", "11:00", certainty="measured"),
        stay("bob", "10:00", "11:00", certainty="assumed"),
        stay("cat", "10:00", "11:00"),
    )
    graded = {row["other"]: (row["certainty"], row["open"]) for row in home.ask(rule())}
    assert graded == {
        "ann": ("declared", []),
        "bob": ("assumed", ["dwell"]),
        "cat": ("declared", []),
    }


def test_zones(home: TinyHome) -> None:
    home.deliver(
        "presence",
        stay("case", "10:00", "12:00", zone="A"),
        stay("same", "10:00", "11:00", zone="A"),
        stay("other", "10:00", "11:00", zone="B"),
        stay("silent", "10:00", "11:00"),
        stay("case", "10:00", "12:00", "shop"),
        stay("undivided", "10:00", "11:00", "shop"),
    )
    divided = rule(conditions=(SameZone(),))
    assert home.told(divided) == {"same": "contact", "silent": "zone", "undivided": "contact"}
    assert set(home.told(rule())) == {"same", "other", "silent", "undivided"}


def test_a_closed_stay_is_not_expanded(home: TinyHome) -> None:
    home.deliver(
        "presence",
        stay("case", "10:00", "12:00"),
        stay("case", "13:00", "14:00"),
        stay("ann", "10:00", "13:30"),
        stay("bob", "10:00", "11:00"),
    )
    closed = (Stay(0, "hall", at("10:00")),)
    assert spans(home.ask(rule(), closed=closed)) == [("ann", at("13:00"), at("13:30"))]
    two = (focus(), focus(number=1))
    assert {row["focus"] for row in home.ask(rule(), closed=closed, focuses=two)} == {0, 1}
    assert home.told(rule(), closed=(Stay(1, "hall", at("10:00")),)) == dict.fromkeys(
        ("ann", "bob"), "contact"
    )
