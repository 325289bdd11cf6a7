"""Celery's application; beat's timetable lives in settings.CELERY_BEAT_SCHEDULE."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangjiang.settings")

app = Celery("liangjiang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
