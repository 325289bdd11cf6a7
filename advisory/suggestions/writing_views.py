"""Writing a suggestion: kept as typed when she saves, similar ones beside it, handed in when it is whole."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from advisory.suggestions import operations
from advisory.suggestions.forms import SuggestionForm
from advisory.suggestions.models import Suggestion, SuggestionCampaign
from advisory.suggestions.rules import writing as rules
from advisory.suggestions.similar import similar
from care_points.emergency import numbers
from kernel import markdown
from kernel.access import signed_in
from kernel.errors import DomainError

SAVE, SEND, LOOK = "save", "send", "look"


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, code):
    """Begin a suggestion to a campaign."""
    rows = SuggestionCampaign.objects.public(timezone.now()).select_related("department")
    return _write(request, get_object_or_404(rows, code=code), None)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, code):
    """Go on with a draft."""
    rows = Suggestion.objects.hers(request.user).select_related("campaign__department")
    found = get_object_or_404(rows, code=code)
    if found.state != "draft":
        return redirect(found)
    return _write(request, found.campaign, found)


def _write(request, campaign, draft):
    """Show the form; save what was typed, hand it in, or show what is similar, by the button that was pressed."""
    sent = request.method == "POST"
    form = SuggestionForm(
        request.POST if sent else None,
        initial=SuggestionForm.start(draft) if draft else None,
        similar=reverse("suggestion_similar"),
    )
    presses = form.is_valid() and LOOK not in request.POST
    if presses and (saved := _saved(request, form, campaign, draft)):
        return redirect(saved)
    typed = form.data if sent else form.initial
    now = timezone.now()
    why_not = (
        rules.why_not_write_back(draft, request.user, now)
        if draft
        else rules.why_not_write(campaign, request.user, now)
        or rules.why_not_more(campaign, request.user)
    )
    context = {
        "campaign": campaign,
        "question": markdown.html(campaign.question),
        "form": form,
        "draft": draft,
        "why_not": why_not,
        "personal": "not_personal" in form.errors,
        "numbers": numbers(),
        "similar": similar(typed.get("title"), typed.get("matter"), draft) if typed else [],
    }
    status = 422 if form.errors else 200
    return render(request, "advisory/suggestions/write.html", context, status=status)


def _saved(request, form, campaign, draft):
    """Do what she pressed; returns where to go, None where the form shows why not.

    A personal complaint is led elsewhere before anything is stored; what cannot be handed in is not stored either: the
    form still holds it.
    """
    values = dict(form.cleaned_data)
    not_personal = values.pop("not_personal")
    now, sends = timezone.now(), SEND in request.POST
    try:
        if error := rules.why_not_personal(
            values["title"], values["matter"], values["proposal"], not_personal=not_personal
        ):
            raise error
        with transaction.atomic():
            saved = operations.save_draft(
                campaign=campaign, suggestion=draft, values=values, by=request.user, now=now
            )
            if sends:
                operations.send_suggestion(
                    suggestion=saved, by=request.user, now=now, not_personal=not_personal
                )
    except DomainError as error:
        error.add_to(form)
        return None
    if sends:
        messages.success(
            request, _("已提交，谢谢您！立案没有、谁来办、什么时候答复，这里都看得到。")
        )
    else:
        messages.success(request, _("草稿已保存，只有您看得到。"))
    return saved


@signed_in
@never_cache
@require_POST
def look(request):
    """Return what is similar to what she is typing, as a part of the page."""
    found = similar(request.POST.get("title", ""), request.POST.get("matter", ""))
    return render(request, "advisory/suggestions/similar.html", {"similar": found})
