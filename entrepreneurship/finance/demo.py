"""The theme in the demo (liangjiang.demo): three banks, products one of which lapses and one is over, every state."""

from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.demo import make_user
from accounts.models import Unit
from entrepreneurship.finance import operations
from entrepreneurship.finance.models import Referral
from entrepreneurship.ventures.demo import venture_of
from kernel.days import months_after

BANKS = (
    ("两江普惠银行", "普惠金融部 023-60000101"),
    ("嘉陵科技银行", "科技支行 023-60000102"),
    ("明月湖商业银行", "小微企业部 023-60000103"),
)
# Bank, name, English, kind, purposes, limit, rate, subsidy, how long its terms hold, how long ago they were verified.
PRODUCTS = (
    (0, "巾帼创业担保贷", "Women's guaranteed start-up loan", "guaranteed", ("start", "premises"), "30", "3.1", "区财政全额贴息，最长三年", 300, 20),
    (0, "巾帼流水贷", "Women's working capital loan", "credit", ("working_capital",), "100", "4.05", "", 200, 40),
    (1, "科创知识产权贷", "Loan on intellectual property", "pledge", ("research", "equipment"), "500", "3.65", "市级贴息 50%", 300, 10),
    (1, "科创设备贷", "Equipment loan", "mortgage", ("equipment",), "300", "3.85", "", 12, 60),
    (2, "明月湖研发贷", "Research loan", "credit", ("research", "start"), "200", "3.9", "园区贴息 1 个百分点", 200, 160),
    (2, "小微起步贷", "First-step loan", "credit", ("start",), "20", "4.35", "", -5, 90),
)  # fmt: skip
# Whose venture, product, way, days ago, answers of the bank with how many days later each came, how it ended by her.
STORIES = (
    (0, 1, "carry", 3, (), ""),
    (8, 2, "call", 1, (), ""),
    (1, 2, "call", 12, (("received", 1),), ""),
    (3, 4, "carry", 9, (("received", 2), ("contacted", 3)), ""),
    (7, 1, "call", 20, (("received", 1), ("contacted", 2), ("approved", 9)), ""),
    (
        4,
        0,
        "carry",
        60,
        (("received", 2), ("contacted", 4), ("approved", 12), ("disbursed", 20)),
        "",
    ),
    (2, 2, "call", 50, (("received", 1), ("contacted", 3), ("declined", 10)), ""),
    (0, 4, "call", 45, (("received", 2), ("contacted", 3), ("declined_by_client", 8)), ""),
    (3, 1, "call", 40, (("received", 1), ("not_reached", 9)), ""),
    (4, 2, "call", 15, (("received", 1), ("contacted", 3)), "withdrawn"),
    (7, 4, "call", 70, (("received", 1),), "lapsed"),
)
PURPOSES = {0: "start", 1: "working_capital", 2: "research", 4: "research"}


def make(world):
    """Put banks, products and introductions on the timeline."""
    world.at(world.days(-200), _open)
    world.at(world.days(-20), _count)
    for number, (_whose, _product, _way, ago, answers, end) in enumerate(STORIES):
        world.at(world.days(-ago, hour=11), _introduce, number)
        for answer, later in answers:
            world.at(world.days(later - ago, hour=15), _answer, number, answer)
        if end == "withdrawn":
            world.at(world.days(-8), _withdraw, number)
        if end == "lapsed":
            world.at(world.days(-30), _lapse, number)


