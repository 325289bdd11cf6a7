"""Plans: what takes applications now, and what she was selected for."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from calls.models import Call
from entrepreneurship.plans import operations, rules, words
from entrepreneurship.plans.forms import LinkForm
from entrepreneurship.plans.history import history
from entrepreneurship.plans.models import MEASURES, PlanMember
from kernel.access import public, signed_in
from kernel.errors import DomainError

MOST = 100


@public
@never_cache
@require_safe
def plans(request):
    """Show the plans that take applications, those that are coming, and what the reader was selected for."""
    now = timezone.now()
    calls = Call.objects.filter(measure__in=MEASURES).select_related("department")
    mine = []
    if request.user.is_authenticated:
        mine = operations.read(PlanMember.objects.of_woman(request.user)).order_by("-pk")[:MOST]
    for member in mine:
        member.settled, member.recommended = words.settled(member), words.recommended(member)
        member.told = history(member)
    context = {"taking": calls.taking(now), "coming": calls.coming(now), "mine": mine}
    return render(request, "entrepreneurship/plans/plans.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan_venture(request, number):
    """Ask which venture she was selected with."""
    rows = PlanMember.objects.of_woman(request.user).select_related(
        "application", "call", "talent", "venture"
    )
    member = get_object_or_404(rows, pk=number)
    form = LinkForm(
        request.POST if request.method == "POST" else None,
        ventures=rules.ventures_of(member),
        initial=member.venture_id,
    )
    if form.is_valid():
        given = {"venture": form.cleaned_data["venture"], "by": request.user}
        try:
            operations.link_venture(member=member, now=timezone.now(), **given)
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect("plans")
    context = {"member": member, "form": form, "why_not": rules.why_not_link(member, request.user)}
    status = 422 if form.errors else 200
    return render(request, "entrepreneurship/plans/venture.html", context, status=status)
