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
    SEES,
    Adoption,
    EffectReport,
    Reply,
    ReplyState,
    Role,
    Suggestion,
    SuggestionState,
)
from kernel.admin.figures import Grid, Line, Part, share
from kernel.admin.queue import changelist
from kernel.days import begin, year_bounds

State = SuggestionState


def part(user, day):
    """Return the Part of suggestions a member of staff sees, as of a day; None for others."""
    if not (user.is_staff and user.has_perm(SEES)):
        return None
    rows = of_year(Suggestion.objects.visible_to(user), day)
    return Part(
        _("建言（今年提交的）"),
        (*_states(rows), *_answers(rows, day), *_effects(rows)),
        _(
            "按时答复：每次答复在当时的期限以内签发的，超期还没有答复的也算在内。采纳：答复过的建言里经两人核实的。"
            "再次提出：答复以后本人要求重新办理，或又有人提出并入的。不统计满意率。"
        ),
        _departments(rows, day),
    )


def of_year(rows, day):
    """Keep suggestions handed in in the year of a day."""
    start, end = year_bounds(begin(day))
    return rows.filter(sent_at__gte=start, sent_at__lt=end)


def _states(rows):
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    yield Line(_("收到"), sum(counted.values()), changelist(SUGGESTIONS, ""))
    for state in (State.SENT, State.FILED, State.ANSWERED, State.CLOSED, State.JOINED):
        link = changelist(SUGGESTIONS, f"state__exact={state.value}")
        yield Line(str(state.label), counted.get(state.value, 0), link)


def answered(rows):
    """Keep those that have a reply of their own."""
    return rows.filter(state__in=FILED, answered_at__isnull=False)


def _answers(rows, day):
    in_time, due = punctual(rows, day)
    yield Line(_("按时答复"), share(in_time, due), changelist(REPLIES, "state__exact=signed"))
    yield Line(_("得到答复的建言（含并案）"), heard(rows))


def punctual(rows, day):
    """Return (how many replies to these suggestions were signed in time, how many are signed or late on a day)."""
    first = Reply.objects.filter(suggestion__in=rows, corrects=None, due_on__isnull=False)
    signed = first.filter(state__in=[ReplyState.SIGNED, ReplyState.REPLACED])
    in_time = signed.annotate(on=TruncDate("signed_at")).filter(on__lte=F("due_on"))
    return in_time.count(), signed.count() + late(rows, day).count()


def late(rows, day):
    """Keep those whose leading department owes a reply that is late on a date."""
    lead = Q(assignments__role=Role.LEAD, assignments__state__in=["waiting", "working"])
    return rows.filter(lead, assignments__due_on__lt=day)


def heard(rows):
    """Return how many suggestions got a reply, by themselves or with the one they were joined to."""
    joined = rows.filter(state=State.JOINED, joined_to__answered_at__isnull=False)
    return answered(rows).count() + joined.count()


def _effects(rows):
    replied = answered(rows)
    adopted = replied.filter(pk__in=Adoption.objects.confirmed().values("suggestion"))
    link = changelist(ADOPTIONS, "state__exact=confirmed")
    yield Line(_("采纳"), share(adopted.count(), replied.count()), link)
    told = EffectReport.objects.told().filter(adoption__suggestion__in=rows)
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


def _departments(rows, day):
    """Return a row for each department that leads: how many, answered, in time, taken up."""
    lines = []
    led = Q(assignments__role=Role.LEAD, assignments__state__in=["waiting", "working", "done"])
    here = rows.filter(led).values_list("assignments__department", flat=True)
    for department in Department.objects.filter(pk__in=set(here)).order_by("order", "pk"):
        own = rows.filter(led, assignments__department=department)
        own = rows.filter(pk__in=own.values("pk"))
        replied = answered(own)
        adopted = replied.filter(pk__in=Adoption.objects.confirmed().values("suggestion"))
        cells = (
            Line(str(Role.LEAD.label), own.count()),
            Line(_("已答复"), replied.count()),
            Line(_("按时"), share(*punctual(own, day))),
            Line(_("采纳"), share(adopted.count(), replied.count())),
        )
        lines.append((str(department), cells))
    heads = (Role.LEAD.label, _("已答复"), _("按时"), _("采纳"))
    return Grid(pgettext("assignment", "主办部门"), heads, tuple(lines)) if lines else None