def _open(world, moment):
    officer = world.staff["DEMOFINAN"]
    known = {"by": officer, "now": moment}
    world.banks, world.products, world.referrals = [], [], {}
    for number, (name, contact) in enumerate(BANKS):
        unit, _new = Unit.objects.get_or_create(
            name=name, defaults={"kind": "bank", "is_partner": True, "district": "江北嘴"}
        )
        bank = operations.save_bank(values={"unit": unit, "contact": contact}, **known)
        for kind, document in (("agreement", "合作协议"), ("assessment", "影响评估报告")):
            values = {
                "kind": kind,
                "document": f"{document} 2026-{number + 1:02d}",
                "valid_from": timezone.localdate(moment),
                "valid_until": date(2028, 12, 31),
            }
            operations.note_paper(bank=bank, values=values, **known)
        world.banks.append(bank)
    for number, (bank, name) in enumerate(
        zip(world.banks, ("秦联络", "罗联络", "范联络"), strict=True)
    ):
        contact = make_user(
            world,
            9110 + number,
            name,
            email=("bank@example.cn", "bank2@example.cn", "bank3@example.cn")[number],
            code=f"DEMOBANK{number + 1}",
            unit=bank.unit,
        )
        contact.groups.set(Group.objects.filter(name="bank_contact"))
    for row in PRODUCTS:
        world.products.append(_offer(world, officer, moment, *row))


def _offer(
    world, officer, moment, bank, name, name_en, kind, purposes, limit, rate, subsidy, left, ago
):
    today = timezone.localdate(world.now)
    product = operations.save_product(
        values={
            "bank": world.banks[bank],
            "name": name,
            "name_en": name_en,
            "kind": kind,
            "purposes": list(purposes),
            "in_use": True,
        },
        by=officer,
        now=moment,
    )
    terms = operations.add_terms(
        product=product,
        values={
            "document": f"{name}业务通告 2026 年第 1 号",
            "valid_from": timezone.localdate(moment),
            "valid_until": today + timedelta(days=left),
            "limit": Decimal(limit),
            "rate": Decimal(rate),
            "subsidy": subsidy,
            "conditions": "注册或实际经营在两江新区；女性持股或出资不低于 50%；经营正常。",
        },
        by=officer,
        now=moment,
    )
    terms.verified_on, terms.verified_by = today - timedelta(days=ago), officer
    terms.save(update_fields=["verified_on", "verified_by"])
    return product


def _count(world, moment):
    """Let two of the banks tell their last quarter; the third has not."""
    today = timezone.localdate(moment)
    quarter = months_after(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), -3)
    for bank, counts in zip(world.banks, ((21, 14, 12, "318.50"), (9, 4, 3, "420")), strict=False):
        values = dict(zip(("received", "approved", "disbursed"), counts, strict=False))
        operations.enter_total(
            bank=bank,
            quarter=quarter,
            values=values | {"amount": Decimal(counts[3])},
            by=_contact(world, bank),
            now=moment,
        )


def _introduce(world, number, moment):
    whose, product, way = STORIES[number][:3]
    talent = world.members[whose]
    referral = operations.introduce(
        venture=venture_of(talent),
        product=world.products[product],
        purpose=PURPOSES[product],
        way=way,
        shared=("full_name", "phone", "venture") if way == "call" else (),
        tells_amount=True,
        by=talent.user,
        now=moment,
    )
    world.referrals[number] = referral.pk


def _answer(world, number, answer, moment):
    referral = Referral.objects.select_related("talent__user").get(pk=world.referrals[number])
    if moment > world.now or not referral.is_open:
        return
    said = {"reason": "documents"} if answer == "declined" else {}
    if answer == "approved":
        said["band"] = "to_10"
    if answer == "received" and referral.way == "carry":
        contact = _contact(world, referral.bank)
        operations.receive_code(code=referral.code, by=contact, now=moment)
        return
    operations.answer_referral(referral=referral, answer=answer, by=None, now=moment, **said)


def _contact(world, bank):
    return bank.unit.contacts.get(groups__name="bank_contact")


def _withdraw(world, number, moment):
    referral = Referral.objects.get(pk=world.referrals[number])
    operations.withdraw_referral(referral=referral, by=referral.talent.user, now=moment)


def _lapse(world, number, moment):
    operations.lapse_referral(referral=Referral.objects.get(pk=world.referrals[number]), now=moment)
