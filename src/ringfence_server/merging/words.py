"""The words of this part."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.errors import Text

UNDER_WAY = ("waiting", "running")
STATES = (*UNDER_WAY, "done", "failed")
ACTS = ("merge", "split", "undo")
"""What is done in the home."""
LEFT = "left"
KINDS: Mapping[str, Text] = {
    "merge": Text("one person", "合并为同一人"),
    "split": Text("split off", "拆分"),
    "undo": Text("undone", "取消"),
    LEFT: Text("stays as it is", "维持现状"),
}
