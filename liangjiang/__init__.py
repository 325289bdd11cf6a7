"""The portal's Django project: settings, wiring, the pages that belong to no app."""

from liangjiang.celery import app as celery_app

__all__ = ["celery_app"]
