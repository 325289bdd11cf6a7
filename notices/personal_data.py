"""What the app holds about one person: what she was told, and by which way."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Group
from notices.models import ChosenWay, Delivery, Notice
from privacy.models import AuditEntry


def collect(user):
    """Return her notices, and what went out by SMS or mail."""
    notices = Notice.objects.filter(recipient=user).order_by("pk")
    deliveries = Delivery.objects.filter(notice__recipient=user).select_related("notice")
    return [
        Group(
            pgettext_lazy("many", "通知"),
            notices,
            (("title", _("标题")), ("body", _("内容")), "due_at", "read_at", "withdrawn_at"),
        ),
        Group(
            pgettext_lazy("many", "发送记录"),
            deliveries.order_by("pk"),
            (("outside_title", _("标题")), "channel", "state", "due_at", "sent_at"),
        ),
        Group(
            _("提醒方式"),
            ChosenWay.objects.filter(user=user).order_by("topic"),
            (("topic_words", _("事项")), "way"),
        ),
    ]


ALERT = "notices.alert"


def erase(person, now):
    """Delete what she was told, with what went out, and her name from alerts others were told about her."""
    if person.user is None:
        return 0
    count = Notice.objects.filter(recipient=person.user).delete()[0]
    count += ChosenWay.objects.filter(user=person.user).delete()[0]
    entries = AuditEntry.objects.filter(action="privacy.alert", object_id=str(person.user.pk))
    keys = [f"audit:{pk}" for pk in entries.values_list("pk", flat=True)]
    for notice in Notice.objects.filter(kind=ALERT, object_key__in=keys):
        notice.context |= {"who": person.pseudonym}
        notice.save(update_fields=["context"])
        count += 1
    return count


def old(before):
    """Return notices whose time is long over; what went out of them goes along."""
    return Notice.objects.filter(due_at__lt=before)
