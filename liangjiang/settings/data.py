"""Database, cache, sessions and queue."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from redis.backoff import NoBackoff
from redis.retry import Retry

from kernel import env
from liangjiang.settings.base import DATABASE_URL, REDIS_URL, TESTING, VAR_DIR


def database(url):
    """Turn postgresql://user:password@host:port/name into Django's dictionary."""
    parts = urlsplit(url)
    return {
        "ENGINE": "kernel.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0 if TESTING else 600,
        "CONN_HEALTH_CHECKS": True,
        # On solid-state disks a random page costs little more than the next one. With the default of 4
        # the planner adds the bitmap of a whole department to a name search: 25 ms instead of 2.
        # PgBouncer passes no start-up options on: behind it, set this on the database itself.
        "OPTIONS": {"connect_timeout": 5}
        | ({} if env.flag("PGBOUNCER", False) else {"options": "-c random_page_cost=1.1"}),
        # PgBouncer in transaction mode keeps no server-side cursors.
        "DISABLE_SERVER_SIDE_CURSORS": env.flag("PGBOUNCER", False),
    }


DATABASES = {"default": database(DATABASE_URL)}
# Only `migrate` connects as the owner of the tables; the running portal cannot change what they are.
DATABASE_OWNER_URL = env.secret("DATABASE_OWNER_URL", "")
DATABASE_PURGE_ROLE = env.text("DATABASE_PURGE_ROLE", "portal_purge")
# Where the head of the audit chain is noted outside the database; tests name a place of their own.
AUDIT_ANCHORS = None if TESTING else Path(env.text("AUDIT_ANCHORS", str(VAR_DIR / "audit-anchors")))
# Who was erased, by key: read after a restore. Beside the heads, on the volume the worker alone writes.
ERASURE_LIST = None if TESTING else Path(env.text("ERASURE_LIST", str(VAR_DIR / "erasures")))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A Redis that is away or hangs is waited for this long, not for the ten minutes of the kernel.
# Asked once: the client's own three tries take seconds more, which the page would wait for.
REDIS_PATIENCE = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 1,
    "retry": Retry(NoBackoff(), retries=0),
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": REDIS_PATIENCE,
    }
}
# Public pages out of memory (kernel.public_pages); tests that are about it switch it on.
PUBLIC_CACHE = env.flag("PUBLIC_CACHE", not TESTING)
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
STAFF_IDLE_SECONDS = 30 * 60

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
# The broker may be gone when a page nudges the worker: give up at once, the sweep finds the row.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 5,  # longer than the second the worker's own reading waits
    "max_retries": 0,
}
