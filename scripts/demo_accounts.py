"""Tables, units and accounts of the demo's server: `make CITY`, and `code NAME`.

One account for each role. Their passwords are drawn anew, count as changed already, and are written
down beside the server: its people are invented, and only this machine's browser reaches it. Roles
that need a second factor have one; `code` is what the app would show.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import duckdb
from bench.deliveries import deliveries

from ringfence.errors import Text
from ringfence_server.running.preparing import prepare

_OPERATOR = "demo"
_LEVELS = {"investigator": "district", "clinician": "district", "grid_worker": "grid"}
"""Where a role is held; the others at the city."""
GRIDS = """
SELECT grid FROM read_parquet(?) JOIN read_parquet(?) USING (subject)
WHERE "case" = 'C000001' GROUP BY grid ORDER BY count(*) DESC, grid
"""
_HEADS = (Text("role", "角色"), Text("user name", "用户名"), Text("password", "密码"))
_CODE = Text(
    "Roles marked * ask for a code too: make demo-code ACCOUNT=supervisor",
    "标 * 的角色还需验证码：make demo-code ACCOUNT=supervisor",
)


def main(file: Path, act: str, word: str) -> int:
    prepare(file)
    if act == "code":
        return _code(word)
    from ringfence_server.deployment.here import now
    from ringfence_server.running import migrating

    migrating.migrate()
    at = now()
    _load_units(Path(word), at)
    listed = file.with_name("accounts.txt")
    listed.touch(mode=0o600)
    listed.write_text(_table(_accounts(Path(word), at)), encoding="utf-8")
    return 0


def _load_units(city: Path, at: datetime) -> None:
    from ringfence_server.access.operator import Operator
    from ringfence_server.jurisdictions.actions import load

    for one in deliveries(city):
        if one.table == "jurisdiction" and not one.mapping:
            with one.path.open("rb") as file:
                load(file=file, name=one.path.name, by=Operator(_OPERATOR), at=at)


def _accounts(city: Path, at: datetime) -> list[tuple[str, str, str]]:
    """Role in both languages, user name, password."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from ringfence_server.access.operator import Operator
    from ringfence_server.accounts.actions import make_account
    from ringfence_server.accounts.first_passwords import draw
    from ringfence_server.accounts.roles import roles

    rows = []
    for key, role in roles().items():
        fields = {
            "username": key,
            "name": role.name.zh,
            "role": key,
            "unit": _unit(city, _LEVELS.get(key, "city")),
            "language": "zh",
        }
        made = make_account(fields=fields, by=Operator(_OPERATOR), at=at, draw=draw)
        made.user.first_password = False
        made.user.save(update_fields=["first_password"])
        if role.needs_second_factor:
            TOTP.activate(made.user, generate_totp_secret())
        star = "*" if role.needs_second_factor else ""
        rows.append((f"{role.name.en} · {role.name.zh}{star}", key, made.password))
    return rows


def _unit(city: Path, level: str) -> str:
    """Of grids, the one where most contacts of the first case live."""
    from ringfence_server.jurisdictions.models import Unit

    if level == "grid":
        answers = city / "answers"
        files = [str(answers / "contact.parquet"), str(answers / "subject" / "*.parquet")]
        for (grid,) in duckdb.execute(GRIDS, files).fetchall():
            if Unit.objects.filter(code=grid).exists():
                return str(grid)
    return Unit.objects.filter(level=level).order_by("code")[0].code


def _table(rows: list[tuple[str, str, str]]) -> str:
    head = tuple(f"{text.en} · {text.zh}" for text in _HEADS)
    lines = [f"{name:<20}{password:<24}{role}" for role, name, password in rows]
    role, name, password = head
    return "\n".join([f"{name:<17}{password:<22}{role}", *lines, "", _CODE.en, _CODE.zh, ""])


def _code(username: str) -> int:
    """The code of this moment; there is none for a role without a second factor."""
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth

    from ringfence_server.accounts.models import User

    factor = Authenticator.objects.filter(
        user__username=username, type=Authenticator.Type.TOTP
    ).first()
    if not User.objects.filter(username=username).exists():
        names = ", ".join(User.objects.order_by("pk").values_list("username", flat=True))
        print(f"{username}: no such account; there are · 没有此账户，现有：{names}")
        return 1
    if factor is None:
        print(f"{username}: no second factor · 无需第二重验证")
        return 1
    secret = get_adapter().decrypt(factor.data["secret"])
    near = list(auth.yield_hotp_counters_from_time())
    print(auth.format_hotp_value(auth.hotp_value(secret, near[len(near) // 2])))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
