"""By which way each person hears of what: chosen by herself, asked when a message is sent."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from kernel.errors import Invalid, Refused
from notices import kinds
from notices.models import Channel, ChosenWay, Way
from privacy import audit

OTHER = ""  # the topic of everything that has none of its own


def ways_of(people):
    """Return {(user id, topic): way} of what `people` (keys of users) chose."""
    rows = ChosenWay.objects.filter(user__in=people)
    return {(row.user_id, row.topic): row.way for row in rows}


def way_for(kind, user_id, chosen):
    """Return the way somebody chose for a Kind, out of what `ways_of` returned; None: she did not choose."""
    topic = kind.topic.code if kind.topic else OTHER
    if kind.is_by_mail:
        return chosen.get((user_id, topic)) or Way.MAIL
    return chosen.get((user_id, topic)) or chosen.get((user_id, OTHER))


def open_to(user):
    """Return the ways by which she can be reached, her inbox left out."""
    verified = EmailAddress.objects.filter(user=user, verified=True).exists()
    return [way for way, has in ((Way.SMS, user.phone_verified), (Way.MAIL, verified)) if has]


@transaction.atomic
def choose_ways(*, user, ways, by, now):
    """Keep by which way `user` wants to hear of topics: {code, "" for all others: a Way, "" for no choice}.

    What is essential always leaves the portal: only topics may be read in the inbox alone. Raises Refused unless
    `by` is she herself, Invalid("topic_unknown"), Invalid("way_unknown"), Invalid("way_not_hers") where she has no
    verified phone or address for it.
    """
    if by is not None and by.pk != user.pk:
        raise Refused("not_yours", _("只能设置您自己的提醒方式。"))
    for topic, way in ways.items():
        if error := why_not_choose(topic, way, open_to(user)):
            raise error
    _lock(user)
    before = {topic: way for (_user, topic), way in ways_of([user.pk]).items()}
    changed = {topic: way for topic, way in ways.items() if before.get(topic, "") != way}
    if not changed:
        return
    ChosenWay.objects.filter(user=user, topic__in=changed).delete()
    ChosenWay.objects.bulk_create(
        ChosenWay(user=user, topic=topic, way=way) for topic, way in changed.items() if way
    )
    audit.record("notices.choose_ways", user, by=by, at=now, topics=sorted(changed))


def _lock(user):
    """Have two choices of hers, from two tabs or a double press, wait for one another: the later sees the first."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def why_not_choose(topic, way, ways):
    """Return why a way cannot be chosen for a topic by somebody whom `ways` reach (Invalid), or None."""
    if topic != OTHER and topic not in kinds.topics():
        return Invalid("topic_unknown", _("没有这一项，请刷新页面。"))
    allowed = {*Way.values, ""} - ({Way.SITE} if topic == OTHER else set())
    if way not in allowed:
        return Invalid("way_unknown", _("请从列出的方式里选择。"))
    if way in Channel.values and way not in ways:
        return Invalid("way_not_hers", _("请先在“我的”里验证手机号或邮箱，再选这种方式。"))
    return None
