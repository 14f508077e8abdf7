"""What is cleared away each night: jobs long done, sessions long over."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

_KEPT_HOURS = 7 * 24


@app.periodic(cron="20 3 * * *")
@app.task(name="watching.clear_away", queueing_lock="watching.clear_away", pass_context=True)
async def clear_away(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - given to all
    await context.app.job_manager.delete_old_jobs(nb_hours=_KEPT_HOURS, include_failed=True)
    # Sessions end by the real clock, also where the home's is another.
    await Session.objects.filter(expire_date__lt=timezone.now()).adelete()
