import datetime as dt

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from indgang.foundation.jobs import jobs
from indgang.foundation.jobs.work import bookkeeping, job, periodic, run_due_jobs

done: list[str] = []


@job(queueing_lock="tests.note")
def note_once(text: str) -> None:
    done.append(text)


@job(attempts=3)
def note(text: str) -> None:
    done.append(text)
    if text == "first":
        note.defer(text="second")
    if text == "wrong":
        raise ValueError(text)


@periodic("0 4 * * *")
def tidy() -> None:
    done.append("tidy")


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


def states() -> list[tuple[str, int]]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("status", "attempts"))


@pytest.mark.django_db
def test_a_job_runs_and_so_do_the_jobs_it_causes() -> None:
    note.defer(text="first")
    assert (run_due_jobs(), done, states()) == (2, ["first", "second"], [("succeeded", 1), ("succeeded", 1)])


@pytest.mark.django_db(transaction=True)
def test_a_deferred_job_notifies_nobody() -> None:
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.ClientCursor}, autocommit=True) as worker:
        worker.execute("TRUNCATE procrastinate_jobs CASCADE")  # the queue outlives the tests before
        worker.execute("LISTEN procrastinate_any_queue_v1")
        note.defer(text="quietly")
        assert list(worker.notifies(timeout=0.2)) == []
    assert run_due_jobs() == 1


@pytest.mark.django_db(transaction=True)
def test_keeping_the_books_waits_for_no_disk_and_the_work_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGOPTIONS", raising=False)  # with which tests wait for no disk at all

    async def told() -> dict[str, str]:
        books = bookkeeping()
        await books.open_async()
        try:
            return await books.execute_query_one_async("SHOW synchronous_commit")
        finally:
            await books.close_async()

    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.ClientCursor}) as working:
        row = working.execute("SHOW synchronous_commit").fetchone()
    assert (async_to_sync(told)(), row) == ({"synchronous_commit": "off"}, ("on",))


@pytest.mark.django_db
def test_a_job_goes_with_its_transaction() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        note.defer(text="never")
        raise RuntimeError
    assert (run_due_jobs(), done) == (0, [])


@pytest.mark.django_db
def test_of_jobs_with_one_queueing_lock_only_one_waits() -> None:
    with transaction.atomic():
        note_once.defer(text="a")
        note_once.defer(text="b")
        note.defer(text="c")
    assert (run_due_jobs(), done) == (2, ["a", "c"])


@pytest.mark.django_db
def test_a_job_that_fails_waits_for_another_try_and_the_test_hears_of_it() -> None:
    note.defer(text="wrong")
    with pytest.raises(ValueError, match="wrong"):
        run_due_jobs()
    assert states() == [("todo", 1)]


@pytest.mark.django_db
def test_a_job_for_later_is_not_due_now() -> None:
    note.defer(at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), text="later")
    assert (run_due_jobs(), states()) == (0, [("todo", 0)])


@pytest.mark.django_db
def test_the_time_of_a_job_is_by_the_clock_of_the_house(settings) -> None:
    settings.CLOCK_STARTS_AT = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
    note.defer(at=dt.datetime(2031, 1, 1, tzinfo=dt.UTC), text="now")
    assert (run_due_jobs(), done) == (1, ["now"])


@pytest.mark.django_db
def test_periodic_work_can_also_be_asked_for() -> None:
    tidy.defer()
    tidy.defer()
    assert (run_due_jobs(), done) == (1, ["tidy"])
    assert [task.cron for (name, _), task in app.periodic_registry.periodic_tasks.items() if name.endswith("test_work.tidy")] == [
        "0 4 * * *"
    ]


@pytest.mark.django_db
def test_a_job_whose_worker_vanished_is_done_again() -> None:
    note.defer(text="again")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    jobs.rescue_stalled_jobs()
    assert (run_due_jobs(), done) == (1, ["again"])


@pytest.mark.django_db
def test_finished_jobs_are_removed_after_thirty_days_and_no_sooner() -> None:
    for days in (29, 31):
        note.defer(text=str(days))
    run_due_jobs()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(days => (j.args->>'text')::int)"
            " FROM procrastinate_jobs j WHERE j.id = job_id"
        )
    jobs.remove_old_jobs()
    assert [job.args["text"] for job in ProcrastinateJob.objects.all()] == ["29"]
