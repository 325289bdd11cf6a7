"""Celery's application; beat's timetable is what the apps declare (liangjiang.apps)."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangjiang.settings")

app = Celery("liangjiang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging(**kwargs):
    """Leave the log to Django's settings, whose formatter keeps rows' contents out of it."""
