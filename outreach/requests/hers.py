"""Pages of a volunteer: where she was asked to come, accepting a day, declining, giving a place back."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel.access import signed_in
from kernel.admin.actions import attempt
from outreach.requests import operations, rules
from outreach.requests.models import InvitationState, VisitInvitation

PAGE = "outreach/requests/"


def _hers(request):
    return VisitInvitation.objects.of_woman(request.user).select_related(
        "talent", "request__unit", "request__entry"
    )


@signed_in
@never_cache
@require_safe
def my_visits(request):
    """List where she was asked to come, what waits for an answer first."""
    rows = list(_hers(request).order_by("-id")[:50])
    order = {InvitationState.ASKED: 0, InvitationState.ACCEPTED: 1}
    rows.sort(key=lambda one: order.get(one.state, 2))
    return render(request, PAGE + "visits.html", {"rows": rows})


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visit_invitation(request, pk):
    """Show one invitation; POST accepts a day, declines or gives the place back."""
    invitation, now = get_object_or_404(_hers(request), pk=pk), timezone.now()
    if request.method == "POST":
        _answered(request, invitation)
        return redirect("visit_invitation", pk)
    days = [(day, rules.why_not_accept(invitation, day, now)) for day in invitation.request.days]
    context = {
        "invitation": invitation,
        "visit": invitation.request,
        "days": days,
        "open": rules.why_not_decline(invitation) is None,
        "gives_back": rules.why_not_give_back(invitation, request.user, now) is None,
    }
    return render(request, PAGE + "visit.html", context)


def _answered(request, invitation):
    act, __, day = request.POST.get("act", "").partition(":")
    about = {"invitation": invitation}
    if act == "accept" and (chosen := _date(day)):
        done = _("谢谢！已排好时间，学校会收到通知。")
        attempt(request, operations.accept_visit, done, day=chosen, **about)
    elif act == "decline":
        attempt(request, operations.decline_visit, _("已回复这次不便，谢谢。"), **about)
    elif act == "give_back":
        done = _("已退出，我们会另外请人，并告诉学校。")
        attempt(request, operations.give_back_visit, done, **about)
    else:
        raise Http404


def _date(text):
    try:
        return parse_date(text)
    except ValueError:
        return None
