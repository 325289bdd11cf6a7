"""The API of partner units: what a token opens, and what odd questions do."""

import base64
import json
import secrets
import time
from datetime import timedelta
from random import Random
from urllib.parse import quote

from django.utils import timezone
from oauth2_provider.generators import generate_client_id

from accounts.demo import PASSWORD
from events.api import EventFilters
from partners import operations as partners
from partners.access import TOKEN_SECONDS
from talents.api import TalentFilters
from tests import factories
from tools.attack import world
from tools.attack.browser import Browser, at_once
from tools.attack.cases import Outcome, case

API = "/api/v1"
SCOPES = ("events:read", "talents:read", "statistics:read")
READ_BY = {
    "/events/": "events:read",
    "/talents/": "talents:read",
    "/statistics/": "statistics:read",
}


def key(unit=None, scopes=SCOPES, **fields):
    """Return (PartnerKey, its secret) of a partner unit."""
    return partners.create_key(
        unit=unit or factories.unit(), name="攻击", scopes=list(scopes), expires_at=None,
        client_id=generate_client_id(), by=None, now=timezone.now(), **fields,
    )  # fmt: skip


def api(port):
    """Return a machine's client: no cookies."""
    browser = Browser(port, address=world.somewhere())
    browser.cookies.clear()
    return browser


def fetch(port, client_id, secret, **more):
    """Ask for a token; return the answer."""
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": secret,
    } | more
    body = "&".join(f"{name}={quote(value)}" for name, value in form.items()).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return api(port).ask("POST", f"{API}/oauth/token/", body, headers=kind)


def token(port, client_id, secret, **more):
    """Return the token of a good answer, "" otherwise."""
    answer = fetch(port, client_id, secret, **more)
    return json.loads(answer.body).get("access_token", "") if answer.status == 200 else ""


def read(port, path, bearer, **headers):
    """Read an address with a token."""
    return api(port).get(f"{API}{path}", headers={"Authorization": f"Bearer {bearer}"} | headers)


@case
def tokens_misused(attack):
    """Read with what is no right: another unit's id, an expired, stopped or narrow key, a token in the address."""
    from oauth2_provider.models import AccessToken

    port, opened, tried = attack.port, [], 0
    mine, secret = key()
    other, _secret = key()

    def wants(name, answer):
        nonlocal tried
        tried += 1
        if answer.status < 300:
            opened.append(name)

    wants("another's id with my secret", fetch(port, other.client_id, secret))
    wants("no secret", fetch(port, mine.client_id, ""))
    for grant in (
        "password",
        "authorization_code",
        "refresh_token",
        "implicit",
        "urn:ietf:params:oauth:grant-type:device_code",
    ):
        wants(
            grant,
            fetch(
                port,
                mine.client_id,
                secret,
                grant_type=grant,
                username="DEMOADMIN",
                password=PASSWORD,
            ),
        )
    wants("an unknown scope", fetch(port, mine.client_id, secret, scope="talents:write"))
    narrow, narrow_secret = key(scopes=["events:read"])
    wants("a wider scope", fetch(port, narrow.client_id, narrow_secret, scope="talents:read"))
    narrow_token = token(port, narrow.client_id, narrow_secret)
    for path, scope in READ_BY.items():
        if scope != "events:read":
            wants(f"{path} with events:read", read(port, path, narrow_token))
    good = token(port, mine.client_id, secret)
    if not good or read(port, "/events/", good).status != 200:
        return Outcome(tried, True, "a good token does not open the API")
    wants("token in the address", api(port).get(f"{API}/events/?access_token={good}"))
    wants("token of another kind", read(port, "/events/", good + "x"))
    wants(
        "Basic",
        api(port).get(
            f"{API}/events/",
            headers={
                "Authorization": f"Basic {base64.b64encode(f'{mine.client_id}:{secret}'.encode()).decode()}"
            },
        ),
    )
    for odd in ("", "null", "a" * 5000, "é", "' OR 1=1", f"{good} {good}"):
        wants("an odd token", read(port, "/events/", odd))
    wants("a page", api(port).get("/admin/", headers={"Authorization": f"Bearer {good}"}))
    AccessToken.objects.filter(application=mine).update(
        expires=timezone.now() - timedelta(seconds=1)
    )
    time.sleep(TOKEN_SECONDS)  # a token that was just read is believed so long
    wants("expired", read(port, "/events/", good))
    good = token(port, mine.client_id, secret)
    partners.revoke_key(key=mine, by=None, now=timezone.now())
    wants("stopped", read(port, "/events/", good))
    wants("stopped, a new one", fetch(port, mine.client_id, secret))
    unit_key, unit_secret = key(factories.unit())
    good = token(port, unit_key.client_id, unit_secret)
    type(unit_key.unit).objects.filter(pk=unit_key.unit_id).update(is_partner=False)
    wants("no partner any more", read(port, "/talents/", good))
    return Outcome(tried, bool(opened), f"{len(opened)} of {tried} opened {opened or ''}")


