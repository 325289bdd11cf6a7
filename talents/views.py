"""Her profile: three short steps, a review page, and the offer to claim what her unit reported."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Unit
from kernel.access import signed_in
from kernel.admin.actions import attempt
from kernel.changes import watched
from kernel.errors import DomainError
from kernel.words import listed
from privacy.models import Consent
from privacy.purposes import purposes
from talents import operations
from talents.forms import STEP_FORMS
from talents.identity import views as claiming
from talents.models import IDENTITY_NUMBER, TALENT_DATABASE

TITLES = {
    1: gettext_lazy("个人与身份"),
    2: gettext_lazy("单位与职务"),
    3: gettext_lazy("专业与研究"),
}


def _steps(talent):
    """Return the steps as the page shows them; those not reached yet are no links."""
    reached = operations.first_unfinished(talent)
    return [
        {"title": title, "href": reverse("profile_step", args=[n]) if n <= reached else ""}
        for n, title in TITLES.items()
    ]


@signed_in
@never_cache
@require_safe
def profile(request):
    """Send her to what is next: a claim, the first unfinished step, or how her record stands."""
    talent = operations.own_record(request.user)
    if claiming.offer(request, talent):
        return redirect("profile_claim")
    unfinished = operations.first_unfinished(talent)
    if unfinished < 4 and (talent is None or talent.state in ("draft", "returned")):
        return redirect("profile_step", step=unfinished)
    return redirect("profile_review")


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def step(request, step):
    """Show or keep one step."""
    if step not in STEP_FORMS:
        raise Http404
    talent = operations.own_record(request.user)
    if talent is None and step > 1:
        return redirect("profile_step", step=1)
    if operations.why_not_write(talent):
        return redirect("profile_review")
    later = "later" in request.POST
    form = _form(request, step, talent, later)
    if request.method == "POST" and (form.is_valid() or later):
        try:
            with watched() as verbs:
                talent = _keep(request, form, step)
        except DomainError as error:
            error.add_to(form)
        else:
            return _next(request, form, step, talent, later, verbs)
    context = {"form": form, "step": step, "steps": _steps(talent), "talent": talent}
    context["title"] = TITLES[step]
    context["may_claim"] = talent is None or talent.state == "draft"
    if step == 2:
        context["units"] = Unit.objects.suggest(form["unit_name"].value())
    return render(request, "talents/step.html", context, status=422 if form.errors else 200)


def _form(request, step, talent, later):
    now = timezone.now()
    extra = {}
    if step == 1:
        extra["consented"] = Consent.objects.granted_by(request.user, IDENTITY_NUMBER)
    return STEP_FORMS[step](
        request.POST if request.method == "POST" else None,
        talent=talent,
        user=request.user,
        today=timezone.localdate(now),
        later=later,
        **extra,
    )


def _keep(request, form, step):
    form.is_valid()
    values, user = form.values(), request.user
    agreed = bool(values.get("id_number") and form.cleaned_data.get("agree"))
    return operations.save_step(
        user=user, step=step, values=values, agreed=agreed, by=user, now=timezone.now()
    )


def _next(request, form, step, talent, later, verbs):
    if later:
        wrong = listed(form[name].label for name in form.errors if name in form.fields)
        if wrong:
            text = _("已保存。这几项有误，没有保存：%(names)s。") % {"names": wrong}
            messages.warning(request, text)
        else:
            messages.success(request, _("已保存，随时可以回来接着填。"))
        return redirect("dashboard")
    if step == 1 and claiming.offer(request, talent):
        return redirect("profile_claim")
    if step == 3 or operations.first_unfinished(talent) == 4:
        messages.success(request, _saved(verbs))
        return redirect("profile")
    return redirect("profile_step", step=step + 1)


def _saved(verbs):
    """Say what became of a step, from the audit verbs it left."""
    if "talents.propose_change" in verbs:
        return _("已保存。姓名、出生年月或身份证号的修改由工作人员核对后生效，结果会通知您。")
    if "talents.withdraw_change" in verbs:
        return _("已保存。之前的更正申请已撤回。")
    return _("已保存。")


@signed_in
@require_POST
def withdraw_proposal(request):
    """Take back the change of her identity that waits for a clerk."""
    proposal = operations.open_proposal(operations.own_record(request.user))
    if proposal:
        done = _("更正申请已撤回，档案保持原样。")
        attempt(request, operations.withdraw_proposal, done, proposal=proposal)
    return redirect("profile_review")


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def review(request):
    """Show everything once more; hand it in."""
    talent = operations.own_record(request.user)
    if talent is None:
        return redirect("profile_step", step=1)
    error = None
    if request.method == "POST":
        agreed = request.POST.get("agree") == "on"
        try:
            operations.submit(talent=talent, agreed=agreed, by=request.user, now=timezone.now())
        except DomainError as refused:
            error = refused
        else:
            return redirect("profile_review")
    obstacle = operations.why_not_submit(talent, request.user)
    context = {
        "talent": talent,
        "proposal": operations.open_proposal(talent),
        "steps": _steps(talent),
        "unfinished": operations.first_unfinished(talent),
        "asks_consent": obstacle is not None and obstacle.code == "consent_needed",
        "can_submit": obstacle is None or obstacle.code == "consent_needed",
        "consent": purposes()[TALENT_DATABASE],
        "error": error,
    }
    return render(request, "talents/review.html", context, status=422 if error else 200)


@signed_in
@never_cache
@require_safe
def units(request):
    """Return up to ten units that match what is typed, as options of the field's list."""
    units = Unit.objects.suggest(request.GET.get("unit_name"))
    return render(request, "talents/unit_options.html", {"units": units})
