"""Accounts of a deployment, made in a process of its own; prints a token of its analyst."""

from __future__ import annotations

import sys

from django.db import transaction

from ringfence_server.running.preparing import prepare

if __name__ == "__main__":
    prepare(None)
    from tests.server.cases.town import settled
    from tests.server.homes import NOON

    from ringfence_server.api.actions import make
    from ringfence_server.deployment.here import now

    with transaction.atomic():
        analyst = settled().staff("analyst", "data_analyst", "0001", NOON)
        scopes = ["case.read", "trace.run", "lake.import", "identity.settle"]
        made = make(name="command line", scopes=scopes, days=30, by=analyst, at=now())
    sys.stdout.write(made.secret)
