"""Her page: what she may be asked for, and what she was."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel.access import signed_in
from kernel.admin.actions import attempt
from kernel.errors import DomainError
from kernel.keyset import Keyset
from privacy.models import Consent
from talents import standing
from talents.asking import operations, rules
from talents.asking.forms import WishForm
from talents.asking.models import USUAL_MOST, Asked, AskingWish, kinds
from talents.operations import own_record

NEWEST = Keyset(("-id",))
PAGE = 20


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def asking(request):
    """Show what she says about being asked with each time she was, and take new answers."""
    talent, now = own_record(request.user), timezone.now()
    if error := rules.why_not_say(talent, request.user):
        messages.info(request, str(error))
        return redirect("profile")
    wish = AskingWish.objects.filter(talent=talent).first()
    form = WishForm(request.POST if request.method == "POST" else None, initial=_said(talent, wish))
    if form.is_valid() and _saved(request, form, talent, now):
        return redirect("asking")
    rows = Asked.objects.filter(talent=talent).with_answer().select_related("department")
    context = {
        "form": form,
        "wish": wish,
        "not_listed": standing.why_not_listed(talent, timezone.localdate(now)),
        "page": NEWEST.page(rows, request.GET.get("after", ""), PAGE),
    }
    return render(request, "talents/asking.html", context, status=422 if form.errors else 200)


def _said(talent, wish):
    """Return what the form begins with: what she said, or what it means that she said nothing."""
    return {
        "chosen": wish.kinds if wish else list(kinds()),
        "most_a_quarter": wish.most_a_quarter if wish else USUAL_MOST,
        "not_before": wish and wish.not_before,
        "others": Consent.objects.granted_by(talent.user_id, rules.ASKING),
    }


def _saved(request, form, talent, now):
    try:
        operations.save_wish(talent=talent, by=request.user, now=now, **form.cleaned_data)
    except DomainError as error:
        error.add_to(form)
        return False
    messages.success(request, _("已保存。各部门邀请时照您说的办。"))
    return True


@signed_in
@require_POST
def stop(request):
    """Take it that she wishes to be asked for nothing."""
    done = _("已记下，不会再有部门邀请您。随时可以恢复。")
    attempt(request, operations.stop_asking, done, talent=own_record(request.user))
    return redirect("asking")


@signed_in
@require_POST
def resume(request):
    """Take it that she may be asked again."""
    done = _("已恢复，仍按您以前的设置邀请。")
    attempt(request, operations.resume_asking, done, talent=own_record(request.user))
    return redirect("asking")
