"""Importing a file that is whole: claimed, imported, its receipt kept. Each is one effect, whoever
is killed: done again, the lake knows the batch.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO

from ringfence.audit import acting
from ringfence.errors import DataError, Text, UserError
from ringfence.identity.waiting import waiting_in_batch
from ringfence.lake import Home, ImportReceipt, Receipt
from ringfence.sources import import_file, import_mapped
from ringfence.sources.delivered import Delivered, read_pieces
from ringfence.sources.mapping.catalogue import named
from ringfence_server.imports.lists import take_in
from ringfence_server.imports.models import UNDER_WAY, Import
from ringfence_server.imports.parts import open_parts, remove_parts
from ringfence_server.imports.refusals import OTHER_BYTES, SORRY

_TELL_SECONDS = 0.5


def run_import(home: Home, number: int, *, secret: str, clock: Callable[[], datetime]) -> None:
    """One that waits, or that an ended process left running. One that has ended is left as it is: a
    job may come twice.
    """
    one = _claimed(number, clock())
    if one is None:
        return
    try:
        with open_parts(home, number, one.size, secret=secret) as file:
            came = _came_of(home, one, file, clock())
    except UserError as error:
        _end(one, clock(), state="failed", fault=fault_of(error.text, error.exit_code))
    except Exception:
        _end(one, clock(), state="failed", fault=fault_of(SORRY))
        raise
    else:
        _end(one, clock(), state="done", read=one.size, **came)
    finally:
        if not Import.objects.filter(pk=number, state__in=UNDER_WAY).exists():
            remove_parts(home, number)


def fault_of(text: Text, exit_code: int = DataError.exit_code) -> dict[str, Any]:
    return {**text._asdict(), "exit_code": exit_code}


def _claimed(number: int, at: datetime) -> Import | None:
    waits = Import.objects.filter(pk=number, state__in=UNDER_WAY)
    if not waits.update(state="running", moved_at=at, rows=0, read=0):
        return None
    return Import.objects.select_related("by").get(pk=number)


def _came_of(home: Home, one: Import, file: BinaryIO, at: datetime) -> dict[str, Any]:
    if _digest(file) != one.digest:
        raise DataError(*OTHER_BYTES)
    delivered = Delivered(file, one.file, one.size)
    if one.listed is not None:
        taken = take_in(home, one, delivered, at)
        return {"receipt": taken, "rows": taken["rows_in"]}
    receipt = _imported(home, one, delivered, at)
    return {
        "receipt": receipt.as_json(),
        "unlinked": _unlinked(home, receipt),
        "rows": receipt.rows_in,
    }


def _imported(
    home: Home, one: Import, delivered: Delivered, at: datetime
) -> Receipt | ImportReceipt:
    """In the audit with the name of whoever sent it. What a dry run would do, nobody did."""
    if one.dry_run:
        return _import(home, one, delivered, at)
    about = {"import": str(one.pk), "digest": one.digest}
    with acting(home, "lake.import", by=one.by.username, at=at, about=about) as told:
        receipt = _import(home, one, delivered, at)
        told["batch"] = receipt.batch
        if receipt.replayed:
            told["replayed"] = "yes"
    return receipt


def _import(home: Home, one: Import, delivered: Delivered, at: datetime) -> Receipt | ImportReceipt:
    how: dict[str, Any] = {
        "source": one.source or None,
        "now": at,
        "dry_run": one.dry_run,
        "progress": _teller(one),
    }
    if one.table:
        return import_file(home, delivered, table=one.table, **how)
    channel = named(one.mapping, home.root).read()
    return import_mapped(home, delivered, channel=channel, **how)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    for piece in read_pieces(file):
        digest.update(piece)
    return digest.hexdigest()


def _teller(one: Import) -> Callable[[int, int, int], None]:
    """Writes down how far it is, now and then."""
    last = 0.0

    def tell(rows: int, read: int, _size: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _TELL_SECONDS:
            last = time.monotonic()
            Import.objects.filter(pk=one.pk, state="running").update(rows=rows, read=read)

    return tell


def _unlinked(home: Home, receipt: Receipt | ImportReceipt) -> int:
    """What was done is done, also where the vault cannot be read now."""
    if receipt.dry_run or not receipt.told:
        return 0
    try:
        return waiting_in_batch(home, receipt.batch)
    except UserError:
        return 0


def _end(one: Import, at: datetime, **what: Any) -> None:
    Import.objects.filter(pk=one.pk, state="running").update(ended_at=at, moved_at=at, **what)
