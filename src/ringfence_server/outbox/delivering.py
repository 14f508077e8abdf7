"""Source records that acts owe the home: written with the act, delivered after it, each once.

Deliveries go in the order of writing, one at a time. The file of a delivery is the same whenever it
is made again, so that a second one, after a kill between the lake's acknowledgement and our own
note of it, is a replay. It is made in memory only: it may name people.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction
from django.db.models import QuerySet

from ringfence.audit import acting
from ringfence.errors import StorageError, Text, UserError
from ringfence.lake import Home, Receipt
from ringfence.sources import import_file
from ringfence_server.outbox.models import Delivery
from ringfence_server.outbox.sealing import Secrets, resealed, seal, unseal
from ringfence_server.outbox.waking import deliver_after_commit

SOURCE = "console"
DELIVERING = 0x52_46_44_45  # the database's lock of this work
_PURPOSE = "delivery"
_ACT = "console.deliver"

Row = Mapping[str, str]


@dataclass(frozen=True)
class Delivered:
    """How many went, and how many the home refused."""

    done: int
    refused: int


def owe(
    key: str,
    table: str,
    rows: Sequence[Row],
    *,
    secret: str,
    by: str,
    at: datetime,
    identity: Sequence[Row] = (),
) -> Delivery:
    """Within the transaction of the act. `identity`: of each row, the columns for the vault."""
    if not connection.in_atomic_block:
        raise RuntimeError("an act and what it owes the home are written in one transaction")
    deliver_after_commit()
    sealed = seal(secret, _PURPOSE, key, [dict(one) for one in identity]) if identity else None
    return Delivery.objects.create(
        key=key,
        table=table,
        rows=[dict(row) for row in rows],
        sealed=sealed,
        by=by,
        created_at=at,
    )


def deliver(home: Home, *, secret: str, at: datetime) -> Delivered:
    """All that waits. StorageError: the disk is at fault; what was not delivered waits on."""
    done = refused = 0
    while (went := _next(home, secret, at)) is not None:
        done, refused = done + went, refused + (not went)
    return Delivered(done, refused)


def reseal(secrets: Secrets) -> int:
    """What waits with somebody's identity, under a new secret; see `resealed`."""
    rows = Delivery.objects.filter(sealed__isnull=False)
    return resealed(rows, _PURPOSE, lambda one: one.key, secrets)


def waiting() -> int:
    """Deliveries that the lake does not have yet, without those that it refused."""
    return _waiting().count()


def refused() -> int:
    """Deliveries that the home refused, whole or some rows: somebody has to look at them."""
    return Delivery.objects.filter(fault__isnull=False, set_aside_at__isnull=True).count()


def _waiting() -> QuerySet[Delivery]:
    return Delivery.objects.filter(done_at__isnull=True, fault__isnull=True).order_by("id")


def _next(home: Home, secret: str, at: datetime) -> bool | None:
    """None: nothing waits. Whether it was taken."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DELIVERING])
        one = _waiting().first()
        if one is None:
            return None
        try:
            receipt = _import(home, one, _identity(one, secret), at)
        except StorageError:
            raise
        except UserError as fault:
            one.fault = fault.text._asdict()
            one.save(update_fields=["fault"])
            return False
        one.receipt, one.done_at, one.sealed = receipt.as_json(), at, None
        if receipt.quarantined:
            one.fault = _rows_refused(receipt)
        one.save(update_fields=["receipt", "done_at", "sealed", "fault"])
        return not receipt.quarantined


def _rows_refused(receipt: Receipt) -> dict[str, str]:
    return Text(
        f"{receipt.quarantined} of {receipt.rows_in} rows were refused",
        f"{receipt.rows_in} 行中有 {receipt.quarantined} 行被拒绝",
    )._asdict()


def _identity(one: Delivery, secret: str) -> list[dict[str, str]]:
    if one.sealed is None:
        return []
    told: list[dict[str, str]] = unseal(secret, _PURPOSE, one.key, bytes(one.sealed))
    return told


def _import(home: Home, one: Delivery, identity: Sequence[Row], at: datetime) -> Receipt:
    about = {"delivery": one.key, "table": one.table}
    with (
        _file(one, identity) as file,
        acting(home, _ACT, by=one.by, at=at, about=about) as told,
    ):
        receipt = import_file(home, file, table=one.table, source=SOURCE, now=at)
        told["batch"] = receipt.batch
        if receipt.replayed:
            told["replayed"] = "yes"
    return receipt


@contextmanager
def _file(one: Delivery, identity: Sequence[Row]) -> Iterator[Path]:
    """A file in memory, under a name by which its rows are found again."""
    memory = os.memfd_create("delivery")
    try:
        with os.fdopen(os.dup(memory), "wb") as file:
            file.write(as_file(one.key, one.rows, identity))
        with TemporaryDirectory(prefix="ringfence-") as folder:
            named = Path(folder, f"{SOURCE}-{one.pk}-{one.table}.parquet")
            named.symlink_to(f"/proc/self/fd/{memory}")
            yield named
    finally:
        os.close(memory)


def as_file(key: str, rows: Sequence[Row], identity: Sequence[Row] = ()) -> bytes:
    """The key is in the file: two acts that say the same, with another between them, are two
    deliveries, and not the first one once more.
    """
    whole = [{**row, **(identity[place] if identity else {})} for place, row in enumerate(rows)]
    names = sorted({name for row in whole for name in row})
    columns = {name: pa.array([row.get(name) for row in whole], pa.string()) for name in names}
    file = io.BytesIO()
    told = pa.table(columns).replace_schema_metadata({"ringfence delivery": key})
    pq.write_table(told, file, compression="none")
    return file.getvalue()
