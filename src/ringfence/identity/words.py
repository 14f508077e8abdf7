"""What speaks against one person, and kinds of acts, as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.errors import Text

DISPUTES: Mapping[str, Text] = {
    "birth_date": Text("dates of birth differ", "出生日期不一致"),
    "sex": Text("sexes differ", "性别不一致"),
    "name": Text("names are far from each other", "姓名相差较大"),
    "numbers": Text("somebody bears two checked numbers", "有人对应两个有效证件号码"),
    "unchecked": Text(
        "the number has no check character, and a name is missing", "号码无校验码且缺少姓名"
    ),
    "apart": Text("somebody said that these are not the same", "此前已认定不是同一人"),
}
"""See `planning.Conflict`."""
ACTS: Mapping[str, Text] = {
    "link": Text("link", "关联"),
    "merge": Text("merge", "合并"),
    "split": Text("split", "拆分"),
    "undo": Text("undo", "取消"),
}
"""See `store.Act`."""
