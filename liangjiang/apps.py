"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kernel import portal
from liangjiang.celery import app


class LiangjiangConfig(AppConfig):
    """The roof: home, dashboard, work queue and demo world; nothing imports it."""

    name = "liangjiang"
    verbose_name = _("首页与工作台")

    def ready(self):
        """Give Celery's clock what the apps want started, and its router which work has a queue of its own."""
        app.conf.beat_schedule = {
            task: {"task": task, "schedule": float(seconds)}
            for task, seconds in portal.merged("beat").items()
        }
        app.conf.task_routes = {
            task: {"queue": queue} for task, queue in portal.merged("queues").items()
        }
