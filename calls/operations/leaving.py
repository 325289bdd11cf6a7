"""What of public notices ends with what they are about: an application, a call."""

from calls.models import NoticeEntry, NoticeState
from calls.models.notices import OPEN


def strike(application, now):
    """Take a woman out of the notices she stands in: what she takes back is not made known any longer."""
    rows = NoticeEntry.objects.filter(application=application, struck_at=None)
    rows.exclude(notice__state=NoticeState.DRAFT).update(struck_at=now)


def close_all(call):
    """Take what is unfinished back with the call that is called off, and why; a draft is thrown away."""
    call.notices.filter(state=NoticeState.DRAFT).delete()
    call.notices.filter(state__in=OPEN).update(
        state=NoticeState.WITHDRAWN, reason=call.cancel_reason
    )
