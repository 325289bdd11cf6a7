"""Her pages of what is due after an award: read what is wanted, write, attach, hand in, take back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from calls import afterwards_rules as after
from calls import operations
from calls.forms import DueForm
from calls.models import Due, DueFile
from kernel.access import signed_in
from kernel.downloads import download
from kernel.errors import DomainError
from privacy import history


def _hers(request, code):
    rows = Due.objects.select_related("step", "application__call", "application__talent")
    return get_object_or_404(rows.filter(application__talent__user=request.user), code=code)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def due(request, code):
    """Show one step; POST keeps what she typed and sent, and hands it in where she pressed that."""
    mine, now = _hers(request, code), timezone.now()
    why_not = after.why_not_write(mine)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DueForm(*posted, due=mine)
    if posted and (done := _save(request, mine, form, now)) is not None:
        return done
    context = {
        "due": mine,
        "step": mine.step,
        "call": mine.application.call,
        "application": mine.application,
        "form": form,
        "why_not": why_not,
        "payments": mine.payments.filter(taken_back_at=None),
        "may_withdraw": after.why_not_withdraw(mine) is None,
        "history": history.of(mine, reader=request.user),
    }
    return render(request, "calls/due.html", context, status=422 if form.errors else 200)


def _save(request, mine, form, now):
    """Keep what came; return the answer where all is well, None where the page is to be shown with what is wrong."""
    if not form.is_valid():
        return None
    about = {"by": request.user, "now": now}
    try:
        _keep(request, mine, form, about)
        if "submit" not in request.POST:
            messages.success(request, _("已保存。"))
            return redirect(mine.get_absolute_url())
        operations.hand_in_due(due=mine, **about)
    except DomainError as error:
        error.add_to(form)
        return None
    messages.success(request, _("已提交，审核后会通知您。"))
    return redirect(mine.get_absolute_url())


def _keep(request, mine, form, about):
    """Keep files before words: a report that waits for staff is only kept complete."""
    if sent := form.cleaned_data["files"]:
        operations.attach_to_due(due=mine, sent=sent, **about)
    operations.write_due(due=mine, text=form.cleaned_data["text"], **about)
    if gone := mine.files.filter(code=request.POST.get("remove_file", "")).first():
        operations.detach_from_due(file=gone, **about)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def due_withdraw(request, code):
    """Ask her whether she takes a report back that was handed in; POST does."""
    mine = _hers(request, code)
    if request.method == "POST":
        try:
            operations.withdraw_due(due=mine, by=request.user, now=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已撤回，改好后请重新提交。"))
        return redirect(mine.get_absolute_url())
    if error := after.why_not_withdraw(mine):
        messages.error(request, str(error))
        return redirect(mine.get_absolute_url())
    return render(request, "calls/due_withdraw.html", {"due": mine, "step": mine.step})


@signed_in
@never_cache
@require_safe
def due_file(request, code):
    """Send her a file she handed in; staff fetch it in the admin."""
    rows = DueFile.objects.select_related("due__application__talent")
    found = get_object_or_404(rows.filter(due__application__talent__user=request.user), code=code)
    name, data = operations.read_due_file(file=found, by=request.user)
    return download(data, name)
