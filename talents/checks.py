"""What speaks for a record and against it, for the clerk who decides: facts of the record and its neighbours.

Nothing here decides. Each check is one sentence with a weight; `about` reads what it needs in a few queries.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import day_text, month_text
from privacy.models import Consent
from talents import codes, operations
from talents.doubles import finding
from talents.doubles.models import Pair, likeness_words
from talents.imports.workbook import values as readers
from talents.models import (
    IDENTITY_NUMBER,
    TALENT_DATABASE,
    UNIT_SHARING,
    Source,
    Talent,
)

FOR, LOOK, AGAINST = "for", "look", "against"
MOST_NAMESAKES = 5
NUMBER_DOUBTS = {
    "id_number_check_digit": gettext_lazy("身份证号的校验码不正确，请与证件核对。"),
    "not_a_woman": gettext_lazy("身份证号显示性别为男，请与本人核对。"),
}
FIELD_WORDS = {
    "unit_name": "unit",
    "professional_title_or_level": "professional_title",
}


@dataclass(frozen=True)
class Check:
    """One sentence: `weight` FOR, LOOK (somebody should look) or AGAINST; `link` leads to what it names."""

    weight: str
    text: str
    link: str = ""


def about(talent, reader):
    """Return the Checks of a record, what speaks against it first."""
    found = [
        *_complete(talent),
        *_proposal(talent),
        *_identity(talent),
        *_phone(talent),
        *_unit(talent),
        *_endorsement(talent),
        *_title(talent),
        *_consents(talent),
        *_namesakes(talent, reader),
    ]
    return sorted(found, key=lambda check: (AGAINST, LOOK, FOR).index(check.weight))


def _complete(talent):
    missing = [name for step in operations.REQUIRED for name in operations.missing(talent, step)]
    if not missing:
        yield Check(FOR, _("必填内容齐全。"))
    for name in missing:
        label = Talent._meta.get_field(FIELD_WORDS.get(name, name)).verbose_name
        yield Check(AGAINST, _("没有填写%(field)s。") % {"field": label})


def _proposal(talent):
    """Name what she, or her unit, asked to have changed and nobody has decided yet."""
    for waiting in operations.waiting_proposals(talent):
        words = _("本人申请更正身份信息，等待核对。")
        if waiting.unit_id:
            words = _("%(unit)s报来更正，等待核对。") % {"unit": waiting.unit.name}
        yield Check(LOOK, words, reverse("admin:talents_proposal_change", args=[waiting.pk]))


def _identity(talent):
    number = talent.id_number
    if not number:
        yield Check(LOOK, _("没有身份证号，无法核对身份和重复建档。"))
        return
    read = readers.id_number(number, today=timezone.localdate())
    for problem in read.problems:
        yield Check(AGAINST, NUMBER_DOUBTS.get(problem.code) or _("身份证号有疑问，请与证件核对。"))
    born = getattr(read, "born", None)
    if born and talent.birth_month and born.replace(day=1) != talent.birth_month:
        sentence = _("身份证号中的出生年月是%(month)s，与填写的%(written)s不一致。")
        words = {"month": month_text(born), "written": month_text(talent.birth_month)}
        yield Check(AGAINST, sentence % words)
    elif not read.problems:
        yield Check(FOR, _("身份证号校验无误，出生年月相符，性别为女。"))


def _phone(talent):
    user = talent.user
    if user is None:
        yield Check(LOOK, _("还没有本人账号：档案由单位报送，本人尚未认领。"))
    elif user.phone_verified and user.phone == talent.phone:
        yield Check(FOR, _("手机号已由本人用验证码证实。"))
    elif user.phone_verified and talent.phone:
        yield Check(LOOK, _("档案里的手机号与账号的手机号不同。"))
    elif not user.phone_verified:
        yield Check(LOOK, _("账号的手机号还没有验证。"))


def _unit(talent):
    if talent.unit_id:
        partner = talent.unit.is_partner
        words = _("单位已收录，是合作单位。") if partner else _("单位已收录。")
        yield Check(FOR, words, reverse("admin:accounts_unit_change", args=[talent.unit_id]))
    elif talent.unit_text:
        yield Check(LOOK, _("单位“%(name)s”未收录，请核对全称。") % {"name": talent.unit_text})


def _endorsement(talent):
    """Say that her unit stands for her, by its own word or by a paper a clerk holds."""
    if found := operations.endorsement_of(talent):
        words = {"unit": found.unit, "day": day_text(timezone.localdate(found.at))}
        if found.reason:
            words["paper"] = found.reason
            yield Check(FOR, _("%(unit)s于%(day)s推荐，依据：%(paper)s") % words)
        else:
            yield Check(FOR, _("%(unit)s于%(day)s通过接口推荐。") % words)


def _title(talent):
    implied = codes.title_level(talent.professional_title) if talent.professional_title else None
    if implied and talent.title_level and implied != talent.title_level:
        sentence = _("“%(title)s”通常是%(level)s，档案里选的是%(chosen)s。")
        words = {
            "title": talent.professional_title,
            "level": codes.TitleLevel(implied).label,
            "chosen": talent.get_title_level_display(),
        }
        yield Check(LOOK, sentence % words)


def _consents(talent):
    if talent.source == Source.IMPORT and talent.consent_reported:
        yield Check(LOOK, _("单位注明本人同意入库；本人还没有亲自授权。"))
    if talent.user_id is None:
        return
    newest = Consent.objects.filter(user=talent.user_id).current()
    granted = {consent.purpose for consent in newest if consent.granted}
    if TALENT_DATABASE in granted:
        yield Check(FOR, _("本人同意存入人才数据库。"))
    else:
        yield Check(AGAINST, _("本人没有同意存入人才数据库，或已撤回。"))
    if talent.id_number and IDENTITY_NUMBER not in granted:
        yield Check(LOOK, _("没有本人对身份证号的单独同意。"))
    if UNIT_SHARING in granted:
        yield Check(FOR, _("本人同意向工作单位提供姓名、职称与研究方向。"))


def _namesakes(talent, reader):
    """Name records that may be the same woman; who may decide is led to the two side by side."""
    found = finding.alike([talent.pk])
    others = {(set(pair) - {talent.pk}).pop(): (pair, reasons) for pair, reasons in found.items()}
    judged = Pair.objects.filter(Q(first=talent) | Q(second=talent), apart_at__isnull=False)
    apart = set(judged.values_list("first", "second")) if found else set()
    rows = Talent.objects.visible_to(reader).filter(pk__in=others).select_related("unit")
    rows = [row for row in rows if others[row.pk][0] not in apart]
    rows.sort(key=lambda row: (-finding.weight(others[row.pk][1]), row.pk))
    for other in rows[:MOST_NAMESAKES]:
        words = {
            "name": other.full_name,
            "unit": other.unit_name or "—",
            "alike": likeness_words(others[other.pk][1]),
        }
        sentence = _("可能重复：%(name)s，%(unit)s，%(alike)s。") % words
        yield Check(LOOK, sentence, _compare(talent, other, reader))


def _compare(talent, other, reader):
    if not reader.has_perm("talents.verify_talent"):
        return reverse("admin:talents_talent_change", args=[other.pk])
    return reverse("admin:talents_talent_merge", args=[talent.pk, other.pk])
