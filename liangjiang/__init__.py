"""The roof: settings, addresses and the pages that gather what the apps declare."""

from liangjiang.celery import app as celery_app

__all__ = ["celery_app"]
