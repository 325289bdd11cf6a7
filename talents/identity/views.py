"""She claims the record her unit reported: offered by her phone, asked for, proved by a code."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel.access import signed_in
from kernel.admin.actions import attempt
from kernel.errors import DomainError
from privacy.models import Consent
from privacy.purposes import purposes
from talents import operations
from talents.forms import ClaimForm, CodeForm, ConsentForm
from talents.models import IDENTITY_NUMBER, TALENT_DATABASE

DECLINED = "talents.claim_declined"


def offer(request, talent):
    """Return the record with her phone to offer for claiming, or None; a declined one is not offered again."""
    if operations.why_not_have(request.user) or operations.open_claim(request.user):
        return None
    record = operations.offered_record(request.user)
    return record if record and record.code != request.session.get(DECLINED) else None


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def claim(request):
    """Show how her claim stands, what is offered to her, or the form that asks for a record."""
    if waiting := operations.open_claim(request.user):
        return _waiting(request, waiting)
    talent = operations.own_record(request.user)
    record = offer(request, talent)
    if record and "decline" in request.POST:
        request.session[DECLINED] = record.code
        messages.info(request, _("好的，请按自己的情况填写。如有疑问请联系工作人员。"))
        return redirect("profile_step", step=operations.first_unfinished(talent) % 4 or 1)
    obstacle = operations.why_not_ask(request.user, request.user, timezone.now())
    if obstacle and obstacle.code == "has_record":
        messages.info(request, str(obstacle))
        return redirect("profile_review")
    return _ask(request, talent, record)


def _ask(request, talent, record):
    user, data = request.user, request.POST if request.method == "POST" else None
    consented = [
        purpose
        for purpose in (TALENT_DATABASE, IDENTITY_NUMBER)
        if Consent.objects.granted_by(user, purpose)
    ]
    name = operations.name_of(user, talent)
    if record:
        form = ConsentForm(data, consented=consented)
    else:
        start, today = {"full_name": name}, timezone.localdate()
        form = ClaimForm(data, consented=consented, today=today, initial=start)
    if form.is_valid():
        about = {"full_name": name} if record else form.claim()
        try:
            return _asked(request, form, about)
        except DomainError as error:
            if error.code == "claim_waiting":  # pressed twice: the first one is what she meant
                return redirect("profile_claim")
            error.add_to(form)
    context = {"found": record, "form": form, "consent": purposes()[TALENT_DATABASE]}
    return render(request, "talents/claim.html", context, status=422 if form.errors else 200)


def _asked(request, form, about):
    asked = operations.ask_for_record(
        user=request.user,
        by=request.user,
        now=timezone.now(),
        agreed=form.agreed,
        address=get_adapter().get_client_ip(request),
        **about,
    )
    if asked.is_waiting:
        return redirect("profile_claim")
    return _made_hers(request)


def _made_hers(request):
    messages.success(request, _("认领成功，档案已在人才库中。请核对一遍，有变化随时修改。"))
    return redirect("profile_review")


def _waiting(request, waiting):
    """Show a claim that waits: the code, another one, or taking it back."""
    if "withdraw" in request.POST:
        done = _("认领申请已撤回。")
        attempt(request, operations.withdraw_claim, done, claim=waiting)
        return redirect("profile")
    if "again" in request.POST:
        done = _("如果报送的档案里有手机号，验证码已重新发送。")
        address = get_adapter().get_client_ip(request)
        attempt(request, operations.send_code_again, done, claim=waiting, address=address)
        return redirect("profile_claim")
    form = CodeForm(request.POST if "code" in request.POST else None)
    if form.is_valid():
        try:
            operations.prove_claim(
                claim=waiting, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            error.add_to(form)
        else:
            return _made_hers(request)
    context = {"claim": waiting, "form": form}
    status = 422 if form.errors else 200
    return render(request, "talents/claim_waiting.html", context, status=status)
