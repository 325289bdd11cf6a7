"""`manage.py bench_world`: what `make bench` needs besides the demo; development only."""

import json
import resource
import statistics
import time
from datetime import timedelta
from pathlib import Path
from random import Random

import xlsxwriter
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.utils import timezone
from oauth2_provider.generators import generate_client_id

from accounts.models import Department, Unit, User
from accounts.sessions import SessionStore
from care_points import ledger
from care_points import operations as points
from care_points.models import (
    AccountKind,
    CareStation,
    PointsAccount,
    Redemption,
    Service,
    TransferKind,
)
from events import operations
from events.models import Booking, Event
from kernel import bigrams, invented, portal
from notices.models import Delivery
from notices.operations import Letter, queue_all, wake_sender
from partners import operations as partner_operations
from places.hours import parse_week
from privacy.models import Consent
from talents.demo import FIELDS
from talents.imports import operations as imports
from talents.imports import running
from talents.models import Talent

BACKEND = "django.contrib.auth.backends.ModelBackend"
CAMPAIGN = "女性健康体检"
TITLE = "集成电路女性工程师沙龙"
CLERK = "DEMOCLERK"
LIST = "/admin/talents/talent/?state__exact=all"
PARTNERS = 50
RUNS = {0: 1, 1: 3, 16: 3}  # runs for each number of clients, an event each; 0: trips are counted
POINTS = 100_000


class Command(BaseCommand):
    """Make what is measured, print it as JSON; each option is one step of the benchmark."""

    help = "Prepare a development database for `make bench`."

    def add_arguments(self, parser):
        """Take the step; without one, the world is made."""
        parser.add_argument("--bookers", type=int, default=200)
        parser.add_argument("--seats", type=int, default=100)
        parser.add_argument("--check", action="store_true", help="how the bookings ended")
        parser.add_argument("--search", type=int, help="time this many searches in the database")
        parser.add_argument("--form", help="write a unit's form to this file")
        parser.add_argument("--rows", type=int, default=20_000, help="rows of the form")
        parser.add_argument("--import-form", help="import that form")
        parser.add_argument("--reminders", type=int, help="queue this many due reminders")
        parser.add_argument("--pending", action="store_true", help="how many are not sent yet")

    def handle(self, *args, bookers, seats, **options):
        """Do one step."""
        if settings.PRODUCTION:
            raise CommandError("The benchmark needs a development database.")
        now = timezone.now()
        if options["check"]:
            answer = outcome()
        elif options["search"]:
            answer = time_search(options["search"])
        elif options["form"]:
            answer = write_form(options["form"], options["rows"])
        elif options["import_form"]:
            answer = import_form(Path(options["import_form"]), now)
        elif options["reminders"]:
            answer = queue_reminders(options["reminders"], now)
        elif options["pending"]:
            answer = pending()
        else:
            answer = make_world(bookers, seats, now)
        self.stdout.write(json.dumps(answer))


def make_world(bookers, seats, now):
    """Make women, events and a key; return what the load needs to know."""
    women = [woman(number, now) for number in range(bookers)]
    for number in range(60):
        event(f"BENCH{number:04d}", number, 50, now)
    rush = {
        clients: [event(f"RUSH{clients}-{n}", 100, seats, now).code for n in range(runs)]
        for clients, runs in RUNS.items()
    }
    room = bookers * 2
    posts = {
        f"{kind}{clients}": [
            event(f"{kind}{clients}-{n}", 200 + n, room, now).code for n in range(runs)
        ]
        for kind in ("FLOOR", "BOOK")
        for clients, runs in RUNS.items()
    }
    offered = Service.objects.create(
        station=CareStation.objects.filter(active=True).first(), category="home_organising",
        title="衣橱整理", description="上门整理。", cost=10,
    )  # fmt: skip
    # The dashboard is measured as most women see theirs: with a booking.
    operations.book(event=Event.objects.get(code="BENCH0001"), talent=women[0], by=None, now=now)
    clerk = User.objects.get(code=CLERK)
    name = Talent.objects.visible_to(clerk).order_by("-pk").first().full_name
    world = {
        "event": "BENCH0000",
        "title": TITLE,
        "rush": rush,
        "posts": posts,
        "women": [{"cookie": cookie(w.user), "talent": w.pk} for w in women],
        "name": women[0].full_name,
        "service": offered.pk,
        "cost": offered.cost,
        "others": {
            "clerk": cookie(clerk),
            "operator": cookie(station_desk(women[100:130], offered, now)),
        },
        **station_pages(offered.station, now),
        "list": LIST,
        "search": f"{LIST}&q={name[:2]}",
        "found": name,
        # As many as keep each key below its limit of a minute: that limit is part of what is measured.
        "tokens": [token(now) for _ in range(PARTNERS)],
    }
    world["pages"] = pages(world)
    return world


