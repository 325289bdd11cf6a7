"""What of the app is counted."""

from cloud_home.models import Ask


def asked_since(moment):
    """Return the ids of the talents a question went to since a moment, ever for None."""
    asked = Ask.objects.filter(asked_at__gte=moment) if moment else Ask.objects.all()
    return asked.values("user__talent")
