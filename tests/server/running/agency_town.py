"""Accounts of a deployment for the work between agencies; prints a token of each, by user name."""

from __future__ import annotations

import json
import sys

from django.db import transaction

from ringfence_server.running.preparing import prepare

STAFF = (
    ("analyst", "data_analyst", "0001"),
    ("stranger", "data_analyst", "000102"),
    ("chief", "supervisor", "0001"),
    ("leaver", "data_analyst", "0001"),
)

if __name__ == "__main__":
    prepare(None)
    from tests.server.cases.town import settled
    from tests.server.homes import NOON
    from tests.server.tasks.loop import with_second_factor

    from ringfence_server.api.actions import make, revoke
    from ringfence_server.api.scopes import SCOPES
    from ringfence_server.deployment.here import now

    with transaction.atomic():
        town, tokens = settled(), {}
        for name, role, unit in STAFF:
            by = town.staff(name, role, unit, NOON)
            scopes = sorted(SCOPES.keys() & by.rights)
            with_second_factor(by)
            tokens[name] = make(name="command line", scopes=scopes, days=30, by=by, at=now())
        revoke(key=tokens["leaver"].token.pk, by=by, at=now())
    json.dump({name: one.secret for name, one in tokens.items()}, sys.stdout)
