"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiangjiangConfig(AppConfig):
    """The roof: home, dashboard, work queue and demo world; nothing imports it."""

    name = "liangjiang"
    verbose_name = _("首页与工作台")
