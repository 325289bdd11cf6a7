"""The theme in the demo (liangjiang.demo): half a training, one that is concluded, and coaching in every state."""

from datetime import timedelta

from entrepreneurship.learning import operations
from entrepreneurship.learning.models import Coach, CoachingHour, Programme
from events import operations as events
from events.models import Event, Series

LESSON = timedelta(hours=3)
RUNNING = (-20, -13, -6, 2, 9, 16)  # days from today
CONCLUDED = (-90, -83, -76)
TITLES = (
    "经济热点分析：明年的机会在哪里",
    "创业辅导与创新管理：从想法到产品",
    "智能科技：大模型怎样用进小公司",
    "金融服务：信贷、股权与担保",
    "金融普及教育：看懂三张报表",
    "路演实战与互评",
)
THEMES = ("economy", "start_up", "smart_technology", "financial_services", "financial_literacy")
COACHES = (
    (12, ["plan", "people"], "做过两家芯片公司的创始人，熟悉从零到一的取舍。"),
    (13, ["finance", "market"], "十五年科技企业财务负责人，帮三家公司走完融资。"),
    (14, ["rights", "technology"], "专利代理师，做过四十多项成果转化合同。"),
)


def make(world):
    """Put the theme on the timeline."""
    _training(world)
    _coaching(world)


# --- training ------------------------------------------------------------------------------------------
def _training(world):
    organiser = world.staff["DEMOEVENT"]
    for name, days, required in (
        ("优秀女企业家培训·秋季班", RUNNING, 700),
        ("优秀女企业家培训·夏季班", CONCLUDED, 450),
    ):
        begun = world.days(days[0] - 30)
        series = Series.objects.create(
            name=name,
            department=organiser.department,
            description="专题讲座与培训沙龙，线上线下结合。",
            created_at=begun,
            updated_at=begun,
        )
        lessons = [_lesson(world, series, organiser, number, at) for number, at in enumerate(days)]
        world.at(begun + timedelta(hours=1), _open, series, lessons, required)
        for step in range(6):
            world.at(begun + timedelta(days=2, minutes=step), _join, series, step)
        for lesson in lessons:
            world.at(begun + timedelta(days=3), _book, lesson)
            if lesson.starts_at < world.now - timedelta(days=1):
                world.at(lesson.starts_at, _come, lesson, lessons.index(lesson))
                world.at(lesson.ends_at, _go, lesson)
                world.at(lesson.door_closes_at(), _settle, lesson, series)
    world.at(lessons[-1].door_closes_at() + timedelta(hours=9), _close, series)


def _lesson(world, series, organiser, number, day):
    starts_at = world.days(day, 14)
    made = world.days(day - 60 if day < 0 else -60)
    return Event.objects.create(
        code=f"DEMOPX{day + 500:04d}",
        title=TITLES[number],
        kind="training",
        measure=3,
        summary="专题讲座与小组练习，带上自己公司的问题来。",
        venue="两江人才大厦三楼报告厅",
        address="金渝大道 68 号",
        series=series,
        starts_at=starts_at,
        ends_at=starts_at + LESSON,
        booking_opens_at=made,
        booking_closes_at=starts_at,
        capacity=40,
        department=organiser.department,
        organiser=organiser,
        state="published",
        published_at=made,
        created_at=made,
        updated_at=made,
    )


def _programme(series):
    return Programme.objects.select_related("series").get(series=series)


def _open(world, series, lessons, required, now):
    """Plan the programme with a module for each theme, and open it."""
    fields = {
        "name": series.name,
        "name_en": "Training for Women Entrepreneurs",
        "series": series,
        "description": "按主题分模块，签到签退计学时，达到要求的结业。",
        "minutes_required": required,
    }
    organiser = lessons[0].organiser
    made = operations.add_programme(fields=fields, by=organiser, now=now)
    for theme, lesson in zip(THEMES, lessons, strict=False):
        name = lesson.title.partition("：")[0]
        module = {"theme": theme, "name": name, "minutes_required": 90 if theme == "economy" else 0}
        operations.add_module(programme=made, fields=module, events=[lesson], by=organiser, now=now)
    operations.open_programme(programme=made, by=organiser, now=now)


