"""One member of the cast goes to every address, with every method, and brings what is not hers."""

from dataclasses import dataclass
from html.parser import HTMLParser
from time import time

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client

from tests.walk import routes
from tests.walk.world import SECRETS

SIGN_IN = "/accounts/login/"
# They have nothing to do with the woman: no secret of hers shows, no row of hers moves.
OUTSIDERS = frozenset(
    [
        "anonymous",
        "another_woman",
        "newcomer",
        "unit_contact",
        "staff_elsewhere",
        "staff_without_rights",
        "partner_elsewhere",
    ]
)
# They may change nobody's rights, not even their own.
PLAIN = OUTSIDERS | {"woman", "station_operator", "reviewer"}
# They read and change nothing, whatever page of the admin they press a button on.
READERS = OUTSIDERS | {"auditor"}
# Odd questions (NOISE) show what is another's, or break a page: whoever else reads it reads the same page.
ODD = OUTSIDERS | {"administrator"}
OTHER_METHODS = ("head", "options", "put", "patch", "delete")
# Which method it is decides nothing for a role: one of the cast tries them all.
EVERY_METHOD = ("another_woman",)
NOISE = {
    "q": "柳岸",
    "o": "-1.2",
    "after": "WyIyMDI2Il0",
    "next": "//example.com/",
    "outcome": "x",
    "department": "1",
    "page": "-1",
    "lang": "\ud7ff",
}


@dataclass(frozen=True)
class Fault:
    """Something the walk found: who, how, where, and what was wrong."""

    role: str
    method: str
    key: str
    what: str


