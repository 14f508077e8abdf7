"""Receipts as tables: what became of every row, and the first rows that were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from ringfence.cli.options import Context
from ringfence.errors import Text

if TYPE_CHECKING:
    from ringfence.lake import ImportReceipt, Receipt

_SHOWN_REJECTS = 20
_SHOWN_DRY = 100
"""Of a dry run all that a receipt holds: nothing is kept to look at later."""
_SHOWN_SHEETS = 12
_COUNTS: tuple[tuple[str, Text], ...] = (
    ("rows_in", Text("rows in", "读入行数")),
    ("created", Text("created", "新增")),
    ("updated", Text("updated", "更新")),
    ("unchanged", Text("unchanged", "未变")),
    ("merged", Text("merged with other sources", "与其他来源合并")),
    ("quarantined", Text("quarantined", "隔离待查")),
    ("purged", Text("purged before", "此前已清除")),
)


def show_any_receipt(context: Context, receipt: Receipt | ImportReceipt) -> None:
    from ringfence.lake import ImportReceipt

    if isinstance(receipt, ImportReceipt):
        _show_import(context, receipt)
    else:
        _show_delivery(context, receipt)


def _show_delivery(context: Context, receipt: Receipt) -> None:
    console = context.console()
    console.print(escape(context.say(_headline(receipt))))
    counts = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    counts.add_column(justify="right")
    counts.add_column()
    content = receipt.as_json()
    for name, label in _COUNTS:
        if content[name] or name in ("rows_in", "created", "quarantined"):
            counts.add_row(f"{content[name]:,}", context.say(label))
    if receipt.told:
        told = Text("statements of identity, in the vault", "条身份信息，存入保险库")
        counts.add_row(f"{receipt.told:,}", context.say(told))
    if receipt.unresolved:
        counts.add_row(f"{receipt.unresolved:,}", context.say(_unresolved(receipt)))
    console.print(counts)
    if receipt.unread:
        console.print(escape(context.say(unread_sheets(receipt.unread, _OF_A_TABLE))))
    if receipt.open_end:
        console.print(context.say(OPEN_END))
    _show_rejects(context, receipt)


def _unresolved(receipt: Receipt | ImportReceipt) -> Text:
    people, places = receipt.unresolved_subjects, receipt.unresolved_places
    return Text(
        f"not described yet ({people:,} subjects, {places:,} places): no row of `subject` or "
        "`place`",
        f"尚无资料（{people:,} 名人员，{places:,} 个场所）：subject 或 place 表中没有相应的行",
    )


def _show_rejects(context: Context, receipt: Receipt | ImportReceipt) -> None:
    if receipt.rejects:
        context.console().print(_rejects(context, receipt))
    shown = {reject.row for reject in receipt.rejects[: _shown(receipt)]}
    left = receipt.quarantined - len(shown)
    if left > 0 and receipt.dry_run:
        kept = Text(
            f"… and {left:,} more rows: a dry run keeps no row. The import does, and its receipt "
            "says how they are listed",
            f"……另有 {left:,} 行：试运行不保存任何行；正式导入后，回执会说明如何查看",
        )
        context.console().print(context.say(kept))
    elif left > 0:
        more = Text(
            f"… and {left:,} more rows; `ringfence quarantine list {receipt.batch[:12]}` "
            "lists them",
            f"……另有 {left:,} 行；可用 `ringfence quarantine list {receipt.batch[:12]}` 查看",
        )
        context.console().print(context.say(more))


def _shown(receipt: Receipt | ImportReceipt) -> int:
    return _SHOWN_DRY if receipt.dry_run else _SHOWN_REJECTS


def _headline(receipt: Receipt) -> Text:
    batch = receipt.batch[:12]
    if receipt.dry_run:
        return Text(
            f"Dry run of {receipt.file} as {receipt.table}: nothing was stored.",
            f"试运行：{receipt.file} → {receipt.table}，未保存任何数据。",
        )
    if receipt.replayed:
        return Text(
            f"{receipt.file} was imported before (batch {batch}); nothing changed. Its receipt:",
            f"{receipt.file} 此前已导入（批次 {batch}），未作任何更改。当时的回执：",
        )
    return Text(
        f"Imported {receipt.file} as {receipt.table} from {receipt.source}: batch {batch}, "
        f"sequence {receipt.sequence}.",
        f"已导入 {receipt.file} → {receipt.table}（来源 {receipt.source}）：批次 {batch}，"
        f"序号 {receipt.sequence}。",
    )


def _rejects(context: Context, receipt: Receipt | ImportReceipt) -> Table:
    from ringfence.lake.lineage import told_place

    shown = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (
        Text("file", "文件"),
        Text("row", "行"),
        Text("field", "字段"),
        Text("reason", "原因"),
    ):
        shown.add_column(context.say(heading), overflow="fold")
    for reject in receipt.rejects[: _shown(receipt)]:
        file, row = told_place(receipt.file, receipt.parts, reject.row)
        field = reject.field or context.say(Text("(row)", "（整行）"))
        shown.add_row(escape(file), str(row), escape(field), escape(context.say(reject.reason)))
    return shown


def _show_import(context: Context, receipt: ImportReceipt) -> None:
    console = context.console()
    console.print(escape(context.say(_import_headline(receipt))))
    counts = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    counts.add_column(justify="right")
    counts.add_column()
    counts.add_row(f"{receipt.rows_in:,}", context.say(Text("rows in", "读入行数")))
    counts.add_row(f"{receipt.accepted:,}", context.say(Text("accepted", "接收")))
    for skip in receipt.skips:
        skipped = Text(f"skipped: {skip.reason.en}", f"跳过：{skip.reason.zh}")
        counts.add_row(f"{skip.rows:,}", escape(context.say(skipped)))
    counts.add_row(f"{receipt.quarantined:,}", context.say(Text("quarantined", "隔离待查")))
    for column, rows in receipt.emptied.items():
        left_out = Text(f"wrong values left out: {column}", f"错误值已留空：{column}")
        if " + " in column:
            left_out = Text(
                f"wrong values and days without a time of day left out: {column}",
                f"错误值及缺少时刻的日期已留空：{column}",
            )
        counts.add_row(f"{rows:,}", escape(context.say(left_out)))
    told = Text("statements of identity, in the vault", "条身份信息，存入保险库")
    counts.add_row(f"{receipt.told:,}", context.say(told))
    if receipt.unresolved:
        counts.add_row(f"{receipt.unresolved:,}", context.say(_unresolved(receipt)))
    console.print(counts)
    if receipt.unread:
        console.print(escape(context.say(unread_sheets(receipt.unread, _OF_A_CHANNEL))))
    if receipt.open_end:
        console.print(context.say(OPEN_END))
    console.print(_tables(context, receipt))
    _show_rejects(context, receipt)


OPEN_END = Text(
    "The last line ends without a line break. Many files do; but if the stream was cut, its last "
    "row is not whole: compare it with what was sent.",
    "最后一行末尾没有换行符。许多文件如此；但若数据流曾中断，最后一行可能不完整：请与发送方核对。",
)
_OF_A_TABLE = Text(
    "A canonical file is one table: save those that hold rows as files of their own.",
    "规范文件只含一张表：若其中有数据，请另存为单独的文件后导入。",
)
_OF_A_CHANNEL = Text(
    'If rows of this channel are in them, give the mapping\'s form `sheet: "*"` and the same '
    "header to each.",
    '若其中有该渠道的数据，请在映射的 form 中写 sheet: "*"，并使各表表头一致。',
)


def unread_sheets(sheets: tuple[str, ...], advice: Text) -> Text:
    some, more = sheets[:_SHOWN_SHEETS], len(sheets) - _SHOWN_SHEETS
    count = "1 sheet was" if len(sheets) == 1 else f"{len(sheets):,} sheets were"
    rest = f" and {more:,} more" if more > 0 else ""
    return Text(
        f"{count} not read: {', '.join(some)}{rest}. {advice.en}",
        f"有 {len(sheets):,} 个工作表未读取：{'、'.join(some)}{' 等' if more > 0 else ''}。"
        f"{advice.zh}",
    )


def _tables(context: Context, receipt: ImportReceipt) -> Table:
    shown = Table(box=None, padding=(0, 2, 0, 0))
    shown.add_column(context.say(Text("table", "数据表")))
    for heading in (
        Text("records", "记录"),
        Text("created", "新增"),
        Text("updated", "更新"),
        Text("unchanged", "未变"),
        Text("merged", "合并"),
        Text("purged before", "此前已清除"),
    ):
        shown.add_column(context.say(heading), justify="right")
    for t in receipt.tables:
        figures = (t.rows, t.created, t.updated, t.unchanged, t.merged, t.purged)
        shown.add_row(t.table, *(f"{figure:,}" for figure in figures))
    return shown


def _import_headline(receipt: ImportReceipt) -> Text:
    batch = receipt.batch[:12]
    if receipt.dry_run:
        return Text(
            f"Dry run of {receipt.file} through {receipt.mapping}: nothing was stored.",
            f"试运行：{receipt.file}（映射 {receipt.mapping}），未保存任何数据。",
        )
    if receipt.replayed:
        return Text(
            f"{receipt.file} was imported before (batch {batch}); nothing changed. Its receipt:",
            f"{receipt.file} 此前已导入（批次 {batch}），未作任何更改。当时的回执：",
        )
    return Text(
        f"Imported {receipt.file} through {receipt.mapping} from {receipt.source}: batch {batch}, "
        f"sequence {receipt.sequence}.",
        f"已导入 {receipt.file}（映射 {receipt.mapping}，来源 {receipt.source}）：批次 {batch}，"
        f"序号 {receipt.sequence}。",
    )
