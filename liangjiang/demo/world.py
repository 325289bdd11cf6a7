"""The small world: departments' staff, units, some 200 women, some 30 events, bookings, points.

History is made by the same operations that make the present, told the time it happened at; only
people and records as such are written directly. Everything is drawn from one seeded generator.
"""

import contextlib
from datetime import datetime, time, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from stdnum.cn import uscc

from accounts.models import Department, Unit, User
from care_points import operations as points
from care_points.models import CareStation, Service
from events import operations as bookings
from events.models import Event
from kernel.errors import DomainError
from liangjiang.demo import names, people
from notices.models import Delivery, Notice
from partners.models import Scope
from partners.operations import create_key
from privacy.models import Consent, Purpose
from reports import figures
from reports import operations as reports
from talents.models import Talent

PASSWORD = "liangjiang-2026"  # noqa: S105 - the demo's, printed on the screen
CLIENT_ID = "demo-unit"
CLIENT_SECRET = "demo-secret-for-everybody"  # noqa: S105 - as above
HONOURS = (
    "重庆英才·青年拔尖人才",
    "市级巾帼建功标兵",
    "两江新区最美巾帼奋斗者",
    "市科技进步奖二等奖",
)

# code, name, e-mail, department, roles, what to try first
STAFF = (
    (
        "DEMOADMIN",
        "管理员",
        "admin@example.cn",
        "women_federation",
        ["administrator"],
        "用户与角色、接口密钥",
    ),
    (
        "DEMOCLERK",
        "周雨桐",
        "clerk@example.cn",
        "women_federation",
        ["department_clerk", "department_reviewer"],
        "审核资料、导入名单",
    ),
    (
        "DEMOEVENT",
        "林清禾",
        "organiser@example.cn",
        "women_federation",
        ["event_organiser"],
        "发布活动、现场签到",
    ),
    (
        "DEMOPOINT",
        "郑思宁",
        "points@example.cn",
        "women_federation",
        ["points_clerk"],
        "确认时长、积分规则",
    ),
    ("DEMOSTATN", "韩晓岚", "station@example.cn", "women_federation", [], "加油站核销"),
    (
        "DEMOAUDIT",
        "高静然",
        "auditor@example.cn",
        "organisation_personnel",
        ["auditor"],
        "审计日志",
    ),
    (
        "DEMOTECHN",
        "徐知意",
        "science@example.cn",
        "science_innovation",
        ["department_clerk", "department_reviewer", "event_organiser"],
        "另一部门，只见本部门数据",
    ),
)


