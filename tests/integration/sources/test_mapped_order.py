"""Files late, in any order, under a clock that is wrong: the same is known in the end."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from ringfence import lake
from ringfence.lake import ImportReceipt
from ringfence.sources import import_mapped
from ringfence.vault import open_vault

from .homes import new_home
from .inns import CHANNEL, HEADER, deliver, known, known_nights, night, nights, refused

AUGUST = datetime(2022, 8, 1, tzinfo=UTC)
FILES = {
    "first": ("inns", nights(range(6))),
    "again": ("inns", nights(range(4, 9)) + refused(1)),
    "others": ("hostels", nights(range(3, 7), inn=8) + refused(2) + refused(3)),
}
ORDERS = list(permutations(FILES))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("files")
    for name, (_, text) in FILES.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_in_any_order(tmp_path: Path, folder: Path, order: tuple[str, ...]) -> None:
    """Days lie between them, and the turn of a month, with which the vault's keys change."""
    home = new_home(tmp_path / "home")
    receipts = {
        name: import_mapped(
            home, folder / name, channel=CHANNEL, source=FILES[name][0], now=received
        )
        for name, received in zip(
            order, (AUGUST - timedelta(3), AUGUST + timedelta(3), AUGUST), strict=True
        )
    }
    assert known(home) == known_nights(range(9)) + known_nights(range(3, 7), inn=8)
    told = {name: (r.rows_in, r.accepted, r.quarantined) for name, r in receipts.items()}
    assert told == {"first": (6, 6, 0), "again": (6, 5, 1), "others": (6, 4, 2)}
    assert became(*receipts.values()) == {
        "subject": (13, 0, 2, 0),
        "presence": (13, 0, 2, 0),
    }
    with open_vault(home) as vault:
        assert len(vault.status().cohorts) == 2
        rejects = {name: [row for row, _ in vault.rejects(r.batch)] for name, r in receipts.items()}
        found = [len(vault.find("id_number", number[0])) for number in known_nights(range(9))]
    assert rejects == {"first": [], "again": [7], "others": [6, 7]}
    assert found == [1, 1, 1, 2, 2, 2, 2, 1, 1]


def became(*receipts: ImportReceipt) -> dict[str, tuple[int, ...]]:
    """Created, updated, unchanged and merged rows of each table, of all receipts together."""
    sums: dict[str, Counter[str]] = {}
    for table in (table for receipt in receipts for table in receipt.tables):
        sums.setdefault(table.table, Counter()).update(
            {n: getattr(table, n) for n in ("created", "updated", "unchanged", "merged")}
        )
    return {name: tuple(counts.values()) for name, counts in sums.items()}


def test_a_clock_that_is_two_days_wrong(tmp_path: Path) -> None:
    """Receipts keep their order; who comes again under another clock gets the receipt of before."""
    home = new_home(tmp_path / "home")
    clocks = (AUGUST, AUGUST - timedelta(hours=48), AUGUST + timedelta(hours=48), AUGUST)
    files = [tmp_path / f"inns-{number}.csv" for number in range(len(clocks))]
    receipts = []
    for number, (file, clock) in enumerate(zip(files, clocks, strict=True)):
        file.write_text(HEADER + night(number), encoding="utf-8")
        receipts.append(deliver(home, file, clock))
    assert [receipt.sequence for receipt in receipts] == [3, 6, 9, 12]
    assert [receipt.received_at for receipt in receipts] == list(clocks)
    for file, receipt in zip(files, reversed(clocks), strict=True):
        assert deliver(home, file, receipt) == receipts[files.index(file)].replay()
    assert known(home) == known_nights(range(4))
    assert [b.sequence for b in lake.status(home).batches] == [1, 2, 4, 5, 7, 8, 10, 11]


def test_a_clock_that_goes_back_into_a_shredded_month(tmp_path: Path) -> None:
    """What is shredded stays so, and what comes then is sealed with other keys."""
    home = new_home(tmp_path / "home")
    file, later = tmp_path / "inns.csv", tmp_path / "later.csv"
    file.write_text(nights(range(3)), encoding="utf-8")
    later.write_text(nights(range(5, 8)), encoding="utf-8")
    deliver(home, file, AUGUST - timedelta(1))
    with open_vault(home) as vault:
        vault.shred("2022-07")
    deliver(home, later, AUGUST - timedelta(2))
    with open_vault(home) as vault:
        found = [bool(vault.find("id_number", n[0])) for n in known_nights(range(8))]
        told = {fields["id_number"] for one in vault.every() if (fields := dict(one.fields))}
        assert vault.drill().ok
    assert found == [False] * 5 + [True] * 3
    assert told == {number for number, *_ in known_nights(range(5, 8))}
