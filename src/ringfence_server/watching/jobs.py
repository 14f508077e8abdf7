"""What is cleared away each hour: jobs long done, sessions long over."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

_DONE_HOURS = 24
_FAILED_HOURS = 7 * 24


@app.periodic(cron="20 * * * *")
@app.task(name="watching.clear_away", queueing_lock="watching.clear_away", pass_context=True)
async def clear_away(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - given to all
    jobs = context.app.job_manager
    await jobs.delete_old_jobs(nb_hours=_DONE_HOURS)
    await jobs.delete_old_jobs(
        nb_hours=_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
    # Sessions end by the real clock, also where the home's is another.
    await Session.objects.filter(expire_date__lt=timezone.now()).adelete()
