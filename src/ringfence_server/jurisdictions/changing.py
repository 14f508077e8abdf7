"""The tree changed as a table says, within the caller's transaction; or the faults of the table.

The rows stand in a temporary table `incoming`; what they mean is asked in SQL, so that a country's
grids are one statement and not a million.
"""

# ruff: noqa: S608 - put together from our own names of columns; what is told goes in as values.

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from ringfence.errors import Text
from ringfence_server.jurisdictions.lines import write_lines
from ringfence_server.jurisdictions.models import COLUMNS, LEVELS, Unit
from ringfence_server.jurisdictions.tables import Fault

_ONE_TREE = 0x52_46_55_4E  # the database's lock of this work
_FIELDS = ("row", "code", "parent", "level", "name_zh", "name_en")
_RANK = "array_position(ARRAY[" + ",".join(f"'{level}'" for level in LEVELS) + "], {}.level)"
_TWICE = Text("this code stands in an earlier row too", "与前面某行代码重复")
_UNNAMED = Text("a unit has a name in one language at least", "管辖地至少应有一种语言的名称")
_HIDDEN = Text("a name has visible signs only", "名称只能含可见字符")
_NO_PARENT = Text("only the country has no unit above it", "只有国家级没有上级")
_UNKNOWN = Text("no unit has this code, here or in the tree", "文件与现有区划中均无此代码")
_NOT_BELOW = Text(
    "a unit lies below one of a higher level; this one's parent is not higher",
    "上级单位的层级必须高于本单位",
)
_CHILDREN = Text("units of this level or above lie below it", "其下有同级或更高层级的单位")
_COUNTRY = Text("the tree has one country at its top, and no other", "区划只能有一个国家级根")
_OUTSIDE = Text("it lies outside your own unit", "超出您所在单位的管辖范围")

# Each finds rows at fault before anything is written.
_BEFORE: tuple[tuple[str, Text, str], ...] = (
    (
        "code",
        _TWICE,
        "SELECT row FROM (SELECT row, row_number() OVER (PARTITION BY code ORDER BY row) AS n"
        " FROM incoming) again WHERE n > 1",
    ),
    (
        "name_zh",
        _HIDDEN,
        "SELECT row FROM incoming WHERE name_zh || name_en ~"
        " '[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]'",
    ),
    ("name_zh", _UNNAMED, "SELECT row FROM incoming WHERE name_zh = ''"),
    ("parent", _NO_PARENT, "SELECT row FROM incoming WHERE parent IS NULL AND level <> 'country'"),
    (
        "level",
        _COUNTRY,
        "SELECT row FROM incoming i WHERE level = 'country' AND (parent IS NOT NULL OR EXISTS ("
        " SELECT FROM jurisdictions_unit u WHERE u.level = 'country' AND u.code <> i.code) OR"
        " EXISTS (SELECT FROM incoming o WHERE o.level = 'country' AND o.row < i.row))",
    ),
    (
        "parent",
        _UNKNOWN,
        "SELECT row FROM incoming i WHERE parent IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM incoming p WHERE p.code = i.parent)"
        " AND NOT EXISTS (SELECT FROM jurisdictions_unit p WHERE p.code = i.parent)",
    ),
)
# And once they are: a parent is of a higher level, so nothing can lie below itself.
_PARENT = "jurisdictions_unit u JOIN jurisdictions_unit p ON p.code = u.parent_id"
_AFTER: tuple[tuple[str, Text, str], ...] = (
    (
        "parent",
        _NOT_BELOW,
        f"SELECT row FROM incoming i JOIN {_PARENT} ON i.code = u.code"
        f" WHERE {_RANK.format('p')} >= {_RANK.format('u')}",
    ),
    (
        "level",
        _CHILDREN,
        f"SELECT DISTINCT row FROM incoming i JOIN {_PARENT} ON i.code = p.code"
        f" WHERE {_RANK.format('p')} >= {_RANK.format('u')}"
        " AND NOT EXISTS (SELECT FROM incoming told WHERE told.code = u.code)",
    ),
)
_MOVES = "(u.parent_id, u.level) IS DISTINCT FROM (i.parent, i.level)"
_RENAMES = "(u.name_zh, u.name_en) IS DISTINCT FROM (i.name_zh, i.name_en)"
_KNOWN = "incoming i JOIN jurisdictions_unit u ON u.code = i.code"


@dataclass(frozen=True)
class Changes:
    """`moved`: code, code of the parent before and now. `kept`: units that the table does not
    name; they stay.
    """

    added: int
    renamed: int
    moved: tuple[tuple[str, str, str], ...]
    kept: int