def _join(world, series, step, now):
    woman = world.members[step]
    operations.enrol(programme=_programme(series), talent=woman, by=woman.user, now=now)


def _book(world, lesson, now):
    for woman in world.members[:6]:
        events.book(
            event=lesson, talent=woman, by=woman.user, now=max(now, lesson.booking_opens_at)
        )


def _come(world, lesson, number, now):
    """Let them come: one misses the second lesson, one the first three, and the others are on course."""
    for step, booking in enumerate(_seats(lesson)):
        missed = (step == 3 and number in (1, 2)) or (step == 5 and number in (0, 1, 2))
        if not missed:
            events.check_in(booking=booking, by=lesson.organiser, now=now + timedelta(minutes=step))


def _seats(lesson):
    seats = lesson.bookings.seated().select_related("event", "talent__user")
    return seats.order_by("place")


def _go(world, lesson, now):
    events.check_out_all(event=lesson, by=lesson.organiser, now=now)


def _settle(world, lesson, series, now):
    events.settle_event(event=lesson, now=now)
    operations.look(programme=_programme(series), now=now)


def _close(world, series, now):
    operations.close_programme(programme=_programme(series), by=world.staff["DEMOEVENT"], now=now)


# --- coaching ------------------------------------------------------------------------------------------
def _coaching(world):
    for number, (member, topics, words) in enumerate(COACHES):
        world.at(world.days(-30 + number), _offer, member, topics, words)
    world.at(world.days(-12), _publish, 12, world.days(-4, 15))  # took place
    world.at(world.days(-11), _book_hour, 12, 0)
    world.at(world.days(-4, 17), _confirm, 12)
    world.at(world.days(-3, 9), _publish, 12, world.days(5, 15))  # booked, and waited for
    world.at(world.days(-3, 10), _book_hour, 12, 0)
    world.at(world.days(-3, 11), _book_hour, 12, 7)
    world.at(world.days(-3, 12), _publish, 13, world.days(6, 10))  # free
    world.at(world.days(-1, 9), _propose)


def _offer(world, member, topics, words, now):
    user = world.members[member].user
    fields = {
        "topics": topics,
        "introduction": words,
        "mode": "both",
        "place": "两江创业空间二楼",
        "hours_per_month": 4,
        "sex": "2",
    }
    offered = operations.offer_coaching(user=user, fields=fields, by=user, now=now)
    operations.accept_coach(coach=offered, by=world.staff["DEMOEVENT"], now=now)


def _coach(world, member):
    return Coach.objects.select_related("user").get(user=world.members[member].user)


def _publish(world, member, starts_at, now):
    coach = _coach(world, member)
    about = {"coach": coach, "starts_at": starts_at, "minutes": 60, "topic": coach.topics[0]}
    operations.publish_hour(**about, by=coach.user, now=now)


def _hour(world, member):
    """Return a coach's newest hour."""
    hours = CoachingHour.objects.select_related("event", "coach__user")
    return hours.filter(coach=_coach(world, member)).latest("pk")


def _book_hour(world, member, who, now):
    woman = world.members[who]
    hour = _hour(world, member)
    events.book(event=hour.event, talent=woman, by=woman.user, now=now)
    if who == 0:
        aims = "合伙人要退出，股权怎么回购？"
        operations.write_talk(hour=hour, aims=aims, by=woman.user, now=now)


def _confirm(world, member, now):
    hour = _hour(world, member)
    for user in (hour.coach.user, world.members[0].user):
        operations.confirm_hour(hour=hour, says="yes", by=user, now=now)


def _propose(world, now):
    woman = world.members[0]
    operations.propose_times(
        coach=_coach(world, 14),
        talent=woman,
        topic="rights",
        message="专利是单位的，离职创业怎么办？",
        times=[world.days(4, 10), world.days(5, 10), world.days(7, 14)],
        by=woman.user,
        now=now,
    )