def station_desk(women, offered, now):
    """Return an operator of the station; every second of the women has used her voucher there today."""
    operator = User.objects.create_user(full_name="赵站长", phone="14120000000")
    offered.station.operators.add(operator)
    for number, talent in enumerate(women):
        voucher = points.redeem(
            talent=talent, service=offered, idempotency_key=f"bench-{number}",
            expected_cost=offered.cost, by=None, now=now,
        )  # fmt: skip
        if number % 2:
            points.fulfil(code=voucher.code, by=operator, now=now)
    return operator


def station_pages(station, now):
    """Make a campaign by appointment with three providers; return what its pages are found by."""
    today = timezone.localdate(now)
    campaign = Service.objects.create(
        station=station, category="womens_health", title=CAMPAIGN, description="按单位组织。",
        cost=20, delivery="appointment", minutes=30, once_a_year=True, offered_from=today,
        offered_until=today + timedelta(days=60),
    )  # fmt: skip
    for name in ("甲组", "乙组", "丙组"):
        provider = station.providers.create(
            name=name, weekly=parse_week("周一至周日 9:00-12:00，13:30-17:00"),
            vetted_until=today + timedelta(days=90), vetted_by=User.objects.get(code=CLERK),
        )  # fmt: skip
        provider.services.add(campaign)
    return {"station": station.name, "campaign": campaign.pk, "campaign_title": CAMPAIGN}


def pages(world):
    """Return the pages the apps want measured, their addresses and texts filled in."""
    return [
        {
            "name": page.name,
            "path": page.path.format(**world),
            "must": page.must.format(**world),
            "reader": page.reader,
            "goals": page.goals,
        }
        for page in portal.listed("bench")
    ]


def woman(number, now):
    """Return a verified woman with an account, points to spend and consent to messages."""
    user = User(
        code=f"BENCH{number:04d}", full_name="陈静宜", phone=f"1411000{number:04d}",
        phone_verified=True,
    )  # fmt: skip
    user.set_unusable_password()
    user.save()
    Consent.objects.create(
        user=user, purpose="messages", granted=True, text_version="bench", at=now
    )
    talent = Talent.objects.create(
        user=user, full_name=user.full_name, state="verified", verified_at=now, created_at=now,
        updated_at=now, department=Department.objects.first(),
    )  # fmt: skip
    with transaction.atomic():
        issuance = PointsAccount.objects.system(AccountKind.ISSUANCE)
        ledger.post(
            kind=TransferKind.EARNED,
            key=f"bench:{number}",
            moves=[(issuance, -POINTS), (ledger.lock_account(talent), POINTS)],
            by=None,
            at=now,
        )
    return talent


def event(code, number, seats, now):
    """Return a published event one can book."""
    starts_at = now + timedelta(days=20, hours=number)
    return Event.objects.create(
        code=code, title=TITLE, kind="salon", summary="从版图到流片。", venue="两江人才大厦",
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
        booking_opens_at=now - timedelta(days=1), booking_closes_at=starts_at, capacity=seats,
        department=Department.objects.first(), organiser=User.objects.get(code=CLERK),
        state="published", published_at=now, created_at=now, updated_at=now,
    )  # fmt: skip


