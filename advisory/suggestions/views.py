"""Suggestions as women, and everybody, meet them: campaigns, writing, one suggestion, replies and effects."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from advisory.suggestions import operations, shown
from advisory.suggestions.documents import file_of
from advisory.suggestions.forms import ContestForm, CosignForm, RatingForm
from advisory.suggestions.letter_files import MAKERS
from advisory.suggestions.listing import ReplyFilter, answered
from advisory.suggestions.models import CoSignature, Suggestion, SuggestionCampaign
from advisory.suggestions.rules import effects as effect_rules
from advisory.suggestions.rules import replies as reply_rules
from advisory.suggestions.rules import writing as rules
from care_points.emergency import numbers
from kernel import markdown
from kernel.access import public, signed_in
from kernel.admin.actions import attempt
from kernel.downloads import download
from kernel.errors import DomainError
from kernel.keyset import Keyset
from kernel.public_pages import public_page

NEWEST, PAGE = Keyset(("-id",)), 12
ANSWERED = Keyset(("-answered_at", "-id"))


# --- for everybody --------------------------------------------------------------------------------
@public_page
@require_safe
def campaigns(request):
    """Show the campaigns, those one can write to first."""
    now = timezone.now()
    rows = SuggestionCampaign.objects.public(now).select_related("department")
    found = list(rows.order_by("-opens_at", "-pk")[:50])
    context = {
        "open": [one for one in found if one.is_writable(now)],
        "past": [one for one in found if not one.is_writable(now)],
        "coming": SuggestionCampaign.objects.coming(now).select_related("department"),
    }
    return render(request, "advisory/suggestions/campaigns.html", context)


@public
@never_cache
@require_safe
def campaign(request, code):
    """Show what a campaign asks, and what was suggested to it."""
    now = timezone.now()
    found = _campaign(code)
    page = NEWEST.page(shown.listed(found), request.GET.get("after", ""), PAGE)
    context = {
        "campaign": found,
        "question": markdown.html(found.question),
        "is_open": found.is_writable(now),
        "why_not": rules.why_not_write(found, request.user, now),
        "page": page,
    }
    return render(request, "advisory/suggestions/campaign.html", context)


def _campaign(code):
    known = SuggestionCampaign.objects.published().select_related("department")
    return get_object_or_404(known, code=code)


@public_page
@require_safe
def replies(request):
    """Show what was replied, and what came of it, the newest first."""
    narrowed, rows = ReplyFilter(request.GET), answered()
    found = narrowed.apply(rows).with_cosigners().select_related("campaign")
    page = ANSWERED.page(found, request.GET.get("after", ""), PAGE)
    context = {
        "page": page,
        "chosen": narrowed.chosen,
        "choices": [(label, offered) for label, offered in narrowed.choices(rows) if offered],
    }
    return render(request, "advisory/suggestions/replies.html", context)


@public
@never_cache
@require_safe
def suggestion(request, code):
    """Show one suggestion: to who wrote it all of it, to everybody else what is public."""
    rows = Suggestion.objects.with_cosigners()
    found = get_object_or_404(
        rows.select_related("campaign__department", "joined_to__campaign"), code=code
    )
    user, now = request.user, timezone.now()
    if user.is_authenticated and found.authorship_of(user):
        return render(request, "advisory/suggestions/hers.html", shown.for_her(found, user, now))
    if not found.is_public:
        raise Http404
    mine = CoSignature.objects.standing().filter(suggestion=found)
    signed_by_her = user.is_authenticated and mine.filter(user=user).exists()
    context = shown.for_everybody(found) | {
        "form": CosignForm(),
        "signed": signed_by_her,
        "why_not_cosign": rules.why_not_cosign(found, user),
    }
    return render(request, "advisory/suggestions/suggestion.html", context)


# --- she signs too --------------------------------------------------------------------------------
def _public(code):
    return get_object_or_404(Suggestion.objects.public().select_related("campaign"), code=code)


@signed_in
@never_cache
@require_POST
def cosign(request, code):
    """Sign another's suggestion too."""
    found, form = _public(code), CosignForm(request.POST)
    named = form.is_valid() and form.cleaned_data["named"]
    done = _("已附议。有了答复会通知您。")
    attempt(request, operations.cosign, done, suggestion=found, named=named)
    return redirect(found)


@signed_in
@never_cache
@require_POST
def uncosign(request, code):
    """Take her co-signature back."""
    found = _public(code)
    mine = CoSignature.objects.standing().filter(suggestion=found, user=request.user)
    if row := mine.select_related("suggestion").first():
        attempt(request, operations.withdraw_cosignature, _("附议已撤回。"), cosignature=row)
    return redirect(found)


# --- she has a reply ------------------------------------------------------------------------------
def _hers(request, code):
    rows = Suggestion.objects.hers(request.user)
    return get_object_or_404(
        rows.select_related("campaign__department", "joined_to__campaign"), code=code
    )


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request, code, pk):
    """Take what she thinks of a reply."""
    found = _hers(request, code)
    given = found.main.replies.filter(signed_at__isnull=False)
    reply = get_object_or_404(given.select_related("suggestion__campaign"), pk=pk)
    form = RatingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            rating = operations.rate(
                reply=reply, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            error.add_to(form)
        else:
            anew = _("已记下：会由另一位同事重新办理，再次答复您。")
            messages.success(request, anew if rating.reopens else _("谢谢您的评价。"))
            return redirect(found)
    context = {
        "form": form,
        "suggestion": found,
        "why_not": reply_rules.why_not_rate(reply, request.user, timezone.now()),
        "anew": reply_rules.reopens(reply, "not"),
    }
    status = 422 if form.errors else 200
    return render(request, "advisory/suggestions/rate.html", context, status=status)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contest(request, code, pk, months=None):
    """Take it that an adoption, or its effect after so many months, is not so."""
    found = _hers(request, code)
    adoption = get_object_or_404(found.main.adoptions.confirmed(), pk=pk)
    effect = get_object_or_404(adoption.effects, months=months) if months else None
    form = ContestForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            operations.contest(
                adoption=adoption,
                effect=effect,
                by=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as error:
            error.add_to(form, fallback="words")
        else:
            messages.success(request, _("已提交，核实后答复您。"))
            return redirect(found)
    context = {
        "form": form,
        "suggestion": found,
        "adoption": adoption,
        "effect": effect,
        "why_not": effect_rules.why_not_contest(adoption, effect, request.user),
    }
    status = 422 if form.errors else 200
    return render(request, "advisory/suggestions/contest.html", context, status=status)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, code):
    """Ask first, then take a suggestion back, or throw a draft away."""
    found = _hers(request, code)
    if request.method == "POST":
        if found.state == "draft":
            attempt(request, operations.drop_draft, _("草稿已删除。"), suggestion=found)
            return redirect("my_advisory")
        attempt(request, operations.withdraw_suggestion, _("已撤回。"), suggestion=found)
        return redirect(found)
    context = {"suggestion": found, "numbers": numbers()}
    return render(request, "advisory/suggestions/withdraw.html", context)


@signed_in
@never_cache
@require_safe
def letter(request, code, ending):
    """Give her the reply to her own suggestion as a letter, Word or PDF; of a joined one the other's text is not hers."""
    found = _hers(request, code)
    if ending not in MAKERS or not found.replies.signed().exists():
        raise Http404
    return download(*file_of(found, ending))
