"""The project as an app: template tags, management commands and system checks."""

from django.apps import AppConfig


class LiangjiangConfig(AppConfig):
    """Holds what belongs to no policy area."""

    name = "liangjiang"
    verbose_name = "门户"
