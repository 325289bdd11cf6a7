"""Her career on a phone: the list, one entry, deleted with a way back, the file that proves it."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel.access import signed_in
from kernel.admin.actions import attempt
from kernel.downloads import download
from kernel.errors import DomainError
from talents.career import confirming, operations, shown
from talents.career.forms import EntryForm
from talents.career.kinds import HERS, EntryKind
from talents.career.models import CareerEntry
from talents.operations import own_record, waiting_proposals


def own_entries(user):
    """Return the entries of her own record."""
    return CareerEntry.objects.filter(talent__user=user).select_related("talent", "evidence")


def groups(entries):
    """Return [(kind, its entries)] of all kinds she keeps, and of others that hold something."""
    by_kind = {kind: [] for kind in EntryKind}
    for entry in entries:
        by_kind[EntryKind(entry.kind)].append(entry)
    return [(kind, found) for kind, found in by_kind.items() if found or kind in HERS]


@signed_in
@never_cache
@require_safe
def career(request):
    """Show her career by kinds, and what she has just deleted with the way back."""
    talent = own_record(request.user)
    if talent is None:
        return redirect("profile")
    entries = list(own_entries(request.user).newest_first())
    kept = [entry for entry in entries if not entry.deleted_at]
    deleted = [entry for entry in entries if entry.deleted_at]
    just = request.GET.get("deleted", "")
    context = {
        "talent": talent,
        "groups": groups(kept),
        "is_empty": not kept,
        "due": confirming.is_due(talent, timezone.now()),
        "hers": HERS,
        "just_deleted": next((e for e in deleted if str(e.pk) == just), None),
        "deleted": deleted,
        "why_not": operations.why_not_write_entry(talent, EntryKind.EMPLOYMENT, request.user),
    }
    return render(request, "talents/career/list.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def add_entry(request, kind):
    """Show or keep a new entry."""
    talent = own_record(request.user)
    if kind not in HERS:
        raise Http404
    if talent is None:
        return redirect("profile")
    return _entry_page(request, talent, EntryKind(kind), None)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def change_entry(request, pk):
    """Show or keep one entry."""
    entry = get_object_or_404(own_entries(request.user), pk=pk, deleted_at=None)
    return _entry_page(request, entry.talent, EntryKind(entry.kind), entry)


def _entry_page(request, talent, kind, entry):
    """Show the form of an entry, or keep it and go back to the list."""
    if error := operations.why_not_write_entry(talent, kind, request.user):
        messages.warning(request, str(error))
        return redirect("career")
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EntryForm(*sent, kind=kind, entry=entry, today=timezone.localdate())
    if form.is_valid() and _kept(request, form, talent, kind, entry):
        messages.success(request, _("已保存。"))
        return redirect(f"{reverse('career')}#{kind}")
    context = {"form": form, "kind": kind, "entry": entry}
    status = 422 if form.errors else 200
    return render(request, "talents/career/entry.html", context, status=status)


def _kept(request, form, talent, kind, entry):
    try:
        operations.save_entry(
            talent=talent,
            kind=kind,
            entry=entry,
            by=request.user,
            now=timezone.now(),
            **form.given(),
        )
    except DomainError as error:
        error.add_to(form)
        return False
    return True


@signed_in
@require_POST
def delete_entry(request, pk):
    """Take an entry out, with the way back on the page that follows."""
    entry = get_object_or_404(own_entries(request.user), pk=pk)
    gone = attempt(request, operations.delete_entry, "", entry=entry)
    return redirect(f"{reverse('career')}?deleted={pk}" if gone else "career")


@signed_in
@require_POST
def restore_entry(request, pk):
    """Bring a deleted entry back."""
    entry = get_object_or_404(own_entries(request.user), pk=pk)
    attempt(request, operations.restore_entry, _("已恢复。"), entry=entry)
    return redirect(f"{reverse('career')}#{entry.kind}")


@signed_in
@never_cache
@require_safe
def evidence(request, pk):
    """Hand out the file that proves an entry of hers; staff get it at their desk (talents.career.admin)."""
    entry = get_object_or_404(own_entries(request.user), pk=pk, deleted_at=None)
    try:
        name, data = operations.read_evidence(entry=entry, by=request.user, now=timezone.now())
    except DomainError as error:
        raise Http404 from error
    return download(data, name)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request):
    """Show what is known of her, and keep that it still holds: one tap."""
    talent, now = own_record(request.user), timezone.now()
    if talent is None:
        return redirect("profile")
    if request.method == "POST":
        done = _("谢谢，已记下：您的档案仍然准确。一年后再请您核对。")
        kept = attempt(request, confirming.confirm, done, talent=talent)
        return redirect("dashboard" if kept else "profile_confirm")
    found = talent.career.kept().values_list("kind").annotate(n=Count("pk")).order_by("kind")
    context = {
        "talent": talent,
        "due": confirming.is_due(talent, now),
        "why_not": confirming.why_not_confirm(talent, request.user),
        "groups": shown.of_hers(talent),
        "reported": [p for p in waiting_proposals(talent) if p.unit_id],
        "kinds": [(EntryKind(kind).label, n) for kind, n in found],
    }
    return render(request, "talents/career/confirm.html", context)