class World:
    """Builds the demo once; `say(text)` is told what is being made."""

    def __init__(self, now, say=lambda text: None):
        self.now = now
        self.say = say
        self.random = Random(2022)
        self.password = make_password(PASSWORD, salt="demo")
        self.departments = {d.code: d for d in Department.objects.all()}
        self.timeline = []

    def build(self):
        """Make everything in one transaction: half a world is worse than none."""
        with transaction.atomic():
            self.make_units()
            self.make_staff()
            self.make_talents()
            self.make_stations()
            self.make_events()
            self.plan_volunteering()
            self.plan_redemptions()
            self.live()
            self.make_key()
            self.make_reports()
            self.settle_notices()

    def at(self, moment, act, *args):
        """Put one act on the timeline; it is told the moment as its last argument."""
        self.timeline.append((moment, len(self.timeline), act, args))

    def live(self):
        """Let everything happen in the order of time, so that ledger and queue read like life."""
        self.say("a year of bookings, check-ins and points")
        for moment, _number, act, args in sorted(self.timeline, key=lambda entry: entry[:2]):
            act(*args, moment)

    def days(self, count, hour=10):
        """Return the moment `count` days from today at `hour` in Chongqing."""
        day = timezone.localdate(self.now) + timedelta(days=count)
        return timezone.make_aware(datetime.combine(day, time(hour)))

    def make_units(self):
        """Make the partner units, with social credit codes whose check digit is right."""
        self.say("units")
        self.units = []
        for number, (name, kind, district, _industry) in enumerate(names.UNITS):
            body = f"91500000MADEM{number:03d}9"
            code = body + uscc.calc_check_digit(body)
            self.units.append(
                Unit.objects.create(
                    name=name,
                    kind=kind,
                    district=district,
                    uscc=code,
                    address=f"两江新区{district}",
                )
            )

    def make_user(self, number, full_name, *, email=None, joined=None, **fields):
        """Save one account with a verified phone and, if given, a verified address."""
        user = User(
            full_name=full_name,
            phone=people.phone(number),
            phone_verified=True,
            date_joined=joined or self.now,
            **fields,
        )
        user.password = self.password
        user.save()
        if email:
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user

    def make_staff(self):
        """Make one login for each role, and a unit's contact."""
        self.say("staff")
        self.staff = {}
        for number, (code, name, email, department, roles, _hint) in enumerate(STAFF, start=9000):
            user = self.make_user(
                number,
                name,
                email=email,
                code=code,
                department=self.departments[department],
                is_staff=bool(roles),
                is_superuser=code == "DEMOADMIN",
            )
            user.groups.set(Group.objects.filter(name__in=roles))
            self.staff[code] = user
        contact = self.make_user(
            9100, "冯若竹", email="unit@example.cn", code="DEMOUNITS", unit=self.units[0]
        )
        contact.groups.set(Group.objects.filter(name="unit_contact"))

    def make_talents(self, count=200):
        """Make the women: most in the database, some on the way, some reported by their unit only."""
        self.say("women in science and technology")
        self.talents = [self.make_talent(number) for number in range(count)]
        self.members = [t for t in self.talents if t.user_id and t.is_verified]

    def make_talent(self, number):
        """Save one woman with her account, consents and profile."""
        random = self.random
        joined = self.days(-random.randrange(5, 400), random.randrange(8, 20))
        name = "林静姝" if number == 0 else people.full_name(random)
        state = "verified" if number < 20 else self.pick_state(number)
        reported = state == "verified" and number % 20 == 19
        user = None
        if not reported:
            email = f"woman{number}@example.cn" if number < 3 or number % 3 == 0 else None
            user = self.make_user(
                number + 1, name, email=email, joined=joined, code=f"DEMOW{number:04d}"
            )
            self.agree(user, joined, number)
        talent = Talent(
            user=user,
            full_name=name,
            state=state,
            source="import" if reported else "self",
            code=f"T{number:05d}",
            created_at=joined,
            updated_at=joined,
            department=self.department_of(number),
            **self.profile(number),
        )
        if state != "draft":
            talent.submitted_at = joined + timedelta(hours=2)
            if state == "submitted":
                talent.submitted_at = self.now - timedelta(hours=7 * (number % 15) + 1)
            talent.updated_at = talent.submitted_at
        if state == "verified":
            talent.verified_at = joined + timedelta(days=2)
            talent.verified_by = self.staff["DEMOCLERK"]
            talent.tier = random.choice(["reserve"] * 6 + ["district"] * 3 + ["city", "national"])
        if state == "returned":
            talent.return_reason = "工作单位名称与社保缴纳单位不一致，请核对后重新提交"
        talent.save()
        return talent

    def pick_state(self, number):
        """Spread the states: of twenty women two wait, one was sent back, one is still writing."""
        return {5: "submitted", 11: "submitted", 14: "returned", 17: "draft"}.get(
            number % 20, "verified"
        )

    def department_of(self, number):
        """Give the science bureau a fifth of the records and the industry bureau a tenth."""
        code = {4: "science_innovation", 9: "industry_promotion", 14: "science_innovation"}
        return self.departments[code.get(number % 20, "women_federation")]

    def profile(self, number):
        """Return the fields of one profile."""
        random = self.random
        unit_number = number % len(self.units)
        title, level = random.choice(names.TITLES)
        level = {"junior": "primary", "associate": "associate_senior"}.get(level, level)
        field, discipline = random.choice(names.FIELDS)
        second = random.choice(names.FIELDS)[0]
        born = people.birthday(random)
        degree, education = random.choice([("2", "11"), ("3", "14"), ("3", "14"), ("4", "21")])
        overseas = random.random() < 0.15
        return {
            "id_number": people.identity_number(people.REGIONS[number % len(people.REGIONS)], born),
            "birth_month": born.replace(day=1),
            "unit": self.units[unit_number],
            "position": random.choice(names.POSITIONS),
            "professional_title": title,
            "title_level": level,
            "education_level": education,
            "degree": degree,
            "school_and_major": f"{random.choice(names.SCHOOLS)} {field}",
            "discipline": discipline,
            "industry": names.UNITS[unit_number][3],
            "research_fields": list(dict.fromkeys([field, second])),
            "overseas_study": overseas,
            "overseas_detail": "东京大学联合培养博士（2 年）" if overseas else "",
            "honours": random.choice(HONOURS) if random.random() < 0.2 else "",
            "phone": people.phone(number + 1),
        }

    def agree(self, user, at, number):
        """Record what she agreed to at sign-up."""
        purposes = [Purpose.TALENT_DATABASE, Purpose.IDENTITY_NUMBER]
        if number % 4 != 3:
            purposes.append(Purpose.MESSAGES)
        if number % 3 != 2:
            purposes.append(Purpose.UNIT_SHARING)
        Consent.objects.bulk_create(
            Consent(user=user, purpose=p, granted=True, text_version="1", at=at) for p in purposes
        )

    def make_stations(self):
        """Make three Care Stations with ten services of the five kinds."""
        self.say("Care Stations")
        self.services = []
        for name, address, phone in names.STATIONS:
            station = CareStation.objects.create(
                name=name, address=address, phone=phone, open_hours="周二至周日 9:00–17:30"
            )
            station.operators.add(self.staff["DEMOSTATN"])
            rows = (
                names.SERVICES if name.startswith("人和") else self.random.sample(names.SERVICES, 5)
            )
            for category, title, text, cost, quota in rows:
                self.services.append(
                    Service.objects.create(
                        station=station,
                        category=category,
                        title=title,
                        description=text,
                        cost=cost,
                        monthly_quota=quota,
                    )
                )

    def make_events(self):
        """Make events in every state: past, open, full with a queue, closed, not yet open, called off."""
        self.say("events")
        for number in range(20):
            self.make_past_event(number)
        for number, seats in enumerate((30, 20, 6, 4, 40, 24)):
            self.make_open_event(number, seats)
        self.make_event(27, self.days(40), capacity=60)  # stays a draft
        early = self.make_event(28, self.days(45), capacity=80, opens=self.days(20))
        self.publish(early, self.now - timedelta(days=1))
        closed = self.make_event(
            29, self.days(1, 14), capacity=20, closes=self.now - timedelta(hours=3)
        )
        self.publish(closed, self.now - timedelta(days=20))
        self.fill(closed, 14, self.now - timedelta(days=6))
        off = self.make_event(30, self.days(9, 14), capacity=20)
        self.publish(off, self.now - timedelta(days=10))
        self.fill(off, 5, self.now - timedelta(days=6))
        self.at(self.now - timedelta(days=1), self.call_off, off)

    def make_event(self, number, starts_at, *, capacity, opens=None, closes=None):
        """Save one draft."""
        kind, title, summary, measure = names.EVENTS[number % len(names.EVENTS)]
        venue, address = names.VENUES[number % len(names.VENUES)]
        organiser = self.staff["DEMOTECHN" if number % 4 == 3 else "DEMOEVENT"]
        ends_at = starts_at + timedelta(hours=2 + number % 3)
        return Event.objects.create(
            code=f"DEMO{number + 22:04d}",
            title=title,
            kind=kind,
            measure=measure,
            summary=summary,
            body=f"{summary}\n\n面向已入库的女性科技人才，现场备有茶歇，可带孩子（设临时看护区）。",
            platform=["talent_gathering", "innovation_forum", "", "mingyue_lake"][number % 4],
            womens_track=number % 3 == 0,
            venue=venue,
            address=address,
            starts_at=starts_at,
            ends_at=ends_at,
            booking_opens_at=opens or starts_at - timedelta(days=45),
            booking_closes_at=closes or starts_at - timedelta(hours=2),
            capacity=capacity,
            department=organiser.department,
            organiser=organiser,
            sensitive_topic="情绪" in title,
            created_at=starts_at - timedelta(days=60),
            updated_at=starts_at - timedelta(days=60),
        )

    def publish(self, event, at):
        """Plan its publication by the organiser."""
        self.at(at, self.publish_now, event)

    def publish_now(self, event, now):
        """Publish as the organiser would."""
        bookings.publish_event(event=event, by=event.organiser, now=now)

    def call_off(self, event, now):
        """Cancel as the organiser would."""
        bookings.cancel_event(
            event=event,
            reason="主讲人临时出差，改期后另行通知",
            by=event.organiser,
            now=now,
        )

    def fill(self, event, count, start):
        """Plan that `count` women book one after the other from `start` on."""
        for step, talent in enumerate(self.random.sample(self.members, count)):
            self.at(start + timedelta(minutes=7 * step), self.book, event, talent)

    def book(self, event, talent, now):
        """Book as she would."""
        bookings.book(event=event, talent=talent, by=talent.user, now=now)

    def make_past_event(self, number):
        """Make an event that is over, with bookings and check-ins."""
        event = self.make_event(
            number, self.days(-6 - 7 * number, 14), capacity=12 + 4 * (number % 4)
        )
        self.publish(event, event.starts_at - timedelta(days=25))
        self.fill(event, min(event.capacity, 12 + number % 5), event.starts_at - timedelta(days=10))
        self.at(event.starts_at - timedelta(minutes=20), self.check_in, event)

    def check_in(self, event, now):
        """Let six of seven come, a minute apart."""
        seated = event.bookings.confirmed().select_related("event", "talent__user")
        for step, booking in enumerate(seated.order_by("place")):
            if step % 7 != 6:
                at = now + timedelta(minutes=step)
                bookings.check_in(booking=booking, by=event.organiser, now=at)

    def make_open_event(self, number, seats):
        """Make an event one can book now; small ones are full and have a queue."""
        event = self.make_event(20 + number, self.days(3 + 4 * number, 14), capacity=seats)
        self.publish(event, self.now - timedelta(days=12))
        count = seats + 3 if seats <= 6 else seats * 2 // 3
        self.fill(event, count, self.now - timedelta(days=8))
        if number == 0:  # the first demo woman has a seat, so that her page has something on it
            self.at(self.now - timedelta(days=2), self.book, event, self.members[0])

    def plan_volunteering(self):
        """Record and confirm volunteer hours; the newest ones wait for a colleague."""
        for number in range(60):
            talent = self.members[number * 2 % len(self.members)]
            starts_at = self.days(-2 * number - 3, 9)
            self.at(starts_at + timedelta(days=1), self.volunteer, talent, number, starts_at)

    def volunteer(self, talent, number, starts_at, now):
        """Record hours; a colleague confirms all but the newest ones a day later."""
        hours = points.record_hours(
            talent=talent,
            activity=names.VOLUNTEERING[number % 5],
            starts_at=starts_at,
            half_hours=3 + number % 4,
            by=self.staff["DEMOCLERK"],
            now=now,
        )
        if number >= 6:
            colleague = self.staff["DEMOPOINT"]
            points.confirm_hours(hours=hours, by=colleague, now=now + timedelta(hours=3))

    def plan_redemptions(self):
        """Let women try to redeem now and then; two thirds of those who can have used the voucher."""
        for number, talent in enumerate(self.members):
            at = self.now - timedelta(days=number % 25, hours=3)
            self.at(at, self.redeem, talent, number)

    def redeem(self, talent, number, now):
        """Redeem if she can afford it."""
        service = self.services[number % len(self.services)]
        with contextlib.suppress(DomainError):
            made = points.redeem(
                talent=talent,
                service=service,
                idempotency_key=f"demo-{number}",
                expected_cost=service.cost,
                by=talent.user,
                now=now,
            )
            if made.pk % 3:
                operator = self.staff["DEMOSTATN"]
                points.fulfil(code=made.code, by=operator, now=now + timedelta(hours=2))

    def make_key(self):
        """Give the first unit a key to the API, with a secret everybody knows."""
        key, _secret = create_key(
            unit=self.units[0],
            name="演示密钥",
            scopes=list(Scope.values),
            expires_at=None,
            client_id=CLIENT_ID,
            by=self.staff["DEMOADMIN"],
            now=self.now,
        )
        key.client_secret = CLIENT_SECRET
        key.save()

    def make_reports(self):
        """Build the reports of the last two months."""
        self.say("monthly reports")
        month = figures.month_of(self.now)
        for _step in range(2):
            month = figures.month_before(month)
            admin = self.staff["DEMOADMIN"]
            report = reports.request_monthly(month=month, by=admin, now=self.now)
            reports.build(report=report, now=self.now)

    def settle_notices(self):
        """Mark the past as told: nobody gets a text message about history."""
        past = Delivery.objects.filter(state="pending", due_at__lte=self.now)
        past.update(state="sent", sent_at=self.now, attempts=1)
        old = self.now - timedelta(days=3)
        Notice.objects.filter(due_at__lte=old).update(read_at=old)
