"""The app's figures for the monthly report; reads, writes nothing.

Each of them is of what women did or what became of it, a company's people too: told in whole tens moved by ten of them.
"""

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.bases.models import BaseRequest, BaseRequestState
from entrepreneurship.finance.models import Referral, ReferralState, ReferralStep
from entrepreneurship.learning.models import CoachingTalk, Enrolment, EnrolmentState
from entrepreneurship.plans.models import PlanMember
from entrepreneurship.transfer.models import TransferContract, TransferVersion
from entrepreneurship.ventures.models import (
    Venture,
    VentureCheckpoint,
    VentureStage,
    VentureStageCode,
)
from kernel.days import within
from kernel.portal import People, Section
from privacy.release import people_in


def monthly(start, end):
    """Count what came of ventures, plans, training, banks, bases and results in [start, end)."""
    return _ventures(start, end) | _helped(start, end) | _transferred(start, end)


def _happened(rows, person, at, start, end):
    """Return how many of these rows happened in the month; `person` is the column that says whose they are."""
    return People(rows.filter(**within(at, start, end)).count(), people_in(rows, person, at))


def _ventures(start, end):
    begun = Venture.objects.all()
    registered = VentureStage.objects.standing().filter(stage=VentureStageCode.REGISTERED)
    answered = VentureCheckpoint.objects.standing().filter(noted_at__lt=end)
    living = VentureCheckpoint.objects.filter(
        pk__in=answered.filter(venture__in=begun.running()).latest().values("pk"), alive=True
    )
    found = living.aggregate(jobs=Sum("jobs", default=0), women=Sum("women_jobs", default=0))
    who = people_in(answered, "venture__talent", "noted_at", until=end)
    return {
        "begun": _happened(begun, "talent", "created_at", start, end),
        "registered": _happened(registered, "venture__talent", "noted_at", start, end),
        "jobs": People(found["jobs"], who, stock=True),
        "women_jobs": People(found["women"], who, stock=True),
    }


def _helped(start, end):
    steps = ReferralStep.objects.filter(undoes=None, undone_by=None)
    ended = Enrolment.objects.filter(state=EnrolmentState.COMPLETED)
    talks = CoachingTalk.objects.filter(confirmed_at__isnull=False)
    told = {
        "selected": (PlanMember.objects.standing(), "talent", "joined_at"),
        "completed": (ended, "talent", "programme__closed_at"),
        "coached": (talks, "talent", "confirmed_at"),
        "introduced": (Referral.objects.all(), "talent", "introduced_at"),
    }
    for name in (ReferralState.APPROVED, ReferralState.DISBURSED):
        told[str(name.value)] = (steps.filter(state=name), "referral__talent", "at")
    return {name: _happened(*rows, start, end) for name, rows in told.items()}


def _transferred(start, end):
    asked = BaseRequest.objects.all()
    answered = asked.filter(state=BaseRequestState.ANSWERED)
    public = TransferVersion.objects.filter(number=1, published_at__isnull=False)
    signed = TransferContract.objects.counted().annotate(
        hers=Coalesce("interest__profile__talent", "interest__seeker")
    )
    first, last = timezone.localdate(start), timezone.localdate(end)
    contracts = signed.filter(**within("signed_on", first, last))
    return {
        "base_asked": _happened(asked, "talent", "asked_at", start, end),
        "base_answered": _happened(answered, "talent", "ended_at", start, end),
        "published": _happened(public, "profile__talent", "published_at", start, end),
        "contracts": People(
            contracts.aggregate(n=Count("pk"))["n"], people_in(signed, "hers", "entered_at")
        ),
    }


def sections(figures):
    """Say the numbers of the month."""
    people, piece = _("人"), _("项")
    three = (
        (_("新登记的创业项目"), figures["begun"], piece),
        (_("新注册的企业"), figures["registered"], _("家")),
        (_("企业人数"), figures["jobs"], people),
        (_("企业人数：女性"), figures["women_jobs"], people),
        (_("入选创业计划"), figures["selected"], people),
        (_("培训结业"), figures["completed"], _("人次")),
        (_("双方确认的创业辅导"), figures["coached"], _("次")),
        (_("引见到银行"), figures["introduced"], _("次")),
        (_("银行批准"), figures["approved"], _("次")),
        (_("银行放款"), figures["disbursed"], _("次")),
    )
    four = (
        (_("基地收到的申请"), figures["base_asked"], piece),
        (_("基地答复的申请"), figures["base_answered"], piece),
        (_("新公开的成果和需求"), figures["published"], _("条")),
        (_("签订的技术合同"), figures["contracts"], _("份")),
    )
    return (
        Section(_("措施三 · 创业创新"), three),
        Section(_("措施四 · 平台和成果转化"), four),
    )


def tables(figures):
    """Say no breakdowns: a kind of one of these is a handful of women."""
    return ()
