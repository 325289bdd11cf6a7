"""Her profile: three short steps, a review page, and the offer to claim what her unit reported."""

from django import forms
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
from kernel.admin.actions import attempt, say
from kernel.changes import watched
from kernel.errors import DomainError
from kernel.words import listed
from privacy.models import Consent
from privacy.purposes import purposes
from talents import operations, standing
from talents.career import confirming
from talents.forms import STEP_FORMS
from talents.identity import views as claiming
from talents.life_forms import MoveAwayForm, PauseForm
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
        # Whoever mends something on the yearly page goes on there, and after a change of jobs sees the rest at once.
        due = confirming.is_due(talent, timezone.now())
        return redirect("profile_confirm" if due else "profile")
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


def _on_facts(request, form, operation, done):
    """Carry out what she decides about a fact beside the state; what is wrong stands at its field, as she typed it."""
    talent = operations.own_record(request.user)
    if talent is None:
        return redirect("profile")
    if form.is_valid() and _decided(request, form, operation, done, talent):
        return redirect("profile_review")
    return _shown(request, talent, **{type(form).__name__: form})


def _decided(request, form, operation, done, talent):
    """Carry it out and say so; False where the refusal belongs to a field of the form."""
    try:
        with watched() as verbs:
            operation(talent=talent, by=request.user, now=timezone.now(), **form.cleaned_data)
    except DomainError as error:
        if error.field in form.fields:
            error.add_to(form)
            return False
        messages.error(request, str(error))
    else:
        say(request, done, changed=bool(verbs))
    return True


@signed_in
@require_POST
def pause(request):
    """Keep her out of consultations and recommendations, until a date or until she resumes."""
    done = _("已暂停：各部门咨询专家、推荐人选时不会找到您。")
    return _on_facts(request, PauseForm(request.POST), operations.pause, done)


@signed_in
@require_POST
def resume(request):
    """End the pause she began."""
    done = _("已恢复：各部门咨询专家、推荐人选时可以找到您。")
    return _on_facts(request, forms.Form({}), operations.resume, done)


@signed_in
@require_POST
def move_away(request):
    """Write down that she left the district."""
    done = _("已登记。档案为您保留，回来以后在这里点“我回来了”就恢复。")
    return _on_facts(request, MoveAwayForm(request.POST), operations.move_away, done)


@signed_in
@require_POST
def move_back(request):
    """Write down that she is back."""
    done = _("欢迎回来！档案已恢复。单位、职务有变化，请顺手更新。")
    return _on_facts(request, forms.Form({}), operations.move_back, done)


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
    return _shown(request, talent, error)


def _shown(request, talent, error=None, **sent):
    """Return the page of her record; `sent` are forms that were refused, by their class."""
    obstacle = operations.why_not_submit(talent, request.user)
    refused = any(form.errors for form in sent.values())
    context = {
        **_facts(request, talent),
        "pause_form": sent.get("PauseForm") or PauseForm(),
        "move_away_form": sent.get("MoveAwayForm") or MoveAwayForm(),
        "refused": refused,
        "talent": talent,
        "proposal": operations.open_proposal(talent),
        "steps": _steps(talent),
        "unfinished": operations.first_unfinished(talent),
        "asks_consent": obstacle is not None and obstacle.code == "consent_needed",
        "can_submit": obstacle is None or obstacle.code == "consent_needed",
        "consent": purposes()[TALENT_DATABASE],
        "error": error,
    }
    return render(request, "talents/review.html", context, status=422 if error or refused else 200)


def _facts(request, talent):
    """Return what the page says and offers of the facts beside the state."""
    day, her = timezone.localdate(), request.user
    return {
        "is_paused": talent.is_paused(day),
        "may_pause": operations.why_not_pause(talent, her, day) is None,
        "may_resume": operations.why_not_resume(talent, her, day) is None,
        "may_move_away": operations.why_not_move_away(talent, her) is None,
        "may_move_back": operations.why_not_move_back(talent, her) is None,
        "is_stale": talent.is_active and standing.is_stale(talent, day),
        "is_listed": standing.why_not_listed(talent, day) is None,
    }


@signed_in
@never_cache
@require_safe
def units(request):
    """Return up to ten units that match what is typed, as options of the field's list."""
    units = Unit.objects.suggest(request.GET.get("unit_name"))
    return render(request, "talents/unit_options.html", {"units": units})
