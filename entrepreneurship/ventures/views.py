"""Ventures as the women who found them see them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from entrepreneurship.ventures import operations, rules
from entrepreneurship.ventures.forms import (
    CheckForm,
    FounderForm,
    InviteForm,
    NewVentureForm,
    StageForm,
    VentureForm,
    check_initial,
)
from entrepreneurship.ventures.history import history
from entrepreneurship.ventures.models import Venture, VentureCheck, VentureFounder, VentureStageCode
from kernel.access import signed_in
from kernel.errors import DomainError
from talents.operations import own_record

MOST = 100


def _hers(request, code):
    rows = Venture.objects.of_woman(request.user).select_related("talent__user", "base")
    return get_object_or_404(rows, code=code)


def _posted(request):
    return request.POST if request.method == "POST" else None


def _done(form, operation, **arguments):
    """Call an operation with what a valid form holds; None where it refused, which the form says then."""
    if not form.is_valid():
        return None
    try:
        return operation(now=timezone.now(), **arguments)
    except DomainError as error:
        error.add_to(form)
        return None


def _page(request, template, form, **context):
    status = 422 if form.errors else 200
    return render(request, template, context | {"form": form}, status=status)


@signed_in
@never_cache
@require_safe
def my_ventures(request):
    """List what she founds."""
    talent = own_record(request.user)
    rows = list(Venture.objects.of_woman(request.user).order_by("-pk")[:MOST])
    waiting = VentureCheck.objects.waiting().filter(venture__in=rows)
    context = {
        "ventures": rows,
        "waiting": set(waiting.values_list("venture", flat=True)),
        "why_not": rules.why_not_create(talent, request.user),
    }
    return render(request, "entrepreneurship/ventures/list.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_venture(request):
    """Take a new venture of hers."""
    talent = own_record(request.user)
    industry = talent.industry if talent else ""
    form = NewVentureForm(_posted(request), initial={"industry": industry, "share": "100"})
    made = _done(
        form,
        lambda **more: operations.create_venture(
            talent=talent, values=form.cleaned_data, by=request.user, **more
        ),
    )
    if made:
        messages.success(request, _("已登记。接下来可以邀请一起创业的人。"))
        return redirect(made)
    why_not = rules.why_not_create(talent, request.user)
    return _page(request, "entrepreneurship/ventures/new.html", form, why_not=why_not)


@signed_in
@never_cache
@require_safe
def venture(request, code):
    """Show one of her ventures: what it is, who founds it, what happened, what can be done next."""
    found = _hers(request, code)
    founders = list(found.founders.standing().select_related("talent__user"))
    checkpoints = list(found.checkpoints.standing()[:1])
    context = {
        "venture": found,
        "founders": founders,
        "latest": checkpoints[0] if checkpoints else None,
        "history": history(found),
        "waits": found.checks.unanswered().first(),
        "keeps": rules.why_not_keep(found, request.user) is None,
        "can_move": bool(rules.next_stages(found)),
        "can_take_back": rules.why_not_take_back(found) is None,
    }
    return render(request, "entrepreneurship/ventures/venture.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def venture_edit(request, code):
    """Write what a venture is anew."""
    found = _hers(request, code)
    initial = {name: getattr(found, name) for name in rules.TYPED}
    form = VentureForm(_posted(request), initial=initial)
    saved = _done(
        form,
        lambda **more: operations.save_venture(
            venture=found, values=form.cleaned_data, by=request.user, **more
        ),
    )
    if saved:
        messages.success(request, _("已保存。"))
        return redirect(saved)
    return _page(request, "entrepreneurship/ventures/edit.html", form, venture=found)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def venture_stage(request, code):
    """Take the next stage of a venture."""
    found = _hers(request, code)
    form = StageForm(
        _posted(request), venture=found, initial={"day": timezone.localdate().isoformat()}
    )
    moved = _done(
        form,
        lambda **more: operations.enter_stage(
            venture=found,
            stage=form.cleaned_data["stage"],
            day=form.cleaned_data["day"],
            uscc=form.cleaned_data.get("uscc", ""),
            by=request.user,
            **more,
        ),
    )
    if moved:
        messages.success(request, _("已登记。登记错了可以撤回这一步。"))
        return redirect(moved)
    return _page(
        request,
        "entrepreneurship/ventures/stage.html",
        form,
        venture=found,
        can_take_back=rules.why_not_take_back(found) is None,
    )


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def venture_stage_back(request, code):
    """Say what taking the last step back does; POST does it."""
    found = _hers(request, code)
    if request.method == "POST":
        try:
            operations.take_stage_back(venture=found, by=request.user, now=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已撤回，历史里会留下这次更正。"))
        return redirect(found)
    context = {"venture": found, "why_not": rules.why_not_take_back(found)}
    if context["why_not"] is None:
        context["last"], context["before"] = found.stages.standing()[:2]
    return render(request, "entrepreneurship/ventures/stage_back.html", context)


# --- founders --------------------------------------------------------------------------------------
@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def venture_founders(request, code):
    """Show who founds it and the links that wait; POST makes a link or keeps somebody outside the database."""
    found = _hers(request, code)
    form = InviteForm(_posted(request))
    if request.method == "POST":
        founding = {
            "invite": operations.invite_founder,
            "outside": operations.add_outside_founder,
        }.get(request.POST.get("who"), operations.invite_founder)
        if form.is_valid() and _founded(request, form, found, founding):
            return redirect("venture_founders", code=found.code)
    founders = list(found.founders.standing().select_related("talent__user"))
    for founder in founders:
        founder.venture = found
        founder.can_set = rules.why_not_set(founder, request.user) is None
        founder.can_end = rules.why_not_end(founder, request.user) is None
    return _page(
        request,
        "entrepreneurship/ventures/founders.html",
        form,
        venture=found,
        founders=founders,
        keeps=rules.why_not_keep(found, request.user) is None,
        why_not=rules.why_not_keep(found, request.user) or rules.why_not_open(found),
    )


def _founded(request, form, found, operation):
    given = dict(form.cleaned_data)
    number = given.pop("number")
    if operation is operations.invite_founder:
        given["number"] = number
    try:
        operation(venture=found, by=request.user, now=timezone.now(), **given)
    except DomainError as error:
        error.add_to(form)
        return False
    if operation is operations.invite_founder:
        messages.success(request, _("链接已生成，请发给她；她确认后才算创始人。"))
    else:
        messages.success(request, _("已登记另一位创始人，不留姓名。"))
    return True


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def venture_founder(request, code, pk):
    """Write one founder's role and share, or with `end` and `hand_over` take her out or let her keep the venture."""
    found = _hers(request, code)
    rows = found.founders.standing().select_related("talent__user")
    founder = get_object_or_404(rows, pk=pk)
    founder.venture = found
    if request.method == "POST" and ("end" in request.POST or "hand_over" in request.POST):
        return _ended(request, found, founder)
    form = FounderForm(
        _posted(request), initial={"role": founder.role, "share": rules.plain(founder.share)}
    )
    saved = _done(
        form,
        lambda **more: operations.set_founder(
            founder=founder, by=request.user, **form.cleaned_data, **more
        ),
    )
    if saved:
        messages.success(request, _("已保存。"))
        return redirect("venture_founders", code=found.code)
    hand_over = rules.why_not_keep(found, request.user) or rules.why_not_hand_over(founder)
    return _page(
        request,
        "entrepreneurship/ventures/founder.html",
        form,
        venture=found,
        founder=founder,
        why_not=rules.why_not_set(founder, request.user),
        can_end=rules.why_not_end(founder, request.user) is None,
        can_hand_over=hand_over is None and founder.talent_id != found.talent_id,
        is_hers=rules.is_herself(founder, request.user),
    )


