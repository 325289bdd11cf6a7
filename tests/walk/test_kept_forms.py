"""Every form of the portal, sent when the session is over: after signing in it holds what was typed.

The forms are those of the pages the resolver knows, so a new one is tried without a line here.
"""

from time import time
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import kept
from accounts.models import Session
from kernel.form_filling import NEVER_FILLED, TICKED, read_forms
from tests import factories
from tests.calls.make import begun
from tests.walk import routes
from tests.walk.table import MAY
from tests.walk.world import World

pytestmark = pytest.mark.django_db
HOST = "http://testserver"
# Who tries the forms of a page: the first of them who is let in.
WHO = (
    "woman",
    "department_clerk",
    "event_organiser",
    "points_clerk",
    "department_reviewer",
    "station_operator",
    "reviewer",
    "unit_contact",
    "technology_mediator",
    "outreach_coordinator",
    "finance_officer",
    "bank_contact",
    "administrator",
    "auditor",
)
TYPED = {"date": "2027-03-08", "time": "14:30", "number": "7", "month": "1990-10"}
NOT_TYPED = ("hidden", *NEVER_FILLED)


def typed_into(form):
    """Return {name: values} as a browser sends them once every field was filled in; {} where none can be."""
    values = {}
    for control in form.controls:
        if (
            control.name
            and not kept.SECRET.search(control.name)
            and control.kind not in NEVER_FILLED
        ):
            values.setdefault(control.name, []).extend(_typed(control))
    typed = any(
        control.name in values and control.kind not in NOT_TYPED for control in form.controls
    )
    return {name: sent for name, sent in values.items() if sent} if typed else {}


def _typed(control):
    if control.kind in ("hidden", *TICKED):
        return [control.value]
    if control.tag == "select":
        return [option.value for option in control.options if option.value][-1:]
    return [TYPED.get(control.kind, f"写了很久的{control.name}")]


def shown_in(form, html):
    """Return {name: values} a form of a page is sent with when nobody touches it."""
    values = {}
    for control in form.controls:
        if control.kind in TICKED:
            sent = [control.value] if "checked" in control.attrs else []
        elif control.tag == "select":
            sent = [option.value for option in control.options if "selected" in option.attrs]
        elif control.tag == "textarea":
            sent = [html[control.end : control.inner_end].strip()]
        else:
            sent = [control.value]
        values.setdefault(control.name, []).extend(sent)
    return values


class Visitor:
    """One of the cast, whose session ends while she fills in a form."""

    def __init__(self, user):
        self.user, self.client = user, Client(raise_request_exception=False)
        self.sign_in()

    def sign_in(self):
        """Begin a session, or go on with the one in which a form is kept."""
        self.client.force_login(self.user)
        session = self.client.session  # just confirmed who she is, so that allauth asks no more
        session["account_authentication_methods"] = [{"method": "password", "at": time()}]
        session["account_authentication_methods_user"] = str(self.user.pk)
        session.save()

    def forms(self, address):
        """Return (form, the page it is on) for each form of a page that sends something."""
        answer = self.client.get(address)
        is_page = answer.status_code == 200 and answer.get("Content-Type", "").startswith(
            "text/html"
        )
        if not is_page or answer.streaming:
            return []
        html = answer.content.decode()
        forms = read_forms(html)
        return [(form, html) for form in forms if form.attrs.get("method", "").lower() == "post"]

    def finds_again(self, address, action, values):
        """Lose the session, send the form, sign in; tell whether the page she is led to holds what was typed."""
        cache.clear()
        Session.objects.filter(session_key=self.client.session.session_key).delete()
        answer = self.client.post(action, values, headers={"referer": HOST + address})
        if answer.get("Location") != f"/accounts/login/?next={address}":
            return False
        self.sign_in()
        return any(
            shown_in(form, html) | values == shown_in(form, html)
            for form, html in self.forms(address)
            if (form.attrs.get("action") or address) == action
        )


def lost(world, at):
    """Return the forms of the addresses `at` ({key: route}) that come back empty, and how many were tried."""
    visitors, tried, empty = {}, set(), []
    for key, route in at.items():
        role = next((role for role in WHO if role in MAY.get(key, WHO)), None)
        if role is None or "anonymous" in MAY.get(key, ()):  # an open form needs no session
            continue
        if role not in visitors:
            visitors[role] = Visitor(world.cast[role])
        address = routes.address(route, world)
        for form, _html in visitors[role].forms(address):
            action = form.attrs.get("action") or address
            values = typed_into(form)
            # The same form stands on many a page, in many a row.
            name = (key if action == address else action, tuple(values))
            if not values or name in tried:
                continue
            tried.add(name)
            if not visitors[role].finds_again(address, action, values):
                empty.append((key, action))
    return empty, len(tried)


def test_what_was_typed_comes_back_whatever_form_it_was(settings):
    settings.STAFF_SECOND_FACTOR = settings.ACCOUNT_RATE_LIMITS = False
    world = World()
    world.application = begun(talent=world.talent, now=timezone.now())  # one she still fills in
    empty, tried = lost(world, routes.routes())
    assert empty == []
    assert tried > 100


def test_a_control_a_form_that_forgets_is_found(settings):
    settings.ROOT_URLCONF = "tests.walk.leaky_urls"
    world = SimpleNamespace(cast={"woman": factories.user()})
    assert lost(world, {"keeps": "keeps/", "forgets": "forgets/"}) == (
        [("forgets", "/forgets/")],
        2,
    )
