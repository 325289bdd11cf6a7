"""The theme in the demo (liangjiang.demo): forty profiles, matches, interests wherever they may stand, two contracts."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.demo import make_user
from entrepreneurship.transfer import contracts, interests, matching, profiles
from entrepreneurship.transfer.models import TransferProfile
from entrepreneurship.transfer.patents import check_digit

# (what it is about, field, keywords): each becomes an offer, a need, or joint research.
THEMES = (
    ("晶圆边缘缺陷的在线检测", "510", ("晶圆检测", "机器视觉")),
    ("车规芯片的高温老化试验", "510", ("车规芯片", "老化试验")),
    ("镁合金压铸件的晶粒细化", "430", ("镁合金", "压铸")),
    ("动力电池的早期热失控预警", "480", ("动力电池", "热失控")),
    ("三峡库区水质的连续监测", "610", ("水质监测", "传感器")),
    ("中药饮片有效成分的快速测定", "360", ("中药饮片", "近红外")),
    ("桥梁拉索的无损检测", "560", ("桥梁", "无损检测")),
    ("肺结节影像的辅助判读", "320", ("医学影像", "肺结节")),
    ("柔性压力传感器的卷对卷制造", "510", ("柔性传感器", "卷对卷")),
    ("榨菜废水的低能耗处理", "610", ("废水处理", "低能耗")),
    ("山地果园的轻型运输机器人", "460", ("机器人", "山地果园")),
    ("智能座舱的语音降噪", "520", ("语音降噪", "智能座舱")),
    ("生物可降解地膜的配方", "530", ("可降解", "地膜")),
)
MANY, DRAFT, WAITS, RETURNED = 40, 12, 25, 38
ENDORSED, ENDORSING = 11, 10  # service inventions of women at the first unit, whose contact answers
KINDS = ("offer", "need", "joint")
PROBLEM = "{}目前靠人工经验，费时、误差大，批次之间差别明显，需要一套可以在现场使用的办法。"
ADVANTAGE = {
    "offer": "误差从 8% 降到 1.5%，单次用时 40 秒，已在两家单位试用",
    "need": "误差不高于 2%，单次用时不超过 1 分钟",
    "joint": "目标：三年内误差低于 1%",
}
SAID = "我们想在一条产线上先试用三个月，效果达到页面写的指标后签许可合同。"
CONTACT = {"contact": "023-0000-0000", "agrees": True, "agrees_abroad": False}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def make(world):
    """Put the theme on the timeline."""
    world.transfers = []
    world.mediator = make_user(
        world,
        9150,
        "江若溪",
        email="mediator@example.cn",
        code="DEMOMEDIA",
        department=world.departments["science_innovation"],
        is_staff=True,
    )
    world.mediator.groups.set(Group.objects.filter(name="technology_mediator"))
    for number in range(MANY):
        world.at(world.days(-60 + number, 9), _profile, number)
    world.at(world.days(-50, 17), _left_unanswered)
    world.at(world.days(-15, 9), _lapse)
    world.at(world.days(-14, 9), _match)
    for day, act in ((-12, _ask), (-11, _answer), (-10, _accompany)):
        world.at(world.days(day, 10), act)


def _owner(world, number, kind):
    """Return whose a profile is: needs are companies', the first offers the demo's own woman's."""
    if kind == "need":
        return {"unit": world.units[number % 6]}
    if number in (ENDORSED, ENDORSING):
        return {"talent": next(one for one in world.members if one.unit_id == world.units[0].pk)}
    return {"talent": world.members[number % len(world.members)]}


