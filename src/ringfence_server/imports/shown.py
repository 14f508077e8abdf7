"""What the navigation shows of imports."""

from ringfence.errors import Text
from ringfence_server.shell import Page

PAGES = (
    Page(
        name="imports",
        text=Text("Imports", "数据导入"),
        sign="imports",
        about=Text(
            "files that you sent by the command line, and what became of them",
            "您用命令行上传的文件及其处理结果",
        ),
    ),
)
