"""What a call asks besides its form: units' and sectors' quotas, leaders, women in a collective, no repeat.

Each condition is data of the call and stands here twice: as a sentence on its page, and as the rule that holds it.
"""

from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import UnitKind
from calls.models import TOGETHER, Application, ApplicationState, LeadersBy, Subject, UnitOpinion
from kernel import portal
from kernel.errors import Conflict, Invalid, Refused
from kernel.text import fold
from kernel.words import day_text, listed

State = ApplicationState


# --- in words --------------------------------------------------------------------------------------
def sentences(call):
    """Return what a call asks, in the order a reader wants to know it."""
    return [line for line in (*_of_whom(call), *_of_how_many(call)) if line]


def _of_whom(call):
    yield _("两江新区女性科技人才库里审核通过的人才，可以为：%(subjects)s。") % {
        "subjects": listed(str(Subject(subject).label) for subject in call.subjects)
    }
    if call.women_percent and not call.is_for_persons_only:
        yield _("集体和文明岗的女性不少于 %(percent)s%%。") % {"percent": call.women_percent}
    if call.no_repeat:
        yield _("获得过“%(award)s”的不再推荐。") % {"award": call.award}
    if call.cool_down_years:
        sentence = ngettext(
            "获得荣誉后 %(years)s 年内不推荐。",
            "获得荣誉后 %(years)s 年内不推荐。",
            call.cool_down_years,
        )
        yield sentence % {"years": call.cool_down_years}
    if call.most_awards:
        sentence = ngettext(
            "“%(award)s”一人最多入选 %(most)s 次，历年合计。",
            "“%(award)s”一人最多入选 %(most)s 次，历年合计。",
            call.most_awards,
        )
        yield sentence % {"award": call.award, "most": call.most_awards}


def _of_how_many(call):
    if call.unit_quota:
        yield _quota_sentence(call)
    if call.sector_quotas:
        parts = [
            _("%(sector)s %(most)s 份") % {"sector": kind.label, "most": call.sector_quotas[kind]}
            for kind in UnitKind
            if kind in call.sector_quotas
        ]
        yield _("各类单位最多受理：%(parts)s。") % {"parts": listed(parts)}
    if call.leaders_percent is not None:
        sentence = _("单位负责人不超过%(base)s的 %(percent)s%%。")
        base = LeadersBy(call.leaders_by).label
        yield sentence % {"base": base, "percent": call.leaders_percent}
    if call.shortlist:
        sentence = _("差额评选：入选和备选合计不超过 %(most)s 个。")
        yield sentence % {"most": call.shortlist}
    if call.shows_advantages:
        yield _(
            "单位或个人有登记的优先条件、申报截止那天还有效的，审核时会注明；它不代替申报条件，也不改变评分。"
        )


def _quota_sentence(call):
    if call.is_endorsed:
        sentence = ngettext(
            "每个单位最多推荐 %(quota)s 份。", "每个单位最多推荐 %(quota)s 份。", call.unit_quota
        )
    else:
        sentence = ngettext(
            "每个单位最多受理 %(quota)s 份。", "每个单位最多受理 %(quota)s 份。", call.unit_quota
        )
    return sentence % {"quota": call.unit_quota}


# --- the call itself -------------------------------------------------------------------------------
def refuse_contradictions(call):
    """Raise Invalid for conditions that cannot be met together."""
    if not call.subjects:
        raise Invalid("subjects_missing", _("请选择推荐对象。"), field="subjects")
    if set(call.sector_quotas) - set(UnitKind.values):
        raise Invalid("sector_unknown", _("没有这类单位。"), field="sector_quotas")
    if call.surplus_percent is not None and not call.places:
        raise Invalid("surplus_without_places", _("填了差额比例，请同时填名额。"), field="places")
    if call.no_repeat and not call.award:
        sentence = _("选了不重复推荐，请填写授予什么，才能查出谁已获得。")
        raise Invalid("award_missing", sentence, field="award")
    if call.most_awards and not call.award:
        sentence = _("限了入选次数，请填写授予什么，才能算出入选过几次。")
        raise Invalid("award_missing", sentence, field="award")
    if call.endorse_by and call.endorse_by < call.closes_at:
        sentence = _("单位推荐截止不能早于申报截止。")
        raise Invalid("endorsing_before_closing", sentence, field="endorse_by")
    if call.leaders_percent is not None and not _leaders_base_known(call):
        sentence = _("单位负责人的比例要按限额或名额算，请先填上。")
        raise Invalid("leaders_without_base", sentence, field="leaders_percent")


