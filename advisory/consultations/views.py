"""Consultations as a woman meets them: what she was invited to, the papers, what she says and what became of it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from advisory.consultations import operations, rules
from advisory.consultations.forms import (
    NOTHING,
    SOMETHING,
    ChangedOpinionForm,
    DeclareForm,
    OpinionForm,
)
from advisory.consultations.models import ConsultationInvitation, InvitationState, Opinion
from kernel.access import signed_in
from kernel.admin.actions import attempt
from kernel.downloads import download
from kernel.errors import DomainError


def _hers(request, pk):
    rows = ConsultationInvitation.objects.hers(request.user)
    rows = rows.select_related("consultation__department", "consultation__event", "talent__user")
    return get_object_or_404(rows, pk=pk)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, pk):
    """Show her what she is asked, and take her answer with what she says of a conflict of interest."""
    found = _hers(request, pk)
    form = DeclareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and "decline" in request.POST:
        done = _("已记下，不用说明原因，也不影响以后邀请您。")
        attempt(request, operations.decline_invitation, done, invitation=found)
        return redirect(found)
    if form.is_valid() and _done(request, form, operations.accept_invitation, found):
        messages.success(request, _("谢谢您！接下来怎么做，看下面。"))
        return redirect(found)
    return render(
        request,
        "advisory/consultations/invitation.html",
        _shown(found) | {"form": form},
        status=422 if form.errors else 200,
    )


def _shown(found):
    now, consultation = timezone.now(), found.consultation
    why_not_read, why_not_accept = rules.why_not_read(found), rules.why_not_accept(found, now)
    return {
        "invitation": found,
        "consultation": consultation,
        "units": list(consultation.units.all()),
        "answering": why_not_accept is None,
        "why_not_accept": why_not_accept,
        "why_not_decline": rules.why_not_decline(found),
        "took_part": found.state in (InvitationState.ACCEPTED, InvitationState.TOOK_PART),
        "why_not_read": why_not_read,
        "papers": [] if why_not_read else consultation.papers.order_by("pk"),
        "why_not_say": rules.why_not_say(found, now),
        "opinion_form": OpinionForm(),
        "opinions": found.opinions.select_related("noted_by"),
        "why_not_declare": rules.why_not_declare(found),
        "told": consultation.state == "closed",
    }


def _done(request, form, operation, found):
    """Call an operation with what a valid form holds; a refusal becomes an error of the form."""
    try:
        operation(invitation=found, by=request.user, now=timezone.now(), **form.cleaned_data)
    except DomainError as error:
        error.add_to(form)
        return False
    return True


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request, pk):
    """Let her say anew whether something stands in the way."""
    found = _hers(request, pk)
    said = {
        "declared": SOMETHING if found.declared else NOTHING,
        "declared_words": found.declared_words or "",
    }
    form = DeclareForm(request.POST if request.method == "POST" else None, initial=said)
    if form.is_valid() and _done(request, form, operations.declare_conflict, found):
        messages.success(request, _("已记下。"))
        return redirect(found)
    context = {
        "form": form,
        "invitation": found,
        "consultation": found.consultation,
        "why_not": rules.why_not_declare(found),
    }
    status = 422 if form.errors else 200
    return render(request, "advisory/consultations/declare.html", context, status=status)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def say(request, pk):
    """Take one thing she says."""
    found = _hers(request, pk)
    form = OpinionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(request, form, operations.give_opinion, found):
        messages.success(request, _("已提交。办结时逐条告诉您采纳了没有。"))
        return redirect(found)
    context = {
        "form": form,
        "invitation": found,
        "consultation": found.consultation,
        "why_not": rules.why_not_say(found, timezone.now()),
    }
    status = 422 if form.errors else 200
    return render(request, "advisory/consultations/opinion.html", context, status=status)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request, pk):
    """Let her change what she said, or take it back, until it is answered."""
    rows = Opinion.objects.filter(invitation__talent__user=request.user)
    rows = rows.select_related("invitation__consultation", "invitation__talent")
    found = get_object_or_404(rows, pk=pk)
    form = ChangedOpinionForm(
        request.POST if request.method == "POST" else None, initial={"text": found.text}
    )
    if form.is_valid():
        try:
            operations.change_opinion(
                opinion=found, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect(found.invitation)
    context = {
        "form": form,
        "opinion": found,
        "invitation": found.invitation,
        "consultation": found.invitation.consultation,
        "why_not": rules.why_not_change(found, timezone.now()),
    }
    status = 422 if form.errors else 200
    return render(request, "advisory/consultations/opinion.html", context, status=status)


@signed_in
@never_cache
@require_POST
def paper(request, pk, code):
    """Give her a paper; a POST, because opening a confidential one is put on record."""
    found = _hers(request, pk)
    file = get_object_or_404(found.consultation.papers, code=code)
    read = attempt(request, operations.open_paper, paper=file, invitation=found)
    if read is None:
        return redirect(found)
    name, data = read
    return download(data, name)
