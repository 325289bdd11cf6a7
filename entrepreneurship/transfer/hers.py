"""Profiles as their owner keeps them, a woman or a unit's contact, and as a unit's contact endorses them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from entrepreneurship.transfer import matching, profiles
from entrepreneurship.transfer import profiles_rules as rules
from entrepreneurship.transfer.forms import ProfileForm, SubmitForm, WishForm
from entrepreneurship.transfer.models import (
    OFFER_RIGHT,
    TransferKind,
    TransferMatch,
    TransferProfile,
    TransferVersion,
    VersionState,
    acts_for,
)
from kernel.access import needs, signed_in
from kernel.errors import DomainError
from kernel.keyset import Keyset
from talents.operations import own_record

NEWEST = Keyset(("-id",))
PAGE = 20
OWN, UNIT = "own", "unit"
EMPTY = ("title", "problem", "advantage", "field", "rights_kind", "application_number")


def with_versions(rows):
    """Bring the newest version of each row along, as `last`."""
    rows = list(rows)
    versions = TransferVersion.objects.filter(profile__in=rows).order_by("profile_id", "-number")
    newest = {version.profile_id: version for version in versions.distinct("profile_id")}
    for row in rows:
        row.last = newest.get(row.pk)
    return rows


@signed_in
@never_cache
@require_safe
def my_transfers(request):
    """List what she, and the unit she speaks for, has written."""
    page = NEWEST.page(
        TransferProfile.objects.of(request.user).with_words(), request.GET.get("after", ""), PAGE
    )
    context = {"page": page, "rows": with_versions(page.rows)} | _who_may(request.user)
    return render(request, "entrepreneurship/transfer/mine.html", context)


def _who_may(user):
    """Return in whose name she may begin a profile."""
    talent = own_record(user)
    return {
        "talent": talent if talent and talent.is_verified else None,
        "record": talent,
        "unit": user.unit if acts_for(user) else None,
        "kinds": TransferKind.choices,
    }


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_transfer(request, kind, whose):
    """Take the words of a new profile, hers or her unit's."""
    may = _who_may(request.user)
    owner = may["talent"] if whose == OWN else may["unit"] if whose == UNIT else None
    if kind not in TransferKind.values or owner is None:
        raise Http404
    form = ProfileForm(
        request.POST if request.method == "POST" else None, kind=kind, of_unit=whose == UNIT
    )
    if form.is_valid():
        about = {"talent": owner} if whose == OWN else {"unit": owner}
        now = timezone.now()
        try:
            made = profiles.begin_profile(
                kind=kind, values=_values(form), by=request.user, now=now, **about
            )
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已存为草稿。看一遍，再提交审核。"))
            return redirect("my_transfer", code=made.code)
    context = {"form": form, "kind": TransferKind(kind), "owner": owner, "whose": whose}
    status = 422 if form.errors else 200
    return render(request, "entrepreneurship/transfer/edit.html", context, status=status)


def _values(form):
    """Return what the form says; of a kind that has no rights nothing of them."""
    return dict.fromkeys(EMPTY, "") | form.cleaned_data


def _own(request, code):
    rows = TransferProfile.objects.of(request.user).with_words()
    return get_object_or_404(rows, code=code)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_transfer(request, code):
    """Show how far a profile is and what comes next; takes what she affirms when she hands it in."""
    profile = _own(request, code)
    version = profile.newest
    form = SubmitForm(request.POST if request.method == "POST" else None, version=version)
    if form.is_valid() and _submitted(request, form, profile):
        return redirect("my_transfer", code=profile.code)
    today = timezone.localdate()
    context = {
        "profile": profile,
        "version": version,
        "form": form,
        "lacks": rules.why_not_whole(profile, version),
        "why_not_renew": rules.why_not_renew(profile, today),
        "is_shown": profile.is_shown(today),
        "is_expired": bool(profile.published_at) and profile.expires_on < today,
    }
    status = 422 if form.errors else 200
    return render(request, "entrepreneurship/transfer/my_transfer.html", context, status=status)


def _submitted(request, form, profile):
    said = {name: form.cleaned_data.get(name, False) for name in ("affirmed", "novelty")}
    try:
        version = profiles.submit_profile(
            profile=profile, by=request.user, now=timezone.now(), **said
        )
    except DomainError as error:
        error.add_to(form)
        return False
    if version.state == VersionState.ENDORSING:
        messages.success(request, _("已提交，单位同意后由工作人员审核。"))
    else:
        messages.success(request, _("已提交，审核通过后公开，会通知您。"))
    return True


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_transfer(request, code):
    """Change the words; of a public profile a new version is begun, and the old one stays till it is checked."""
    profile = _own(request, code)
    version = profile.newest
    if error := rules.why_not_edit(version):
        messages.error(request, str(error))
        return redirect("my_transfer", code=profile.code)
    initial = {name: getattr(version, name) for name in profiles.WORDS}
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        kind=profile.kind,
        of_unit=profile.unit_id is not None,
        initial=initial,
    )
    if form.is_valid():
        try:
            profiles.edit_profile(
                profile=profile, values=_values(form), by=request.user, now=timezone.now()
            )
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect("my_transfer", code=profile.code)
    context = {
        "form": form,
        "kind": TransferKind(profile.kind),
        "owner": profile.unit or profile.talent,
        "profile": profile,
    }
    status = 422 if form.errors else 200
    return render(request, "entrepreneurship/transfer/edit.html", context, status=status)


