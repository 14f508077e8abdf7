"""What the pages around a page show of emergency openings."""

from ringfence.errors import Text
from ringfence_server.glass.waiting import work
from ringfence_server.shell import Page

PAGES = (
    Page(
        name="glass",
        text=Text("Emergency", "紧急查看"),
        sign="glass",
        about=Text(
            "open a case that is not yours, with a reason", "说明理由后查看非本人负责的病例"
        ),
    ),
    Page(
        name="openings",
        text=Text("Openings", "查看复核"),
        sign="eye",
        about=Text("who opened which case in an emergency", "谁在紧急情况下查看了哪些病例"),
    ),
)
WORK = (work,)
