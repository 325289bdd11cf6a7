"""Associations of the demo (liangjiang.demo): the policy's four and two mixed societies, one election overdue, one held."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from stdnum.cn import uscc

from calls import operations as calls
from calls.models import Call
from events.models import Event
from networks.associations import operations as associations
from networks.associations.models import Association, Filing
from networks.elections import operations as elections
from networks.members import operations as members
from networks.members.models import Membership
from networks.meter import operations as meter
from networks.posts import operations as posts
from networks.posts.models import Post

SCIENTISTS = "两江新区女科技工作者协会"
EXPERTS = "两江新区女专家联谊会"
OWNERS = "两江新区女企业家协会"
LAWYERS = "两江新区律师行业妇联"
AI = "两江新区人工智能学会"
PATENTS = "两江新区知识产权研究会"

# name, English, legal form, mixed, supervising body, document, founded how many years ago, what it is in both languages
ASSOCIATIONS = (
    (
        SCIENTISTS,
        "Liangjiang Association of Women in Science and Technology",
        *("society", False, "两江新区科技创新局", ""),
        *(
            2.6,
            "联系在一线做科研和工程的女性，办沙龙、结对和科普。",
            "Women in research and engineering: salons, mentoring, science for the public.",
        ),
    ),
    (
        EXPERTS,
        "Liangjiang Fellowship of Women Experts",
        *("fellowship", False, "两江新区妇女联合会", ""),
        *(
            3,
            "高层次女性专家的交流平台，参与咨询和评审。",
            "Where senior women experts meet, advise and review.",
        ),
    ),
    (
        OWNERS,
        "Liangjiang Women Entrepreneurs' Association",
        *("society", False, "两江新区产业促进局", ""),
        *(
            4.2,
            "女企业家互助、对接金融和市场。",
            "Women entrepreneurs help one another to finance and markets.",
        ),
    ),
    (
        LAWYERS,
        "Women's Federation of Liangjiang's Lawyers",
        *("federation", False, "两江新区妇女联合会", "两江妇发〔2021〕15号"),
        *(
            5.2,
            "联系律师行业的女性，维护权益，做公益普法。",
            "Women lawyers: their rights, and law explained for the public.",
        ),
    ),
    (
        AI,
        "Liangjiang Society for Artificial Intelligence",
        *("society", True, "两江新区科技创新局", ""),
        *(
            9.5,
            "人工智能的学术交流和产业应用。",
            "Artificial intelligence in research and industry.",
        ),
    ),
    (
        PATENTS,
        "Liangjiang Research Society for Intellectual Property",
        *("society", True, "两江新区科技创新局", ""),
        *(5.4, "知识产权的创造、运用和保护。", "Intellectual property made, used and protected."),
    ),
)
# title, English, rung, seats, whether it runs the association's affairs
POSTS = (
    ("会长", "President", "leader", 1, True),
    ("副会长", "Vice-President", "leader", 3, False),
    ("秘书长", "Secretary-General", "leader", 1, True),
    ("常务理事", "Standing council member", "standing", 7, False),
    ("理事", "Council member", "council", 15, False),
)
FEDERATION_POSTS = (
    ("主席", "Chair", "leader", 1, True),
    ("副主席", "Vice-Chair", "leader", 2, False),
    ("执委", "Executive committee member", "council", 9, False),
)
# association, rung, total, women, how many months ago, confirmed
COUNTS = (
    (AI, "member", 320, 86, 4, True),
    (AI, "council", 45, 9, 4, True),
    (AI, "standing", 15, 2, 4, True),
    (AI, "leader", 7, 1, 4, True),
    (AI, "council", 41, 6, 60, True),
    (PATENTS, "member", 180, 71, 22, True),
    (PATENTS, "council", 31, 8, 22, True),
    (PATENTS, "leader", 5, 1, 2, False),
    (SCIENTISTS, "member", 126, 126, 3, True),
    (SCIENTISTS, "leader", 5, 5, 3, True),
)
TARGETS = ((AI, "council", 30), (AI, "standing", 25), (AI, "leader", 20), (PATENTS, "council", 30))


def make(world):
    """Put them on the timeline."""
    world.at(world.days(-280), _found)
    world.at(world.days(-278), _begin_terms)
    world.at(world.days(-270), _take_members_in)
    world.at(world.days(-265), _fill_posts)
    world.at(world.days(-120), _do_something)
    world.at(world.days(-100), _elect_prepare)
    world.at(world.days(-96), _elect_apply)
    world.at(world.days(-80), _elect_make_known)
    world.at(world.days(-58), _elect_conclude)
    world.at(world.days(-40), _follow_law)
    world.at(world.days(-30), _count)
    world.at(world.days(-12), _members_act)
    world.at(world.days(-3), _apply)


def _clerk(world):
    return world.staff["DEMOCLERK"]


def _lead(world, association):
    """Return a clerk of the department an association is looked after by."""
    code = association.department.code
    return world.staff["DEMOTECHN" if code == "science_innovation" else "DEMOCLERK"]


def of(name):
    """Return an association of the demo."""
    return Association.objects.select_related("department").get(name=name)


def _ago(moment, years):
    return timezone.localdate(moment) - timedelta(days=round(years * 365.25))


def _code(number):
    begin = f"51500000MJNET{number:03d}9"
    return begin + uscc.calc_check_digit(begin)


def _found(world, moment):
    units = {unit.name: unit for unit in world.units}
    for number, row in enumerate(ASSOCIATIONS):
        name, name_en, form, mixed, supervisor, document, years, summary, summary_en = row
        code = "science_innovation" if mixed else "women_federation"
        by = world.staff["DEMOTECHN" if mixed else "DEMOCLERK"]
        values = {
            "name": name,
            "name_en": name_en,
            "legal_form": form,
            "is_mixed": mixed,
            "uscc": _code(number) if form == "society" else "",
            "supervisor": supervisor,
            "document": document,
            "founded_on": _ago(world.now, years),
            "term_years": 5 if name in (LAWYERS, PATENTS, AI) else 4,
            "summary": summary,
            "summary_en": summary_en,
            "contact": f"023-6700{number + 1:04d}",
            "unit": units.get(name),
            "takes_members": not mixed,
            "department": world.departments[code],
        }
        associations.save_association(values=values, by=by, now=moment)


def _begin_terms(world, moment):
    """Begin each first term on the day of the founding; that of the lawyers' federation has run out since."""
    for association in Association.objects.select_related("department"):
        by = _lead(world, association)
        begins, numbers = association.founded_on, (1, 2) if association.name == AI else (1,)
        for number in numbers:
            term = posts.add_term(
                association=association, number=number, starts_on=begins, by=by, now=moment
            )
            begins = term.ends_on + timedelta(days=1)
        titles = FEDERATION_POSTS if association.legal_form == "federation" else POSTS
        for order, (title, title_en, rung, seats, runs) in enumerate(titles):
            values = {
                "title": title,
                "title_en": title_en,
                "rung": rung,
                "seats": seats,
                "runs": runs,
                "order": order,
            }
            posts.save_post(association=association, values=values, by=by, now=moment)


