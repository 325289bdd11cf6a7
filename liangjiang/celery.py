"""Celery's application; beat's timetable is what the apps declare (liangjiang.apps)."""

import os

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun

from kernel import request_ids

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangjiang.settings")

app = Celery("liangjiang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging(**kwargs):
    """Leave the log to Django's settings, whose formatter keeps rows' contents out of it."""


@task_prerun.connect
def begin_lines(task_id, task, **kwargs):
    """Let the task's lines carry the id of the request that asked for it, else the task's own."""
    # A worker puts what came with the message beside its own fields, a direct call keeps it apart.
    sent = task.request.get("request_id") or (task.request.headers or {}).get("request_id")
    request_ids.begin(sent or task_id)


@task_postrun.connect
def end_lines(**kwargs):
    """Leave the task's id behind."""
    request_ids.begin("")
