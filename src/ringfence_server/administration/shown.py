"""What the navigation shows of these pages."""

from ringfence.errors import Text
from ringfence_server.shell import Page

PAGES = (
    Page(
        name="accounts",
        text=Text("Accounts", "账户"),
        sign="people",
        about=Text("who may sign in, and with which role", "谁可以登录、担任何种角色"),
    ),
    Page(
        name="units",
        text=Text("Jurisdictions", "管辖区划"),
        sign="tree",
        about=Text("the tree of units", "各级单位"),
    ),
)
