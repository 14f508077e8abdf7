"""Why a whole file is refused: its form, not its rows. Nothing of it is stored."""

from __future__ import annotations

import codecs

from ringfence.errors import DataError

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_GZIP = b"\x1f\x8b"
_OTHER_ARCHIVES = (_GZIP, b"Rar!", b"7z\xbc\xaf", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"BZh")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def refuse_foreign(head: bytes, file: str) -> None:
    """Refuse what is plainly no text: a workbook, a compressed file, UTF-16."""
    if head.startswith((_ZIP, _OLD_OFFICE)):
        raise DataError(
            f"{file} is a workbook or a ZIP archive, not CSV; save the sheet as CSV (UTF-8)",
            f"{file} 是电子表格或 ZIP 压缩文件，不是 CSV；请将工作表另存为 CSV（UTF-8）",
        )
    if head.startswith(_GZIP):
        raise _compressed(file)
    nuls = head[:200].count(b"\0")
    if head.startswith(_UTF16) or nuls > len(head[:200]) // 3:
        raise DataError(
            f"{file}, row 1: the text is UTF-16, not UTF-8; save it as CSV UTF-8",
            f"{file} 第 1 行：文本编码是 UTF-16 而不是 UTF-8；请另存为 CSV UTF-8",
        )


def refuse_unread(head: bytes, file: str) -> None:
    """Refuse forms that are known and not read."""
    if head.startswith(_OLD_OFFICE):
        raise DataError(
            f"{file} is a workbook of the old form (.xls) or protected by a password; "
            "save it as .xlsx without one",
            f"{file} 是旧格式（.xls）或设有密码的工作簿；请另存为无密码的 .xlsx",
        )
    if head.startswith(_OTHER_ARCHIVES):
        raise _compressed(file)
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise DataError(
            f"{file} is a web page or XML, as some systems export under the name .xls; open it in "
            "a spreadsheet and save it as .xlsx",
            f"{file} 是网页或 XML（有些系统以 .xls 为名导出）；请用表格软件打开后另存为 .xlsx",
        )


def _compressed(file: str) -> DataError:
    return DataError(f"{file} is compressed; unpack it first", f"{file} 是压缩文件；请先解压")


def not_utf8(file: str, row: int, tail: bytes) -> DataError:
    """`tail` is what follows from the first byte that is not UTF-8; it is never shown."""
    en, zh = "", ""
    if _is_gb18030(tail):
        en, zh = "; it looks like GB18030 (GBK)", "；看起来是 GB18030（GBK）编码"
    return DataError(
        f"{file}, row {row}: the text is not UTF-8{en}; save it as CSV UTF-8. Nothing was stored",
        f"{file} 第 {row} 行：文本不是 UTF-8 编码{zh}；请另存为 CSV UTF-8。未保存任何数据",
    )


def not_in_encoding(file: str, row: int, encoding: str, tail: bytes = b"") -> DataError:
    """`tail` is what follows from the first byte that does not fit; it is never shown."""
    en, zh = "the file mixes encodings or is damaged", "文件混用了多种编码或已损坏"
    if encoding == "utf-8" and _is_gb18030(tail):
        en, zh = "it looks like GB18030 (GBK)", "看起来是 GB18030（GBK）编码"
    return DataError(
        f"{file}, row {row}: the text is not {encoding.upper()} from here on; {en}. "
        "Nothing was stored",
        f"{file} 第 {row} 行：从此处起文本不是 {encoding.upper()} 编码；{zh}。未保存任何数据",
    )


def mixed(file: str, row: int) -> DataError:
    return DataError(
        f"{file}, row {row}: this row is UTF-8, those before are GB18030 (GBK); the file mixes "
        "encodings: have it written in one. Nothing was stored",
        f"{file} 第 {row} 行：该行为 UTF-8 编码，而之前各行为 GB18030（GBK）；"
        "文件混用了多种编码，请统一后重新生成。未保存任何数据",
    )


def empty(file: str) -> DataError:
    return DataError(f"{file} is empty: not even a header", f"{file} 是空文件：连表头都没有")


def _is_gb18030(tail: bytes) -> bool:
    line = tail.splitlines()[0] if tail else b""
    for text in (line, line[:-1]):
        try:
            if text and any("\u4e00" <= sign <= "\u9fff" for sign in text.decode("gb18030")):
                return True
        except UnicodeDecodeError:
            continue
    return False


def open_quote(file: str, row: int) -> DataError:
    return DataError(
        f"{file}, row {row}: a quotation mark is opened and not closed on its line, so that "
        "rows run together; close it or remove it. Nothing was stored",
        f"{file} 第 {row} 行：引号没有在本行内闭合，多行连在了一起；请补全或删除引号。"
        "未保存任何数据",
    )


def too_long(file: str, row: int) -> DataError:
    return DataError(
        f"{file}, row {row}: the row does not end within 2 MiB; a line break is missing, or a "
        "quotation mark is not closed. Nothing was stored",
        f"{file} 第 {row} 行：该行超过 2 MiB 仍未结束；可能缺少换行或引号没有闭合。未保存任何数据",
    )


def nothing_fits(file: str, columns: int) -> DataError:
    return DataError(
        f"{file}: more than 100,000 rows close together do not have the header's {columns} values; "
        "check the separator. Nothing was stored",
        f"{file}：十万多行相邻数据的值数与表头的 {columns} 列不符；请检查分隔符。未保存任何数据",
    )


def damaged(file: str) -> DataError:
    return DataError(
        f"{file} is not a whole Parquet file: it is truncated or damaged; "
        "have it written again. Nothing was stored",
        f"{file} 不是完整的 Parquet 文件：文件不完整或已损坏；请重新生成。未保存任何数据",
    )


def changed(file: str) -> DataError:
    return DataError(
        f"{file} changed while it was read; import it again once it is complete. "
        "Nothing was stored",
        f"{file} 在读取过程中发生了变化；请在文件写完后重新导入。未保存任何数据",
    )
