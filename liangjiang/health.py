"""Health addresses for the proxy and the container engine: alive (`/healthz`), ready (`/readyz`).

Answered before anything else looks at the request: whoever asks from inside may use any Host, and the
answer needs neither session nor language.
"""

import logging

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from redis import Redis

logger = logging.getLogger(__name__)
BROKER_TIMEOUT_SECONDS = 1
_checked = {"migrations": False}


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker():
    with Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_connect_timeout=BROKER_TIMEOUT_SECONDS,
        socket_timeout=BROKER_TIMEOUT_SECONDS,
    ) as client:
        client.ping()


def _migrations():
    """Raise when the database lacks a migration of this code; asked once until it is true.

    A running process cannot fall behind again: new migrations arrive with new code.
    """
    if _checked["migrations"]:
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError("unapplied migrations")
    _checked["migrations"] = True


CHECKS = {"database": _database, "broker": _broker, "migrations": _migrations}
# Without the broker bookings go on, and what waits in the outbox leaves when it is back.
NEEDED = {"database", "migrations"}


def healthz():
    """Answer "ok" as long as the process serves requests; touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


def readyz():
    """Answer whether this process can do its work: 200 when the database and its tables are ok, else 503.

    The answer names the part that failed and nothing about it; the cause is in the log.
    """
    answer = {}
    for name, check in CHECKS.items():
        try:
            check()
            answer[name] = "ok"
        except Exception as error:  # whatever a part fails with, the others are still asked
            logger.error("readyz: %s failed: %s", name, type(error).__name__)
            answer[name] = "failed"
    is_ready = all(answer[name] == "ok" for name in NEEDED)
    return JsonResponse(answer, status=200 if is_ready else 503)


ADDRESSES = {"/healthz": healthz, "/readyz": readyz}


class HealthFirst:
    """Middleware, the outermost: answers the health addresses itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass on everything else."""
        answer = ADDRESSES.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        response = answer()
        response.headers["Cache-Control"] = "no-store"
        return response
