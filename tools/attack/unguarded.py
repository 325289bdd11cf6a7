"""The portal without its guards, for controls alone: each attack has to succeed here.

What a guard is stands beside how it is taken away, so this is also a list of what the portal relies on.
"""

import time

from django.apps import AppConfig

from liangjiang.settings import *  # noqa: F403
from liangjiang.settings import INSTALLED_APPS, MIDDLEWARE, TEMPLATES

WITHOUT_LIMIT = 10**9
INSTALLED_APPS = [*INSTALLED_APPS, "tools.attack.unguarded.Unguarded"]
MIDDLEWARE = [
    name
    for name in MIDDLEWARE
    if name not in ("django.middleware.csrf.CsrfViewMiddleware", "liangjiang.second_try.SecondTry")
]
SMS_BUDGETS = dict.fromkeys(("phone", "network", "codes", "all"), WITHOUT_LIMIT)
ACCOUNT_RATE_LIMITS = False
ALLOWED_HOSTS = ["*"]
PUBLIC_CACHE = True
TEMPLATES[0]["OPTIONS"]["autoescape"] = False


class Unguarded(AppConfig):
    """Takes the guards away when everything is loaded."""

    name, label = "tools.attack", "attack"

    def ready(self):
        """Patch each of them."""
        for take_away in (
            codes,
            identity,
            look_ups,
            locks,
            addresses,
            cells,
            cursors,
            sessions,
            names,
            revocations,
            records,
            endorsements,
        ):
            take_away()


def codes():
    """Guesses are counted in the session, which requests at the same moment read before any has written."""
    from accounts import limits

    def may_guess(request, code):
        time.sleep(0.3)
        return True

    limits.may_guess = may_guess


def identity():
    """A number somebody has is refused when it is typed; claims are not counted."""
    from django import forms

    from privacy.crypto import blind_index
    from talents.forms import PersonForm
    from talents.models import Talent
    from talents.operations.claims import asking

    plain = PersonForm.clean_id_number

    def clean_id_number(form):
        number = plain(form)
        if (
            number
            and Talent.objects.filter(id_number_index=blind_index("id_number", number)).exists()
        ):
            raise forms.ValidationError("暂时不能登记")
        return number

    PersonForm.clean_id_number = clean_id_number
    asking.A_DAY_EACH = asking.AN_HOUR_EACH_ADDRESS = WITHOUT_LIMIT


def look_ups():
    """Nobody counts what staff look up and see in full."""
    from privacy import limits

    limits.MOST_MISSES = limits.MOST_FOUND = WITHOUT_LIMIT
    limits.MOST_REVEALS = limits.UNREMARKABLE_REVEALS = WITHOUT_LIMIT


def locks():
    """Seats and points that are spent are read like anything else; accounts are locked in the order typed."""
    from care_points import hours_admin, ledger
    from care_points.models import PointsAccount
    from events.models import EventQuerySet
    from events.operations import locking

    def locked(events, event):
        event = events.get(pk=event.pk)
        time.sleep(0.02)
        return event

    def lock_account(talent):
        account = PointsAccount.objects.of(talent)
        if account.balance:
            time.sleep(0.02)
            return account
        account = plain(talent)
        time.sleep(0.02)
        return account

    read, _for, _rows = locking.WITH_TALENT.partition("FOR NO KEY UPDATE")
    locking.WITH_TALENT = read.replace(
        "WHERE", "WHERE (SELECT pg_sleep(0.02)::text) IS NOT NULL AND", 1
    )
    plain = ledger.lock_account
    EventQuerySet.locked, ledger.lock_account = locked, lock_account
    hours_admin.sorted = lambda people, key: people


def addresses():
    """Every address is one of ours."""
    from allauth.account.adapter import get_adapter
    from django.utils import http

    from accounts import kept, staff_site

    for module in (http, kept, staff_site):
        module.url_has_allowed_host_and_scheme = lambda *args, **kwargs: True
    type(get_adapter()).is_safe_url = lambda self, url: True


def cells():
    """Formulas are formulas."""
    from kernel import spreadsheets

    spreadsheets.escaped = lambda text: text


def cursors():
    """A cursor is read as if it were always one of ours."""
    from kernel import keyset

    def broken(*args, **kwargs):
        raise KeyError("cursor")

    keyset._decoded = broken


def sessions():
    """Sessions are asked for in Redis first, and believed whatever they look like."""
    from django.core.cache import cache

    from accounts.sessions import SessionStore

    plain = SessionStore.load

    def load(store):
        name = f"session:{store.session_key}"
        if name in known and cache.get(name) is None:
            return {}
        cache.set(name, 1)
        known.add(name)
        return plain(store)

    known = set()
    SessionStore.load = load
    SessionStore._validate_session_key = lambda self, key: bool(key)


def revocations():
    """A voucher gives back all it cost, whatever was revoked meanwhile."""
    from care_points.operations import spending

    spending._borne_since = lambda spent, account: 0


def records():
    """Two records, and an account that is to be erased, are read like anything else."""
    from talents.erasure import operations as erasure
    from talents.models import Claim, Talent
    from talents.operations import merging
    from talents.operations.claims import deciding

    def both(one, other):
        found = [Talent.objects.get(pk=talent.pk) for talent in (one, other)]
        time.sleep(0.2)
        return found

    def waiting_of(user):
        found = plain(user)
        time.sleep(0.2)
        return found

    def claim_as_read(claim):
        found = Claim.objects.select_related("user", "talent").get(pk=claim.pk)
        time.sleep(0.2)
        return found

    plain = erasure.waiting_of
    merging._lock, deciding.lock = both, claim_as_read
    erasure.lock_account = lambda pk: None
    erasure.waiting_of = waiting_of


def endorsements():
    """Nobody counts how often a unit endorses the same woman."""
    from talents.operations import endorsements as said

    said.MOST_A_DAY = WITHOUT_LIMIT


def names():
    """The name of whoever read a page first stands on it for everybody."""
    from kernel import portal

    portal.merged("holes")["account"].__dict__["fill"] = _first_reader(
        portal.merged("holes")["account"].fill
    )


def _first_reader(fill):
    kept = []

    def remembered(request, calls):
        if not kept and request.user.is_authenticated:
            kept.extend(fill(request, calls))
        return kept[:1] * len(calls) if kept else fill(request, calls)

    return remembered
