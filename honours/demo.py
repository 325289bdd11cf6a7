"""Honours of the demo (liangjiang.demo): granted by call, registered, revoked, recommended upward, with the city's answer."""

from datetime import date

from calls.demo.finished import FINISHED
from calls.models import Call
from honours import operations
from honours.models import Award, Honour, Recommendation
from privacy import consents

PACESETTER = {
    "name": "两江新区巾帼科技创新标兵",
    "name_en": "Women Pacesetters in Science and Innovation of Liangjiang",
    "level": "district",
    "for_whom": "person",
    "granted_by": "重庆两江新区妇女联合会",
    "is_current": True,
}


def make(world):
    """Put them on the timeline."""
    world.at(world.days(-119), _lead, "两江新区巾帼科技创新标兵推荐", None)
    world.at(world.days(-11), _lead, "2027 年三八红旗手推荐", "red_banner_holder")
    world.at(world.days(-86), _lead, FINISHED["title"], "red_banner_holder")
    world.at(world.days(-22), _send_up)
    world.at(world.days(-9), _answer_of_the_city)
    world.at(world.days(-200), _register, world.members[0])
    world.at(world.days(-150), _grant, world.members[2])
    world.at(world.days(-149), _grant, world.members[3])
    world.at(world.days(-140), _revoke, world.members[3])
    world.at(world.days(-100), _recommend, world.members[2])


def _honour(code):
    return Honour.objects.get(code=code)


def _lead(world, title, code, moment):
    """Say which honour one of the demo's calls leads to; for the district's own one the catalogue grows."""
    by = world.staff["DEMOCLERK"]
    honour = _honour(code) if code else operations.save_honour(values=PACESETTER, by=by, now=moment)
    operations.set_call_honour(call=Call.objects.get(title=title), honour=honour, by=by, now=moment)


def _register(world, talent, moment):
    """Register an honour the city granted years ago, and let her agree to stand on the roll with her name."""
    consents.grant(user=talent.user, purpose="honour_roll", by=talent.user, now=moment)
    operations.grant_award(
        talent=talent,
        honour=_honour("red_banner_holder"),
        values={
            "recipient": talent.full_name,
            "unit_text": talent.unit_name,
            "granted_on": date(2024, 3, 7),
            "granted_by": "重庆市妇女联合会",
            "document_number": "渝妇发〔2024〕6号",
        },
        by=world.staff["DEMOCLERK"],
        now=moment,
    )


def _grant(world, talent, moment):
    operations.grant_award(
        talent=talent,
        honour=_honour("inspiring_striver"),
        values={
            "recipient": talent.full_name,
            "unit_text": talent.unit_name,
            "granted_on": moment.date(),
            "granted_by": "重庆两江新区妇女联合会",
            "document_number": "两江妇〔2026〕3号",
        },
        by=world.staff["DEMOCLERK"],
        now=moment,
    )


def _revoke(world, talent, moment):
    award = Award.objects.get(talent=talent, honour=_honour("inspiring_striver"))
    reason = "经核实，申报材料中的成果不属于本人"
    operations.revoke_award(award=award, reason=reason, by=world.staff["DEMOCLERK"], now=moment)


def _recommend(world, talent, moment):
    operations.recommend(
        award=Award.objects.get(talent=talent, honour=_honour("inspiring_striver")),
        honour=_honour("red_banner_holder"),
        sent_to="重庆市妇女联合会",
        sent_on=moment.date(),
        by=world.staff["DEMOCLERK"],
        now=moment,
    )


CITY = "重庆市妇女联合会"


def _recommended():
    """Return the recommendations that followed from the results of the call that is over."""
    return Recommendation.objects.filter(application__call__title=FINISHED["title"]).order_by("pk")


def _send_up(world, moment):
    by = world.staff["DEMOCLERK"]
    for row in _recommended():
        sent = {"sent_to": CITY, "sent_on": moment.date()}
        operations.send_recommendation(recommendation=row, by=by, now=moment, **sent)


def _answer_of_the_city(world, moment):
    """Two are granted it, the third is not."""
    by, on = world.staff["DEMOCLERK"], moment.date()
    *granted, last = _recommended()
    for row in granted:
        operations.answer_recommendation(
            recommendation=row,
            granted=True,
            answered_on=on,
            document_number=f"渝妇发〔{on.year}〕21号",
            by=by,
            now=moment,
        )
    note = "本年度名额已满，建议下一年度继续推荐"
    operations.answer_recommendation(
        recommendation=last, granted=False, answered_on=on, note=note, by=by, now=moment
    )
