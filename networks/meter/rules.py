"""What may be entered of women's share and of what an association did, and why not: pages ask, operations raise."""

from django.utils.translation import gettext as _

from events.models import Event
from kernel.errors import Conflict, Invalid, Refused
from networks import rights
from networks.meter.models import CouncilMeeting, CountState, ShareCount
from networks.posts.models import Rung

ENTER, CONFIRM = "networks.add_sharecount", "networks.confirm_sharecount"
FACTS = "networks.change_association"


# --- counts ----------------------------------------------------------------------------------------
def why_not_enter(association, by, day):
    """Say why `by` may not enter a count on a day: who is in office may, and staff of the department."""
    return rights.why_not_run(association, by, ENTER, day) or rights.why_not_standing(association)


def why_not_count(association, rung, total, women, as_of, source, day):
    """Say what is wrong with a count."""
    if rung not in Rung.values:
        return Invalid("rung_missing", _("请选择层级。"), field="rung")
    if total is None or total < 1:
        return Invalid("total_missing", _("总人数至少是 1。"), field="total")
    if women is None or women < 0:
        return Invalid("women_missing", _("请填写其中女性的人数，没有填 0。"), field="women")
    if women > total:
        sentence = _("女性人数（%(women)s）不能多于总人数（%(total)s）。")
        said = {"women": women, "total": total}
        return Invalid("women_above_total", sentence % said, field="women")
    if not association.founded_on <= as_of <= day:
        sentence = _("截至日期应在协会成立以后、今天以前。")
        return Invalid("as_of_when", sentence, field="as_of")
    if not (source or "").strip():
        return Invalid("source_missing", _("请写明数据的来源。"), field="source")
    same = ShareCount.objects.filter(
        association=association,
        rung=rung,
        as_of=as_of,
        state__in=(CountState.ENTERED, CountState.CONFIRMED),
    )
    if not same.exists():
        return None
    sentence = _("这一层级同一天的数据已经填过；填错了请先退回或撤销那一条。")
    return Conflict("count_twice", sentence, field="as_of")


def why_not_decide(count, by):
    """Say why `by` may not confirm or refuse a count: staff with the right, never who entered it."""
    if error := rights.why_not_staff(count.association, by, CONFIRM):
        return error
    if by is not None and count.entered_by_id == by.pk:
        return Refused("own_count", _("填报的人不能自己确认，请由另一位同事确认。"))
    return None


def why_not_waiting(count):
    """Say that a count was confirmed, refused or withdrawn."""
    if count.state == CountState.ENTERED:
        return None
    return Conflict("count_decided", _("这条数据已经办结，请刷新页面。"))


def why_not_withdraw(count):
    """Say that a count is none that counts."""
    if count.state == CountState.CONFIRMED:
        return None
    return Conflict("count_not_confirmed", _("只有已确认的数据可以撤销。"))


def why_not_target(rung, percent, source):
    """Say what is wrong with a target."""
    if rung not in Rung.values:
        return Invalid("rung_missing", _("请选择层级。"), field="rung")
    if percent is None or not 1 <= percent <= 100:
        return Invalid("percent_wrong", _("目标请填 1 到 100 的百分数。"), field="percent")
    if not (source or "").strip():
        return Invalid("source_missing", _("请写明目标的依据。"), field="source")
    return None


# --- what it did -----------------------------------------------------------------------------------
def why_not_note(association, by, day):
    """Say why `by` may not note what an association did: who is in office may, and staff of the department."""
    return rights.why_not_run(association, by, FACTS, day) or rights.why_not_standing(association)


def why_not_meeting(association, rung, held_on, present, women, source, day):
    """Say what is wrong with a meeting."""
    if rung not in Rung.values or rung == Rung.LEADER:
        return Invalid("rung_missing", _("请选择是什么会议。"), field="rung")
    if not association.founded_on <= held_on <= day:
        sentence = _("开会日期应在协会成立以后、今天以前。")
        return Invalid("held_when", sentence, field="held_on")
    if present is None or present < 1:
        return Invalid("present_missing", _("到会人数至少是 1。"), field="present")
    if women is None or not 0 <= women <= present:
        sentence = _("女性人数不能多于到会人数。")
        return Invalid("women_above_total", sentence, field="women")
    if not (source or "").strip():
        return Invalid("source_missing", _("请写明依据，如会议纪要的编号。"), field="source")
    twice = CouncilMeeting.objects.filter(association=association, rung=rung, held_on=held_on)
    if twice.exists():
        return Conflict("meeting_twice", _("这次会议已经登记。"), field="held_on")
    return None


def why_not_event(association, event):
    """Say why an event is none that can be said to be an association's: published, and not said before."""
    if event is None or not Event.objects.published().filter(pk=event.pk).exists():
        return Invalid("event_missing", _("没有这个活动编号，请在活动页核对。"), field="event")
    if association.held_events.filter(event=event).exists():
        return Conflict("event_twice", _("这个活动已经登记。"), field="event")
    return None
