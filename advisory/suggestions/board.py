"""The board: what each department has to do with suggestions, what is due within a week and what is late."""

from collections import Counter
from datetime import timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import Department
from advisory.suggestions.models import (
    SEES,
    Adoption,
    Assignment,
    EffectReport,
    Reply,
    Suggestion,
)
from kernel.admin.figures import Grid, Line, Part
from kernel.admin.queue import changelist

SOON = timedelta(days=7)
SUGGESTIONS, ASSIGNMENTS = "advisory_suggestion", "advisory_assignment"
REPLIES, ADOPTIONS, EFFECTS = "advisory_reply", "advisory_adoption", "advisory_effectreport"


def part(user, day):
    """Return the Part a member of staff sees: what waits for the coordinator, and a row for each department; None for others."""
    if not (user.is_staff and user.has_perm(SEES)):
        return None
    return Part(
        _("建言办理"),
        tuple(_coordinator(user, day)),
        _(
            "超期只算还没有办完的。再次答复、成效报告记在主办部门名下；牵头部门看得到各部门，其他部门只看得到交给自己的。"
        ),
        _departments(user, day),
    )


def _coordinator(user, day):
    """Say what waits for those who coordinate campaigns."""
    rows = Suggestion.objects.visible_to(user)
    handed_back = Assignment.objects.visible_to(user).handed_back()
    link = changelist(SUGGESTIONS, "state__exact=sent")
    yield Line(_("待立案"), rows.to_file().count(), link)
    yield Line(_("待交办"), rows.to_assign().count(), changelist(SUGGESTIONS, "lead=none"))
    link = changelist(ASSIGNMENTS, "state__exact=not_ours")
    yield Line(_("申请退回"), handed_back.count(), link)
    asked = Assignment.objects.visible_to(user).open().filter(extension__state="waiting")
    yield Line(_("延期待批复"), asked.count(), changelist(ASSIGNMENTS, "extension=waiting"))
    waiting = Reply.objects.visible_to(user).to_sign()
    yield Line(_("答复待签发"), waiting.count(), changelist(REPLIES, "state__exact=handed_in"))
    entered = Adoption.objects.visible_to(user).to_confirm()
    yield Line(_("采纳待核实"), entered.count(), changelist(ADOPTIONS, "state__exact=entered"))


def _departments(user, day):
    """Return a row for each department that has something to do, or has had."""
    given = Assignment.objects.visible_to(user)
    counted = {row["department"]: row for row in _counted(given, day)}
    second = _by_lead(Suggestion.objects.visible_to(user).second_due(day).values("pk"))
    late = EffectReport.objects.visible_to(user).overdue(day)
    effects = _by_lead(late.values("adoption__suggestion"))
    rows = []
    for department in Department.objects.filter(pk__in=counted).order_by("order", "pk"):
        found, pk = counted[department.pk], department.pk
        of = f"department__id__exact={pk}"
        cells = (
            Line("", found["open"], changelist(ASSIGNMENTS, of)),
            Line("", found["soon"], changelist(ASSIGNMENTS, f"{of}&due=soon")),
            Line("", found["late"], changelist(ASSIGNMENTS, f"{of}&due=overdue")),
            Line("", second[pk], changelist(SUGGESTIONS, "second=due")),
            Line("", effects[pk], changelist(EFFECTS, "due=overdue")),
        )
        rows.append((str(department), cells))
    heads = (_("在办"), _("七天内到期"), _("超期"), _("再次答复到期"), _("成效超期"))
    return Grid(_("部门"), heads, tuple(rows)) if rows else None


def _counted(given, day):
    open_ones = Q(state__in=["waiting", "working"])
    rows = given.order_by().values("department")
    return rows.annotate(
        open=Count("pk", filter=open_ones),
        soon=Count("pk", filter=open_ones & Q(due_on__gte=day, due_on__lte=day + SOON)),
        late=Count("pk", filter=open_ones & Q(due_on__lt=day)),
    )


def _by_lead(suggestions):
    """Return {department: how many of these suggestions it leads}."""
    leads = Assignment.objects.standing().leading().filter(suggestion__in=suggestions)
    return Counter(leads.values_list("department", flat=True))