class Fields(HTMLParser):
    """The fields of a page's forms as a browser would send them, selects with their first real choice."""

    def __init__(self, text):
        super().__init__()
        self.values, self.actions, self.select, self.posts = {}, [], "", False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Take down one field."""
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "form":
            self.posts = attrs.get("method", "").lower() == "post"
        elif tag == "select":
            self.select = name or ""
        elif tag == "option" and attrs.get("value"):
            self._option(attrs)
        elif name and tag in ("input", "textarea") and attrs.get("type") not in ("file", "submit"):
            self.values.setdefault(name, attrs.get("value") or "")

    def _option(self, attrs):
        if self.select == "action" and self.posts:  # the audit log is filtered by one of this name
            self.actions.append(attrs["value"])
        elif self.select and ("selected" in attrs or self.select not in self.values):
            self.values[self.select] = attrs["value"]


def extra_fields(world, user):
    """Return what no form asks for: rights, states, points, and the ids of things of hers."""
    her = world.talent
    return {
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "on",
        "groups": [str(pk) for pk in Group.objects.values_list("pk", flat=True)],
        "user_permissions": "1",
        "role": "administrator",
        "roles": "administrator",
        "is_partner": "on",
        "department": str(her.department_id),
        "unit": str(her.unit_id),
        "user": str(her.user_id),
        "owner": str(user.pk if user else her.user_id),
        "organiser": str(user.pk if user else her.user_id),
        "by": str(world.cast["administrator"].pk),
        "talent": str(her.pk),
        "recipient": str(her.user_id),
        "state": "verified",
        "tier": "national",
        "verified_at": "2026-01-01",
        "verified_by": "1",
        "balance": "9999",
        "points": "9999",
        "cost": "0",
        "id": str(her.pk),
        "pk": str(her.pk),
        "booking": world.booking.code,
        "event": str(world.draft.pk),
        "phone_verified": "on",
        "object_id": str(her.pk),
    }


class Walker:
    """Walks for one role and collects the faults; `may` is the table, `at` the {key: route} to go to."""

    def __init__(self, world, role, may, at):
        self.world, self.role, self.may, self.at = world, role, may, at
        self.user = world.cast[role]
        self.faults, self.asked = [], 0
        self.extra = extra_fields(world, self.user)
        self.hers, self.rights = self.fingerprint_of_hers(), self.fingerprint_of_rights()
        headers = {}
        if role == "partner_elsewhere":
            headers["Authorization"] = f"Bearer {world.partner.token}"
        self.client = Client(raise_request_exception=False, headers=headers)
        self.sign_in()

    def sign_in(self):
        """Begin a session of her own."""
        self.client.cookies.clear()
        if self.user:
            self.client.force_login(self.user)
            session = self.client.session  # just confirmed who she is, so that allauth asks no more
            session["account_authentication_methods"] = [{"method": "password", "at": time()}]
            session["account_authentication_methods_user"] = str(self.user.pk)
            session.save()
        self.session = self.session_key()

    def session_key(self):
        """Return the number of the session she is in, "" outside one."""
        cookie = self.client.cookies.get("sessionid")
        return cookie.value if cookie else ""

    # --- what must not move ------------------------------------------------------------------------

    def fingerprint_of_hers(self):
        """Return a digest of every row that is the woman's or her department's."""
        world = self.world
        rows = {
            "accounts_user": world.talent.user_id,
            "talents_talent": world.talent.pk,
            "events_booking": world.booking.pk,
            "events_event": world.draft.pk,
            "care_points_redemption": world.voucher.pk,
            "care_points_servicehours": world.hours.pk,
            "care_points_pointsaccount": world.rows["care_points.pointsaccount"].pk,
            "mfa_authenticator": world.passkey.pk,
            "talents_importrun": world.rows["talents.importrun"].pk,
            "partners_partnerkey": world.rows["partners.partnerkey"].pk,
            "notices_delivery": world.rows["notices.delivery"].pk,
        }
        parts = [f"(SELECT t::text FROM {table} t WHERE id = {pk})" for table, pk in rows.items()]
        parts += [
            f"(SELECT string_agg(t::text, '' ORDER BY id) FROM {table} t WHERE user_id = {world.talent.user_id})"
            for table in ("privacy_consent", "account_emailaddress")
        ]
        event = "title, state, starts_at, venue, capacity, department_id, organiser_id"
        parts.append(f"(SELECT ROW({event})::text FROM events_event WHERE id = {world.event.pk})")
        return _read(f"SELECT md5(concat({', '.join(parts)}))")

    def fingerprint_of_rights(self):
        """Return a digest of who may do what: of everybody's rights and of how many have any."""
        rights = "id, is_staff, is_superuser, is_active, department_id, unit_id"
        return _read(
            f"""SELECT md5(concat(
                (SELECT string_agg(ROW({rights})::text, '' ORDER BY id) FROM accounts_user
                  WHERE id <= {max(user.pk for user in self.world.cast.values() if user)}),
                (SELECT count(*) FROM accounts_user WHERE is_staff OR is_superuser),
                (SELECT string_agg(ROW(user_id, group_id)::text, '' ORDER BY id) FROM accounts_user_groups),
                (SELECT count(*) FROM partners_partnerkey),
                (SELECT string_agg(ROW(id, is_partner)::text, '' ORDER BY id) FROM accounts_unit)))"""
        )

    # --- going there -------------------------------------------------------------------------------

    def walk(self):
        """Go everywhere; returns the faults."""
        for key, route in self.at.items():
            if key not in self.may:
                self.fault("any", key, "is not in the table")
                continue
            self.visit(key, routes.address(route, self.world))
        return self.faults

    def visit(self, key, path):
        """Ask one address with each method and judge the answers."""
        let_in = self.role in self.may[key]
        page = self.ask("get", key, path)
        fields = Fields(_text(page))
        posted = self.ask("post", key, path, {**self.filled(fields), "code": self.code_for(key)})
        decisive = posted if page.status_code == 405 else page
        if let_in and _refused(decisive):
            self.fault(
                "get", key, f"refused with {decisive.status_code}, though let in by the table"
            )
        for method, answer in (("get", page), ("post", posted)):
            if not let_in and not _kept_out(answer):
                self.fault(
                    method, key, f"let in with {answer.status_code} {answer.get('Location', '')}"
                )
        if let_in and self.role in ODD and not key.endswith(("_change", "_history")):
            self.ask("get", key, path, NOISE)
        for action in fields.actions:
            body = {"action": action, "_selected_action": self.row_of(key), "index": "0"}
            self.ask("post", key, path, body)
        if self.role in EVERY_METHOD:
            for method in OTHER_METHODS:
                answer = self.ask(method, key, path)
                if not let_in and method != "options" and not _kept_out(answer):
                    self.fault(method, key, f"let in with {answer.status_code}")

    def filled(self, fields):
        """Return a body: the form as it came and the extra fields; foreign ids win where she is an outsider."""
        if self.role in OUTSIDERS:
            return {**fields.values, **self.extra}
        return {**self.extra, **fields.values}

    def code_for(self, key):
        """Return the code that is asked for here: the booking's at the door, the voucher's elsewhere."""
        return self.world.booking.code if key.startswith("door") else self.world.voucher.code

    def row_of(self, key):
        """Return the number of the woman's row in the list `key`."""
        app, model = key.removesuffix("_changelist").rsplit("_", 1)
        return str(self.world.rows[f"{app}.{model}"].pk)

    def ask(self, method, key, path, data=None, headers=None):
        """Ask once, judge what no answer may be, and take back whatever it wrote."""
        self.asked += 1
        wrote = []

        def watch(execute, sql, params, many, context):
            if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
                wrote.append(sql)
            return execute(sql, params, many, context)

        if method in ("put", "patch", "delete", "options"):
            data, kind = "{}", {"content_type": "application/json"}
        else:
            kind = {}
        with transaction.atomic(), connection.execute_wrapper(watch):
            answer = getattr(self.client, method)(path, data, headers=headers, **kind)
            if wrote:
                self.judge_rows(method, key)
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            self.fault(method, key, f"answered {answer.status_code}")
        if self.role in OUTSIDERS:
            self.judge_words(method, key, _text(answer))
        if self.session_key() != self.session:
            self.sign_in()
        return answer

    def judge_rows(self, method, key):
        """Find what moved that may not."""
        if self.role in READERS and self.fingerprint_of_hers() != self.hers:
            self.fault(method, key, "changed what is another's")
        if self.role in PLAIN and self.fingerprint_of_rights() != self.rights:
            self.fault(method, key, "changed somebody's rights")

    def judge_words(self, method, key, text):
        """Find what shows that may not."""
        for secret in SECRETS:
            if secret in text:
                self.fault(method, key, f"shows {secret}")

    def fault(self, method, key, what):
        """Take a fault down."""
        self.faults.append(Fault(self.role, method, key, what))


def _read(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _text(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


def _refused(answer):
    """Tell whether an answer turns its reader away: to sign in, with a refusal, as if nothing were there."""
    if answer.status_code in (401, 403, 404, 405):
        return True
    if answer.status_code != 302:
        return False
    # The admin leads from a row she may not see to its front page.
    hidden = answer.url == "/admin/" and answer.request["PATH_INFO"].endswith("/change/")
    return hidden or any(
        gate in answer.url for gate in (SIGN_IN, "/admin/login/", "/reauthenticate/")
    )


def _kept_out(answer):
    """Tell whether an answer let nothing through: refused, or not even understood."""
    return _refused(answer) or answer.status_code in (400, 406, 415)
