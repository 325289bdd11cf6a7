"""The app's part of 我的, and how many notices are new."""

from datetime import datetime

from kernel.prepared import Prepared
from notices.models import Notice

SHOWN = 3
MOST_COUNTED = 100
SAID = ("kind", "context", "link", "due_at")

UNREAD = Prepared(
    lambda who, at: Notice.objects.visible_to(who, at).unread()[:MOST_COUNTED].values_list("pk"),
    who="accounts.User",
    at=datetime,
)
NEW = Prepared(
    lambda who, at: Notice.objects.visible_to(who, at).unread().only(*SAID)[: SHOWN + 1],
    who="accounts.User",
    at=datetime,
)


def new_notices(request, now, found):
    """Return her unread notices, the newest first."""
    notices = found["new"]
    if not notices:
        return None
    return {"notices": notices[:SHOWN], "more_notices": len(notices) > SHOWN}
