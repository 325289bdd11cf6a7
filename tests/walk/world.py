"""What the walk finds: one woman's things, each of a department's, and everybody who might reach for them."""

from datetime import date, timedelta
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts import access_requests, joint
from accounts.models import Department
from calls import operations as judging
from care_points import operations as points
from care_points import slots
from care_points.models import EarningRule, EmergencyNumber, PointsAccount, PointsBudget
from cloud_home import operations as cloud
from cloud_home.models import Ask, Report
from entrepreneurship.finance.models import BankTotal
from events import operations as events
from events.models import (
    BookingHold,
    CalendarLink,
    Certificate,
    Feedback,
    GroupBooking,
    Invitation,
    MeetingList,
    NoShowRule,
    Passage,
    PhotoPerson,
    Pool,
    SharePicture,
    Transfer,
)
from kernel.days import month_of, months_after
from kernel.sweeps import MOST_FAILURES
from notices.models import Delivery
from outreach.requests.models import PriorityVenue
from places.models import CalendarDays
from privacy import copies
from privacy.models import AuditEntry, RetentionRun
from reports import operations as reports
from talents.career import operations as career
from talents.doubles.models import Pair
from talents.erasure.models import Erasure
from talents.exports import operations as exports
from talents.identity.models import Claim
from talents.imports import operations as imports
from talents.models import Talent
from talents.operations import proposals as talents
from talents.public.models import PublicPage
from tests import factories
from tests.advisory import make as consultations
from tests.advisory.suggestions import stages as suggestions
from tests.api.conftest import make_partner
from tests.calls import make as calls
from tests.care_points import make
from tests.entrepreneurship import coaching, training
from tests.entrepreneurship import finance_make as finance
from tests.entrepreneurship import make as innovation
from tests.entrepreneurship import transfer_make as transfers
from tests.honours import make as honours
from tests.kernel.test_pictures import photo as picture
from tests.networks import make as networks
from tests.outreach import counts, lessons, visits
from tests.outreach import make as outreach
from tests.role_models import make as role_models
from tests.talents.imports import workbooks
from tests.workplaces import make as workplaces
from tests.workplaces import rooms
from workplaces.childcare.models import NurseryRule
from workplaces.periods.models import PeriodRule
from workplaces.rooms.models import RoomCriterion

ELSEWHERE = "science_innovation"
LATER = date(2029, 12, 31)
# What nobody reads who has nothing to do with her: each is told once in the whole world.
NAME, PHONE, IDENTITY = "卫柳岸", "14099990001", "500105199003010007"
EMAIL, DRAFT, REASON = "weiliuan@example.cn", "尚未公布的闭门会", "家中有事不能参加"
EXPERT = "14099990009"  # the outside expert who judges what she applied for
SECRETS = (NAME, PHONE, IDENTITY, EMAIL, DRAFT, REASON)


class Cloud:
    """The thread of an event she alone is invited to, with a post of hers that was hidden."""

    def __init__(self, world):
        now, her = world.now, world.talent
        about = {"by": her.user, "now": now}
        self.event = factories.event(
            visibility="invited",
            starts_at=now + timedelta(days=5),
            organiser=world.cast["event_organiser"],
        )
        Invitation.objects.create(event=self.event, talent=her, invited_at=now)
        factories.booking(self.event, her, now=now)
        self.circle = cloud.open_event_circle(event=self.event, **about)
        self.topic = cloud.start_topic(
            circle=self.circle,
            title=f"{NAME}的问题",
            body=f"请打 {PHONE}",
            attached=[("参数.pdf", b"%PDF-1.7 x")],
            **about,
        )
        self.post = self.topic.all_posts.get()
        self.post.topic = self.topic
        self.file = self.post.attachments.get()
        reply = cloud.reply(topic=self.topic, body=f"{NAME}补充", **about)
        clerk = world.cast["department_clerk"]
        decided = {"reason": "含他人电话号码", "now": now}
        self.hiding = cloud.hide_post(post=reply, by=None, **decided)
        cloud.appeal(hiding=self.hiding, text=f"{NAME}不同意", **about)
        self.sanction = cloud.sanction(post=self.post, days=3, by=clerk, **decided)
        self.report = Report.objects.create(
            post=self.post, reporter=None, reason="other", note=NAME, at=now
        )
        self.ask = Ask.objects.create(topic=self.topic, user=her.user, asked_at=now)
        self.preference = her.user.cloud_home
        self.preference.sweep_failures = MOST_FAILURES
        self.preference.save()