def _leaders_base_known(call):
    known = {
        LeadersBy.UNIT: call.unit_quota,
        LeadersBy.SECTOR: call.sector_quotas,
        LeadersBy.CALL: call.places,
    }
    return bool(known[call.leaders_by])


# --- who has it already ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Held:
    """An honour somebody holds: its name as calls write it in `award`, and the day it was given on."""

    name: str
    day: object


def held_by(talent):
    """Return the honours a woman was given by earlier calls (a list of Held): this app's part of `honours_held`."""
    rows = Application.objects.filter(
        talent=talent,
        subject=Subject.PERSON,
        state=State.AWARDED,
        taken_back_at=None,
        call__kind="honour",
    ).select_related("call")
    return [
        Held(row.call.award or row.call.title, timezone.localdate(row.call.decided_at))
        for row in rows
    ]


def why_not_again(call, talent, at):
    """Say why a woman who holds an honour is not put forward again, and from when she may be.

    What she holds the apps say (kernel.portal, field `honours_held`), this one of its own results.
    """
    if not (call.no_repeat or call.cool_down_years):
        return None
    today = timezone.localdate(at)
    held = [honour for ask in portal.listed("honours_held") for honour in ask(talent)]
    for honour in held:
        if call.no_repeat and fold(honour.name) == fold(call.award):
            sentence = _("%(year)s 年已获得“%(award)s”，这次不重复推荐。")
            said = {"year": honour.day.year, "award": call.award}
            return Refused("honour_held", sentence % said)
    if not call.cool_down_years or not held:
        return None
    last = max(held, key=lambda honour: honour.day)
    free = last.day + relativedelta(years=call.cool_down_years)
    if free <= today:
        return None
    sentence = _("%(day)s获得“%(name)s”，%(free)s以后可以再次推荐。")
    said = {"day": day_text(last.day), "name": last.name, "free": day_text(free)}
    return Refused("cooling_down", sentence % said)


def why_not_more(call, talent, *, besides=None):
    """Say why a woman who was selected as often as this award allows is not selected once more.

    `besides` is an application that is not counted. What was selected for a collective counts for whom it was handed in by.
    """
    if not call.most_awards:
        return None
    others = Application.objects.filter(
        talent=talent, state=State.AWARDED, taken_back_at=None
    ).exclude(pk=besides and besides.pk)
    names = others.exclude(call__award="").values_list("call__award", flat=True)
    times = sum(fold(name) == fold(call.award) for name in names)
    if times < call.most_awards:
        return None
    sentence = ngettext(
        "“%(award)s”一人最多入选 %(most)s 次，已经入选过 %(times)s 次。",
        "“%(award)s”一人最多入选 %(most)s 次，已经入选过 %(times)s 次。",
        call.most_awards,
    )
    said = {"award": call.award, "most": call.most_awards, "times": times}
    return Refused("awards_full", sentence % said)


# --- what is put forward ---------------------------------------------------------------------------
def why_not_subject(application):
    """Say why what an application puts forward does not do: who or what it is, its women, what it holds already."""
    call = application.call
    if application.subject not in call.subjects:
        subjects = listed(str(Subject(subject).label) for subject in call.subjects)
        sentence = _("这次的推荐对象是：%(subjects)s，请重新选择。")
        return Invalid("subject_unfit", sentence % {"subjects": subjects}, field="subject")
    if not application.is_together:
        return None
    if not application.collective_name:
        return Invalid("name_missing", _("请填写集体或岗位的名称。"), field="collective_name")
    if not application.head_count or application.women_count is None:
        return Invalid("heads_missing", _("请填写总人数和女性人数。"), field="head_count")
    return _why_not_women(application) or _why_not_again_together(application)


def why_not_heads(head_count, women_count):
    """Say why these numbers of members contradict each other."""
    if women_count is not None and women_count > (head_count or 0):
        return Invalid("women_above_heads", _("女性人数不能多于总人数。"), field="women_count")
    return None


