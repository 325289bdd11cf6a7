"""One id from the proxy through the log to the worker."""

import json
import logging
import re

import pytest
from django.conf import settings
from redis import Redis

from kernel import request_ids, worker
from kernel.logs import LineFormatter
from liangjiang.celery import app

ID = "0f3c2d1e-aaaa-bbbb-cccc-0123456789ab"


@pytest.fixture(autouse=True)
def _clean():
    yield
    request_ids.begin("")


def test_each_answer_has_an_id_of_its_own(client):
    first, second = (client.get("/nowhere/").headers["X-Request-Id"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first != second


@pytest.mark.parametrize(
    ("proxies", "sent", "is_taken"),
    [
        (1, ID, True),
        (0, ID, False),
        (1, "short", False),
        (1, "x\r\nline: two", False),
        (1, "", False),
    ],
)
def test_only_our_proxys_id_is_believed(client, settings, proxies, sent, is_taken):
    settings.TRUSTED_PROXIES = proxies
    answer = client.get("/nowhere/", headers={"x-request-id": sent}).headers["X-Request-Id"]
    assert (answer == ID) is is_taken


def test_a_line_of_the_log_carries_it():
    request_ids.begin(ID)
    line = LineFormatter("{request_id} {message}", style="{").format(
        logging.makeLogRecord({"msg": "hello"})
    )
    assert line == f"{ID} hello"
    request_ids.begin("")
    line = LineFormatter("{request_id} {message}", style="{").format(
        logging.makeLogRecord({"msg": "hello"})
    )
    assert line == "- hello"


def test_a_trace_is_one_line_where_programs_read_the_log():
    record = logging.makeLogRecord({"msg": "first\nsecond"})
    assert LineFormatter("{message}", style="{", one_line=True).format(record) == "first\\nsecond"
    assert LineFormatter("{message}", style="{").format(record) == "first\nsecond"


def test_the_nudge_hands_it_to_the_worker():
    queue = app.conf.task_default_queue
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.delete(queue)
        request_ids.begin(ID)
        assert worker.nudge("privacy.tasks.chain_audit") is True
        message = json.loads(redis.lpop(queue))
    assert message["headers"]["request_id"] == ID


@pytest.mark.parametrize("handed", ["14000000001", "203.0.113.7", None])
def test_a_nudge_hands_on_numbers_of_rows_and_nothing_else(handed):
    """The queue is readable in Redis."""
    with pytest.raises(TypeError) as refused:
        worker.nudge("privacy.tasks.chain_audit", handed)
    assert str(refused.value) == "a nudge hands on primary keys alone: privacy.tasks.chain_audit"


def test_the_tasks_lines_carry_what_came_with_it():
    seen = []

    @app.task(name="tests.note_id", bind=True)
    def note_id(self):
        seen.append(request_ids.current())

    note_id.apply(headers={"request_id": ID}, task_id="task-1")
    note_id.apply(task_id="task-2")
    assert seen == [ID, "task-2"]
    assert request_ids.current() == ""
