"""What the shell itself shows of itself."""

from ringfence.errors import Text
from ringfence_server.shell import Page

PAGES = (
    Page(
        name="inbox",
        text=Text("Inbox", "工作台"),
        sign="inbox",
        about=Text("what waits for you", "待您处理的工作"),
    ),
)
