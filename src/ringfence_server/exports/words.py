"""The words of this part: kinds of lists and forms of files."""

from __future__ import annotations

from ringfence.errors import Text

KINDS: dict[str, Text] = {
    "contacts": Text("contacts of a case", "病例的接触者"),
    "cases": Text("cases", "病例"),
    "tasks": Text("tasks", "任务"),
}
FORMS: dict[str, Text] = {
    "csv": Text("text with commas (.csv)", "逗号分隔文本（.csv）"),
    "xlsx": Text("workbook (.xlsx)", "工作簿（.xlsx）"),
}
