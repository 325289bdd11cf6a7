"""The portal's Django project: settings, wiring and the small kernel every app stands on."""

from liangjiang.celery import app as celery_app

__all__ = ["celery_app"]
