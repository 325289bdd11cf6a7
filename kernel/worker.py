"""The nudge to the worker: truth is a row in the database, the queue only makes it quicker.

A task is named, not imported: `operations` stand below `tasks`, which call them.
"""

import contextlib

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis import RedisError

from kernel import request_ids


def nudge(task, *numbers, countdown=None):
    """Ask the worker to start `task` ("app.tasks.name"); returns whether the queue took it.

    `numbers` are primary keys (int) and nothing else: the queue is readable in Redis, so what is personal is
    looked up by the worker. A lost nudge costs no more than the time until the periodic sweep of the same work.
    Raises TypeError.
    """
    if not all(isinstance(number, int) for number in numbers):
        raise TypeError(f"a nudge hands on primary keys alone: {task}")
    with contextlib.suppress(OperationalError, RedisError):
        current_app.send_task(
            task,
            numbers,
            countdown=countdown,
            ignore_result=True,
            retry=False,
            headers={"request_id": request_ids.current()},
        )
        return True
    return False


def nudge_on_commit(task, *numbers):
    """Nudge once the surrounding transaction has committed, so that the worker finds its rows."""
    transaction.on_commit(lambda: nudge(task, *numbers), robust=True)
