"""What staff count of consultations: women's share against the target, who is asked, what became of opinions."""

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from accounts.models import Department
from advisory.consultations.models import (
    SEES,
    Consultation,
    ConsultationState,
    InvitationState,
    Opinion,
    ShareTarget,
)
from kernel.admin.figures import Grid, Line, Part, share
from kernel.admin.queue import changelist
from kernel.days import begin, year_bounds
from talents.asking.models import Asked
from talents.models import Talent
from talents.trends.parts import year_before

LIST, OPINIONS = "advisory_consultation", "advisory_opinion"


def part(user, day):
    """Return the Part of consultations a member of staff sees, as of a day; None for others."""
    if not user.has_perm(SEES):
        return None
    rows = of_year(Consultation.objects.visible_to(user), day)
    return Part(
        _("咨询（今年开始邀请的）"),
        (*_states(rows), *_people(rows), *_opinions(rows), *_asking(user, day)),
        _(
            "女性占比只算已办结的：库内到场的和库外到场的合在一起。可邀请的是档案可咨询推荐的；"
            "“邀请集中度”是近一年被邀请次数最多的十分之一的人，占了全部邀请的多少。"
        ),
        _targets(rows, user, day),
    )


def of_year(rows, day):
    """Keep consultations whose invitations began in the year of a day."""
    start, end = year_bounds(begin(day))
    return rows.filter(opened_at__gte=start, opened_at__lt=end)


def _states(rows):
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    shown = (ConsultationState.INVITING, ConsultationState.HELD, ConsultationState.CLOSED)
    for state in shown:
        link = changelist(LIST, f"state__exact={state.value}")
        yield Line(str(state.label), counted.get(state.value, 0), link)


def came(rows):
    """Return (women, all) who took part in those of these consultations that are closed."""
    closed = rows.filter(state=ConsultationState.CLOSED)
    outside = closed.aggregate(
        people=Sum("came_outside", default=0), women=Sum("came_outside_women", default=0)
    )
    took_part = Q(invitations__state=InvitationState.TOOK_PART)
    inside = closed.aggregate(n=Count("invitations", filter=took_part))["n"]
    return inside + outside["women"], inside + outside["people"]


def _people(rows):
    women, people = came(rows)
    link = changelist(LIST, "state__exact=closed")
    yield Line(_("参加的人"), people, link)
    yield Line(_("其中女性"), women, link)
    yield Line(_("女性占比"), share(women, people), link)


def _opinions(rows):
    said = Opinion.objects.filter(invitation__consultation__in=rows)
    used = said.filter(outcome__in=["used", "partly"]).count()
    answered = said.exclude(outcome="").count()
    yield Line(_("意见"), said.count(), changelist(OPINIONS, ""))
    yield Line(
        _("采纳和部分采纳"), share(used, answered), changelist(OPINIONS, "outcome__exact=used")
    )


def _asking(user, day):
    women, asked = Talent.objects.listed(day), Asked.objects.all()
    if not user.sees_all_departments:
        women = women.filter(department=user.department_id)
        asked = asked.filter(department=user.department_id)
    since = year_before(day)
    yield Line(
        _("可邀请的人近一年被邀请过的"),
        share(women.filter(asked_at__gte=since).count(), women.count()),
    )
    yield Line(_("邀请集中度"), concentration(asked.filter(at__gte=since)))


def concentration(asked):
    """Say what share of these askings went to the tenth of the women asked who were asked most often."""
    counts = asked.order_by().values("talent").annotate(n=Count("pk")).values_list("n", flat=True)
    times = sorted(counts, reverse=True)
    most = times[: -(-len(times) // 10)]
    return share(sum(most), sum(times))


def _targets(rows, user, day):
    """Return each department's target beside what it planned and what came of it; one's own where one sees no others.

    Of a department whose consultations one does not see it would say that it planned none.
    """
    aims = ShareTarget.objects.filter(year=day.year)
    if not user.sees_all_departments:
        aims = aims.filter(department=user.department_id)
    targets = dict(aims.values_list("department", "percent"))
    here = set(rows.values_list("department", flat=True)) | targets.keys()
    lines = []
    for department in Department.objects.filter(pk__in=here).order_by("order", "pk"):
        own = rows.filter(department=department)
        planned = own.aggregate(
            women=Sum(F("places") + F("outside_women"), default=0),
            people=Sum(F("places") + F("outside"), default=0),
        )
        target = targets.get(department.pk)
        cells = (
            Line(_("目标"), f"{target}%" if target else "—"),
            Line(_("计划邀请"), share(planned["women"], planned["people"])),
            Line(_("实际参加"), share(*came(own))),
        )
        lines.append((department.short_name, cells))
    heads = (_("目标"), _("计划邀请"), _("实际参加"))
    return Grid(_("女性占比"), heads, tuple(lines)) if lines else None
