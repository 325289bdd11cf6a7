"""The app's part of 我的."""

from notices.models import Notice

SHOWN = 3


def new_notices(request, now):
    """Return her unread notices, the newest first."""
    notices = list(Notice.objects.visible_to(request.user, now).unread()[: SHOWN + 1])
    if not notices:
        return None
    return {"notices": notices[:SHOWN], "more_notices": len(notices) > SHOWN}
