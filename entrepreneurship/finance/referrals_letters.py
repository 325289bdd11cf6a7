"""What is told about introductions. To her an SMS says nothing of banks or money; to a bank it names no one."""

from django.contrib.auth import get_user_model

from entrepreneurship.finance.models import ReferralState
from kernel.words import in_both_languages
from notices import operations as notices
from notices.operations import Letter, page_link

MOVED, WAITS, DELETE, OVERDUE = (
    f"entrepreneurship.referral_{name}" for name in ("moved", "waits", "delete", "overdue")
)


def contacts(bank):
    """Return the people who answer for a bank."""
    holding = get_user_model().objects.holding("entrepreneurship.answer_referral")
    return list(holding.filter(unit=bank.unit_id))


def officers():
    """Return the finance officers."""
    return list(get_user_model().objects.holding("entrepreneurship.correct_referral"))


def moved(referral, step, now):
    """Tell her where it stands now; what she was told before is overtaken."""
    if referral.talent.user is None:
        return
    about = {"to": [referral.talent.user_id], "kinds": [MOVED], "about": [referral.pk]}
    notices.overtake_all(**about, at=now)
    words = {
        "product": referral.product.names,
        "state": in_both_languages(lambda: ReferralState(referral.state).label),
    }
    link = page_link("my_referral", referral.code)
    key = f"{referral.pk}:{step.pk}"
    letter = Letter(MOVED, referral.talent.user, key, words, link=link, discreet=True)
    notices.queue_all([letter], at=now)


def _to_bank(kind, referral, now, mark):
    link = page_link("bank_referral", referral.code)
    words, key = {"code": referral.code}, f"{referral.pk}:{mark}"
    people = contacts(referral.bank)
    notices.queue_all([Letter(kind, who, key, words, link=link) for who in people], at=now)


def waits(referral, now, mark):
    """Tell the bank's contacts that an introduction waits for their answer."""
    _to_bank(WAITS, referral, now, mark)


def delete(referral, now, mark):
    """Ask the bank's contacts to delete what they were told."""
    _to_bank(DELETE, referral, now, mark)


def overdue(referral, now):
    """Tell the finance officers that a bank has not answered after a reminder."""
    link = page_link("admin:entrepreneurship_referral_change", referral.pk)
    words, key = {"code": referral.code}, f"{referral.pk}:{referral.due_on}"
    notices.queue_all([Letter(OVERDUE, who, key, words, link=link) for who in officers()], at=now)


def silence(referral, now):
    """Take back what waits to be told of an introduction that is withdrawn, to whomever."""
    people = [*contacts(referral.bank), *officers()]
    people += [referral.talent.user] if referral.talent.user else []
    about = {"to": people, "kinds": [MOVED, WAITS, OVERDUE], "about": [referral.pk]}
    notices.overtake_all(**about, at=now)