class World:
    """One woman with one of everything, and {role: user} of the cast."""

    def __init__(self):
        now = self.now = timezone.now()
        self.cast = self.make_cast()
        clerk = self.cast["department_clerk"]
        person = self.cast["woman"]
        her = self.talent = factories.talent(
            user=person,
            full_name=NAME,
            phone=PHONE,
            email=EMAIL,
            id_number=IDENTITY,
            unit=self.cast["unit_contact"].unit,
        )
        self.proposal = talents.propose(
            talent=her, values={"birth_month": date(1991, 1, 1)}, by=person, now=now
        )
        self.entry = career.save_entry(
            talent=her,
            kind="achievement",
            values={"sort": "paper", "name": "齿轮传动的声学诊断", "began": date(2024, 1, 1)},
            evidence=("论文.pdf", b"%PDF-1.7 paper"),
            by=person,
            now=now,
        )
        self.twin = factories.talent(user=None, source="import")
        self.pair = Pair.objects.create(
            first=her, second=self.twin, reasons=["sound"], weight=1, found_at=now
        )
        self.consent = factories.consent(person, "unit_sharing")
        factories.consent(person, "talent_database")
        factories.consent(person, "public_page")
        start = now + timedelta(days=3)
        self.event = factories.event(
            starts_at=start,
            booking_opens_at=now - timedelta(days=7),
            organiser=self.cast["event_organiser"],
        )
        SharePicture.objects.create(
            event=self.event, mark="0" * 16, content=picture(), drawn_at=now
        )
        self.draft = factories.event(state="draft", title=DRAFT, starts_at=start)
        self.booking = factories.booking(self.event, her, now=now)
        # Agendas name who speaks: one that not everybody sees.
        talk = factories.event(
            visibility="invited", starts_at=start, organiser=self.cast["event_organiser"]
        )
        session = talk.sessions.create(
            title="主旨报告", starts_at=talk.starts_at, ends_at=talk.ends_at
        )
        self.speaker = session.speakers.create(talent=her)
        asked = factories.event(
            needs_approval=True, starts_at=start, organiser=self.cast["event_organiser"]
        )
        # Whoever has the link of a standing one takes what is hers, which is what it is for; this one is too late.
        over = factories.event(starts_at=start, transfers_until=now - timedelta(hours=1))
        self.transfer = Transfer.objects.create(
            booking=factories.booking(over, her, now=now), made_at=now
        )
        self.pool = Pool.objects.create(event=self.event, kind="track", seats=1)
        self.request = factories.booking(asked, self.twin, now=now)
        self.feedback = Feedback.objects.create(
            event=self.event, score=4, helped="圆桌", released=True
        )
        self.certificate = Certificate.objects.create(
            event=self.event,
            talent=her,
            kind="attendance",
            name="卫某",
            title=self.event.title,
            began_on=start.date(),
            ended_on=start.date(),
            issuers=[["重庆两江新区妇女联合会", "Women's Federation"]],
            issued_at=now,
        )
        (self.material,) = events.add_materials(
            event=self.event, sent=[("课件.pdf", b"%PDF-1.7 x")], by=None, now=now
        )
        applied = MeetingList.objects.create(
            event=self.event, key=uuid4(), people=1, applied_at=now, applied_by=clerk
        )
        Passage.objects.create(
            booking=self.booking,
            way="in",
            source="list",
            at=now,
            noted_at=now,
            meeting_list=applied,
        )
        Passage.objects.create(
            booking=self.booking,
            way="out",
            source="correction",
            at=now,
            noted_at=now,
            by=clerk,
            reason=f"{NAME}提前离开",
        )
        GroupBooking.objects.create(
            unit=her.unit,
            event=self.event,
            key="people-0001",
            digest="0" * 64,
            answer={"asked": 0, "not_for": [her.code], "unknown": []},
            at=now,
        )
        (self.photo,) = events.add_photos(
            event=self.event, sent=[("合影.jpg", picture())], by=None, now=now
        )
        PhotoPerson.objects.create(photo=self.photo, booking=self.booking)
        self.calendar = CalendarLink.objects.create(user=person, made_at=now)
        self.invitation = Invitation.objects.create(
            event=self.event, talent=self.twin, invited_at=now
        )
        make.give(her, 100, now=now)
        self.station = make.station(self.cast["station_operator"])
        self.other_hours = self.station.place.other_hours.create(
            first_day=now.date(), last_day=now.date(), reason="盘点"
        )
        self.service = make.service(station=self.station)
        self.voucher = make.redeem(her, self.service, now=now)
        self.timed = make.timed(station=self.station)
        self.provider = make.provider(
            self.timed,
            weekly="每天 9:00-12:00",
            user=self.cast["station_operator"],
            vetted_until=now.date() + timedelta(days=60),
        )
        self.leave = self.provider.leaves.create(
            starts_at=now + timedelta(days=40), ends_at=now + timedelta(days=41), reason="培训"
        )
        free = slots.free_times(
            self.timed, now.date(), now.date() + timedelta(days=20), now + timedelta(days=2)
        )
        start = next(iter(next(iter(free.values()))))
        self.booked = points.redeem(
            talent=her,
            service=self.timed,
            slot=slots.Slot(start),
            idempotency_key="walk",
            expected_cost=30,
            by=person,
            now=now,
        )
        self.private = make.timed(station=self.station, private=True, title="心理疏导")
        make.provider(self.private, weekly="每天 9:00-12:00", user=self.cast["station_operator"])
        self.private_voucher = make.redeem(her, self.private, now=now)
        later = points.times_for(self.private_voucher, None, now + timedelta(days=2))
        self.case = points.choose_time(
            voucher=self.private_voucher,
            slot=slots.Slot(next(iter(next(iter(later.values()))))),
            by=person,
            now=now,
        )
        self.hours = points.record_hours(
            talent=her,
            activity="科普讲座",
            starts_at=now - timedelta(hours=30),
            half_hours=2,
            by=clerk,
            now=now,
        )
        served = points.record_hours(
            talent=her,
            activity="科技馆讲解",
            starts_at=now - timedelta(hours=60),
            half_hours=2,
            by=clerk,
            now=now,
        )
        points.confirm_hours(hours=served, by=self.cast["points_clerk"], now=now)
        self.hours_certificate = points.certify_hours(
            talent=her,
            from_on=timezone.localdate(now - timedelta(hours=60)),
            until_on=timezone.localdate(now),
            by=person,
            now=now,
        )
        # Whoever has its code reads the name on it.
        self.hours_certificate.name = "证书上的姓名"
        self.hours_certificate.save()
        self.cloud = Cloud(self)
        self.passkey = Authenticator.objects.create(
            user=factories.user(),
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "手机", "credential": {}},
        )
        report = reports.request_monthly(month=months_after(month_of(now), -1), by=None, now=now)
        reports.build(report=report, now=now)
        account = PointsAccount.objects.get(talent=her)
        self.draft_call = calls.draft(now)
        self.call = calls.call(now, files=True)
        self.application = calls.begun(self.call, her, now)
        self.attachment = calls.attached(self.application, now)
        judging.submit_application(application=self.application, by=None, now=now)
        self.colleague = judging.invite_colleague(
            application=calls.begun(calls.call(now), factories.talent(), now),
            role="editor",
            by=None,
            now=now,
        )
        self.nomination = calls.nomination(
            calls.call(now, sources=["third"]), her, by=factories.user("林推荐"), now=now
        )
        self.unit_nomination = calls.nomination(
            calls.call(now, sources=["unit"]), her, self.cast["unit_contact"].unit, now=now
        )
        self.public_notice = calls.notice(calls.noted(1, at=now)[0], now)
        self.objection = calls.objection(self.public_notice, now)
        self.sheet = self._review()
        self.step = calls.step(calls.draft(now), now)
        self.requirement = calls.requirement(self.step.call, now)
        self.due = calls.dues(now, talent=her)[0]
        (self.due_file,) = judging.attach_to_due(
            due=self.due, sent=[("行程.pdf", calls.PDF)], by=None, now=now
        )
        calls.due_in(self.due, now)
        self.advantage = calls.advantage(now)
        self.plan_member = innovation.plan_member(her, now - timedelta(days=20))
        self.preparing = calls.review(now, panel=1, applications=0)
        self.venture = innovation.venture(her, now)
        self.checkpoint = innovation.answered(self.venture, now)
        self.base_request = innovation.request(talent=her, now=now)
        self.nursery_class = workplaces.klass(
            workplaces.nursery(self.cast["unit_contact"].unit, now), now, free=3
        )
        self.request_draft = visits.of_world(self.cast["unit_contact"].unit, now)
        self.visit_invitation = visits.invited_of_world(her, self.cast["unit_contact"].unit, now)
        self.visit_request = self.visit_invitation.request
        self.survey = visits.open_survey(self.visit_request, now)
        self.choices = self._choices(self.cast["unit_contact"].unit)
        self.lesson = lessons.shown().lesson
        self.room = rooms.room(self.cast["unit_contact"].unit, now)
        self.room_photo = rooms.photo(self.room, now)
        self.flexible_offer = workplaces.offer(self.cast["unit_contact"].unit, now)
        self.founder_link = innovation.link(innovation.venture(now=now), now=now)
        self.office = networks.in_office(her, timezone.localdate(now))
        self.membership = self.office.talent.memberships.get()
        self.story = role_models.asked(talent=her, now=now)
        self.story_photo = role_models.photo(self.story)
        self.told = role_models.published(now=now)
        role_models.pictured(self.told, picture(), now)
        self.award = honours.award(her, granted_on=timezone.localdate(now), now=now)
        self.award_file = honours.proof(self.award, now)
        self.honour_certificate = self.award.certificate
        # Whoever has its code reads the name on it.
        self.honour_certificate.name = "证书上的姓名"
        self.honour_certificate.save()
        self.recommendation = honours.recommendation(self.award, now)
        self.talk = role_models.asked_talk(  # a unit reads her name once she has accepted
            talent=her, unit=self.cast["unit_contact"].unit, by=self.cast["unit_contact"], now=now
        )
        self.consultation = consultations.inviting(now=now, opinions_by=LATER)
        self.paper = consultations.paper(self.consultation, now=now)
        self.opinion = consultations.opinion(
            consultations.accepted(of=self.consultation, talent=her, now=now), now=now
        )
        self.target = consultations.operations.set_target(
            department=self.consultation.department, year=2030, percent=40, by=None, now=now
        )
        self.suggested = suggestions.one_of_everything(
            lead="trade_union", her=person, now=now, named="pen"
        )
        self.terms = finance.terms(
            now=now, valid_from=timezone.localdate(now), valid_until=finance.FAR
        )
        bank = self.terms.product.bank
        self.cast["bank_contact"] = finance.contact(bank)
        self.tech_transfer = transfers.submitted(transfers.draft(talent=her, now=now))
        self.endorsing = transfers.endorsing(unit=her.unit, now=now)  # a colleague's
        mediator = {"by": self.cast["technology_mediator"], "now": now}
        self.transfer_interest = transfers.confidential(talent=her, **mediator)
        self.transfer_contract = transfers.paid(self.transfer_interest, **mediator)
        self.transfer_match = transfers.match(talent=her, now=now)
        self.shown_transfer = transfers.published(unit=factories.unit(), now=now)
        self.coaching_hour, _seat = coaching.booked(talent=her)
        self.proposal_of_times = coaching.proposal(coaching.coach(), her)
        self.learning = training.concluded(talent=her)
        self.training_certificate = training.certificate(self.learning)
        # Whoever has its code reads the name on it.
        self.training_certificate.name = "证书上的姓名"
        self.training_certificate.save()
        self.programme = training.programme(series=training.series("训练营系列"))
        training.enrolled(self.programme, her)
        self.module = training.module(self.programme, training.lessons(self.programme)[:1])
        self.referral = finance.referral(
            "received", "contacted", one=self.terms.product, venture=self.venture, now=now
        )
        self.total = BankTotal.objects.create(
            bank=bank,
            quarter="2026-01-01",
            entered_at=now,
            amount=0,
            received=1,
            approved=0,
            disbursed=0,
        )
        self.rows = {
            "entrepreneurship.financebank": bank,
            "entrepreneurship.referral": self.referral,
            "entrepreneurship.banktotal": self.total,
            "entrepreneurship.bankpaper": bank.papers.first(),
            "entrepreneurship.financeproduct": self.terms.product,
            "entrepreneurship.financeterms": self.terms,
            "privacy.consent": self.consent,
            "privacy.retentionrun": RetentionRun.objects.create(
                rule="events.bookings", at=now, done=1, failed=0
            ),
            "privacy.auditentry": AuditEntry.objects.first(),
            "accounts.user": person,
            "accounts.unit": her.unit,
            "accounts.jointaction": joint.ask(
                kind=access_requests.CHANGE,
                person=factories.user("陈新"),
                by=self.cast["administrator"],
                now=now,
                reason="新来的同事",
                params={"added": ["auditor"], "removed": []},
            ),
            "accounts.department": Department.objects.first(),
            "notices.delivery": Delivery.objects.filter(notice__recipient=person).first(),
            "partners.partnerkey": make_partner(her.unit).key,
            "talents.importrun": imports.upload(
                file_name=f"{NAME}.xlsx",
                data=workbooks.form(workbooks.person()).getvalue(),
                department=clerk.department,
                by=clerk,
                now=now,
            ),
            "talents.talent": her,
            "talents.pair": self.pair,
            "talents.proposal": self.proposal,
            "talents.export": exports.order_export(
                rows=Talent.objects.filter(pk=her.pk), by=clerk, now=now, reason="报送年度统计"
            ),
            "talents.erasure": Erasure.objects.create(
                talent=factories.talent(user=None), ground="written", asked_at=now, due_at=now
            ),
            "talents.claim": Claim.objects.create(
                user=factories.user(),
                department=her.department,
                full_name=NAME,
                phone=PHONE,
                code_sent_at=now,
                asked_at=now,
            ),
            "places.place": self.station.place,
            "places.calendardays": CalendarDays.objects.create(
                first_day="2027-02-05", last_day="2027-02-11", name="春节", source="放假安排的通知"
            ),
            "workplaces.periodrule": PeriodRule.objects.first(),
            "entrepreneurship.coach": self.coaching_hour.coach,
            "entrepreneurship.coachinghour": self.coaching_hour,
            "entrepreneurship.programme": self.programme,
            "entrepreneurship.programmemodule": self.module,
            "entrepreneurship.enrolment": self.learning,
            "entrepreneurship.trainingcertificate": self.training_certificate,
            "honours.honour": self.award.honour,
            "honours.award": self.award,
            "honours.recommendation": self.recommendation,
            "entrepreneurship.venture": self.venture,
            "workplaces.nursery": self.nursery_class.nursery,
            "workplaces.nurseryclass": self.nursery_class,
            "workplaces.nurseryrule": NurseryRule.objects.first(),
            "workplaces.room": self.room,
            "outreach.lesson": self.lesson,
            "outreach.schoolrequest": self.visit_request,
            "outreach.campusentry": self.visit_request.entry,
            "outreach.priorityvenue": PriorityVenue.objects.create(
                unit=self.visit_request.unit, year=2026, document="1 号"
            ),
            "outreach.choicereport": self.choices,
            "workplaces.roomtier": self.room.tier,
            "workplaces.roomcriterion": RoomCriterion.objects.first(),
            "workplaces.flexibleoffer": self.flexible_offer,
            "entrepreneurship.base": self.base_request.base,
            "entrepreneurship.baseservice": self.base_request.service,
            "entrepreneurship.baserequest": self.base_request,
            **{f"networks.{name}": row for name, row in networks.rows_of(self.office).items()},
            "calls.call": self.call,
            "calls.application": self.application,
            "calls.publicnotice": self.public_notice,
            "calls.objection": self.objection,
            "calls.due": self.due,
            "calls.advantage": self.advantage,
            "calls.review": self.sheet.candidate.review,
            "role_models.story": self.story,
            "entrepreneurship.planmember": self.plan_member,
            "role_models.talkrequest": self.talk,
            "outreach.volunteer": outreach.ready(self.talent),
            "advisory.consultation": self.consultation,
            "advisory.consultationinvitation": self.opinion.invitation,
            "advisory.opinion": self.opinion,
            "advisory.sharetarget": self.target,
            **{f"advisory.{name}": row for name, row in self.suggested.items()},
            "entrepreneurship.transferprofile": self.tech_transfer,
            "entrepreneurship.transferinterest": self.transfer_interest,
            "entrepreneurship.transfercontract": self.transfer_contract,
            "entrepreneurship.transfermatch": self.transfer_match,
            "care_points.emergencynumber": EmergencyNumber.objects.first(),
            "care_points.earningrule": EarningRule.objects.first(),
            "care_points.ledgercheck": points.run_check(
                check=points.ask_check(by=None, now=now), now=now
            ),
            # Tried against the demo, too, which has one of its own.
            "care_points.pointsbudget": PointsBudget.objects.filter(year=2026).first()
            or points.save_budget(
                budget=None, year=2026, points=100_000, cost_per_point=1, by=None, now=now
            ),
            "care_points.carestation": self.station,
            "care_points.service": self.service,
            "care_points.servicehours": self.hours,
            "care_points.hourscertificate": self.hours_certificate,
            "care_points.redemption": self.voucher,
            "care_points.provider": self.provider,
            "care_points.appointment": self.booked.appointment,
            "care_points.transfer": account.entries.first().transfer,
            "care_points.pointsaccount": account,
            "events.noshowrule": NoShowRule.objects.create(
                absences=3, months=6, weeks=4, days_before=3, reason="多次空席", set_at=now
            ),
            "events.bookinghold": BookingHold.objects.create(
                user=person, days_before=3, until=now + timedelta(days=9), absences=3, made_at=now
            ),
            "events.event": self.draft,
            "events.booking": self.request,
            "cloud_home.circle": self.cloud.circle,
            "cloud_home.report": self.cloud.report,
            "cloud_home.hiding": self.cloud.hiding,
            "cloud_home.sanction": self.cloud.sanction,
            "cloud_home.preference": self.cloud.preference,
            "events.series": events.add_series(
                fields={"name": "月度沙龙", "department": clerk.department}, by=clerk, now=now
            ),
            "reports.monthlyreport": report,
        }
        self.public = PublicPage.objects.create(
            talent=her, is_on=True, shown=["research_fields"], changed_at=now
        )
        self.copy = copies.request_copy(user=person, by=person, now=now)
        copies.make_due(now=now)
        self.partner = make_partner()
        type(person).objects.update(password=make_password("walk"))
        for user in filter(None, self.cast.values()):
            user.refresh_from_db()

    def _choices(self, unit):
        """Return what a unit counted as a school."""
        unit.kind = "school"
        unit.save(update_fields=["kind"])
        return counts.report(unit)

    def _review(self):
        """Return the sheet, declared and opened, of a blind review of hers; another woman judges another call."""
        then = self.now - timedelta(days=12)
        calls.judging(
            calls.review(then, panel=0, applications=1, seats=[self.cast["another_woman"].talent])
        )
        review = calls.review(then, panel=0, applications=0, files=True)
        expert = {"full_name": "方评", "unit_text": "西南大学", "phone": EXPERT}
        judging.add_reviewer(review=review, person=expert, by=None, now=then)
        mine = calls.begun(review.call, self.talent, then)
        self.reviewed_file = calls.attached(mine, then)
        judging.submit_application(application=mine, by=None, now=then)
        judging.accept_application(application=mine, by=None, now=then)
        calls.judging(review)
        return calls.opened(review.candidates.get().assignments.get())

    def make_cast(self):
        """Return {role: user or None}; the woman is the owner of all that is reached for."""
        return {
            "anonymous": None,
            "woman": factories.user(NAME, phone=PHONE),
            "another_woman": factories.talent().user,
            "newcomer": factories.user("周新来"),
            "unit_contact": self._contact(),
            "station_operator": factories.user("吴站长"),
            "department_clerk": factories.staff("department_clerk"),
            "department_reviewer": factories.staff("department_reviewer"),
            "event_organiser": factories.staff("event_organiser"),
            "points_clerk": factories.staff("points_clerk"),
            "technology_mediator": factories.staff("technology_mediator"),
            "outreach_coordinator": factories.staff("outreach_coordinator"),
            "finance_officer": finance.officer(),
            "bank_contact": None,  # of the bank, which is made with its product
            "auditor": factories.staff("auditor"),
            "administrator": factories.staff("administrator"),
            "staff_elsewhere": factories.staff(
                "department_clerk",
                "department_reviewer",
                "event_organiser",
                department_code=ELSEWHERE,
            ),
            "staff_without_rights": factories.staff(),
            "reviewer": factories.user("方评", phone=EXPERT),
            "partner_elsewhere": None,
        }

    @staticmethod
    def _contact():
        person = factories.user("冯联系", unit=factories.unit())
        person.groups.add(*type(person).groups.rel.model.objects.filter(name="unit_contact"))
        return person