def receive(rows: Iterable[list[dict[str, Any]]]) -> None:
    """Into the temporary table. Two changes of the tree wait for each other here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_TREE])
        cursor.execute("DROP TABLE IF EXISTS incoming, changed")
        cursor.execute(
            "CREATE TEMPORARY TABLE incoming (row bigint, code text, parent text, level text,"
            " name_zh text, name_en text) ON COMMIT DROP"
        )
        cursor.execute("CREATE TEMPORARY TABLE changed (code text PRIMARY KEY) ON COMMIT DROP")
        with cursor.copy(f"COPY incoming ({', '.join(_FIELDS)}) FROM STDIN") as copy:
            for piece in rows:
                for row in piece:
                    names = row.get("name_zh") or "", row.get("name_en") or ""
                    zh, en = names[0] or names[1], names[1]
                    copy.write_row((row["row"], row["code"], row["parent"], row["level"], zh, en))
        cursor.execute("CREATE INDEX ON incoming (code)")
        cursor.execute("ANALYZE incoming")


def apply(reach: list[Unit] | None) -> Changes | list[Fault]:
    """`reach`: the units whose own part of the tree may be changed; None: all of it. After faults
    the transaction is to be undone.
    """
    with connection.cursor() as cursor:
        faults = _found(cursor, _BEFORE) or _outside(cursor, reach)
        if faults:
            return faults
        changes = _changes(cursor)
        cursor.execute(
            f"INSERT INTO changed SELECT i.code FROM incoming i LEFT JOIN jurisdictions_unit u"
            f" ON u.code = i.code WHERE {_MOVES}"
        )
        cursor.execute(
            f"INSERT INTO jurisdictions_unit AS u (code, parent_id, level, name_zh, name_en,"
            f" {', '.join(COLUMNS)}) SELECT code, parent, level, name_zh, name_en,"
            f" {', '.join(repr('') for _ in COLUMNS)} FROM incoming"
            " ON CONFLICT (code) DO UPDATE SET parent_id = excluded.parent_id,"
            " level = excluded.level, name_zh = excluded.name_zh, name_en = excluded.name_en"
            " WHERE (u.parent_id, u.level, u.name_zh, u.name_en) IS DISTINCT FROM"
            " (excluded.parent_id, excluded.level, excluded.name_zh, excluded.name_en)"
        )
        if faults := _found(cursor, _AFTER):
            return faults
        write_lines(cursor)
        return changes


def _found(cursor: CursorWrapper, questions: Iterable[tuple[str, Text, str]]) -> list[Fault]:
    faults: list[Fault] = []
    for field, reason, question in questions:
        cursor.execute(f"{question} ORDER BY row")
        faults += [Fault(row, field, reason) for (row,) in cursor.fetchall()]
    return faults


def _outside(cursor: CursorWrapper, reach: list[Unit] | None) -> list[Fault]:
    """A change touches the unit as it stands, and the parent that it goes to; each lies within."""
    if reach is None or any(unit.level == "country" for unit in reach):
        return []
    inside = " OR ".join(f"{{0}}.{unit.level} = %s" for unit in reach) or "FALSE"
    codes = [unit.code for unit in reach]
    question = (
        f"SELECT row FROM incoming i LEFT JOIN jurisdictions_unit u ON u.code = i.code"
        f" LEFT JOIN jurisdictions_unit p ON p.code = i.parent WHERE"
        f" (u.code IS NOT NULL AND ({_MOVES} OR {_RENAMES}) AND NOT ({inside.format('u')}))"
        f" OR ({_MOVES} AND (i.parent IS NULL OR (p.code IS NOT NULL"
        f" AND NOT ({inside.format('p')})))) ORDER BY row"
    )
    cursor.execute(question, [*codes, *codes])
    return [Fault(row, "code", _OUTSIDE) for (row,) in cursor.fetchall()]


def _changes(cursor: CursorWrapper) -> Changes:
    cursor.execute(
        f"SELECT i.code, coalesce(u.parent_id, ''), coalesce(i.parent, '') FROM {_KNOWN}"
        f" WHERE {_MOVES} ORDER BY row"
    )
    moved = tuple(cursor.fetchall())
    renamed = _count(cursor, f"{_KNOWN} WHERE {_RENAMES}")
    known, told = _count(cursor, _KNOWN), _count(cursor, "incoming i")
    standing = _count(cursor, "jurisdictions_unit")
    return Changes(told - known, renamed, moved, standing - known)


def _count(cursor: CursorWrapper, relation: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {relation}")
    return int(cursor.fetchone()[0])
