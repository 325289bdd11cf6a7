"""What staff count of suggestions: replies in time, what was taken up, what came of it, what was raised again.

How many are satisfied is not counted: that share is always near a hundred and says nothing.
"""

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Department
from advisory.suggestions.board import ADOPTIONS, EFFECTS, REPLIES, SUGGESTIONS
from advisory.suggestions.models import (
    FILED,
    OPEN_ASSIGNMENTS,
    SEES,
    Adoption,
    Assignment,
    EffectReport,
    Reply,
    ReplyState,
    Role,
    Suggestion,
    SuggestionState,
)
from kernel.admin.figures import Grid, Line, Part, share
from kernel.admin.queue import changelist
from kernel.days import begin, within, year_bounds

State = SuggestionState


def part(user, day):
    """Return the Part of suggestions a member of staff sees, as of a day; None for others."""
    if not (user.is_staff and user.has_perm(SEES)):
        return None
    seen = Suggestion.objects.visible_to(user)
    return Part(
        _("建言（今年）"),
        (*_states(seen, day), *_answers(seen, day), *_effects(seen, day)),
        _(
            "前一行是今年提交的，后面是今年签发、核实、报告的。按时答复：在当时的期限以内签发的，超期还没有答复的也算在内。"
            "采纳：今年答复过的建言里经两人核实的。再次提出：答复以后本人要求重新办理，或又有人提出并入的。不统计满意率。"
        ),
        _departments(seen, day),
    )


def of_year(rows, field, day):
    """Keep what happened (`field`) in the year of a day."""
    return rows.filter(**within(field, *year_bounds(begin(day))))


def _states(seen, day):
    rows = of_year(seen, "sent_at", day)
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    yield Line(_("收到"), sum(counted.values()), changelist(SUGGESTIONS, ""))
    for state in (State.SENT, State.FILED, State.ANSWERED, State.CLOSED, State.JOINED):
        link = changelist(SUGGESTIONS, f"state__exact={state.value}")
        yield Line(str(state.label), counted.get(state.value, 0), link)


def answered(seen, day):
    """Keep those whose newest reply of their own is of the year."""
    return of_year(seen.filter(state__in=FILED), "answered_at", day)


def _answers(seen, day):
    link = changelist(REPLIES, "state__exact=signed")
    yield Line(_("按时答复"), share(*punctual(seen, day)), link)
    joined = seen.filter(state=State.JOINED, joined_to__in=answered(seen, day))
    heard = answered(seen, day).count() + joined.count()
    yield Line(_("得到答复的建言（含并案）"), heard)


def punctual(seen, day):
    """Return (how many of the year's replies were signed in time, how many were signed or are late)."""
    first = Reply.objects.filter(suggestion__in=seen, corrects=None, due_on__isnull=False)
    signed = first.filter(state__in=[ReplyState.SIGNED, ReplyState.REPLACED])
    signed = of_year(signed, "signed_at", day)
    in_time = signed.annotate(on=TruncDate("signed_at")).filter(on__lte=F("due_on"))
    return in_time.count(), signed.count() + late(seen, day).count()


def late(seen, day):
    """Keep those whose leading department owes a reply that is late on a date: the first, or the second it promised."""
    owed = Assignment.objects.filter(
        role=Role.LEAD, state__in=OPEN_ASSIGNMENTS, due_on__lt=day, suggestion__in=seen
    )
    promised = Q(state=State.ANSWERED, second_on__lt=day)
    return seen.filter(Q(pk__in=owed.values("suggestion")) | promised)


def _adopted(replied):
    return replied.filter(pk__in=Adoption.objects.confirmed().values("suggestion"))


def _effects(seen, day):
    replied = answered(seen, day)
    link = changelist(ADOPTIONS, "state__exact=confirmed")
    yield Line(_("采纳"), share(_adopted(replied).count(), replied.count()), link)
    told = EffectReport.objects.told().filter(adoption__suggestion__in=seen)
    told = of_year(told, "told_at", day)
    proven = told.filter(proven=True).count()
    link = changelist(EFFECTS, "told=proven")
    yield Line(_("成效可核实"), share(proven, told.count()), link)
    link = changelist(SUGGESTIONS, "again=yes")
    yield Line(_("再次提出"), share(raised_again(replied).count(), replied.count()), link)


def raised_again(replied):
    """Keep those of answered suggestions that an author wanted answered anew, or others brought in again afterwards."""
    later = Suggestion.objects.filter(
        joined_to=OuterRef("pk"), state=State.JOINED, sent_at__gt=OuterRef("answered_at")
    )
    return replied.filter(Q(reopened_at__isnull=False) | Exists(later))


def _departments(seen, day):
    """Return a row for each department that leads: how many it has open, answered, in time, taken up."""
    leads = Assignment.objects.standing().leading().filter(suggestion__in=seen)
    lines = []
    for department in Department.objects.filter(pk__in=leads.values("department")):
        led = leads.filter(department=department)
        own = seen.filter(pk__in=led.values("suggestion"))
        replied = answered(own, day)
        cells = (
            Line(_("在办"), led.open().count()),
            Line(_("已答复"), replied.count()),
            Line(_("按时"), share(*punctual(own, day))),
            Line(_("采纳"), share(_adopted(replied).count(), replied.count())),
        )
        lines.append((str(department), cells))
    heads = (_("在办"), _("已答复"), _("按时"), _("采纳"))
    return Grid(pgettext("assignment", "主办部门"), heads, tuple(lines)) if lines else None
