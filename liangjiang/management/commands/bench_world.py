"""`manage.py bench_world`: what `make bench` needs besides the demo; development only."""

import json
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from accounts.models import Department, PartnerKey, Unit, User
from events.models import Event
from talents.models import Talent

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Command(BaseCommand):
    """Print as JSON: session cookies of verified women, a token, events to rush, query counts."""

    help = "Prepare a development database for `make bench`."

    def add_arguments(self, parser):
        """Take --bookers, --seats and --check."""
        parser.add_argument("--bookers", type=int, default=200)
        parser.add_argument("--seats", type=int, default=100)
        parser.add_argument("--check", action="store_true", help="say how the rush ended")

    def handle(self, *args, bookers, seats, check, **options):
        """Make it, or check it."""
        if settings.PRODUCTION:
            raise CommandError("The benchmark needs a development database.")
        now = timezone.now()
        if check:
            self.stdout.write(self.outcome())
            return
        women = [self.woman(number, now) for number in range(bookers)]
        rush = {str(clients): self.event(clients, seats, now).code for clients in (1, 16)}
        for number in range(60):
            self.event(100 + number, 50, now, code=f"BENCH{number:04d}")
        cookies = [self.cookie(woman) for woman in women]
        token = self.token(now)
        world = {"event": "BENCH0000", "rush": rush, "cookies": cookies, "token": token}
        world["queries"] = self.queries(women[0], token)
        self.stdout.write(json.dumps(world))

    def woman(self, number, now):
        """Return a verified woman's account."""
        user = User(code=f"BENCH{number:04d}", full_name="陈静宜", phone_verified=True)
        user.set_unusable_password()
        user.save()
        Talent.objects.create(
            user=user, full_name=user.full_name, state="verified", verified_at=now, created_at=now,
            updated_at=now, department=Department.objects.first(),
        )  # fmt: skip
        return user

    def event(self, number, seats, now, code=None):
        """Return a published event one can book."""
        starts_at = now + timedelta(days=20, hours=number)
        organiser = User.objects.filter(is_staff=True).first()
        return Event.objects.create(
            code=code or f"RUSH{number:04d}", title="集成电路女性工程师沙龙", kind="salon",
            summary="从版图到流片。", venue="两江人才大厦", starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2), booking_opens_at=now - timedelta(days=1),
            booking_closes_at=starts_at, capacity=seats, department=Department.objects.first(),
            organiser=organiser, state="published", published_at=now, created_at=now, updated_at=now,
        )  # fmt: skip

    def cookie(self, user):
        """Return a Cookie header that signs this woman in."""
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    def token(self, now):
        """Return an access token of a partner unit."""
        key = PartnerKey.objects.create(
            name="bench", unit=Unit.objects.first(), client_type="confidential",
            authorization_grant_type="client-credentials", allowed_scopes=["events:read"],
        )  # fmt: skip
        token = "b" * 40
        get_access_token_model().objects.create(
            application=key, token=token, scope="events:read", expires=now + timedelta(days=1)
        )
        return token

    def queries(self, woman, token):
        """Count the queries of each page, the second time it is asked for."""
        counts = {}
        with override_settings(ALLOWED_HOSTS=["*"]):
            for name, path, signed_in, headers in (
                ("home page", "/", False, {}),
                ("event list", "/events/", False, {}),
                ("event page", "/events/BENCH0000/", False, {}),
                ("event list, signed in", "/events/", True, {}),
                ("dashboard, signed in", "/me/", True, {}),
                ("API", "/api/v1/events/?limit=50", False, {"Authorization": f"Bearer {token}"}),
            ):
                client = Client()
                if signed_in:
                    client.force_login(woman, BACKEND)
                client.get(path, headers=headers)
                with CaptureQueriesContext(
                    connection,
                ) as seen:
                    answer = client.get(path, headers=headers)
                if answer.status_code != 200:
                    raise CommandError(f"{path} answered {answer.status_code}.")
                counts[name] = len(seen)
        return counts

    def outcome(self):
        """Return one sentence on the rush of sixteen: seats, queue, order."""
        event = Event.objects.get(code="RUSH0016")
        places = list(event.bookings.active().order_by("place").values_list("place", "state"))
        seated = sum(state == "confirmed" for _place, state in places)
        in_order = [state for _place, state in places] == ["confirmed"] * seated + [
            "waitlisted"
        ] * (len(places) - seated)
        return f"{seated} seated, {len(places) - seated} waiting, in order: {in_order}"
