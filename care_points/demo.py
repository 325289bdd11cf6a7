"""The demo's Care Stations, volunteer hours and vouchers (liangjiang.demo)."""

import contextlib
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from care_points import operations, slots
from care_points.models import CareStation, Service
from kernel.errors import DomainError
from places import operations as places
from places.hours import parse_week

STATIONS = (
    (
        "人和巾帼爱心加油站",
        "人和街道党群服务中心",
        "人和街道人和大道 10 号",
        "023-00000001",
        "周二至周五 9:00-12:00，13:30-17:30\n周六至周日 9:00-17:00",
        "1 号门进，电梯到 2 楼左转；轮椅走东侧坡道",
    ),
    (
        "礼嘉巾帼爱心加油站",
        "礼嘉街道妇女之家",
        "礼嘉街道礼白路 2 号",
        "023-00000002",
        "周一至周五 9:00-17:30\n周六 9:00-12:00",
        "社区食堂旁边一楼，门口可以停婴儿车",
    ),
    (
        "龙兴巾帼爱心加油站",
        "龙兴镇新时代文明实践所",
        "龙兴镇普福大道 200 号",
        "023-00000003",
        "周一至周五 8:30-12:00，14:00-18:00",
        "3 楼，没有电梯；上不来请先打电话，工作人员下楼接待",
    ),
)
SERVICES = (
    ("marriage_family", "婚姻家庭咨询（50 分钟）", "婚姻家庭咨询师一对一面谈，全程保密。", 60, 20),
    ("marriage_family", "单身青年交友活动名额", "女性科技人才专场，限未婚会员。", 30, 40),
    (
        "rights_protection",
        "律师法律咨询（30 分钟）",
        "劳动合同、知识产权、婚姻财产均可咨询。",
        50,
        20,
    ),
    ("rights_protection", "合同审阅一份", "执业律师审阅并给出书面意见。", 120, 10),
    ("womens_health", "女性健康体检套餐", "合作医院女性专项体检，提前三天预约。", 150, 30),
    ("womens_health", "心理疏导（50 分钟）", "国家二级心理咨询师，线上线下任选。", 60, 30),
    ("family_education", "亲子教育讲座名额", "每月第二个周六上午，可带一名孩子。", 20, 60),
    ("family_education", "四点半课堂（10 次）", "放学后托管与作业辅导，名额有限。", 50, 20),
    (
        "family_education",
        "家庭教育指导（45 分钟）",
        "家庭教育指导师一对一，带上您的问题来。",
        40,
        20,
    ),
    ("home_organising", "上门收纳整理（3 小时）", "收纳师上门，含整理方案一份。", 90, 20),
    ("home_organising", "家政保洁（4 小时）", "日常保洁一次，工具自带。", 60, 40),
)
# Private ones hide behind a voucher of the same price at the same station.
PRIVATE = ("婚姻家庭咨询（50 分钟）", "律师法律咨询（30 分钟）", "心理疏导（50 分钟）")
PLAIN = [row for row in SERVICES if row[1] not in PRIVATE]
# Services with times: title, minutes, pause.
TIMED = {
    "婚姻家庭咨询（50 分钟）": (50, 10),
    "律师法律咨询（30 分钟）": (30, 10),
    "心理疏导（50 分钟）": (50, 10),
    "家庭教育指导（45 分钟）": (45, 15),
}
# Who gives them, when, until how many days from today the papers are good.
PROVIDERS = (
    (
        "周老师",
        "person",
        ("婚姻家庭咨询（50 分钟）", "心理疏导（50 分钟）"),
        "周二至周五 9:00-12:00，14:00-17:00\n周六 9:00-12:00",
        "婚姻家庭咨询师、心理咨询师，证书原件已核对",
        400,
    ),
    (
        "陈老师",
        "person",
        ("婚姻家庭咨询（50 分钟）",),
        "周三至周日 13:30-17:00",
        "婚姻家庭咨询师，证书原件已核对",
        20,
    ),
    (
        "吴老师",
        "person",
        ("家庭教育指导（45 分钟）",),
        "周二至周五 9:30-12:00，14:00-17:00",
        "家庭教育指导师，证书原件已核对",
        300,
    ),
    (
        "两江公益律师团",
        "organisation",
        ("律师法律咨询（30 分钟）",),
        "周二、周四 14:00-17:00\n周六 9:00-12:00",
        "区司法局公益法律服务协议",
        300,
    ),
)
VOLUNTEERING = (
    "社区科普讲座",
    "中学生生涯指导",
    "科技馆周末讲解",
    "小学科学实验课助教",
    "女童编程体验营",
)


def make(world):
    """Make the stations; plan a year of volunteering and of redemptions."""
    make_stations(world)
    operations.save_budget(
        budget=None,
        year=world.now.year,
        points=20_000,
        cost_per_point=Decimal("0.50"),
        by=None,
        now=world.now,
    )
    plan_volunteering(world)
    plan_hours_of_hers(world)
    plan_redemptions(world)


def finish(world):
    """Book some of the next days, send one provider on leave over an appointment, issue a certificate of hours."""
    make_appointments(world)
    today, hers = timezone.localdate(world.now), world.members[0]
    from_on = today - timedelta(days=90)
    operations.certify_hours(
        talent=hers, from_on=from_on, until_on=today, by=hers.user, now=world.now
    )


