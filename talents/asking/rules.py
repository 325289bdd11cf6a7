"""Whether a woman may be asked for something, and why not: once for one of them, once in SQL for many (a test compares)."""

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.days import begin, quarter_of
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import day_text
from privacy.models import Consent
from talents import standing
from talents.asking.models import HIGHEST_MOST, USUAL_MOST, Asked, AskingWish, kinds

# The purpose by which departments that do not own her record find her (its words are declared in talents.portal).
ASKING = "asking"


# --- one woman ------------------------------------------------------------------------------------
def why_not_ask(talent, kind, department, now, *, again=False):
    """Return why a department cannot ask a woman for something (a code of `kinds`) now (DomainError), or None.

    `again`: she was asked for that very thing before, which counts among those of the quarter already.
    A department that neither looks after her nor has her agreement learns that alone, and nothing else of her.
    """
    return (
        why_not_by(talent, department)
        or standing.why_not_listed(talent, timezone.localdate(now))
        or why_not_wished(talent, kind, now)
        or (None if again else _why_not_more(talent, now))
    )


def why_not_by(talent, department):
    """Return why a department may not ask her at all (Refused): her own may, others if she agreed to that."""
    if talent.department_id == department.pk:
        return None
    if talent.user_id and Consent.objects.granted_by(talent.user_id, ASKING):
        return None
    return Refused("not_yours", _("这位女性科技人才由其他部门负责，没有同意其他部门邀请她。"))


def why_not_wished(talent, kind, now):
    """Return that she does not wish to be asked for this now, by what she said herself (Conflict), or None."""
    wish = AskingWish.objects.filter(talent=talent).first()
    if wish is None:
        return None
    if wish.stopped_at:
        return Conflict("stopped", _("本人目前不接受邀请。"))
    if kind not in wish.kinds:
        return Conflict("not_wished", _("本人没有选择接受这一类邀请。"))
    if wish.not_before and timezone.localdate(now) < wish.not_before:
        sentence = _("本人请大家在%(day)s以前不要邀请。") % {"day": day_text(wish.not_before)}
        return Conflict("not_before", sentence)
    return None


def _why_not_more(talent, now):
    wish = AskingWish.objects.filter(talent=talent).first()
    most = wish.most_a_quarter if wish else USUAL_MOST
    if this_quarter(now).filter(talent=talent).count() < most:
        return None
    sentence = _("本人每季度最多接受 %(most)s 次邀请，本季度已满。") % {"most": most}
    return Conflict("asked_enough", sentence)


def this_quarter(now):
    """Return what women were asked for in the calendar quarter of `now`, whatever they said to it."""
    return Asked.objects.filter(at__gte=begin(quarter_of(now)))


# --- many -----------------------------------------------------------------------------------------
def askable(rows, kind, department, now):
    """Keep those of a queryset of talents for whom `why_not_ask` has nothing to say."""
    return wishing(found_by(standing.listed(rows, timezone.localdate(now)), department), kind, now)


def found_by(rows, department):
    """Keep those a department may ask at all."""
    return rows.filter(Q(department=department) | Q(others_may_ask=True))


def wishing(rows, kind, now):
    """Keep those who wish to be asked for something now, and were not asked often enough this quarter."""
    said = Q(asking_wish=None) | Q(
        Q(asking_wish__not_before=None) | Q(asking_wish__not_before__lte=timezone.localdate(now)),
        asking_wish__stopped_at=None,
        asking_wish__kinds__contains=[kind],
    )
    asked = this_quarter(now).filter(talent=OuterRef("pk")).order_by().values("talent")
    count = Subquery(asked.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    most = Coalesce(F("asking_wish__most_a_quarter"), USUAL_MOST)
    return rows.filter(said).alias(times=Coalesce(count, 0), most=most).filter(times__lt=F("most"))


# --- what she says --------------------------------------------------------------------------------
def why_not_say(talent, by):
    """Return why `by` cannot say what a woman (a Talent or None) may be asked for: she alone, once she is in the database."""
    if talent is None or not talent.is_verified:
        return Refused("not_verified", _("档案审核通过后，就可以设置邀请意愿。"))
    if by is not None and talent.user_id != by.pk:
        return Refused("not_yours", _("只有本人可以决定。"))
    return None


def why_not_values(chosen, most_a_quarter, not_before, now):
    """Return what is wrong with what she says (Invalid), or None."""
    if unknown := set(chosen) - set(kinds()):
        return Invalid("unknown_kind", f"{sorted(unknown)}", field="chosen")
    if not 1 <= most_a_quarter <= HIGHEST_MOST:
        sentence = _("每季度可以选 1 到 %(most)s 次。") % {"most": HIGHEST_MOST}
        return Invalid("most_a_quarter", sentence, field="most_a_quarter")
    if not_before and not_before <= timezone.localdate(now):
        return Invalid("not_before", _("请选择今天以后的日期。"), field="not_before")
    return None