def _pressed(request, code, operation, done):
    """Do what a button says with a profile of hers, and lead back to it; to the list where it is gone."""
    profile = _own(request, code)
    try:
        left = operation(profile=profile, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("my_transfer", code=profile.code)
    messages.success(request, done)
    return redirect("my_transfer", code=profile.code) if left else redirect("my_transfers")


@signed_in
@never_cache
@require_POST
def take_back_transfer(request, code):
    """Take back what was handed in."""
    done = _("已撤回提交，可以修改。")
    return _pressed(request, code, profiles.take_back_profile, done)


@signed_in
@never_cache
@require_POST
def renew_transfer(request, code):
    """Keep it public for twelve months from today."""
    done = _("已续期，从今天起再公开十二个月。")
    return _pressed(request, code, profiles.renew_profile, done)


@signed_in
@never_cache
@require_POST
def show_transfer_again(request, code):
    """Have it public again."""
    return _pressed(request, code, profiles.show_profile_again, _("已恢复公开。"))


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_transfer(request, code):
    """Say what will happen, then take it off."""
    profile = _own(request, code)
    if request.method == "POST":
        done = _("已撤下，公开页面上看不到了。随时可以恢复。")
        return _pressed(request, code, profiles.withdraw_profile, done)
    context = {"profile": profile}
    return render(request, "entrepreneurship/transfer/withdraw.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def discard_transfer(request, code):
    """Say what will be gone, then throw the draft away."""
    profile = _own(request, code)
    if request.method == "POST":
        return _pressed(request, code, profiles.discard_profile, _("草稿已删除。"))
    context = {"profile": profile, "version": profile.newest}
    return render(request, "entrepreneurship/transfer/discard.html", context)


# --- the unit that endorses -----------------------------------------------------------------------
def _to_endorse(user):
    rows = TransferVersion.objects.filter(endorser=acts_for(user), endorser__isnull=False)
    return rows.select_related("profile__talent__user", "profile__unit")


@needs(OFFER_RIGHT)
@never_cache
@require_safe
def transfer_endorsements(request):
    """List the service inventions of the unit's people that wait for its word."""
    waiting = _to_endorse(request.user).filter(state=VersionState.ENDORSING)
    context = {"rows": waiting.order_by("submitted_at")[:PAGE], "unit": request.user.unit}
    return render(request, "entrepreneurship/transfer/endorsements.html", context)


@needs(OFFER_RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_endorsement(request, code):
    """Show what she wants to offer, and take the unit's word."""
    rows = _to_endorse(request.user).exclude(state=VersionState.DRAFT).order_by("-number")
    version = rows.filter(profile__code=code).first()
    if version is None:
        raise Http404
    form = WishForm(request.POST if "refuse" in request.POST else None)
    sent = request.method == "POST" and ("refuse" not in request.POST or form.is_valid())
    if sent and _answered(request, form, version.profile):
        return redirect("transfer_endorsements")
    context = {
        "version": version,
        "profile": version.profile,
        "form": form,
        "seen": profiles.version_mark(version),
    }
    status = 422 if form.errors else 200
    return render(request, "entrepreneurship/transfer/endorsement.html", context, status=status)


def _answered(request, form, profile):
    about = {"profile": profile, "by": request.user, "now": timezone.now()}
    try:
        if "refuse" in request.POST:
            profiles.refuse_endorsement(wish=form.cleaned_data["wish"], **about)
            messages.success(request, _("已退回给本人，她会看到您写的意见。"))
        else:
            profiles.endorse_profile(seen=request.POST.get("seen"), **about)
            messages.success(request, _("已同意，接下来由工作人员审核。"))
    except DomainError as error:
        if "refuse" in request.POST:
            error.add_to(form)
            return False
        messages.error(request, str(error))
    return True


# --- matches --------------------------------------------------------------------------------------
@signed_in
@never_cache
@require_safe
def transfer_matches(request):
    """List what fits what she, or her unit, published, with why; with ?aside=1 what she put aside."""
    aside = request.GET.get("aside") == "1"
    rows = matching.matches_of(request.user, timezone.localdate(), aside=aside)
    page = NEWEST.page(rows, request.GET.get("after", ""), PAGE)
    mine = set(TransferProfile.objects.of(request.user).values_list("pk", flat=True))
    for match in page.rows:
        match.other = match.need if match.offer_id in mine else match.offer
        match.own = match.offer if match.offer_id in mine else match.need
        match.why = matching.why(match)
    context = {"page": page, "aside": aside}
    return render(request, "entrepreneurship/transfer/matches.html", context)


@signed_in
@never_cache
@require_POST
def aside_transfer_match(request, pk):
    """Take it that a match is of no use to her; with `back`, that it is of use again."""
    mine = TransferProfile.objects.of(request.user).values("pk")
    rows = TransferMatch.objects.filter(offer__in=mine) | TransferMatch.objects.filter(
        need__in=mine
    )
    match = get_object_or_404(rows.select_related("offer__talent", "need__talent"), pk=pk)
    aside = "back" not in request.POST
    matching.put_match_aside(match=match, aside=aside, by=request.user, now=timezone.now())
    if aside:
        messages.success(request, _("已标为没用，不再列出；在页面最下面可以找回。"))
    else:
        messages.success(request, _("已放回，重新列出。"))
    return redirect("transfer_matches")