def _why_not_women(application):
    percent = application.call.women_percent
    if not percent or application.women_count * 100 >= percent * application.head_count:
        return None
    needed = -(-percent * application.head_count // 100)
    sentence = _(
        "女性须占 %(percent)s%% 以上：%(heads)s 人中至少 %(needed)s 位，现在是 %(women)s 位。"
    )
    said = {
        "percent": percent,
        "heads": application.head_count,
        "needed": needed,
        "women": application.women_count,
    }
    return Refused("too_few_women", sentence % said, field="women_count")


def _why_not_again_together(application):
    call = application.call
    if not call.no_repeat:
        return None
    earlier = Application.objects.filter(
        call__award=call.award, state=State.AWARDED, subject__in=TOGETHER
    ).filter(talent__unit=application.talent.unit_id)
    name = fold(application.collective_name)
    if any(fold(row) == name for row in earlier.values_list("collective_name", flat=True)):
        sentence = _("“%(name)s”已获得“%(award)s”，这次不重复推荐。")
        said = {"name": application.collective_name, "award": call.award}
        return Refused("honour_held", sentence % said, field="collective_name")
    return None


# --- how many --------------------------------------------------------------------------------------
def opinions(call, unit_id):
    """Return the endorsements of a unit that stand for a call."""
    return UnitOpinion.objects.filter(call=call, unit=unit_id, endorsed=True)


def why_not_another_of_unit(application):
    """Say why its unit has no place left for this application, at the step at which its places are counted."""
    call, unit = application.call, application.talent.unit_id
    if unit is None:
        return None
    if call.is_endorsed:
        taken = Application.objects.filter(pk__in=opinions(call, unit).values("application"))
    else:
        taken = Application.objects.filter(call=call, talent__unit=unit, state=State.ACCEPTED)
    taken = taken.exclude(pk=application.pk)
    if call.unit_quota is not None and taken.count() >= call.unit_quota:
        return _full(call)
    if call.leaders_by == LeadersBy.UNIT:
        return _why_not_leader(application, taken, call.unit_quota)
    return None


def _full(call):
    quota = {"quota": call.unit_quota}
    if call.is_endorsed:
        sentence = ngettext(
            "每个单位最多推荐 %(quota)s 份，名额已经用完；撤销一份推荐后可以再推荐。",
            "每个单位最多推荐 %(quota)s 份，名额已经用完；撤销一份推荐后可以再推荐。",
            call.unit_quota,
        )
    else:
        sentence = ngettext(
            "每个单位最多受理 %(quota)s 份，这个单位已经满了。",
            "每个单位最多受理 %(quota)s 份，这个单位已经满了。",
            call.unit_quota,
        )
    return Conflict("unit_quota", sentence % quota)


def why_not_accepted_beside(application):
    """Say why the department has no place left for it: its sector's quota, the leaders' share."""
    call, unit = application.call, application.talent.unit
    accepted = call.applications.filter(state=State.ACCEPTED).exclude(pk=application.pk)
    of_sector = accepted.filter(talent__unit__kind=unit.kind) if unit else accepted.none()
    most = call.sector_quotas.get(unit.kind) if unit else None
    if most is not None and of_sector.count() >= most:
        sentence = ngettext(
            "%(sector)s最多受理 %(most)s 份，已经满了。",
            "%(sector)s最多受理 %(most)s 份，已经满了。",
            most,
        )
        return Conflict(
            "sector_quota", sentence % {"sector": unit.get_kind_display(), "most": most}
        )
    if call.leaders_by == LeadersBy.CALL:
        return _why_not_leader(application, accepted, call.places)
    if call.leaders_by == LeadersBy.SECTOR:
        return _why_not_leader(application, of_sector, most)
    return None


def _why_not_leader(application, others, base):
    percent = application.call.leaders_percent
    if percent is None or base is None or not application.is_leader or application.is_together:
        return None
    most = base * percent // 100
    if others.filter(is_leader=True, subject=Subject.PERSON).count() < most:
        return None
    sentence = ngettext(
        "单位负责人不超过 %(base)s 份的 %(percent)s%%，最多 %(most)s 位，不能再增加。",
        "单位负责人不超过 %(base)s 份的 %(percent)s%%，最多 %(most)s 位，不能再增加。",
        most,
    )
    said = {"base": base, "percent": percent, "most": most}
    return Conflict("leaders_share", sentence % said)


def why_not_shortlisted(application):
    """Say why no more can be noted as selected or in reserve: places and the surplus of the call."""
    most = application.call.shortlist
    if most is None:
        return None
    noted = application.call.applications.filter(result__in=(State.AWARDED, State.RESERVE))
    if noted.exclude(pk=application.pk).count() < most:
        return None
    sentence = ngettext(
        "差额评选，入选和备选合计不超过 %(most)s 个，已经拟定满了。",
        "差额评选，入选和备选合计不超过 %(most)s 个，已经拟定满了。",
        most,
    )
    return Conflict("shortlist_full", sentence % {"most": most})
