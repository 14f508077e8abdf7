"""Which layouts there are: those of this release, and the home's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import ringfence
from ringfence.errors import DataError, StorageError
from ringfence.rides.layout_reading import read_layout
from ringfence.rides.layouts import Layout


def shipped_folder() -> Path:
    """Inside the installed package, or in the checkout."""
    package = Path(ringfence.__file__).resolve().parent
    for place in (package / "shipped" / "layouts", package.parents[1] / "layouts"):
        if place.is_dir():
            return place
    raise StorageError(
        "the seat layouts that come with ringfence are missing; install it again",
        "缺少随软件提供的座位布局；请重新安装",
    )


def layouts(own: Path | None = None) -> Mapping[str, Layout]:
    """By id. DataError: two of one id; a file that cannot be meant so."""
    found = dict(_shipped())
    if own is None or not own.is_dir():
        return found
    for path in sorted(own.glob("*.yaml")):
        layout = read_layout(path)
        if layout.id in found:
            raise DataError(
                f"{path}: there is a layout {layout.id} already; give it another id",
                f"{path}：布局 {layout.id} 已存在；请改用其他编号",
            )
        found[layout.id] = layout
    return found


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Layout]:
    read = [read_layout(path) for path in sorted(shipped_folder().glob("*.yaml"))]
    return {layout.id: layout for layout in read}