def _ended(request, found, founder):
    hers = rules.is_herself(founder, request.user)
    about = {"founder": founder, "by": request.user, "now": timezone.now()}
    try:
        if "hand_over" in request.POST:
            operations.hand_over_venture(**about)
            messages.success(request, _("已转交，以后由她邀请创始人、答复年度问询。"))
        else:
            operations.end_founder(**about)
            messages.success(request, _("已退出。") if hers else _("已移出。"))
            if hers:
                return redirect("my_ventures")
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("venture_founders", code=found.code)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def venture_invitation(request, number, secret):
    """Show a woman what she is asked to confirm; POST confirms."""
    founder, talent = VentureFounder.found(number, secret), own_record(request.user)
    if founder is None:
        raise Http404
    if request.method == "POST":
        try:
            operations.accept_founder(
                founder=founder, talent=talent, by=request.user, now=timezone.now()
            )
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(founder)
        messages.success(request, _("已确认，您是这个项目的创始人。"))
        return redirect(founder.venture)
    is_hers = founder.ended_at is None and founder.talent_id and founder.talent == talent
    why_not = rules.why_not_join_at_all(founder, talent, request.user)
    if not is_hers:
        why_not = why_not or rules.why_not_join(founder, talent)
    context = {
        "founder": founder,
        "venture": founder.venture,
        "is_hers": is_hers,
        "why_not": None if is_hers else why_not,
    }
    return render(request, "entrepreneurship/ventures/invitation.html", context)


# --- the yearly check ------------------------------------------------------------------------------
@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def venture_check(request, code):
    """Take how a venture stands this year; where that was said within 30 days, lead to putting it right."""
    found, now = _hers(request, code), timezone.now()
    if (last := rules.lately(found, now)) and request.method != "POST":
        return redirect("venture_checkpoint", code=found.code, pk=last.pk)
    latest = found.checkpoints.standing().first()
    form = CheckForm(_posted(request), initial=check_initial(latest))
    kept = _done(
        form,
        lambda **more: operations.answer_check(
            venture=found, values=form.cleaned_data, by=request.user, **more
        ),
    )
    if kept:
        return _thanked(request, found, kept)
    return _page(
        request, "entrepreneurship/ventures/check.html", form, venture=found, latest=latest
    )


def _thanked(request, found, kept):
    if kept.alive or found.stage == VentureStageCode.CLOSED:
        messages.success(request, _("已填好，谢谢。30 天内可以更正，明年这时再问您。"))
        return redirect(found)
    messages.success(request, _("已填好。请再登记停止的日期：选“已关闭”，或者“暂停”。"))
    return redirect("venture_stage", code=found.code)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def venture_checkpoint(request, code, pk):
    """Put right what was answered."""
    found = _hers(request, code)
    checkpoint = get_object_or_404(found.checkpoints.select_related("replaced_by"), pk=pk)
    checkpoint.venture = found
    why_not = rules.why_not_correct_checkpoint(checkpoint, request.user, timezone.now())
    form = CheckForm(_posted(request), initial=check_initial(checkpoint))
    kept = _done(
        form,
        lambda **more: operations.correct_checkpoint(
            checkpoint=checkpoint, values=form.cleaned_data, by=request.user, **more
        ),
    )
    if kept:
        return _thanked(request, found, kept)
    return _page(
        request,
        "entrepreneurship/ventures/check.html",
        form,
        venture=found,
        checkpoint=checkpoint,
        why_not=why_not,
    )
