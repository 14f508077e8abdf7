"""Writes docs/reference/roles.md from the roles' file; `--check` only tells of drift."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from ringfence_server.accounts.rights import RIGHTS, WITH_SECOND_FACTOR
from ringfence_server.accounts.roles import kept_apart, roles
from scripts.records_reference import grid

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "roles.md"
REACHES = {
    "jurisdiction": "all cases of the unit and below · 本单位及下级的全部病例",
    "assigned": "cases assigned to the account or its team · 分派给本人或本组的病例",
    "none": "no case · 不涉及病例",
}
INTRODUCTION = """\
# Roles and rights 角色与权限

Generated from `src/ringfence_server/accounts/roles.yaml` and `rights.py` by `make docs`; edit
there.

A role is held at a unit of the tree of jurisdictions, and gives its rights for that unit and all
below it. An account may hold several roles, unless one of them is kept apart from another. Rights
are read anew at every request: one that is taken away is gone at once. What no right is named for
is refused to everybody.

角色在某一管辖单位上担任，其权限及于该单位及全部下级。一个账户可担任多个角色，但互斥的角色不得由
同一人兼任。每次请求都重新核对权限：收回后立即失效；未注明权限的操作一律拒绝。
"""
APART = """\
Nobody holds the role before the colon together with one after it, at whatever unit: who gives
rights, and who watches over their use, has none in cases.

冒号前的角色与其后的角色不论在哪个单位，均不得由同一人兼任：授予权限者与监督权限者不参与病例工作。
"""
FACTOR = """\
A role with one of the rights marked * signs in with a second factor, a code of an app on the
telephone. Accounts of such a role reach no page before they have set it up.

凡含带 * 权限的角色，登录时须使用第二重验证（手机验证器应用的验证码）；未设置前不能打开任何页面。
"""


def lines() -> Iterator[str]:
    known = roles()
    yield INTRODUCTION
    yield "## Roles 角色"
    yield ""
    yield from grid(
        ("role", "name", "名称", "cases 病例范围", "second factor 第二重验证"),
        (
            (
                f"`{role.key}`",
                role.name.en,
                role.name.zh,
                REACHES[role.reach],
                "yes 是" if role.needs_second_factor else "",
            )
            for role in known.values()
        ),
    )
    yield "## Rights 权限"
    yield ""
    yield from grid(
        ("right", "meaning", "含义", *(role.name.en for role in known.values())),
        (
            (
                f"`{right}`{' *' if right in WITH_SECOND_FACTOR else ''}",
                text.en,
                text.zh,
                *("✓" if right in role.rights else "" for role in known.values()),
            )
            for right, text in RIGHTS.items()
        ),
    )
    yield FACTOR
    yield "## Kept apart 互斥角色"
    yield ""
    yield APART
    for role in known.values():
        others = [other for other in known.values() if kept_apart(role, other)]
        if others and role.apart_from:
            en = ", ".join(other.name.en for other in others)
            zh = "、".join(other.name.zh for other in others)
            yield f"- {role.name.en} {role.name.zh}: {en} · {zh}"


def page() -> str:
    return "\n".join(lines()).rstrip("\n") + "\n"


def main(arguments: list[str]) -> int:
    text = page()
    if "--check" not in arguments:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print("docs/reference/roles.md has drifted from the roles: run `make docs`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
