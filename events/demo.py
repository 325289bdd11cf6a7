"""The demo's events and bookings (liangjiang.demo)."""

import io
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.utils import timezone
from PIL import Image, ImageDraw

from events import minutes, operations
from events.models import CertificateOffer, Event, Series, Sex
from kernel import documents

SLIDES = Path(__file__).with_name("demo_slides.typ")

# (kind, title, one sentence, measure)
EVENTS = (
    ("salon", "集成电路女性工程师沙龙", "从版图到流片，听三位女工程师讲项目里的弯路与捷径。", 2),
    ("salon", "智能网联汽车技术沙龙", "座舱、感知与安全，一线研发者面对面。", 2),
    ("forum", "智汇两江创新论坛·女性专场", "六场报告、一场圆桌，谈女性在源头创新中的位置。", 2),
    ("round_table", "青年女博士座谈会", "入职三年内的困难，当面提、当面答。", 2),
    ("seminar", "科研项目申报专题研修班", "市级项目申报书怎么写，评审专家逐段讲。", 1),
    ("academic_exchange", "成渝生物医药学术交流会", "成渝两地课题组同台，报告后自由交流。", 2),
    ("training", "优秀女企业家创业培训", "经济热点、财税与融资，三天线上线下结合。", 3),
    ("training", "巴渝巾帼金融服务对接会", "三家银行现场解读信贷政策，带材料可预审。", 3),
    ("academic_exchange", "明月湖成果转化路演", "八个项目十分钟路演，投资机构现场提问。", 4),
    ("talk", "百千万巾帼大宣讲走进水土", "三位科研人员讲她们的十年。", 6),
    ("talk", "科学道德与学风建设宣讲", "从数据记录到署名规范，案例讲清楚。", 6),
    ("round_table", "女科技工作者协会会员座谈", "讨论明年活动计划与新会员推荐。", 7),
    ("wellbeing", "孕哺期科研人员支持交流会", "弹性工作、爱心妈咪小屋与托育，政策一次问清。", 8),
    ("wellbeing", "羽毛球友谊赛", "单打双打自由组队，球拍可现场借用。", 9),
    ("wellbeing", "科研压力与情绪疏导讲座", "心理咨询师讲识别与自助，现场可预约咨询。", 9),
    ("campus_visit", "女科学家进校园·金州中学", "一堂火箭发动机课，一次动手实验。", 10),
    ("campus_visit", "小小实验家·人民小学", "志愿者带队，四个科学实验轮流做。", 10),
)
AGENDA = "{0}–{1} 签到与开场\n{1}–{2} 主题分享：{topic} | {speakers} | {venue}\n{2}–{3} 自由交流"
SPEAKERS = (
    "周雨桐，两江半导体研究院，高级工程师（女）",
    "何清越，重庆示例生物医药公司，首席科学家（女）",
    "陈柏年，明月湖创新中心，研究员（男）",
    "罗安琪，西部智能网联汽车实验室，副主任（女）",
)
VENUES = (
    ("两江人才大厦三楼报告厅", "金渝大道 68 号"),
    ("悦来国际会议中心 2 号厅", "悦来大道 86 号"),
    ("明月湖协同创新基地", "龙兴镇两江大道 618 号"),
    ("照母山人才之家", "黄山大道中段 53 号"),
    ("礼嘉智慧公园云尚体验馆", "礼嘉大道 102 号"),
)


