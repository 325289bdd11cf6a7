"""Her memberships and posts: she joins, renews, pauses, leaves, resigns."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel.access import signed_in
from kernel.errors import DomainError
from networks.associations.models import Association
from networks.forms import PauseForm, ResignForm
from networks.members import operations as members
from networks.members import rules as member_rules
from networks.members.models import Membership
from networks.posts import operations as posts
from networks.posts import rules as post_rules
from networks.posts.models import Holding
from networks.shown import OFFICE
from privacy.models import Consent
from talents.operations import own_record


@signed_in
@never_cache
@require_safe
def my_networks(request):
    """List her memberships and posts, and the associations she runs today."""
    today = timezone.localdate()
    held = Holding.objects.of_woman(request.user).real()
    held = held.select_related("association", "post", "term").order_by("-last_day", "-pk")
    in_office = set(
        Holding.objects.of_woman(request.user).in_office(today).values_list("pk", flat=True)
    )
    rows = Membership.objects.of_woman(request.user).select_related("association")
    context = {
        "memberships": [(row, row.state_on(today)) for row in rows.order_by("-pk")[:100]],
        "held": [(row, row.pk in in_office) for row in held[:100]],
        "runs": sorted(
            {row.association for row in held if row.pk in in_office and row.post.runs}, key=str
        ),
        "named": Consent.objects.granted_by(request.user, OFFICE),
        "today": today,
    }
    return render(request, "networks/mine.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_association(request, code):
    """Say what the association reads of her; POST asks to join."""
    association = get_object_or_404(Association.objects.shown(), code=code)
    talent, now = own_record(request.user), timezone.now()
    if request.method == "POST":
        try:
            made = members.apply_membership(
                association=association, talent=talent, by=request.user, now=now
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已提交，审核后会通知您。"))
            return redirect(made)
    today = timezone.localdate(now)
    context = {
        "association": association,
        "why_not": member_rules.why_not_join(association, talent, request.user, today),
    }
    return render(request, "networks/join.html", context)


ACTS = {
    "withdraw": (members.withdraw_application, gettext_lazy("已撤回申请。")),
    "renew": (members.renew_membership, gettext_lazy("已续期，会龄不断。")),
    "pause": (members.pause_membership, gettext_lazy("已暂停，会龄照算，会籍相应顺延。")),
    "resume": (members.resume_membership, gettext_lazy("已恢复。")),
    "leave": (members.leave_association, gettext_lazy("已退会。30 天内可以在这里恢复。")),
    "restore": (members.restore_membership, gettext_lazy("欢迎回来，会籍和会龄与以前一样。")),
}


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_membership(request, code):
    """Show her one of her memberships; POST withdraws, renews, pauses, resumes, leaves or comes back."""
    rows = Membership.objects.of_woman(request.user).select_related("association", "talent__user")
    found, now = get_object_or_404(rows, code=code), timezone.now()
    act = request.POST.get("act") if request.method == "POST" else None
    form = PauseForm(request.POST if act == "pause" else None)
    if act and act not in ACTS:
        raise Http404
    if act and (act != "pause" or form.is_valid()):
        operation, done = ACTS[act]
        given = form.cleaned_data if act == "pause" else {}
        try:
            operation(membership=found, by=request.user, now=now, **given)
        except DomainError as error:
            if act == "pause":
                error.add_to(form)
            else:
                messages.error(request, str(error))
        else:
            messages.success(request, str(done))
        if not form.errors:
            return redirect(request.path)
    context = _of_membership(found, request.user, now) | {"form": form}
    return render(request, "networks/membership.html", context, status=422 if form.errors else 200)


def _of_membership(found, user, now):
    """Return what the page of a membership shows: how it stands, and what she may do."""
    today = timezone.localdate(now)
    open_posts = (
        Holding.objects.of_woman(user).in_office(today).filter(association=found.association)
    )
    return {
        "found": found,
        "state": found.state_on(today),
        "years": found.years_on(today),
        "paused": found.is_paused(today),
        "can_withdraw": member_rules.why_not_withdraw(found) is None,
        "can_renew": member_rules.why_not_renew(found, today) is None,
        "can_pause": member_rules.why_not_pause(found, day=today) is None,
        "can_leave": member_rules.why_not_active(found) is None,
        "can_restore": member_rules.why_not_come_back(found, user, now) is None,
        "posts": open_posts.select_related("post"),
    }


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_post(request, pk):
    """Show her one of her posts; POST resigns by a day, or takes that back until it."""
    rows = Holding.objects.of_woman(request.user).real()
    found = get_object_or_404(rows.select_related("association", "post", "term", "talent"), pk=pk)
    now = timezone.now()
    today = timezone.localdate(now)
    act = request.POST.get("act") if request.method == "POST" else None
    form = ResignForm(request.POST if act == "resign" else None, initial={"last_day": today})
    try:
        if act == "restore":
            posts.restore_holding(holding=found, by=request.user, now=now)
            messages.success(request, _("已撤回辞职。"))
            return redirect("my_networks")
        if act == "resign" and form.is_valid():
            posts.resign(holding=found, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已提交，那一天以前可以撤回。"))
            return redirect("my_networks")
    except DomainError as error:
        error.add_to(form) if act == "resign" else messages.error(request, str(error))
    context = {
        "found": found,
        "form": form,
        "why_not": post_rules.why_not_resign(found, found.last_day, today),
        "can_restore": post_rules.why_not_restore(found, request.user, today) is None,
    }
    return render(request, "networks/post.html", context, status=422 if form.errors else 200)
