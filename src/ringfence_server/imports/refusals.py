"""Why a file was not taken."""

from __future__ import annotations

from ringfence.errors import DataError, NotAllowed, StorageError, Text

_GIGABYTE = 1 << 30


class TooLarge(DataError):
    status = 413

    def __init__(self, most: int) -> None:
        size = most // _GIGABYTE
        super().__init__(
            f"a file has {size} GB at most: split it, each part with the header of the whole",
            f"文件最大 {size} GB：请拆分后导入，每个文件都应有表头",
        )


class TooMany(NotAllowed):
    status = 409
    word = "too-many"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} files of this account are under way: let one of them end first",
            f"此账户已有 {most} 个文件正在导入：请等待其中一个完成",
        )


class Elsewhere(DataError):
    """The part does not begin where the file that is here ends."""

    status = 409

    def __init__(self, received: int) -> None:
        super().__init__(
            f"{received} bytes of the file are here: go on from there",
            f"已收到 {received} 字节：请从该处继续",
        )


class NoRoom(StorageError):
    def __init__(self) -> None:
        super().__init__(
            "the server's disk has no room for this file: tell its operator",
            "服务器磁盘空间不足，无法接收此文件：请联系运维人员",
        )


OTHER_BYTES = Text(
    "the file arrived otherwise than it was read before it was sent: send it again",
    "收到的文件与发送前读取的不一致：请重新上传",
)
NEVER_WHOLE = Text(
    "the file was not sent to its end within a day: send it again",
    "文件未在一天内上传完毕：请重新上传",
)
SORRY = Text(
    "The import failed by a fault of the program; it has been written down.",
    "程序出错，导入未完成；错误已记录。",
)
