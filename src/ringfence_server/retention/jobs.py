"""The nightly purge, of the database and of the home. The hour is the machine's, in UTC."""

from __future__ import annotations

from procrastinate.contrib.django import app

from ringfence.operations.purging import purge_home
from ringfence.protocols.catalogue import load_all
from ringfence_server.deployment.here import home, now
from ringfence_server.retention.purging import BY, purge_database

DATABASE = "retention.database"
HOME = "retention.home"


@app.periodic(cron="10 18 * * *")
@app.task(name=DATABASE, queueing_lock=DATABASE)
def purge_rows(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    purge_database(home(), at=now())


@app.periodic(cron="40 18 * * *")
@app.task(name=HOME, queueing_lock=HOME)
def purge_movements(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    served = home()
    protocols = [file.protocol for file in load_all(served.protocols)]
    purge_home(served, protocols=protocols, by=BY, now=now())
