"""Only a laboratory confirms; two sign for 48 hours; what is withdrawn is told on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from tests.server.cases.town import Town, day, deliver, enter, token
from tests.server.homes import NOON

from ringfence.engines.sql import SqlEngine
from ringfence.errors import DataError, NotAllowed, NotFound, Text, UserError
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.trace.case_files import CaseFile, known_cases
from ringfence_server.access import Acting
from ringfence_server.cases import actions, changing
from ringfence_server.cases.models import Case, CaseChange
from ringfence_server.cases.refusals import Doubtful, Exists, FieldErrors, Stale
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db
HOURS_48 = timedelta(hours=48)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def in_lake(home: Home, case: Case) -> CaseFile:
    deliver(home)
    return known_cases(SqlEngine(snapshot(home, NOON)))[case.number]


def result(home: Home, case: Case, by: Acting, told: str, number: int = 5) -> None:
    actions.record_result(
        home=home,
        number=case.number,
        sampled=day(number),
        result=told,
        token=token(),
        by=by,
        at=NOON,
    )


def test_a_positive_result_confirms(home: Home, town: Town) -> None:
    case = enter(home, town)
    result(home, case, town.chief, "negative", 4)
    assert (fresh(case).state, fresh(case).classification) == ("entered", "suspected")
    result(home, case, town.chief, "positive")
    now = fresh(case)
    assert (now.state, now.classification, now.sampled_at) == (
        "traceable",
        "confirmed",
        day(5).at,
    )
    file = in_lake(home, case)
    assert file.classification == "confirmed"
    assert file.events["sample"].at == day(5).at


def test_a_sample_has_one_result(home: Home, town: Town) -> None:
    case = enter(home, town)
    result(home, case, town.chief, "positive")
    with pytest.raises(DataError, match="already"):
        result(home, case, town.chief, "negative")
    with pytest.raises(FieldErrors):
        result(home, case, town.chief, "yes", 4)


def test_two_persons_sign_for_48_hours(home: Home, town: Town) -> None:
    case = enter(home, town, by=town.doctor)
    actions.sign(number=case.number, by=town.doctor, at=NOON)
    assert fresh(case).state == "entered"
    with pytest.raises(NotAllowed, match="already"):
        actions.sign(number=case.number, by=town.doctor, at=NOON)
    actions.sign(number=case.number, by=town.chief, at=NOON)
    now = fresh(case)
    assert (now.state, now.provisional_until) == ("provisional", NOON + HOURS_48)
    with pytest.raises(NotAllowed, match="waits for"):
        actions.sign(number=case.number, by=town.chief, at=NOON)


def test_two_of_one_role_do_not_sign(home: Home, town: Town) -> None:
    case = enter(home, town, by=town.chief)
    actions.sign(number=case.number, by=town.chief, at=NOON)
    other = town.staff("other", "supervisor", "0001")
    with pytest.raises(NotAllowed, match="one each"):
        actions.sign(number=case.number, by=other, at=NOON)


def test_one_account_of_both_roles_signs_once(home: Home, town: Town) -> None:
    town.staff("both", "clinician", "0001")
    both = town.staff("both", "supervisor", "0001")
    case = enter(home, town, by=both)
    actions.sign(number=case.number, by=both, at=NOON)
    with pytest.raises(NotAllowed, match="another person"):
        actions.sign(number=case.number, by=both, at=NOON)


@pytest.mark.parametrize("who", ["detective", "neighbour"])
def test_others_do_not_sign(home: Home, town: Town, who: str) -> None:
    case = enter(home, town)
    with pytest.raises((NotAllowed, NotFound)):
        actions.sign(number=case.number, by=getattr(town, who), at=NOON)


def test_it_lapses_when_nothing_confirmed_it(home: Home, town: Town) -> None:
    case = enter(home, town, by=town.doctor)
    for by in (town.doctor, town.chief):
        actions.sign(number=case.number, by=by, at=NOON)
    assert actions.lapse(at=NOON + HOURS_48 - timedelta(seconds=1)) == 0
    assert actions.lapse(at=NOON + HOURS_48) == 1
    assert actions.lapse(at=NOON + HOURS_48) == 0
    assert fresh(case).state == "lapsed"
    assert AuditRow.objects.get(act="case.lapsed").by == "ringfence"
    with pytest.raises(NotAllowed):
        actions.sign(number=case.number, by=town.chief, at=NOON)
    result(home, case, town.chief, "positive")
    assert fresh(case).state == "traceable"


def test_confirmed_in_time_it_does_not_lapse(home: Home, town: Town) -> None:
    case = enter(home, town, by=town.doctor)
    for by in (town.doctor, town.chief):
        actions.sign(number=case.number, by=by, at=NOON)
    result(home, case, town.doctor, "positive")
    assert actions.lapse(at=NOON + 2 * HOURS_48) == 0
    assert fresh(case).state == "traceable"


def reclassify(home: Home, case: Case, to: str, by: Acting, reason: str = "second test") -> None:
    actions.reclassify(
        home=home, number=case.number, classification=to, reason=reason, by=by, at=NOON
    )


def test_a_discarded_case_is_so_in_the_lake_too(home: Home, town: Town) -> None:
    case = enter(home, town)
    reclassify(home, case, "discarded", town.chief)
    assert fresh(case).state == "discarded"
    assert in_lake(home, case).ended
    with pytest.raises(NotAllowed):
        result(home, case, town.chief, "positive")
    change = CaseChange.objects.get(kind="reclassified")
    assert change.reason == "second test"
    assert change.before == {"classification": "suspected", "state": "entered"}


def test_nobody_confirms_without_a_laboratory(home: Home, town: Town) -> None:
    case = enter(home, town)
    with pytest.raises(NotAllowed, match="laboratory"):
        reclassify(home, case, "confirmed", town.chief)


def test_signatures_of_before_a_reclassification_count_no_more(home: Home, town: Town) -> None:
    case = enter(home, town, by=town.doctor)
    actions.sign(number=case.number, by=town.doctor, at=NOON)
    reclassify(home, case, "probable", town.chief)
    actions.sign(number=case.number, by=town.chief, at=NOON)
    assert fresh(case).state == "entered"


def test_withdrawn(home: Home, town: Town) -> None:
    case = enter(home, town)
    actions.withdraw(home=home, number=case.number, reason="typed twice", by=town.chief, at=NOON)
    assert fresh(case).state == "withdrawn"
    assert in_lake(home, case).ended
    with pytest.raises(NotAllowed):
        reclassify(home, case, "probable", town.chief)
    assert enter(home, town).state == "entered", "the person may be entered again"


def test_a_discarded_case_does_not_come_back_beside_a_new_one(home: Home, town: Town) -> None:
    case = enter(home, town)
    reclassify(home, case, "discarded", town.chief)
    enter(home, town)
    with pytest.raises(DataError, match="another open case"):
        reclassify(home, case, "suspected", town.chief)


@pytest.mark.parametrize("reason", ["", "  ", "=1+1", "tel. 13800138000", "000101199001011012"])
def test_a_reason_is_needed_and_names_nobody(home: Home, town: Town, reason: str) -> None:
    case = enter(home, town)
    with pytest.raises(UserError):
        reclassify(home, case, "discarded", town.chief, reason)
    with pytest.raises(UserError):
        actions.withdraw(home=home, number=case.number, reason=reason, by=town.chief, at=NOON)
    assert fresh(case).state == "entered"


def test_what_a_page_showed_must_still_be_so(home: Home, town: Town) -> None:
    case = enter(home, town)
    seen = changing.last_change(case)
    reclassify(home, case, "probable", town.chief)
    with pytest.raises(Stale):
        actions.withdraw(
            home=home, number=case.number, reason="x y", by=town.chief, at=NOON, seen=seen
        )


def test_times_are_mended_with_what_they_were(home: Home, town: Town) -> None:
    case = enter(home, town)
    actions.mend_times(
        home=home,
        number=case.number,
        times={"onset": day(3), "isolated": day(7)},
        reason="asked again",
        by=town.chief,
        at=NOON,
    )
    now = fresh(case)
    assert (now.onset_at, now.isolated_at) == (day(3).at, day(7).at)
    change = CaseChange.objects.get(kind="times")
    assert change.before["onset"] == "2022-07-05"
    assert change.after["onset"] == "2022-07-03"
    assert in_lake(home, case).events["onset"].at == day(3).at
    with pytest.raises(Doubtful):
        actions.mend_times(
            home=home,
            number=case.number,
            times={"onset": day(7)},
            reason="again",
            by=town.chief,
            at=NOON,
        )


@pytest.fixture
def contacts() -> Iterator[list[str]]:
    """A part that rests on cases, as contacts and tasks will."""
    heard: list[str] = []

    def stop(case: Case, change: CaseChange) -> Sequence[Text]:
        heard.append(change.kind)
        if change.kind in ("withdrawn", "reclassified", "lapsed"):
            return (Text("3 tasks were stopped", "已停止 3 项任务"),)
        return ()

    changing.followed_by(stop)
    yield heard
    changing._FOLLOWING.remove(stop)


def test_what_rests_on_a_case_hears_of_it_and_says_what_it_did(
    home: Home, town: Town, contacts: list[str]
) -> None:
    case = enter(home, town)
    done = actions.withdraw(
        home=home, number=case.number, reason="typed twice", by=town.chief, at=NOON
    )
    assert contacts == ["entered", "withdrawn"]
    assert [notice.en for notice in done.notices] == ["3 tasks were stopped"]


def test_exists_is_no_reason_for_the_owner_to_be_locked_out(home: Home, town: Town) -> None:
    enter(home, town)
    with pytest.raises(Exists):
        enter(home, town)
