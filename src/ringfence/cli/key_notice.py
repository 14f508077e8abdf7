"""Where the keys lie, told when the first identity comes in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ringfence.cli.options import Context
from ringfence.errors import Text

if TYPE_CHECKING:
    from ringfence.lake import Home


@contextmanager
def key_notice(context: Context, home: Home) -> Iterator[None]:
    """On standard error, so that an answer that is read by a program stays as it is."""
    from ringfence.audit import key_named
    from ringfence.vault import has_vault, open_vault

    there_was = has_vault(home)
    yield
    if there_was or not has_vault(home):
        return
    with open_vault(home) as vault:
        key = vault.master_key
    signing = key_named("*")
    told = Text(
        f"A vault was made for what identifies people. Its master key is {key}: keep a copy of "
        "it apart from this machine; without it no name can be read any more. The key that signs "
        f"the audit is {signing}, made with the first act that is audited: copy it too.",
        f"已为身份信息创建保险库。主密钥为 {key}：请在本机之外另存一份；丢失后将无法读取任何姓名。"
        f"审计签名密钥为 {signing}，在首次记入审计的操作时生成：也请另存一份。",
    )
    print(context.say(told), file=sys.stderr)  # noqa: T201