def make_stations(world):
    """Make three Care Stations with ten services of the five kinds."""
    world.say("Care Stations")
    world.services = []
    for name, *where in STATIONS:
        station = CareStation.objects.create(name=name, place=make_place(world, *where))
        station.operators.add(world.staff["DEMOSTATN"])
        rows = SERVICES if name.startswith("人和") else world.random.sample(PLAIN, 5)
        for category, title, text, cost, quota in rows:
            world.services.append(
                Service.objects.create(
                    station=station,
                    category=category,
                    title=title,
                    description=text,
                    cost=cost,
                    monthly_quota=quota,
                    private=title in PRIVATE,
                    **_times(title if name.startswith("人和") else ""),
                )
            )
        if name.startswith("人和"):
            make_providers(world, station)


def _times(title):
    if title not in TIMED:
        return {}
    minutes, pause = TIMED[title]
    return {"delivery": "appointment", "minutes": minutes, "buffer_minutes": pause}


def make_providers(world, station):
    """Make who gives the services with times; the first has an account."""
    by, now = world.staff["DEMOPOINT"], world.days(-40)
    for name, kind, titles, weekly, credentials, good_for in PROVIDERS:
        provider = operations.save_provider(
            provider=None,
            station=station,
            name=name,
            kind=kind,
            weekly=parse_week(weekly),
            credentials=credentials,
            user=world.staff["DEMOSTATN"],
            paused=False,
            services=list(station.services.filter(title__in=titles)),
            by=by,
            now=now,
        )
        until = timezone.localdate(world.now) + timedelta(days=good_for)
        operations.vet_provider(provider=provider, until=until, by=by, now=now)


def make_appointments(world):
    """Let women who can afford it book the next free times; the second time of one provider falls into leave."""
    by, now = world.staff["DEMOPOINT"], world.now
    today = timezone.localdate(now)
    timed = Service.objects.filter(delivery="appointment").select_related("station__place")
    timed = [one for one in timed for _twice in range(1 if one.private else 3)]
    made = []
    for number, talent in enumerate(world.members):
        service = timed[number % len(timed)]
        free = slots.free_times(service, today, today + timedelta(days=12), now)
        starts = [start for times in free.values() for start in times]
        if len(made) >= 9 or not starts:
            break
        with contextlib.suppress(DomainError):
            slot = slots.Slot(starts[number % 7 % len(starts)])
            asked = {"idempotency_key": f"demo-time-{number}", "expected_cost": service.cost}
            asked |= {"talent": talent, "service": service, "by": talent.user, "now": now}
            if service.by_case:
                voucher = operations.redeem(**asked)
                operations.choose_time(voucher=voucher, slot=slot, by=talent.user, now=now)
            else:
                made.append(operations.redeem(**asked, slot=slot))
    if len(made) > 1:
        one = made[1].appointment
        operations.add_leave(
            provider=one.provider,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            reason="外出培训",
            by=by,
            now=now,
        )


def make_place(world, name, address, phone, weekly, access):
    """Make the place a station is at; the last one nobody has checked for long."""
    by, stairs = world.staff["DEMOPOINT"], "没有电梯" in access
    place = places.save_place(
        place=None,
        name=name,
        address=address,
        phone=phone,
        map_link="",
        weekly=parse_week(weekly),
        access_words=access,
        step_free=not stairs,
        has_lift="电梯到" in access,
        by=by,
        now=world.days(-240 if stairs else -20),
    )
    day = timezone.localdate(world.now) + timedelta(days=9)
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    places.add_other_hours(
        place=place, first_day=day, last_day=day, spans=[], reason="年底盘点", by=by, now=world.now
    )
    return place


def plan_volunteering(world):
    """Record and confirm volunteer hours; the newest ones wait for a colleague."""
    department = world.staff["DEMOCLERK"].department_id
    members = [talent for talent in world.members if talent.department_id == department]
    for number in range(60):
        talent = members[number * 2 % len(members)]
        starts_at = world.days(-2 * number - 3, 9)
        world.at(starts_at + timedelta(days=1), volunteer, talent, number, starts_at)


def plan_hours_of_hers(world):
    """Let the woman whose account the demo names have volunteered twice, so that she has points and hours to look at."""
    for number, days_ago in ((62, 40), (65, 75)):
        starts_at = world.days(-days_ago, 9)
        at = starts_at + timedelta(days=1)
        world.at(at, volunteer, world.members[0], number, starts_at)


def plan_redemptions(world):
    """Let women try to redeem now and then; two thirds of those who can have used the voucher."""
    for number, talent in enumerate(world.members):
        at = world.now - timedelta(days=number % 25, hours=3)
        world.at(at, redeem, talent, number)


def volunteer(world, talent, number, starts_at, now):
    """Record hours; a colleague confirms all but the newest ones a day later."""
    hours = operations.record_hours(
        talent=talent,
        activity=VOLUNTEERING[number % 5],
        starts_at=starts_at,
        half_hours=3 + number % 4,
        by=world.staff["DEMOCLERK"],
        now=now,
    )
    if number >= 6:
        colleague = world.staff["DEMOPOINT"]
        operations.confirm_hours(hours=hours, by=colleague, now=now + timedelta(hours=3))


def redeem(world, talent, number, now):
    """Redeem if she can afford it."""
    vouchers = [one for one in world.services if one.delivery == "voucher"]
    service = vouchers[number % len(vouchers)]
    with contextlib.suppress(DomainError):
        made = operations.redeem(
            talent=talent,
            service=service,
            idempotency_key=f"demo-{number}",
            expected_cost=service.cost,
            by=talent.user,
            now=now,
        )
        if made.pk % 3:
            operator = world.staff["DEMOSTATN"]
            operations.fulfil(code=made.code, by=operator, now=now + timedelta(hours=2))