def cookie(user):
    """Return a Cookie header that signs this person in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def token(now):
    """Return an access token, fetched as a partner unit fetches it."""
    key, secret = partner_operations.create_key(
        unit=Unit.objects.filter(is_partner=True).first(), name="bench",
        scopes=["events:read"], expires_at=None, client_id=generate_client_id(), by=None,
        now=now,
    )  # fmt: skip
    form = f"grant_type=client_credentials&client_id={key.client_id}&client_secret={secret}"
    answer = Client().post(
        "/api/v1/oauth/token/", form, content_type="application/x-www-form-urlencoded"
    )
    return json.loads(answer.content)["access_token"]


def outcome():
    """Return how each rush of sixteen ended, and how many bookings and vouchers there are."""
    booked = Booking.objects.seated().values("event__code").annotate(n=Count("pk"))
    return {
        "rush": [ended(e) for e in Event.objects.filter(code__startswith="RUSH16")],
        "bookings": {row["event__code"]: row["n"] for row in booked},
        "vouchers": Redemption.objects.filter(cost=10).count(),
    }


def ended(event):
    """Return (seated, waiting, whether the queue is in order and the counts are exact)."""
    states = list(event.bookings.active().order_by("place").values_list("state", flat=True))
    seated = states.count("confirmed")
    waiting = len(states) - seated
    in_order = states == ["confirmed"] * seated + ["waitlisted"] * waiting
    return seated, waiting, in_order and (event.seats_taken, event.waiting) == (seated, waiting)


def time_search(count):
    """Time `count` different searches of 2 to 4 characters; milliseconds in the database."""
    random, queries = Random(1), []
    while len(queries) < count:
        words = invented.full_name(random) + random.choice(FIELDS)[0]
        start, length = random.randrange(len(words) - 3), random.choice((2, 2, 3, 4))
        word = words[start : start + length]
        if word not in queries:
            queries.append(word)
    rows = Talent.objects.visible_to(User.objects.get(code=CLERK))
    times = []

    def timed(execute, *args):
        started = time.perf_counter()
        result = execute(*args)
        times.append((time.perf_counter() - started) * 1000)
        return result

    with connection.execute_wrapper(timed):
        for word in queries:
            list(bigrams.match(rows, word).order_by("-pk").values_list("pk", flat=True)[:50])
    cuts = statistics.quantiles(times, n=20)
    return {
        "rows": Talent.objects.count(), "queries": count,
        "p50": cuts[9], "p95": cuts[18], "max": max(times),
    }  # fmt: skip


def write_form(path, rows):
    """Write a unit's form of `rows` different women."""
    random = Random(rows)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("信息采集表")
        sheet.write_row(
            0, 0, ["姓名", "身份证号码", "工作单位", "职务", "研究方向/专业领域", "手机"]
        )
        born = invented.birthday(Random(0)).replace(1964, 1, 1)
        for number in range(rows):
            day = born + timedelta(days=number % 13_800)
            region = ("511602", "511621")[number // 13_800 % 2]
            person = [invented.full_name(random), invented.identity_number(region, day)]
            person += [
                "重庆市两江半导体研究院",
                "研发工程师",
                "集成电路、人工智能",
                f"1420{number:07d}",
            ]
            sheet.write_row(number + 1, 0, person)
    return {"rows": rows}


def import_form(path, now):
    """Import the form as the worker does: preview, confirm, write; seconds and peak memory."""
    clerk = User.objects.get(code=CLERK)
    data, started = path.read_bytes(), time.perf_counter()
    run = imports.upload(
        file_name=path.name, data=data, department=clerk.department, by=clerk, now=now
    )
    running.work(run.pk)
    run.refresh_from_db()
    imports.confirm(run=run, by=clerk, now=timezone.now())
    running.work(run.pk)
    run.refresh_from_db()
    return {
        "state": run.state,
        "counts": {outcome.value: count for outcome, count in run.counts.items()},
        "seconds": time.perf_counter() - started,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def queue_reminders(count, now):
    """Queue `count` reminders that are due, spread over the women, each with a title of its own."""
    women = list(User.objects.filter(code__startswith="BENCH"))
    context = {"venue": "两江人才大厦", "when": now}
    letters = [
        Letter(
            "events.reminder_day",
            women[n % len(women)],
            f"bench:{n}",
            context | {"title": f"沙龙之{n}"},
        )
        for n in range(count)
    ]
    with transaction.atomic():
        queue_all(letters, at=now)
        # Measured at night as well, when they would wait for the morning.
        Delivery.objects.filter(notice__object_key__startswith="bench:").update(due_at=now)
        transaction.on_commit(wake_sender)
    return {"queued": count}


def pending():
    """Return how many deliveries are in which state."""
    rows = Delivery.objects.filter(notice__object_key__startswith="bench:").values("state")
    return {row["state"]: row["n"] for row in rows.annotate(n=Count("pk"))}
