"""Bringing a file: begun, sent in parts, given to the worker when it is whole."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from ringfence.errors import DataError, UsageError
from ringfence.lake import Home
from ringfence.sources.importing import table_named
from ringfence.sources.mapping.catalogue import named
from ringfence.sources.naming import source_name
from ringfence_server.access import Acting
from ringfence_server.imports import jobs
from ringfence_server.imports.lists import Listed, check_listed
from ringfence_server.imports.models import OPEN, Import
from ringfence_server.imports.parts import keep_part
from ringfence_server.imports.queries import import_of, imports_of
from ringfence_server.imports.refusals import Elsewhere, NoRoom, TooLarge, TooMany
from ringfence_server.outbox import auditing

LARGEST = 8 << 30
PART = 4 << 20
"""Of each at most: a part is held in memory, in each thread that takes one."""
MOST_OPEN = 10
_ROOM_LEFT = 2 << 30
_LONGEST_NAME = 255
_MAPPING = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}(@[1-9][0-9]{0,3})?", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """`digest`: SHA-256 of the file. Empty texts: not said. `listed`: it is a list handed down."""

    file: str
    size: int
    digest: str
    table: str = ""
    mapping: str = ""
    source: str = ""
    dry_run: bool = False
    listed: Listed | None = None


def begin(*, home: Home, wanted: Wanted, by: Acting, at: datetime) -> Import:
    """The import of this file that is under way for this account, else a new one.

    UserError: there is no such table or mapping, or another word cannot be taken. TooLarge,
    TooMany, NoRoom.
    """
    _check(home, wanted)
    told = {**vars(wanted), "by": by.user}
    name, listed = told.pop("file"), told.pop("listed")
    told["list_key"] = "" if listed is None else listed.key
    there = Import.objects.filter(**told, state__in=OPEN).first()
    if there is not None:
        return there
    if imports_of(by).filter(state__in=OPEN).count() >= MOST_OPEN:
        raise TooMany(MOST_OPEN)
    _check_room(home, wanted.size)
    try:
        with transaction.atomic():
            made = Import.objects.create(
                **told,
                file=name,
                listed=None if listed is None else vars(listed),
                begun_at=at,
                moved_at=at,
            )
            about = {"import": str(made.pk), "digest": wanted.digest, **_about(wanted)}
            auditing.told("import.begun", by=by.user.username, at=at, about=about)
            if wanted.size == 0:
                _give(made)
    except IntegrityError:
        return Import.objects.get(**told, state__in=OPEN)
    return made


def take_part(
    *, home: Home, number: int, begins: int, content: bytes, secret: str, by: Acting, at: datetime
) -> Import:
    """A part of the file, from this byte on; the import goes to the worker with the last one. A
    part that is here already has no effect. Elsewhere: it does not go on where the file ends.
    """
    import_of(by, number)
    with transaction.atomic():
        found = Import.objects.select_for_update().get(pk=number)
        end = begins + len(content)
        if found.state != "receiving" or end <= found.received:
            return found
        if begins != found.received:
            raise Elsewhere(found.received)
        if not content or len(content) > PART or end > found.size:
            raise DataError(
                f"a part has 1 to {PART} bytes, and ends where the file does",
                f"每部分为 1 至 {PART} 字节，且不超出文件末尾",
            )
        keep_part(home, number, begins, content, secret=secret)
        found.received, found.moved_at = end, at
        if end == found.size:
            _give(found)
        found.save(update_fields=["received", "moved_at", "state"])
    return found


def _about(wanted: Wanted) -> dict[str, str]:
    if wanted.listed is not None:
        return {"list": wanted.listed.agency, "case": wanted.listed.case}
    return {"table": wanted.table} if wanted.table else {"mapping": wanted.mapping}


def _give(one: Import) -> None:
    one.state = "waiting"
    one.save(update_fields=["state"])
    jobs.run.defer(number=one.pk)


def _check(home: Home, wanted: Wanted) -> None:
    if [bool(wanted.table), bool(wanted.mapping), wanted.listed is not None].count(True) != 1:
        raise UsageError(
            "say what the file is: a table, or a mapping", "请说明文件类型：表名或映射名"
        )
    if wanted.listed is not None:
        check_listed(wanted.listed)
    elif wanted.table:
        table_named(wanted.table)
    elif _MAPPING.fullmatch(wanted.mapping):
        named(wanted.mapping, home.root).read()
    else:
        raise UsageError(
            "a server knows mappings by name, as NAME or NAME@VERSION; your own file lies in the "
            "home's folder `mappings`, where its operator puts it",
            "服务器按名称使用映射（名称或 名称@版本）；自有映射由运维人员放入数据目录的 mappings",
        )
    if wanted.source:
        source_name(wanted.source)
    name = wanted.file
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable() or "/" in name:
        raise UsageError(
            f"a file's name has 1 to {_LONGEST_NAME} printable characters, and no folder",
            f"文件名应为 1 至 {_LONGEST_NAME} 个可见字符，不含目录",
        )
    if not _DIGEST.fullmatch(wanted.digest):
        raise UsageError("digest is a SHA-256 in hexadecimal", "digest 应为十六进制 SHA-256")
    if wanted.size > LARGEST:
        raise TooLarge(LARGEST)


def _check_room(home: Home, size: int) -> None:
    """The parts, and what is made of them."""
    if shutil.disk_usage(home.root).free < 2 * size + _ROOM_LEFT:
        raise NoRoom
