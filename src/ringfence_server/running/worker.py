"""The worker process: takes jobs from the database, one after the other in each of its threads."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from ringfence_server.deployment.logs import fault, tell

_MOST_ATTEMPTS = 5
"""A job that has ended that many workers is given up, and counted as failed."""


@dataclass(frozen=True)
class Pace:
    """In seconds. `beat`: between signs of life. `silence`: after so long without one a worker is
    taken for dead, and another does its jobs. `lost`: a database that has given no connection for
    so long is lost. `again`: until a lost one is tried again.
    """

    beat: float = 10
    silence: float = 30
    lost: float = 30
    again: float = 2


def work(pace: Pace | None = None, *, jobs_at_once: int = 2) -> int:
    """Work until SIGTERM; jobs under way are finished first. The exit code."""
    tell("worker_begins", jobs_at_once=jobs_at_once)
    asyncio.run(_until_told(pace or Pace(), jobs_at_once))
    tell("worker_ends")
    return 0


async def _until_told(pace: Pace, jobs_at_once: int) -> None:
    """A worker whose database is gone ends; another begins when it is there again."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    while not stop.is_set():
        working = asyncio.create_task(_work(pace, jobs_at_once))
        told = asyncio.create_task(stop.wait())
        await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        (ended,) = await asyncio.gather(working, return_exceptions=True)
        if not stop.is_set():
            if isinstance(ended, BaseException):
                fault("worker_lost", ended)
            else:
                tell("worker_lost")
            await asyncio.wait({told}, timeout=pace.again)
        told.cancel()


async def _work(pace: Pace, jobs_at_once: int) -> None:
    # Broken ones would be used again for ever: nobody else looks after this thread's.
    await sync_to_async(close_old_connections)()
    # Jobs that a job gives stay in Django's own connection, and so in its transaction.
    connector = PsycopgConnector(kwargs=connector_params(), timeout=pace.lost)
    app = django_app.with_connector(connector)
    async with app.open_async():
        taking_up = asyncio.create_task(_take_up(app, pace))
        try:
            await app.run_worker_async(
                concurrency=jobs_at_once,
                install_signal_handlers=False,
                update_heartbeat_interval=pace.beat,
                stalled_worker_timeout=pace.silence,
            )
        finally:
            taking_up.cancel()
            await asyncio.gather(taking_up, return_exceptions=True)


async def _take_up(app: App, pace: Pace) -> None:
    """Jobs of a worker that died are done again; a job is written so that this is safe."""
    jobs = app.job_manager
    while True:
        try:
            for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=pace.silence):
                tell(await _taken_up(jobs, job), task=job.task_name)
        except ConnectorException as lost:  # another worker was quicker, or the database is gone
            fault("job_not_taken_up", lost)
        await asyncio.sleep(pace.beat)


async def _taken_up(jobs: JobManager, job: Job) -> str:
    """What became of it."""
    if job.attempts >= _MOST_ATTEMPTS:
        await jobs.finish_job(job, Status.FAILED, delete_job=False)
        return "job_given_up"
    try:
        await jobs.retry_job(job)
    except UniqueViolation:  # of those that wait once, one waits since and does the same work
        await jobs.finish_job(job, Status.ABORTED, delete_job=True)
        return "job_left_to_the_next"
    return "job_taken_up"
