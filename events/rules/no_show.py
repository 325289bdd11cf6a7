"""The rule about who did not come and did not say so: when she may book, what can be set and lifted."""

from datetime import timedelta

from django.utils.translation import gettext as _

from kernel.errors import Conflict, Refused
from kernel.words import moment_text


def why_not_yet(event, holds, at):
    """Say why a woman cannot book the event yet, or wait for it: `holds` are her BookingHolds.

    They only delay: from some days before the start on she books like everybody.
    """
    about = [hold for hold in holds if hold.department_id in (None, event.department_id)]
    standing = [hold for hold in about if hold.stands(at)]
    if not standing:
        return None
    hold = min(standing, key=lambda hold: hold.days_before)
    opens = event.starts_at - timedelta(days=hold.days_before)
    if at >= opens:
        return None
    sentence = _(
        "您有几次没有请假也没有到场，%(until)s 之前只能在活动开始前 %(days)s 天内报名，这场从 %(opens)s 起可以报。有原因的请在“我的报名”里说明，说明后就不再计入。"
    )
    said = {
        "until": moment_text(hold.until),
        "days": hold.days_before,
        "opens": moment_text(opens),
    }
    return Conflict("booking_later", sentence % said)


def why_not_end_rule(rule):
    """Say why a rule cannot be ended."""
    if rule.is_in_force:
        return None
    return Conflict("rule_ended", _("这条规则已经停止实行。"))


def why_not_lift(hold, by, at):
    """Say why `by` cannot lift a hold: never her own."""
    if by is not None and hold.user_id == by.pk:
        return Refused("own_hold", _("不能解除自己的限制，请同事办理。"))
    if not hold.stands(at):
        return Conflict("hold_over", _("这项限制已经结束。"))
    return None
