"""Copies of a trace, hand-overs, watches, searches, tokens, imports: each goes by its clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.server.api.programs import Program, token_for
from tests.server.cases.town import Town
from tests.server.hand_overs.elsewhere import City, gives
from tests.server.hand_overs.test_in import TWO, answers
from tests.server.homes import NOON
from tests.server.retention.test_purging import DAY, LATER, all_ended, closed, dumped, worked
from tests.server.tasks.loop import client_of

from ringfence.errors import NotFound, UserError
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.api.models import Token
from ringfence_server.cases.models import Case, Submission
from ringfence_server.deployment.here import now
from ringfence_server.follow_ups.models import Moved, Watch
from ringfence_server.glass.models import Missed
from ringfence_server.hand_overs import actions
from ringfence_server.hand_overs.models import Handed, HandOver, Received, ReceivedPerson
from ringfence_server.hand_overs.refusals import Done
from ringfence_server.hand_overs.sending import file_of
from ringfence_server.imports.models import Import
from ringfence_server.retention.purging import purge_database
from ringfence_server.search import venues
from ringfence_server.search.models import Asked, Raise, Venue
from ringfence_server.tasks.models import FollowUp, Task
from ringfence_server.tracing.comparing import difference
from ringfence_server.tracing.models import Run

pytestmark = pytest.mark.django_db(transaction=True)
ERASED = "erased when its time was over"


@pytest.fixture
def purged(home: Home, run: Run, chief: Acting, worker: Acting, tmp_path: Path) -> Run:
    worked(home, run, chief, worker)
    assert venues.read_anew(home, at=NOON) == 1
    assert Venue.objects.exists()
    closed(home, tmp_path, LATER)
    all_ended()
    purge_database(home, at=LATER)
    return Run.objects.get(pk=run.pk)


def test_no_copy_of_what_a_trace_found_is_left(home: Home, purged: Run) -> None:
    assert (purged.answer, purged.kept, purged.beside) == (None, None, None)
    assert not Venue.objects.exists()
    assert "aroke" not in _rows_of("search_venue", "tracing_run", "tracing_contact")
    assert venues.read_anew(home, at=LATER) == 0


def test_an_erased_run_whose_places_nobody_read_stops_no_reading(home: Home, purged: Run) -> None:
    from ringfence_server.search.models import RunRead

    RunRead.objects.all().delete()
    assert venues.read_anew(home, at=LATER) == 0


def test_every_page_of_an_erased_list_says_so(purged: Run, chief: Acting) -> None:
    client = client_of(chief)
    for page in ("", "contacts/0/", "picture/", "export/"):
        answer = client.get(f"/traces/{purged.pk}/{page}")
        assert (answer.status_code, ERASED in answer.content.decode()) == (404, True), page
    answer = client.get(f"/traces/{purged.pk}/approval/")
    assert answer.status_code == 200, "that it was approved is no secret"
    assert client.post(f"/traces/{purged.pk}/export/", {"purpose": "x"}).status_code == 404
    program = Program(token_for(chief, at=now()))
    for path in ("", "/contacts", "/contacts/0", "/venues", "/questions"):
        told = program.get(f"/traces/{purged.pk}{path}", 404 if path else 200)
        assert not path or ERASED in str(told)
    assert ERASED in str(program.get(f"/lake/traces/{purged.pk}", 404))


def test_an_erased_list_is_not_one_of_nobody(
    home: Home, run: Run, chief: Acting, tmp_path: Path
) -> None:
    from ringfence_server.tasks.approving import preview

    closed(home, tmp_path, NOON + 20 * DAY)
    purge_database(home, at=NOON + 60 * DAY)
    with pytest.raises(NotFound, match=ERASED):
        preview(home=home, run=run.pk, by=chief, at=NOON + 60 * DAY)
    page = client_of(chief).get(f"/traces/{run.pk}/approval/")
    assert (page.status_code, ERASED in page.content.decode()) == (404, True)
    later = Run.objects.create(case=run.case, asked_at=LATER, ended_at=LATER, state="done")
    assert difference(later) is None


def _rows_of(*tables: str) -> str:
    def told() -> Iterator[str]:
        inside = False
        for line in dumped().splitlines():
            if line.startswith("COPY "):
                inside = any(f".{table} " in line for table in tables)
            elif line == "\\.":
                inside = False
            elif inside:
                yield line

    return "\n".join(told())


def test_a_hand_over_that_waits_holds_whom_it_gave(
    home: Home, listed: Case, city: City, chief: Acting, tmp_path: Path
) -> None:
    made = gives(home, listed, city, chief)
    closed(home, tmp_path, LATER)
    FollowUp.objects.update(end="settled", ended_at=NOON)
    Task.objects.update(state="closed", next_at=None)
    purge_database(home, at=LATER)
    assert HandOver.objects.get(pk=made.pk).file is not None
    assert Handed.objects.count() == FollowUp.objects.count() == 2


def test_of_an_answered_hand_over_number_and_digest_stay(
    home: Home, listed: Case, city: City, chief: Acting, tmp_path: Path
) -> None:
    made = gives(home, listed, city, chief)
    file = bytes(made.file or b"")
    receipt = city.answers(home, city.opens(home, file), {"p2": "", "p3": "moved away"})
    actions.read(home=home, file=receipt, by=chief, at=NOON)
    watch = Watch.objects.filter(follow_up__person="p2").first()
    if watch is None:
        watch = _watch(FollowUp.objects.get(person="p2"))
    Moved.objects.create(watch=watch, was=NOON.date(), at=NOON)
    assert purge_database(home, at=NOON + 28 * DAY)["hand_overs"] == 0
    assert purge_database(home, at=NOON + 29 * DAY)["hand_overs"] == 1
    with pytest.raises(NotFound, match=ERASED):
        file_of(hand_over=HandOver.objects.get())
    page = client_of(chief).get(f"/hand-overs/{made.pk}/")
    assert (page.status_code, "Fetch the file" in page.content.decode()) == (200, False)
    page = client_of(chief).get(f"/hand-overs/{made.pk}/file/")
    assert (page.status_code, ERASED in page.content.decode()) == (404, True)
    closed(home, tmp_path, LATER)
    all_ended()
    assert purge_database(home, at=LATER)["work"]
    kept = HandOver.objects.get()
    assert (kept.number, kept.digest, kept.file) == (made.number, made.digest, None)
    for gone in (Handed, Watch, Moved, FollowUp):
        assert not gone.objects.exists(), gone
    assert client_of(chief).get(f"/hand-overs/{made.pk}/").status_code == 200
    text = _rows_of(
        "hand_overs_handover", "hand_overs_handed", "follow_ups_watch", "follow_ups_moved"
    )
    assert "\tp2\t" not in text and "moved away" not in text and file.hex() not in text
    with pytest.raises(Done, match="answered already"):
        actions.read(home=home, file=receipt, by=chief, at=NOON + DAY)


def _watch(one: FollowUp) -> Watch:
    days: dict[str, Any] = {"since": NOON.date(), "release_date": NOON.date()}
    return Watch.objects.create(follow_up=one, rule={"en": "", "zh": ""}, **days)


def test_of_a_received_one_too_and_its_file_is_not_taken_in_again(
    home: Home, town: Town, city: City, chief: Acting
) -> None:
    file = city.gives(home, TWO)
    one = actions.read(home=home, file=file, by=chief, at=NOON)
    assert isinstance(one, Received)
    assert purge_database(home, at=LATER)["hand_overs"] == 0, "somebody has to answer it"
    assert Received.objects.get().sealed is not None
    assert ReceivedPerson.objects.count() == 2
    receipt = bytes(answers(home, one, town, chief).receipt or b"")
    assert purge_database(home, at=LATER)["hand_overs"] == 1
    assert set(ReceivedPerson.objects.values_list("ref", flat=True)) == {"x1"}, "still followed up"
    Task.objects.update(state="closed", next_at=None)
    FollowUp.objects.update(end="settled", ended_at=NOON)
    purge_database(home, at=LATER)
    kept = Received.objects.get()
    assert (kept.receipt, kept.sealed, kept.digest) == (None, None, one.digest)
    assert not ReceivedPerson.objects.exists() and not FollowUp.objects.exists()
    text = _rows_of("hand_overs_received", "hand_overs_receivedperson")
    assert receipt.hex() not in text and "moved away" not in text
    client = client_of(chief)
    assert client.get(f"/hand-overs/received/{one.pk}/").status_code == 200
    page = client.get(f"/hand-overs/received/{one.pk}/receipt/")
    assert (page.status_code, ERASED in page.content.decode()) == (404, True)
    with pytest.raises(UserError, match="read already"):
        actions.read(home=home, file=file, by=chief, at=NOON + DAY)


def test_searches_quotas_tries_tokens_and_imports(home: Home, town: Town) -> None:
    one, other = town.chief.user, town.staff("other", "grid_worker", "0001").user
    old, young = LATER - 91 * DAY, LATER - 20 * DAY
    for at, digest in ((old, "gone"), (young, "here")):
        Asked.objects.create(account=one, at=at, kinds="name", digest=digest)
        decided = {"decided_by": other, "decided_at": at}
        Raise.objects.create(account=one, reason=digest, asked_at=at, until=at + DAY / 2, **decided)
        Missed.objects.create(by=one, at=at)
        ended = {"table": "place", "state": "done", "ended_at": at}
        _import(one, digest, at, **ended)
        dates = {"made_at": at - DAY, "until": at, "sessions": 0, "scopes": []}
        Token.objects.create(user=one, name=digest, digest=digest, **dates)
    Raise.objects.create(account=one, reason="waits", asked_at=old)
    _import(one, "runs", old, table="place", state="running")
    lives = {"made_at": old, "until": LATER + DAY, "sessions": 0, "scopes": []}
    Token.objects.create(user=one, name="lives", digest="lives", **lives)
    Token.objects.create(user=one, name="gone", digest="gone too", revoked_at=old, **lives)
    Submission.objects.create(token="api.gone", digest="d", by=one, at=old)
    gone = purge_database(home, at=LATER)
    counted = {key: gone[key] for key in ("searches", "missed", "tokens", "imports", "submissions")}
    assert counted == {"searches": 2, "missed": 1, "tokens": 2, "imports": 1, "submissions": 1}
    tables = ("search_asked", "search_raise", "api_token", "imports_import", "cases_submission")
    text = _rows_of(*tables)
    assert "gone" not in text
    for kept in ("here", "waits", "runs", "lives"):
        assert kept in text


def _import(by: Any, name: str, at: Any, **more: Any) -> None:
    Import.objects.create(
        by=by, begun_at=at, moved_at=at, file=name, size=1, digest=name, source=name, **more
    )
