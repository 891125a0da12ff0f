"""Jobs, thin over procrastinate: a plain function becomes work that happens after the answer.

A job is a row in the same PostgreSQL, so `some_job.defer(...)` inside a transaction is part of it: rolled back, it never happened. A job
may run twice (the machine may die between the work and its tick mark), so what it does must bear that.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.utils import timezone
from procrastinate import PsycopgConnector, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.job_context import JobContext
from procrastinate.tasks import Task
from procrastinate.worker import Worker

from indgang.foundation.database import clock

Function = Callable[..., None]
LOOKED_FOR_EVERY = 1.0  # seconds between two looks for a job while there is none; nobody is notified (migrations/0001, ADR 32)


class Job:
    """A function that can be called at once, or deferred to the worker."""

    def __init__(self, function: Function, task: Task[..., None, ...], queueing_lock: str | None) -> None:
        self.function = function
        self._task = task
        self._queueing_lock = queueing_lock
        self.__doc__ = function.__doc__

    def __call__(self, *positional: Any, **arguments: Any) -> None:
        """Do it here and now."""
        self.function(*positional, **arguments)

    def defer(self, *, at: dt.datetime | None = None, **arguments: Any) -> None:
        """Do it soon after this transaction commits, or at the time `at` of the house's clock. Arguments must be plain JSON values.

        When one with the same `queueing_lock` waits already, nothing is added.
        """
        configured = self._task.configure(schedule_at=at and timezone.now() + (at - clock.now()))
        if self._queueing_lock is None:
            configured.defer(**arguments)
            return
        try:
            with transaction.atomic():  # a savepoint: the refused row must not spoil the caller's transaction
                configured.defer(**arguments)
        except AlreadyEnqueued:
            pass


def job(
    *, queue: str = "default", attempts: int = 8, lock: str | None = None, queueing_lock: str | None = None
) -> Callable[[Function], Job]:
    """Make a function a job.

    When it raises, it is tried again after 3 s, 9 s, 27 s, ... up to `attempts` times in all. Jobs with the same `lock` never run at the
    same time; of those with the same `queueing_lock` only one waits.
    """

    def register(function: Function) -> Job:
        retry = RetryStrategy(max_attempts=attempts - 1, exponential_wait=3) if attempts > 1 else False
        task = app.task(name=_name(function), queue=queue, lock=lock, queueing_lock=queueing_lock, retry=retry)(function)
        return Job(function, task, queueing_lock)

    return register


def periodic(cron: str, *, queue: str = "default") -> Callable[[Function], Job]:
    """Make a function without arguments a job that runs by the calendar: `cron` is in UTC.

    A time that was missed because the machine was off is made up for at the next start, once.
    """

    def register(function: Function) -> Job:
        def run(timestamp: int | None = None) -> None:
            function()

        name = _name(function)
        task = app.task(name=name, queue=queue, queueing_lock=name)(run)
        app.periodic(cron=cron)(task)
        return Job(function, task, name)

    return register


def _name(function: Function) -> str:
    return f"{function.__module__}.{function.__qualname__}"


class _SameConnection(DjangoConnector):
    """The worker on this thread's own connection, where Django leaves JSON as text."""

    def execute_query_one(self, query: Any, **arguments: Any) -> dict[str, Any]:
        row = super().execute_query_one(query, **arguments)
        return {key: json.loads(value) if key == "args" and value else value for key, value in row.items()}


def run_due_jobs() -> int:
    """Run the jobs that are due, and those they cause, with the real worker; say how many. For tests.

    They run in this thread on this database connection, so they see what an open test transaction wrote. The first error is raised
    at the end.
    """
    errors: list[Exception] = []
    count = 0

    async def in_this_thread(call_next: Any, context: JobContext, worker: Worker) -> None:
        nonlocal count
        count += 1
        task = context.app.tasks[context.job.task_name]
        try:
            await sync_to_async(task.func)(**context.job.task_kwargs)
        except Exception as error:
            errors.append(error)
            raise

    with app.replace_connector(_SameConnection()) as working:
        usual, working.periodic_defaults = working.periodic_defaults, {"max_delay": -1}  # nothing by the calendar
        try:
            async_to_sync(working.run_worker_async)(
                wait=False, listen_notify=False, install_signal_handlers=False, worker_middleware=[in_this_thread]
            )
        finally:
            working.periodic_defaults = usual
    if errors:
        raise errors[0]
    return count


def bookkeeping() -> PsycopgConnector:
    """The connection on which the worker fetches and ticks off jobs; what a job itself does runs on Django's own.

    It does not wait for the disk. What the machine forgets when it dies is the end of what was written: a job that is not known to have
    been fetched has changed nothing either, and one that is not known to be done runs again, as any may.
    """
    settings = connector_params()
    return PsycopgConnector(kwargs={**settings, "options": f"{settings.get('options') or ''} -c synchronous_commit=off".strip()})


def run_worker() -> None:
    """Work until told to stop (SIGTERM or SIGINT): finish what is under way, then return."""
    with app.replace_connector(bookkeeping()) as working:
        working.run_worker(
            concurrency=2, listen_notify=False, fetch_job_polling_interval=LOOKED_FOR_EVERY, shutdown_graceful_timeout=5, name="indgang"
        )
