"""Interests as their two sides see them: said, answered, confirmed, ended."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from entrepreneurship.transfer import interests
from entrepreneurship.transfer import interests_rules as rules
from entrepreneurship.transfer.forms import ContactForm, DeclineForm, EndForm, InterestForm
from entrepreneurship.transfer.models import (
    TOGETHER,
    WAITING,
    InterestState,
    TransferInterest,
    TransferProfile,
    acts_for,
)
from kernel.access import signed_in
from kernel.errors import DomainError
from kernel.keyset import Keyset
from talents.operations import own_record

NEWEST = Keyset(("-id",))
PAGE = 20


@signed_in
@never_cache
@require_safe
def transfer_interests(request):
    """List what she is interested in, and what others said of what she published."""
    user, after = request.user, request.GET.get("after", "")
    rows = TransferInterest.objects.of(user).with_both()
    page = NEWEST.page(rows, after, PAGE)
    for row in page.rows:
        row.is_mine = rules.is_seeker(row, user)
    context = {"page": page}
    return render(request, "entrepreneurship/transfer/interests.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_transfer_interest(request, code):
    """Take it that she, or the unit she speaks for, is interested in a profile."""
    rows = TransferProfile.objects.shown(timezone.localdate()).with_words()
    profile, now = get_object_or_404(rows, code=code), timezone.now()
    talent, unit = own_record(request.user), acts_for(request.user)
    # A unit's contact speaks for her unit; a woman for herself.
    whose = {"unit": request.user.unit} if unit else {"talent": talent}
    why_not = _why_not_ask(profile, whose, request.user, now)
    form = InterestForm(request.POST if request.method == "POST" else None, profile=profile)
    if not why_not and form.is_valid():
        try:
            made = interests.express_interest(
                profile=profile, by=request.user, now=now, **whose, **form.cleaned_data
            )
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已转给对方，十五个工作日内答复，会通知您。"))
            return redirect(made)
    context = {"profile": profile, "form": form, "why_not": why_not, "unit": whose.get("unit")}
    status = 422 if form.errors else 200
    return render(request, "entrepreneurship/transfer/new_interest.html", context, status=status)


def _why_not_ask(profile, whose, user, now):
    if whose.get("unit") is None and whose.get("talent") is None:
        return _("进入女性科技人才数据库，或由单位联系人登录，才能表示意向。")
    about = {"talent": None, "unit": None} | whose
    return rules.why_not_ask(profile, about["talent"], about["unit"], user, now)


def _of(request, code):
    return get_object_or_404(TransferInterest.objects.of(request.user).with_both(), code=code)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_interest(request, code):
    """Show how far it is and what comes next, and take her answer."""
    interest = _of(request, code)
    owns, asks = (
        rules.is_owner(interest, request.user),
        rules.is_seeker(interest, request.user),
    )
    answers = (owns and interest.state == InterestState.ASKED) or (
        asks and interest.state == InterestState.ANSWERED
    )
    sent = request.POST if request.method == "POST" and "agree" in request.POST else None
    form = ContactForm(
        sent,
        other=interest.seeker_name if owns else interest.owner_name,
        other_abroad=interest.seeker_abroad if owns else interest.owner_abroad,
        other_reach=interest.seeker_reach if owns else interest.owner_reach,
        asks_where=owns,
    )
    decline = DeclineForm(request.POST if "decline" in request.POST else None)
    end = EndForm(request.POST if "end" in request.POST else None)
    if request.method == "POST" and _done(request, interest, owns, (form, decline, end)):
        return redirect(interest)
    context = {
        "interest": interest,
        "profile": interest.profile,
        "owns": owns,
        "asks": asks,
        "answers": answers,
        "form": form,
        "decline": decline,
        "end": end,
        "is_together": interest.state in TOGETHER,
        "is_waiting": interest.state in WAITING,
        "steps": interest.steps.all(),
        "contracts": interest.contracts.counted(),
    }
    wrong = form.errors or decline.errors or end.errors
    status = 422 if wrong else 200
    return render(request, "entrepreneurship/transfer/interest.html", context, status=status)


def _done(request, interest, owns, shown):
    """Do what was pressed; returns whether it was done. A refusal stands in the form that was sent."""
    form, decline, end = shown
    about = {"interest": interest, "by": request.user, "now": timezone.now()}
    for sent, operation, words in (
        (form, interests.accept_interest if owns else interests.confirm_interest, _("已记下。")),
        (decline, interests.decline_interest, _("已谢绝，对方只看到您选的原因。")),
        (end, interests.end_interest, _("已结束，会告知对方。")),
    ):
        if not (sent.is_bound and sent.is_valid()):
            continue
        given = {"agrees_abroad": False} if sent is form else {}
        try:
            operation(**about, **given | sent.cleaned_data)
        except DomainError as error:
            error.add_to(sent)
            return False
        messages.success(request, words)
        return True
    return False


def _pressed(request, code, operation, done):
    interest = _of(request, code)
    try:
        interest = operation(interest=interest, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(interest)


@signed_in
@never_cache
@require_POST
def withdraw_transfer_interest(request, code):
    """Take it back before both agreed."""
    return _pressed(request, code, interests.withdraw_interest, _("已撤回，对方不用答复了。"))


@signed_in
@never_cache
@require_POST
def reconsider_transfer_interest(request, code):
    """Take up again what she declined."""
    done = _("已恢复，请在页面上重新答复。")
    return _pressed(request, code, interests.reconsider_interest, done)
