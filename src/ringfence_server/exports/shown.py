"""What the pages around a page show of exports."""

from ringfence.errors import Text
from ringfence_server.shell import Page

PAGES = (
    Page(
        name="exports",
        text=Text("Exports", "导出记录"),
        sign="out",
        about=Text("which lists left the console, and what for", "哪些名单已导出、用途为何"),
    ),
)