def make(world):
    """Make events in every state: past, open, full with a queue, closed, not yet open, called off."""
    world.say("events")
    for number in range(world.women // 10):
        make_past_event(world, number)
    for number, seats in enumerate((30, 20, 6, 4, 40, 24)):
        make_open_event(world, number, seats)
    make_event(world, 27, world.days(40), capacity=60)  # stays a draft
    make_todays_event(world)
    make_volunteering(world)
    early = make_event(world, 28, world.days(45), capacity=80, opens=world.days(20))
    publish(world, early, world.now - timedelta(days=1))
    closed = make_event(
        world, 29, world.days(1, 14), capacity=20, closes=world.now - timedelta(hours=3)
    )
    publish(world, closed, world.now - timedelta(days=20))
    fill(world, closed, 14, world.now - timedelta(days=6))
    off = make_event(world, 30, world.days(9, 14), capacity=20)
    publish(world, off, world.now - timedelta(days=10))
    fill(world, off, 5, world.now - timedelta(days=6))
    world.at(world.now - timedelta(days=1), call_off, off)


def make_event(world, number, starts_at, *, capacity, opens=None, closes=None, **more):
    """Save one draft."""
    kind, title, summary, measure = EVENTS[number % len(EVENTS)]
    venue, address = VENUES[number % len(VENUES)]
    organiser = world.staff["DEMOTECHN" if number % 4 == 3 else "DEMOEVENT"]
    ends_at = starts_at + timedelta(hours=2 + number % 3)
    event = Event.objects.create(
        code=f"DEMO{number + 22:04d}",
        title=title,
        kind=kind,
        measure=measure,
        summary=summary,
        body="现场备有茶歇，可带孩子（设临时看护区）。地下车库凭签到码免费停车两小时。",
        audience="已入库的女性科技人才，不限专业",
        contact_name="活动联络组",
        contact_phone="023-6780 0000",
        platform=["talent_gathering", "innovation_forum", "", "mingyue_lake"][number % 4],
        womens_track=number % 3 == 0,
        cooperation_region=["", "chengdu_chongqing", "", "one_zone_two_clusters"][number % 4],
        disciplines=[[], ["520"], ["510", "520"], []][number % 4],
        mode="both" if number % 5 == 0 else "on_site",
        accessibility="一楼会场，轮椅可直达；无障碍卫生间在大厅东侧。" if number % 2 else "",
        co_organisers="两江协同创新区" if number % 3 == 1 else "",
        series=monthly(organiser, starts_at) if kind == "salon" else None,
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
        **more,
    )
    if event.one_day:
        set_agenda(world, event, number)
    return event


def monthly(organiser, at):
    """Return the department's series of salons, begun with its first event."""
    name = "女科学家月度沙龙"
    found = Series.objects.filter(name=name, department=organiser.department).first()
    if found:
        return found
    fields = {
        "name": name,
        "platform": "talent_gathering",
        "description": "每月一次，一线女科学家谈手上的课题，会后自由交流。",
    }
    return operations.add_series(fields=fields, by=organiser, now=at - timedelta(days=60))


def set_agenda(world, event, number):
    """Write its agenda: two guests, at every third event a woman of the database with them."""
    speakers = [SPEAKERS[(number + step) % len(SPEAKERS)] for step in range(2)]
    hours = [f"{moment:%H:%M}" for moment in _hours(event.starts_at, event.ends_at)]
    text = AGENDA.format(
        *hours, topic=event.title[:20], speakers="；".join(speakers), venue=event.venue
    )
    operations.set_agenda(event=event, text=text, by=event.organiser, now=event.created_at)
    if number % 3 == 0:  # the demo's codes are shorter than those that can be typed
        talk = event.sessions.get(room=event.venue)
        talk.speakers.create(talent=world.members[number % 5], sex=Sex.FEMALE, order=9)


def _hours(starts_at, ends_at):
    """Return the moments between which the agenda's three parts lie, as the clock in Chongqing shows them."""
    begin, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    return begin, begin + timedelta(minutes=20), end - timedelta(minutes=40), end


def make_open_event(world, number, seats):
    """Make an event one can book now; small ones are full and have a queue, which is asked; one is approved."""
    starts_at = world.days(3 + 4 * number, 14)
    ways = {"offer_hours": 48 if seats <= 6 else 0, "needs_approval": number == 5}
    ways["takes_photos"] = number in (0, 4)
    if number == 1:  # some of its seats are kept, and children are looked after
        ways |= {"childcare_places": 4}
    event = make_event(world, 20 + number, starts_at, capacity=seats, **ways)
    if number == 1:
        world.at(world.now - timedelta(days=12), keep_seats, event)
        for children, talent in enumerate(world.members[4:7]):
            at = world.now - timedelta(days=9, hours=children)
            world.at(at, book_track, event, talent, children)
    publish(world, event, world.now - timedelta(days=12))
    count = seats + 3 if seats <= 6 else seats * 2 // 3
    fill(world, event, count, world.now - timedelta(days=8))
    if seats <= 6:
        world.at(world.now - timedelta(hours=20), give_back, event)
    if number == 0:  # the first demo woman has a seat, so that her page has something on it
        world.at(world.now - timedelta(days=2), book, event, world.members[0])


def keep_seats(world, event, now):
    """Keep seats for the women's track and for the first demo woman's unit, and count guests, as the organiser would."""
    who = {"by": event.organiser, "now": now}
    unit = world.members[0].unit
    for kind, seats, more in (
        ("unit", 3, {"unit": unit, "opens_to_all_at": event.starts_at - timedelta(days=2)}),
        ("track", 4, {"label": "女科学家专场"}),
    ):
        operations.add_pool(event=event, kind=kind, seats=seats, **more, **who)
    operations.set_guests(event=event, women=1, men=2, **who)


def book_track(world, event, talent, children, now):
    """Ask for the women's track and childcare, as she would."""
    asks = {"wants_track": True, "children": children}
    operations.book(event=event, talent=talent, by=talent.user, now=now, **asks)


def make_past_event(world, number):
    """Make an event that is over, with bookings and check-ins."""
    shows = number in (0, 1, 2)  # is photographed
    event = make_event(
        world,
        number,
        world.days(-6 - 7 * number, 14),
        capacity=12 + 4 * (number % 4),
        takes_photos=shows,
    )
    if number % 2 == 0:
        world.at(event.starts_at - timedelta(days=26), offer, event)
    publish(world, event, event.starts_at - timedelta(days=25))
    fill(world, event, min(event.capacity, 12 + number % 5), event.starts_at - timedelta(days=10))
    world.at(event.starts_at - timedelta(minutes=20), check_in, event)
    if number < 6:
        world.at(event.ends_at + timedelta(hours=1), put_up, event)
    if shows:
        world.at(event.ends_at + timedelta(hours=2), show_photos, event)
    world.at(event.door_closes_at(), settle, event)
    world.at(event.door_closes_at() + timedelta(hours=10), say, event)


def make_todays_event(world):
    """Make a training under way: some are inside, one has left, some are late, two wait on site."""
    minute = world.now.replace(second=0, microsecond=0)  # its agenda tells no seconds
    event = make_event(world, 40, minute - timedelta(minutes=40), capacity=12)
    operations.set_code_word(event=event, word="两江春早", by=event.organiser, now=event.created_at)
    publish(world, event, event.starts_at - timedelta(days=20))
    fill(world, event, 15, event.starts_at - timedelta(days=6))
    world.at(max(event.starts_at - timedelta(minutes=10), event.door_opens_at()), come_in, event)


SERVICES = (
    ("科技馆周末讲解", "带孩子们看懂一件展品，每场两小时，有讲解词。"),
    ("小学科学实验课助教", "四个小实验，帮每个孩子都动手做一遍。"),
)


def make_volunteering(world):
    """Make an activity of volunteers a week ago, whose hours are to be recorded, and one to come."""
    for number, (title, summary) in enumerate(SERVICES):
        starts_at = world.days(-7, 9) if number == 0 else world.days(12, 9)
        event = make_event(
            world, 32 + number, starts_at, capacity=12, opens=world.now - timedelta(days=30)
        )
        fields = {"title": title, "summary": summary, "kind": "volunteering", "measure": 10}
        Event.objects.filter(pk=event.pk).update(**fields)
        event.refresh_from_db()
        publish(world, event, world.now - timedelta(days=25))
        fill(world, event, 6, world.now - timedelta(days=20))
        if number == 0:
            world.at(starts_at + timedelta(hours=4), serve, event)


def serve(world, event, now):
    """Check the volunteers in; all but one of them also out."""
    by = event.organiser
    seated = list(event.bookings.seated().select_related("event", "talent__user"))
    for step, booking in enumerate(seated):
        came = event.starts_at + timedelta(minutes=step)
        operations.check_in(booking=booking, by=by, now=came)
        if step:
            left = came + timedelta(minutes=100 + 15 * step)
            operations.check_out(booking=booking, by=by, now=min(left, event.ends_at))


def come_in(world, event, now):
    """Let eight of the twelve with a seat come, one of them leave, and two of those who wait stand there."""
    bookings = list(event.bookings.select_related("event", "talent__user").order_by("place"))
    by = event.organiser
    for step, booking in enumerate([*bookings[:8], *bookings[12:14]]):
        operations.come_in(booking=booking, by=by, now=now + timedelta(minutes=step))
    gone = now + timedelta(minutes=35)
    if minutes.day_of(gone) == minutes.day_of(
        now
    ):  # the door's new day begins at four in the morning
        operations.check_out(booking=bookings[2], by=by, now=gone)


SAID = (
    (5, "案例讲得细，回去就能用。", ""),
    (4, "认识了两位同行，已经约好互访。", "自由交流再长一点。"),
    (5, "", ""),
    (4, "圆桌问答很实在。", "后排听不清，建议多放一个音箱。"),
    (3, "", "停车不好找，请在通知里写清入口。"),
    (5, "主讲人答得很耐心。", ""),
    (4, "", "资料希望提前发。"),
)


def offer(world, event, now):
    """Let the event give certificates, half an hour of training for each half hour."""
    hours = (event.ends_at - event.starts_at).total_seconds() // 1800 / 2
    terms = {"issuers": [event.department.code], "hours": hours, "speakers": True}
    operations.offer_certificates(event=event, terms=terms, by=event.organiser, now=now)


def say(world, event, now):
    """Let six of seven of those who came say how it was, the first demo woman never."""
    came = event.bookings.filter(state="attended").select_related("event", "talent__user")
    for step, booking in enumerate(came.order_by("place")):
        asked_still = booking.talent == world.members[0]  # so that her page asks her
        if step % 7 != 5 and booking.talent.user and not asked_still:
            score, helped, change = SAID[(step + event.pk) % len(SAID)]
            operations.give_feedback(
                booking=booking,
                score=score,
                helped=helped,
                change=change,
                by=booking.talent.user,
                now=now,
            )


@cache
def slides(title, event):
    """Return one page as PDF."""
    return documents.render(SLIDES, {"title": title, "event": event})


def put_up(world, event, now):
    """Put up what was shown: slides for everybody, a handout for who came, the link of the recording for both."""
    who = {"by": event.organiser, "now": now}
    session = event.sessions.order_by("starts_at")[1] if event.one_day else None
    for name, audience in (("主题分享课件", "everybody"), ("讨论要点与参考资料", "came")):
        sent = [(f"{name}.pdf", slides(name, event.title))]
        operations.add_materials(event=event, sent=sent, audience=audience, session=session, **who)
    operations.add_material_link(
        event=event,
        title="现场录像",
        link="https://video.example.cn/two-rivers",
        audience="seated",
        language="zh",
        **who,
    )


def scene(number):
    """Return a drawn picture as JPEG: hills and two rivers that join, and nobody in it."""
    image = Image.new("RGB", (1500, 1000), ("#dfe9e4", "#efe6d2", "#e3e3ec")[number % 3])
    draw, shift = ImageDraw.Draw(image), 140 * (number % 4)
    draw.polygon([(0, 620), (400 + shift, 260), (900 + shift, 640), (0, 640)], "#7fa394")
    draw.polygon([(500, 640), (1050, 330 + shift // 3), (1500, 560), (1500, 640)], "#5f8a78")
    draw.rectangle((0, 640, 1500, 1000), "#cfd8cf")
    draw.line([(0, 700), (600, 760 + shift // 4), (1500, 820)], "#1d6b54", 60, "curve")
    draw.line([(0, 900), (600, 850), (1500, 870)], "#b7791f", 60, "curve")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


SCENES = ("会场外的两江交汇处", "两位工程师在展板前讨论", "茶歇时的自由交流", "会前布置好的会场")


def show_photos(world, event, now):
    """Let two of three agree to the site and one of them to the press, and put up photos: three shown, one not described yet."""
    event.refresh_from_db()  # it was published meanwhile
    came = event.bookings.filter(state="attended").select_related("event", "talent__user")
    agreeing = []
    for step, booking in enumerate(came.order_by("place")):
        if step % 3 < 2:
            says = {"site": True, "press": step % 3 == 0}
            operations.answer_photos(booking=booking, by=booking.talent.user, now=now, **says)
            agreeing.append(booking.pk)
    who = {"by": event.organiser, "now": now}
    sent = [(f"{number}.jpg", scene(number + event.pk)) for number in range(4)]
    photos = operations.add_photos(event=event, sent=sent, credit="活动联络组", **who)
    for number, photo in enumerate(photos[:3]):
        people = [agreeing[:2], agreeing[2:3], []][number - 1]
        operations.describe_photo(
            photo=photo,
            alt=SCENES[number],
            people=people,
            nobody=not people,
            guests=0,
            credit="活动联络组",
            **who,
        )
        operations.publish_photo(photo=photo, **who)


def publish(world, event, at):
    """Plan its publication by the organiser."""
    world.at(at, publish_now, event)


def publish_now(world, event, now):
    """Publish as the organiser would."""
    operations.publish_event(event=event, by=event.organiser, now=now)


def call_off(world, event, now):
    """Cancel as the organiser would."""
    operations.cancel_event(
        event=event,
        reason="主讲人临时出差，改期后另行通知",
        by=event.organiser,
        now=now,
    )


def fill(world, event, count, start):
    """Plan that `count` women book one after the other from `start` on."""
    for step, talent in enumerate(world.random.sample(world.members, count)):
        world.at(start + timedelta(minutes=7 * step), book, event, talent)


def book(world, event, talent, now):
    """Book as she would."""
    operations.book(event=event, talent=talent, by=talent.user, now=now)


def give_back(world, event, now):
    """Let the first give her seat back: it is kept for the first in the queue."""
    first = event.bookings.seated().select_related("event", "talent__user").order_by("place")[0]
    operations.cancel_booking(booking=first, by=first.talent.user, now=now)


def settle(world, event, now):
    """Note who did not come, as the clock would."""
    operations.settle_event(event=event, now=now)
    for asked in CertificateOffer.objects.filter(event=event):
        operations.issue_certificates(offer=asked, now=now)


def check_in(world, event, now):
    """Let six of seven come, a minute apart."""
    seated = event.bookings.seated().select_related("event", "talent__user")
    for step, booking in enumerate(seated.order_by("place")):
        if step % 7 != 6:
            at = now + timedelta(minutes=step)
            operations.check_in(booking=booking, by=event.organiser, now=at)
