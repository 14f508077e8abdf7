"""Acts on the tree: loading a table of it, and adding, renaming, moving or removing one unit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import ForeignObjectRel

from ringfence.errors import DataError, NotAllowed, NotFound
from ringfence.records import TABLES
from ringfence.sources.delivered import read_pieces
from ringfence_server.access.operator import By, name_of, reach_of, reaches
from ringfence_server.jurisdictions.changing import Changes, apply, receive
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.tables import Fault, checked_row, read_table, refused
from ringfence_server.outbox.auditing import told

RIGHT = "unit.manage"
TABLE = TABLES["jurisdiction"]


def load(*, file: BinaryIO, name: str, by: By, at: datetime) -> Changes:
    """The whole table `jurisdiction` or a part of it: units are added, renamed and moved as it
    says; those that it does not name stay. DataError: nothing was changed; rows are named.
    """
    digest = hashlib.sha256()
    for piece in read_pieces(file):
        digest.update(piece)
    faults: list[Fault] = []

    def rows() -> Iterator[list[dict[str, Any]]]:
        for piece, wrong in read_table(TABLE, file, name, at):
            faults.extend(wrong)
            yield [] if faults else piece

    with transaction.atomic():
        receive(rows())
        found = faults or apply(reach_of(by, RIGHT))
        if isinstance(found, list):
            raise refused(name, found)
        counts = {"added": found.added, "renamed": found.renamed, "moved": len(found.moved)}
        about = {key: str(count) for key, count in counts.items()}
        told("unit.load", by=name_of(by), at=at, about={"file": digest.hexdigest(), **about})
        _tell_moves(found, by, at)
    return found


def add_unit(
    *, code: str, parent: str, level: str, name_zh: str, name_en: str, by: By, at: datetime
) -> Unit:
    """NotAllowed, DataError: it stands already, or cannot stand there."""
    with transaction.atomic():
        row = _told(code, parent, level, (name_zh, name_en))
        if Unit.objects.filter(code=checked_row(TABLE, row)["code"]).exists():
            raise NotAllowed("a unit with this code is there already", "该代码的管辖地已存在")
        _change_one(by, row)
        about = {"unit": code, "parent": parent}
        told("unit.add", by=name_of(by), at=at, about=about)
        return Unit.objects.get(pk=code)


def rename_unit(*, unit: Unit, name_zh: str, name_en: str, by: By, at: datetime) -> None:
    with transaction.atomic():
        names = name_zh, name_en
        _change_one(by, _told(unit.code, unit.parent_id, unit.level, names))
        told("unit.rename", by=name_of(by), at=at, about={"unit": unit.code})


def move_unit(*, unit: Unit, parent: str, by: By, at: datetime) -> None:
    """With all below it; rows and accounts in it go along."""
    with transaction.atomic():
        names = unit.name_zh, unit.name_en
        changes = _change_one(by, _told(unit.code, parent, unit.level, names))
        _tell_moves(changes, by, at)


def remove_unit(*, unit: Unit, by: By, at: datetime) -> None:
    """NotAllowed: other units, rows or accounts belong to it."""
    if not reaches(reach_of(by, RIGHT), unit):
        raise NotFound("there is no such unit", "没有该管辖地")
    with transaction.atomic():
        # Held: a row that comes to it now waits, and then finds it gone.
        held = Unit.objects.select_for_update().get(pk=unit.code)
        if _belongs_to(held):
            raise NotAllowed(
                "units, records or accounts belong to it: it cannot be removed",
                "仍有下级单位、记录或账户归属于此，不能删除",
            )
        held.delete()
        told("unit.remove", by=name_of(by), at=at, about={"unit": unit.code})


def _told(code: str, parent: str | None, level: str, names: tuple[str, str]) -> dict[str, str]:
    zh, en = names
    return {"code": code, "parent": parent or "", "level": level, "name_zh": zh, "name_en": en}


def _change_one(by: By, told_of: dict[str, str]) -> Changes:
    receive([[checked_row(TABLE, told_of)]])
    found = apply(reach_of(by, RIGHT))
    if isinstance(found, list):
        raise DataError(*found[0].reason)
    return found


def _tell_moves(changes: Changes, by: By, at: datetime) -> None:
    for code, before, now in changes.moved:
        about = {"unit": code, "from": before, "to": now}
        told("unit.move", by=name_of(by), at=at, about=about)


def _belongs_to(unit: Unit) -> bool:
    """Whether anything does; asked one by one, for a district's rows are too many to fetch."""
    for field in Unit._meta.get_fields(include_hidden=True):
        if isinstance(field, ForeignObjectRel):
            rows = field.related_model._base_manager.filter(**{field.field.name: unit})
            if rows.exists():
                return True
    return False
