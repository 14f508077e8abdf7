"""Files that a command writes for somebody to read: whole, or not at all."""

from __future__ import annotations

from pathlib import Path

from ringfence.errors import StorageError, UsageError


def check_file(output: Path, option: str) -> None:
    """UsageError: no name of a file. Before anything is asked, so that no work is done in vain."""
    if output.is_dir() or not output.name:
        raise UsageError(f"{option} names a file", f"{option} 应为文件名")


def write_whole(output: Path, content: bytes, option: str) -> None:
    """UsageError: see `check_file`. StorageError: it cannot be written, and is as it was."""
    check_file(output, option)
    part = output.with_name(f".{output.name}.part")
    try:
        part.write_bytes(content)
        part.replace(output)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise StorageError(
            f"{output} cannot be written: {fault.strerror}", f"无法写入 {output}：{fault.strerror}"
        ) from fault
