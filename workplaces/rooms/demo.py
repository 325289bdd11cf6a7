"""Mothers' rooms of the demo (liangjiang.demo): forty, in every tier, one not re-checked, refused, waiting, called, taken off."""

from datetime import timedelta

from django.utils import timezone

from places.hours import parse_week
from workplaces.rooms import operations
from workplaces.rooms.models import Room, RoomCriterion

# Street, latitude and longitude of its middle as Chinese maps have them, what stands there.
STREETS = (
    ("礼嘉街道", 29.6640, 106.5290, ("智慧公园", "科创园", "会展服务中心", "社区服务站", "人才公寓")),
    ("天宫殿街道", 29.6150, 106.5600, ("管委会大楼", "财富中心", "图书馆", "便民服务中心", "银行网点")),
    ("悦来街道", 29.7230, 106.5530, ("国际博览中心", "生态城", "研究院", "地铁站", "商务楼")),
    ("鱼嘴镇", 29.6170, 106.7640, ("汽车研究院", "智造园", "职工之家", "物流中心", "便民中心")),
    ("水土街道", 29.7880, 106.4600, ("高新园", "生物医药园", "检测中心", "创新中心", "社区服务站")),
    ("康美街道", 29.6010, 106.5360, ("商业中心", "儿童公园", "社区医院", "文化站", "写字楼")),
    ("金山街道", 29.6350, 106.5730, ("金州软件园", "互联网产业园", "照母山公园", "医院", "职工之家")),
    ("人和街道", 29.5980, 106.5120, ("湖畔会客厅", "体育中心", "政务中心", "购物中心", "社区服务站")),
)  # fmt: skip
HOURS = "周一至周五 9:00-17:30"
LONG = "周一至周日 9:00-21:00"
# By number: what is special; all others were visited within the year and passed.
NOT_CHECKED, REFUSED, WAITING, CALLED, OFF = {7, 19}, {11}, {23, 39}, {5}, {31}


def make(world):
    """Put them on the timeline: each is applied for a month before its visit."""
    for number in range(40):
        age = 440 if number in NOT_CHECKED else 20 + (number * 37) % 320
        world.at(world.days(-age - 30), _apply, number)
        if number not in WAITING:
            world.at(world.days(-age), _visit, number)
    world.at(world.days(-12), _withdraw, max(OFF))
    for days, woman in ((4, 0), (2, 1)):
        world.at(world.days(-days), _report, max(CALLED), woman)


def _name(number):
    street, _latitude, _longitude, what = STREETS[number % 8]
    return f"{street.removesuffix('街道').removesuffix('镇')}{what[number // 8]}妈咪小屋"


def _room(number):
    return Room.objects.select_related("place").get(place__name=_name(number))


def _apply(world, number, moment):
    street, latitude, longitude, what = STREETS[number % 8]
    turn = number // 8
    values = {
        "name": _name(number),
        "address": f"{street}{what[turn]} {turn + 1} 楼",
        "latitude": round(latitude + (turn - 2) * 0.0041, 6),
        "longitude": round(longitude + (number % 3 - 1) * 0.0052, 6),
        "phone": f"023-6701{number:04d}",
        "weekly": parse_week(LONG if number % 4 == 0 else HOURS),
        "closed_on_holidays": number % 4 != 0,
        "is_public": number % 5 != 3,
        "who_may": "前台登记后领钥匙" if number % 3 else "",
        "step_free": number % 2 == 0,
        "has_lift": number % 3 == 0,
        "access_words": "电梯出来右手第二间" if number % 3 == 0 else "",
    }
    unit = world.units[0 if number < 3 else number % len(world.units)]
    operations.save_room(unit=unit, values=values, by=None, now=moment)


def _visit(world, number, moment):
    found = RoomCriterion.objects.in_force(timezone.localdate(moment)).order_by("pk")
    musts = list(found.filter(must=True).values_list("code", flat=True))
    pluses = list(found.filter(must=False).values_list("code", flat=True))[: (number * 5) % 9]
    if number in REFUSED:
        musts.remove("private")
    operations.visit_room(
        room=_room(number),
        visited_on=timezone.localdate(moment) - timedelta(days=1),
        met=[*musts, *pluses],
        note="门要能从里面锁上，玻璃请贴膜。" if number in REFUSED else "",
        by=world.staff["DEMOCLERK"],
        now=moment,
    )


def _withdraw(world, number, moment):
    operations.withdraw_room(room=_room(number), reason="大楼装修两个月", by=None, now=moment)


def _report(world, number, woman, moment):
    by = [talent.user for talent in world.talents if talent.user][woman + 3]
    operations.report_room(
        room=_room(number), kind="closed", words="上午十点半门锁着", by=by, now=moment
    )