@tokens_misused.control
def _(attack):
    mine, secret = key()
    answer = read(attack.port, "/events/", token(attack.port, mine.client_id, secret))
    return Outcome(1, answer.status == 200, f"a good token opens: HTTP {answer.status}")


# --- another unit's people ---------------------------------------------------------------------------


def people(unit, count=3):
    """Return women of a unit who agreed that their unit reads them."""
    made = [world.woman(f"顾安{n}", unit=unit) for n in range(count)]
    for talent in made:
        factories.consent(talent.user, "unit_sharing")
    return made


def odd_queries(random, foreign, count):
    """Return queries no document describes: filters, cursors and numbers at random, with another unit's codes."""
    words = [
        *("5", "women_federation", "2026-01-01T00:00:00Z", "2", "salon", "true") * 2,
        "", "0", "-1", "1e9", "9" * 40, "true", "null", "%00", "%ff", "2026-13-45", "2026-01-01T00:00:00+99:99", "é",
        "../..", "' OR 1=1--", "[]", "{}", "*", "a" * 2000, *foreign,
    ]  # fmt: skip
    known = ["limit", "cursor", *EventFilters.base_filters, *TalentFilters.base_filters]
    unknown = [
        "format",
        "fields",
        "ordering",
        "user__phone",
        "unit__isnull",
        "id",
        "full_name__startswith",
    ]
    names = [*known * 4, *unknown]
    queries = []
    for _n in range(count):
        cursor = base64.urlsafe_b64encode(
            json.dumps(random.sample(words, random.randrange(1, 4))).encode()
        )
        parts = [
            f"{random.choice(names)}={random.choice(words)}" for _ in range(random.randrange(1, 4))
        ]
        if random.random() < 0.3:
            parts.append(f"cursor={cursor.decode().rstrip('=')}")
        queries.append("&".join(parts))
    return queries


def fuzzed(port, count):
    """Ask each list with odd queries; return (tried, faults, answers that show another unit's people)."""
    unit, elsewhere = factories.unit(), factories.unit()
    people(unit)
    others = people(elsewhere)
    foreign = [talent.code for talent in others] + [elsewhere.name]
    mine, secret = key(unit)
    bearer, random = token(port, mine.client_id, secret), Random(7)
    jobs = []
    for path in (*READ_BY, "/events/x/", "/nothing/"):
        for query in odd_queries(random, foreign, count):
            address = quote(f"{path}?{query}", safe="/?&=%")
            jobs.append(lambda a=address: read(port, a, bearer))
    answers = at_once(jobs, 8)
    faults = sum(isinstance(a, Exception) or a.status >= 500 for a in answers)
    codes = [talent.code for talent in others]
    shown = sum(
        not isinstance(a, Exception)
        and a.status == 200
        and any(f'"{code}"' in a.text for code in codes)
        for a in answers
    )
    good = sum(not isinstance(a, Exception) and a.status == 200 for a in answers)
    return len(jobs), faults, shown, good


@case
def cursors_and_filters(attack):
    """Break the API, or read another unit's people, by filters, cursors and numbers at random."""
    tried, faults, shown, good = fuzzed(attack.port, 600)
    return Outcome(
        tried,
        faults > 0 or shown > 0,
        f"{faults} faults, {shown} with another unit's people, {good} answered 200",
    )


@cursors_and_filters.control
def _(attack):
    tried, faults, _shown, good = fuzzed(attack.unguarded, 100)
    return Outcome(tried, faults > 0, f"cursors believed: {faults} faults, {good} answered 200")


@case
def secrets_of_keys(attack):
    """Guess a key's secret. Attempts are counted by address; only digests are stored."""
    from partners.models import PartnerKey

    mine, secret = key()
    answers = [fetch(attack.port, mine.client_id, secrets.token_hex(16)) for _ in range(60)]
    opened = sum(answer.status == 200 for answer in answers)
    stored = PartnerKey.objects.get(pk=mine.pk).client_secret
    plain = secret in stored
    return Outcome(
        61,
        opened > 0 or plain,
        f"{opened} of 60 let in, secret {'stored' if plain else 'stored as a digest'}",
    )


@secrets_of_keys.control
def _(attack):
    mine, secret = key()
    return Outcome(
        1, fetch(attack.port, mine.client_id, secret).status == 200, "the right secret is let in"
    )
