"""What commands of the server share: which deployment is meant, and whether its parts are here."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import make_context
from ringfence.errors import NotFound

if TYPE_CHECKING:
    from ringfence_server.deployment.reading import Deployment

DeploymentOption = Annotated[
    Path | None,
    typer.Option(
        "--deployment",
        metavar="FILE",
        help=said(
            "The server's deployment file. [default: RINGFENCE_SERVER]",
            "服务器的部署文件。[默认：RINGFENCE_SERVER]",
        ),
    ),
]
_PARTS = ("django", "allauth", "granian", "procrastinate", "psycopg", "whitenoise")


def need_parts() -> None:
    """NotFound: the command line is here, and the server's parts are not."""
    if missing := [name for name in _PARTS if find_spec(name) is None]:
        raise NotFound(
            f"the parts of the server are not installed ({missing[0]} is missing):"
            " pip install 'ringfence[server]'",
            f"未安装服务器组件（缺少 {missing[0]}）：请运行 pip install 'ringfence[server]'",
        )


def prepared(file: Path | None, lang: str | None) -> Deployment:
    """The deployment, with Django set up for it."""
    make_context(None, None, False, lang)
    need_parts()
    from ringfence_server.running.preparing import prepare

    return prepare(file)
