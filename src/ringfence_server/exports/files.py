"""The file itself as it is sent: a line that says whose it is, heads, rows, an end."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from ringfence.errors import Text
from ringfence.lake import Home
from ringfence.sources.text_workbook import LONGEST, workbook_in_parts
from ringfence_server.exports.models import Export
from ringfence_server.exports.neutralising import plain
from ringfence_server.exports.tables import Row, Table

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BOM = "\ufeff"
_PART = 64 * 1024


def parts(home: Home, made: Export, table: Table, spoken: str) -> Iterator[bytes]:
    rows = _rows(home, made, table, spoken)
    return workbook_in_parts(rows) if made.form == "xlsx" else _csv(rows)


def _rows(home: Home, made: Export, table: Table, spoken: str) -> Iterator[Row]:
    yield _plain([watermark(home, made).to(spoken)])
    yield _plain([head.to(spoken) for head in table.heads])
    sent = 0
    for row in table.rows:
        yield _plain(row)
        sent += 1
    # A file that was cut off is without it.
    end = Text(f"End of export {made.pk}: {sent} rows", f"导出 {made.pk} 结束：共 {sent} 行")
    yield _plain([end.to(spoken)])


def watermark(home: Home, made: Export) -> Text:
    at = made.at.astimezone(ZoneInfo(home.zone))
    provisional = made.run is not None and (made.run.provisional or made.run.draft)
    return Text(
        f"Export {made.pk}, {made.by.username}, {at:%Y-%m-%d %H:%M} ({home.zone}),"
        f" for: {made.purpose}" + ("; provisional, no orders follow from it" * provisional),
        f"导出 {made.pk}，{made.by.username}，{at:%Y-%m-%d %H:%M}（{home.zone}），"
        f"用途：{made.purpose}" + ("；临时追踪，不得据此下达管控措施" * provisional),
    )


def _plain(row: Iterable[str]) -> Row:
    return [plain(cell)[:LONGEST] for cell in row]


def _csv(rows: Iterable[Row]) -> Iterator[bytes]:
    """With the mark by which spreadsheets know UTF-8; every cell in quotes."""
    text = io.StringIO()
    text.write(_BOM)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow(row)
        if text.tell() >= _PART:
            yield text.getvalue().encode("utf-8", "replace")
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode("utf-8", "replace")