# association, where its members begin among the demo's women, how many
MEMBERS = ((SCIENTISTS, 0, 12), (EXPERTS, 4, 6), (OWNERS, 6, 10), (LAWYERS, 2, 5), (AI, 0, 4))


def members_of(world, name):
    """Return the women of the demo who are members of an association."""
    begin, count = next(row[1:] for row in MEMBERS if row[0] == name)
    pool = [one for one in world.members if one.user_id]
    return pool[begin : begin + count]


def _take_members_in(world, moment):
    today = timezone.localdate(moment)
    for name, _begin, _count in MEMBERS:
        association = of(name)
        first, last = today - timedelta(days=90), today + relativedelta(months=12)
        rows = [(talent, first, last) for talent in members_of(world, name)]
        members.import_members(
            association=association, rows=rows, by=_lead(world, association), now=moment
        )


def _hers(name):
    """Return the women who are members of an association, who came first first."""
    rows = Membership.objects.filter(association__name=name, state="active")
    return [row.talent for row in rows.select_related("talent__user").order_by("pk")]


def _post(name, title):
    return Post.objects.select_related("association__department").get(
        association__name=name, title=title
    )


def _fill_posts(world, moment):
    """Put down who was elected on paper: women of the demo, and some outside the database, who are counted."""
    first = timezone.localdate(moment)
    for name, titles in (
        (SCIENTISTS, ("会长", "秘书长", "副会长", "常务理事", "理事")),
        (OWNERS, ("会长", "秘书长")),
        (LAWYERS, ("主席", "副主席")),
        (EXPERTS, ("会长",)),
    ):
        for title, talent in zip(titles, _hers(name), strict=False):
            post = _post(name, title)
            posts.appoint(
                post=post,
                talent=talent,
                first_day=first,
                document="会员大会选举结果",
                by=_lead(world, post.association),
                now=moment,
            )
    for outside in ("man", "man", "woman"):
        post = _post(AI, "副会长")
        posts.appoint(
            post=post,
            outside=outside,
            first_day=first,
            document="第一届理事会决议",
            by=_lead(world, post.association),
            now=moment,
        )


def _do_something(world, moment):
    """Meetings of all but the fellowship, of which nothing is heard, and events of the scientists."""
    day = timezone.localdate(moment)
    for name, rung, days, present, women in (
        (SCIENTISTS, "council", 0, 12, 12),
        (SCIENTISTS, "standing", -20, 6, 6),
        (OWNERS, "council", 0, 11, 11),
        (LAWYERS, "council", 0, 7, 7),
        (AI, "council", 0, 38, 7),
        (PATENTS, "council", 0, 27, 7),
    ):
        association = of(name)
        meter.note_meeting(
            association=association,
            rung=rung,
            held_on=day + timedelta(days=days),
            present=present,
            women=women,
            source="会议纪要",
            by=_lead(world, association),
            now=moment,
        )