def _profile(world, number, moment):
    """Write one, hand it in and publish it, but for four: a draft, two that wait, one that was returned."""
    title, field, keywords = THEMES[number % len(THEMES)]
    kind = KINDS[number // len(THEMES)] if number < MANY - 1 else "offer"
    values = {
        "title": f"{title}（第二代）" if number == MANY - 1 else title,
        "problem": PROBLEM.format(title),
        "advantage": ADVANTAGE[kind],
        "field": field,
        "readiness": 6 if kind == "offer" else 4,
        "forms": ["licence", "joint"] if kind == "offer" else ["licence", "service", "joint"],
        "keywords": list(keywords),
        "rights_kind": "invention" if number % 3 else "software",
        "application_number": _number(number) if number % 3 else "",
        "is_abroad": False,
        "is_service": number in (ENDORSED, ENDORSING),
    }
    about = {"by": None, "now": moment}
    profile = profiles.begin_profile(
        kind=kind, values=values, **_owner(world, number, kind), **about
    )
    if number == DRAFT:
        return
    profiles.submit_profile(profile=profile, affirmed=True, novelty=True, **about)
    if number == ENDORSING:
        return
    if number == ENDORSED:
        profiles.endorse_profile(profile=profile, **about)
    later = {"by": world.mediator, "now": moment + timedelta(hours=5)}
    if number == RETURNED:
        profiles.return_profile(profile=profile, wish="请写明目标指标是怎样测的", **later)
    elif number != WAITS:
        profiles.publish_profile(profile=profile, **later)
        world.transfers.append(profile.pk)


def _match(world, moment):
    for profile in TransferProfile.objects.filter(pk__in=world.transfers).order_by("pk"):
        matching.match_profile(profile=profile, now=moment)
    matching.tell_matches(now=moment)


def _number(number):
    digits = f"20231{number:07d}"
    return f"{digits}.{check_digit(digits)}"


def _left_unanswered(world, moment):
    """Let a unit say that it is interested in what nobody will answer."""
    rows = TransferProfile.objects.filter(pk__in=world.transfers, talent__isnull=False)
    world.unanswered = interests.express_interest(
        profile=rows.order_by("pk").last(),
        unit=world.units[3],
        words=SAID,
        form="joint",
        by=None,
        now=moment,
    )


def _lapse(world, moment):
    interests.lapse_interest(interest=world.unanswered, now=moment)


def _ask(world, moment):
    """Let units say that they are interested in what women offer."""
    rows = TransferProfile.objects.filter(pk__in=world.transfers, talent__isnull=False)
    shown = list(rows.order_by("pk")[:9])
    world.interests = [
        interests.express_interest(
            profile=profile,
            unit=world.units[number % 7],
            words=SAID,
            form="licence",
            by=None,
            now=moment,
        )
        for number, profile in enumerate(shown)
    ]


def _answer(world, moment):
    """Let each stand elsewhere: asked, answered, agreed …, declined, withdrawn."""
    about, rows = {"by": None, "now": moment}, world.interests
    for row in rows[1:7]:
        interests.accept_interest(interest=row, **CONTACT, **about)
    for row in rows[7:8]:
        interests.decline_interest(interest=row, reason="taken", **about)
    for row in rows[8:9]:
        interests.withdraw_interest(interest=row, **about)
    for row in rows[2:7]:
        interests.confirm_interest(interest=row, **CONTACT, **about)


def _accompany(world, moment):
    """Let the mediator take four on; one is ended, two come to a contract, one of them paid in part."""
    hers = {"by": world.mediator, "now": moment}
    rows = [interests.take_on_interest(interest=row, **hers) for row in world.interests[3:7]]
    day, sent = timezone.localdate(moment), [("保密协议.pdf", PDF)]
    sealed = [
        interests.note_confidentiality(interest=row, day=day, sent=sent, **hers) for row in rows[1:]
    ]
    for row in sealed[:1]:
        interests.end_interest(interest=row, reason="price", **hers)
    for number, row in enumerate(sealed[1:], start=1):
        _contract(row, number, day, hers)


def _contract(interest, number, day, hers):
    values = {
        "number": f"YT-2026-{number:03d}",
        "kind": "licence" if number == 1 else "development",
        "amount_signed": 360_000 * number,
        "price_way": "negotiated",
        "is_public_owner": False,
    }
    made = contracts.enter_contract(interest=interest, values=values, **hers)
    contracts.sign_contract(contract=made, day=day, **hers)
    if number == 1:
        contracts.register_contract(
            contract=made, registration="2026500000001", amount=300_000, day=day, **hers
        )
        contracts.add_payment(contract=made, amount=120_000, day=day, **hers)
