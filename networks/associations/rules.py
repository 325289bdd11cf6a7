"""What may be written of an association, and why not: pages ask, operations raise."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import UnitKind
from kernel.errors import Conflict, Invalid
from networks.associations.models import (
    Association,
    CheckResult,
    Filing,
    FilingKind,
    LegalForm,
    YearlyCheck,
    check_due_on,
)
from places import holidays

FILED_WITHIN = timedelta(days=30)
SOCIETY_CODE = "51"  # GB 32100: registered by civil affairs (5) as a society (1)
# Changed on the association's own record, these have to be filed.
FILED = {
    "name": FilingKind.NAME,
    "address": FilingKind.ADDRESS,
    "supervisor": FilingKind.SUPERVISOR,
}
MISSING = {
    "name": gettext_lazy("请填写协会的名称。"),
    "supervisor": gettext_lazy("请填写主管单位。"),
}


def why_not_form(association):
    """Say what of its code and papers does not fit an association's legal form (its own fields, not yet saved)."""
    for field, sentence in MISSING.items():
        if not getattr(association, field).strip():
            return Invalid(f"{field}_missing", str(sentence), field=field)
    if association.legal_form not in LegalForm.values:
        return Invalid("form_unknown", _("请选择组织形式。"), field="legal_form")
    if association.term_years not in (4, 5):
        return Invalid("term_years", _("每届任期按章程是四年或五年。"), field="term_years")
    if association.legal_form == LegalForm.FEDERATION and not association.document.strip():
        sentence = _("行业妇联须填写批准成立的文件。")
        return Invalid("document_missing", sentence, field="document")
    return _why_not_code(association)


def _why_not_code(association):
    code = association.uscc
    if association.legal_form != LegalForm.SOCIETY:
        if not code:
            return None
        sentence = _(
            "行业妇联和联谊会不是登记的社会团体，没有信用代码；已经登记的，请把组织形式改为“登记的社会团体”。"
        )
        return Invalid("uscc_of_other_form", sentence, field="uscc")
    if not code:
        sentence = _("登记的社会团体须填写统一社会信用代码，在登记证书上。")
        return Invalid("uscc_missing", sentence, field="uscc")
    if not code.startswith(SOCIETY_CODE):
        sentence = _("这是其他类型单位的信用代码；社会团体的以 51 开头，请对照登记证书核对。")
        return Invalid("uscc_of_other_form", sentence, field="uscc")
    if Association.objects.filter(uscc=code).exclude(pk=association.pk).exists():
        sentence = _("这个统一社会信用代码已登记在另一个协会名下。")
        return Conflict("uscc_taken", sentence, field="uscc")
    return None


def why_not_unit(association):
    """Say why the unit it names cannot act for it."""
    unit = association.unit
    if unit is None:
        return None
    if unit.kind != UnitKind.ASSOCIATION:
        sentence = _("请选择类型为“协会社团”的单位。")
        return Invalid("unit_of_other_kind", sentence, field="unit")
    if Association.objects.filter(unit=unit).exclude(pk=association.pk).exists():
        return Conflict("unit_taken", _("这个单位已对应另一个协会。"), field="unit")
    return None


def why_not_founded(association, today):
    """Say that it is to be founded in the future."""
    if association.founded_on <= today:
        return None
    return Invalid("founded_later", _("成立日期不能在今天以后。"), field="founded_on")


def why_not_dissolve(association, on, today):
    """Say why an association cannot be noted as dissolved on a day."""
    if association.dissolved_on is not None:
        return Conflict("dissolved", _("已经登记过注销或撤销。"))
    if not association.founded_on <= on <= today:
        sentence = _("日期应在成立以后、今天以前。")
        return Invalid("dissolved_when", sentence, field="on")
    return None


def why_not_restore(association):
    """Say that it was not dissolved."""
    if association.dissolved_on is not None:
        return None
    return Conflict("not_dissolved", _("没有登记过注销或撤销。"))


# --- yearly checks and filings ---------------------------------------------------------------------
def why_not_registered(association):
    """Say that only registered societies are checked each year and file their changes."""
    if association.is_registered:
        return None
    return Conflict("not_registered", _("只有登记的社会团体需要年检和变更备案。"))


def why_not_check(association, year, result, checked_on, document, today):
    """Say what is wrong with a yearly check."""
    if error := why_not_registered(association):
        return error
    if not association.founded_on.year <= year < today.year:
        sentence = _("年检是成立以后、今年以前某一年的。")
        return Invalid("check_year", sentence, field="year")
    if result not in CheckResult.values:
        return Invalid("check_result", _("请选择年检的结果。"), field="result")
    if not (checked_on.year > year and checked_on <= today):
        sentence = _("结论日期应在那一年以后、今天以前。")
        return Invalid("check_when", sentence, field="checked_on")
    if not (document or "").strip():
        return Invalid("document_missing", _("请填写依据。"), field="document")
    return None


def checks_missing(association, today):
    """Return the years, the oldest first, whose check should be through by now and is not on record; the last three."""
    if not association.is_registered or association.dissolved_on:
        return []
    years = [year for year in range(today.year - 3, today.year) if check_due_on(year) < today]
    years = [year for year in years if year >= association.founded_on.year]
    known = YearlyCheck.objects.filter(association=association).values_list("year", flat=True)
    return sorted(set(years) - set(known))


def due_on(decided_on):
    """Return the last day to file what was decided on a day: thirty days on, a rest day giving way to the next working day."""
    return holidays.or_next_working_day(decided_on + FILED_WITHIN)


def why_not_add_filing(association, kind, decided_on, today):
    """Say why a change cannot be put down as one to file."""
    if error := why_not_registered(association):
        return error
    if kind not in FilingKind.values:
        return Invalid("kind_missing", _("请选择变更事项。"), field="kind")
    if not association.founded_on <= decided_on <= today:
        sentence = _("变更日期应在成立以后、今天以前。")
        return Invalid("decided_when", sentence, field="decided_on")
    if Filing.objects.waiting().filter(association=association, kind=kind).exists():
        sentence = _("这一事项已有一条等待备案的变更，请先办结。")
        return Conflict("filing_open", sentence, field="kind")
    return None


def why_not_file(filing, filed_on, document, today):
    """Say why a change cannot be noted as filed."""
    if filing.filed_on is not None:
        return Conflict("filed_already", _("已经登记过备案；填错了请先撤回。"))
    if not filing.decided_on <= filed_on <= today:
        sentence = _("备案日期应在变更以后、今天以前。")
        return Invalid("filed_when", sentence, field="filed_on")
    if not (document or "").strip():
        return Invalid("document_missing", _("请填写备案的文书。"), field="document")
    return None


def why_not_take_back_filing(filing):
    """Say why a filing cannot be taken back: it was not noted, or a newer change of the kind waits."""
    if filing.filed_on is None:
        return Conflict("not_filed", _("还没有登记备案。"))
    newer = Filing.objects.filter(association=filing.association, kind=filing.kind, filed_on=None)
    if newer.exists():
        return Conflict("filing_open", _("这一事项已有一条等待备案的变更，请先办结。"))
    return None