def _elect_prepare(world, moment):
    """Prepare the second term of the women entrepreneurs, with a call for its president."""
    association, by = of(OWNERS), _clerk(world)
    day = timezone.localdate(world.now) - timedelta(days=58)
    election = elections.open_election(
        association=association, number=2, starts_on=day, by=by, now=moment
    )
    seat = elections.prepare_call(
        election=election,
        post=_post(OWNERS, "会长"),
        opens_at=moment,
        closes_at=moment + timedelta(days=10),
        surplus_percent=100,
        by=by,
        now=moment,
    )
    calls.open_call(call=seat.call, by=by, now=moment)


def _call():
    return Call.objects.get(election_call__election__association__name=OWNERS)


def _elect_apply(world, moment):
    for talent in _hers(OWNERS)[2:4]:
        about = {"by": talent.user, "now": moment}
        mine = calls.start_application(call=_call(), talent=talent, **about)
        answers = {mine.call.fields.get().pk: "任内办好融资对接和出海服务两件事。"}
        calls.save_answers(application=mine, answers=answers, **about)
        mine = calls.submit_application(application=mine, **about)
        calls.accept_application(application=mine, by=_clerk(world), now=moment)


def _elect_make_known(world, moment):
    by, call = _clerk(world), _call()
    for application, result in zip(
        call.applications.order_by("number"), ("awarded", "reserve"), strict=True
    ):
        calls.decide_application(application=application, result=result, by=by, now=moment)
    values = {
        "authority": "两江新区女企业家协会换届工作领导小组",
        "working_days": 5,
        "contact": "023-67000003",
    }
    notice = calls.draft_notice(call=call, values=values, fields=[], by=by, now=moment)
    calls.start_notice(notice=notice, by=by, now=moment)


def _elect_conclude(world, moment):
    call = _call()
    calls.end_notice(notice=call.notices.get(), by=None, now=moment)
    calls.conclude_call(call=call, by=_clerk(world), now=moment)


def _follow_law(world, moment):
    """A yearly check, a change that waits to be filed, a term that was extended once."""
    year = timezone.localdate(moment).year - 1
    scientists = of(SCIENTISTS)
    if scientists.founded_on.year <= year:
        associations.save_check(
            association=scientists,
            year=year,
            result="passed",
            checked_on=timezone.localdate(moment),
            document="社会团体年检结果通告",
            by=_clerk(world),
            now=moment,
        )
    values = {"address": "两江新区人和街道星光大道 1 号"}
    associations.save_association(
        association=scientists, values=values, by=_clerk(world), now=moment
    )
    filed = Filing.objects.waiting().filter(kind="leaders").exclude(association=of(OWNERS))
    for filing in filed.select_related("association__department"):
        associations.file_change(
            filing=filing,
            filed_on=filing.decided_on + timedelta(days=20),
            document="准予变更登记决定书",
            by=_lead(world, filing.association),
            now=moment,
        )
    patents = of(PATENTS)
    term = patents.terms.get()
    posts.extend_term(
        term=term,
        until=term.planned_ends_on + relativedelta(months=9),
        document="同意延期换届的批复（两江科〔2026〕11号）",
        by=_lead(world, patents),
        now=moment,
    )


def _count(world, moment):
    """Women's share, entered by one and confirmed by another; one waits, one is old, one is of the term before."""
    president = _hers(SCIENTISTS)[0].user
    for name, rung, total, women, months, confirmed in COUNTS:
        association, day = of(name), timezone.localdate(moment)
        mixed = association.is_mixed
        count = meter.enter_count(
            association=association,
            rung=rung,
            total=total,
            women=women,
            as_of=day - relativedelta(months=months),
            source="会员和理事名册",
            by=_lead(world, association) if mixed else president,
            now=moment,
        )
        if confirmed:
            meter.confirm_count(count=count, by=None if mixed else _clerk(world), now=moment)
    for name, rung, percent in TARGETS:
        association = of(name)
        meter.set_target(
            association=association,
            rung=rung,
            percent=percent,
            source="两江新区十项措施第七条的落实方案",
            by=_lead(world, association),
            now=moment,
        )


def _members_act(world, moment):
    """Events of the scientists; one of their members pauses, one leaves."""
    association, by = of(SCIENTISTS), _clerk(world)
    held = Event.objects.public().past(moment).filter(kind="salon")[:2]
    for event in [*held, *Event.objects.public().upcoming(moment)[:1]]:
        meter.link_event(association=association, event=event, by=by, now=moment)
    rows = Membership.objects.filter(association=association, state="active")
    paused, left = rows.select_related("talent__user", "association").order_by("-pk")[:2]
    until = timezone.localdate(moment) + relativedelta(months=6)
    members.pause_membership(membership=paused, until=until, by=paused.talent.user, now=moment)
    members.leave_association(membership=left, by=left.talent.user, now=moment)


def _apply(world, moment):
    """Two women ask to join the scientists and wait for the president."""
    association = of(SCIENTISTS)
    there = Membership.objects.filter(association=association).values("talent")
    pool = [one for one in world.members if one.user_id]
    known = {row["talent"] for row in there}
    for talent in [one for one in pool if one.pk not in known][:2]:
        members.apply_membership(association=association, talent=talent, by=talent.user, now=moment)
