"""Every address of the resolver, made concrete with the rows of one woman (tests.walk.world)."""

import re

from captcha.models import CaptchaStore

from tests.test_access import all_views
from tests.walk.table import OF_ONE_APP

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
# Addresses written as regular expressions, and what to ask instead.
PATTERNS = {
    "api/v1/^(?!docs/$)(?P<rest>.*)$": lambda world: "api/v1/nothing/",
    "admin/(?P<url>.*)$": lambda world: "admin/nothing",
}
# What stands in the place of an argument, by where the address begins; the first that fits.
ARGUMENTS = (
    (
        "admin/events/event/<int:pk>/feedback/<",
        lambda world: (world.feedback.event_id, world.feedback.pk),
    ),
    (
        "admin/events/event/<int:pk>/certificates/<",
        lambda world: (world.event.pk, world.certificate.pk),
    ),
    (
        "admin/events/event/<int:pk>/materials/<",
        lambda world: (world.event.pk, world.material.pk, 1),
    ),
    (
        "admin/events/event/<int:pk>/photos/<",
        lambda world: (world.event.pk, world.photo.pk),
    ),
    ("events/photos/", lambda world: (world.photo.code, "small")),
    ("events/materials/", lambda world: (world.material.code,)),
    ("points/certificates/", lambda world: (world.hours_certificate.code,)),
    ("events/certificates/", lambda world: (world.certificate.code,)),
    ("admin/events/event/<int:pk>/bookings/", lambda world: (world.event.pk, world.booking.code)),
    ("admin/events/event/<int:pk>/kept/", lambda world: (world.event.pk, world.pool.pk)),
    (
        "admin/reports/monthlyreport/<int:pk>/file.",
        lambda world: (_row(world, "reports.monthlyreport"), "pdf"),
    ),
    (
        "admin/events/event/<int:pk>/invitations/",
        lambda world: (world.event.pk, world.invitation.pk),
    ),
    (
        "admin/talents/talent/<path:object_id>/merge/",
        lambda world: (world.twin.pk, world.talent.pk),
    ),
    ("api/v1/talents/", lambda world: (world.talent.code,)),
    ("api/v1/events/", lambda world: (world.event.code,)),
    ("api/v1/talents/", lambda world: (world.talent.code,)),
    ("measures/", lambda world: (2,)),
    ("accounts/picture/", lambda world: (CaptchaStore.generate_key(),)),
    (
        "accounts/consents/<slug:purpose>/<slug",
        lambda world: ("finance_referral", world.referral.code),
    ),
    ("accounts/consents/", lambda world: ("unit_sharing",)),
    ("accounts/2fa/webauthn/keys/", lambda world: (world.passkey.pk,)),
    (
        "admin/talents/talent/<int:pk>/career/",
        lambda world: (_row(world, "talents.talent"), "tier"),
    ),
    ("admin/talents/talent/career/", lambda world: (world.entry.pk,)),
    ("me/profile/career/entry/", lambda world: (world.entry.pk,)),
    ("me/profile/career/", lambda world: ("education",)),
    ("people/", lambda world: (world.public.address,)),
    ("me/profile/", lambda world: (1,)),
    ("me/data/copy/", lambda world: (world.copy.pk,)),
    ("events/feed/", lambda world: (world.talent.user.code, world.calendar.secret)),
    ("events/series/", lambda world: (world.rows["events.series"].code,)),
    ("events/handed/", lambda world: (world.transfer.pk, world.transfer.secret)),
    ("events/mine/speaking/", lambda world: (world.speaker.pk,)),
    ("events/mine/", lambda world: (world.booking.code,)),
    ("events/c/", lambda world: (world.booking.code,)),
    ("events/<str:code>/share-", lambda world: (world.event.code, world.event.share_picture.mark)),
    ("events/", lambda world: (world.event.code,)),
    ("cloud/events/", lambda world: (world.cloud.event.code,)),
    ("cloud/c/", lambda world: (world.cloud.circle.code,)),
    ("cloud/t/", lambda world: (world.cloud.topic.code,)),
    # The post that is hidden, where the page is about that.
    ("cloud/p/<int:pk>/unhide/", lambda world: (world.cloud.hiding.post_id,)),
    ("cloud/p/<int:pk>/appeal/", lambda world: (world.cloud.hiding.post_id,)),
    ("cloud/p/", lambda world: (world.cloud.post.pk,)),
    ("cloud/suspensions/", lambda world: (world.cloud.sanction.pk,)),
    ("cloud/files/", lambda world: (world.cloud.file.pk,)),
    ("cloud/asked/", lambda world: (world.cloud.ask.pk,)),
    (
        "admin/places/place/<int:pk>/other-hours/<",
        lambda world: (world.station.place_id, world.other_hours.pk),
    ),
    (
        "admin/care_points/provider/<int:pk>/leave/<",
        lambda world: (world.provider.pk, world.leave.pk),
    ),
    (
        "admin/calls/call/<int:pk>/fields/<int:number>/",
        lambda world: (world.draft_call.pk, world.draft_call.fields.first().pk),
    ),
    (
        "admin/calls/call/<int:pk>/steps/<int:number>/",
        lambda world: (world.step.call_id, world.step.pk),
    ),
    (
        "admin/calls/call/<int:pk>/requirements/<int:number>/",
        lambda world: (world.requirement.call_id, world.requirement.pk),
    ),
    (
        "admin/calls/call/<int:pk>/requirements/add/",
        lambda world: (world.requirement.call_id,),
    ),
    ("admin/calls/call/<int:pk>/steps/add/", lambda world: (world.step.call_id,)),
    ("admin/calls/call/<int:pk>/fields/add/", lambda world: (world.draft_call.pk,)),
    *(
        (f"admin/calls/review/<int:pk>/{part}/", find)
        for part, find in {
            "criteria/add": lambda world: (world.preparing.pk,),
            "criteria": lambda world: (world.preparing.pk, world.preparing.criteria.first().pk),
            "reviewers/add": lambda world: (world.preparing.pk,),
            "reviewers/<int:number>/remove": lambda world: (
                world.preparing.pk,
                world.preparing.reviewers.first().pk,
            ),
            "reviewers": lambda world: (
                world.sheet.candidate.review.pk,
                world.sheet.reviewer.pk,
            ),
            "candidates": lambda world: (world.sheet.candidate.review.pk, world.sheet.candidate.pk),
            "sheets": lambda world: (world.sheet.candidate.review.pk, world.sheet.pk),
        }.items()
    ),
    (
        "calls/review/sheet/<slug:code>/files/",
        lambda world: (world.sheet.code, world.reviewed_file.code),
    ),
    (
        "innovation/ventures/invitation/",
        lambda world: (world.founder_link.pk, world.founder_link.secret),
    ),
    (
        "innovation/ventures/<slug:code>/founders/<",
        lambda world: (world.venture.code, world.venture.founders.first().pk),
    ),
    (
        "innovation/ventures/<slug:code>/checks/",
        lambda world: (world.venture.code, world.checkpoint.pk),
    ),
    ("networks/mine/posts/", lambda world: (world.office.pk,)),
    ("networks/mine/", lambda world: (world.membership.code,)),
    (
        "networks/run/<slug:code>/enter/",
        lambda world: (world.office.association.code, "count"),
    ),
    (
        "networks/run/<slug:code>/members/",
        lambda world: (world.office.association.code, world.membership.code),
    ),
    ("networks/", lambda world: (world.office.association.code,)),
    ("innovation/bases/services/", lambda world: (world.base_request.service_id,)),
    ("innovation/bases/requests/", lambda world: (world.base_request.code,)),
    ("innovation/bases/answer/", lambda world: (world.base_request.code,)),
    ("innovation/bases/", lambda world: (world.base_request.base_id,)),
    (
        "workplaces/nurseries/mine/<int:pk>/classes/<",
        lambda world: (world.nursery_class.nursery_id, world.nursery_class.pk),
    ),
    ("outreach/class/", lambda world: (world.survey.code,)),
    ("outreach/requests/<str:code>/survey/<", lambda world: (world.visit_request.code, "before")),
    ("outreach/requests/<str:code>/survey", lambda world: (world.visit_request.code,)),
    ("outreach/requests/<str:code>/w", lambda world: (world.request_draft.code,)),
    ("outreach/requests/<str:code>/send", lambda world: (world.request_draft.code,)),
    ("outreach/requests/", lambda world: (world.visit_request.code,)),
    ("outreach/visits/", lambda world: (world.visit_invitation.pk,)),
    ("outreach/choices/", lambda world: (world.choices.year,)),
    ("outreach/lessons/", lambda world: (world.lesson.code,)),
    ("workplaces/units/", lambda world: (world.room.unit_id,)),
    ("workplaces/rooms/", lambda world: (world.room.pk,)),
    ("admin/workplaces/room/photos/", lambda world: (world.room_photo.code,)),
    ("workplaces/flexible/", lambda world: (world.flexible_offer.pk,)),
    ("workplaces/nurseries/", lambda world: (world.nursery_class.nursery_id,)),
    ("innovation/ventures/", lambda world: (world.venture.code,)),
    ("calls/review/sheet/", lambda world: (world.sheet.code,)),
    ("calls/files/", lambda world: (world.attachment.code,)),
    (
        "admin/calls/application/<int:pk>/files/",
        lambda world: (world.application.pk, world.attachment.code),
    ),
    ("admin/calls/due/<int:pk>/files/", lambda world: (world.due.pk, world.due_file.code)),
    ("calls/due/files/", lambda world: (world.due_file.code,)),
    ("calls/due/", lambda world: (world.due.code,)),
    ("calls/review/", lambda world: (world.sheet.reviewer.code,)),
    (
        "calls/colleague/",
        lambda world: (world.colleague.pk, world.colleague.secret),
    ),
    ("calls/shared/", lambda world: (world.application.code,)),
    ("calls/mine/<slug:code>/file", lambda world: (world.application.code, "pdf")),
    ("calls/mine/", lambda world: (world.application.code,)),
    ("calls/nominations/", lambda world: (world.nomination.code,)),
    ("calls/unit/applications/", lambda world: (world.application.code,)),
    ("calls/unit/", lambda world: (world.call.code,)),
    ("calls/notices/", lambda world: (world.public_notice.code,)),
    ("calls/objections/", lambda world: (world.objection.code,)),
    ("calls/", lambda world: (world.call.code,)),
    (
        "admin/role_models/story/<int:pk>/photos/<",
        lambda world: (world.story.pk, world.story_photo.pk),
    ),
    ("innovation/plans/", lambda world: (world.plan_member.pk,)),
    ("stories/mine/", lambda world: (world.story.code,)),
    ("stories/preview/", lambda world: (world.story.code,)),
    ("stories/photos/", lambda world: (world.story_photo.code, "small")),
    ("stories/series/", lambda world: (world.rows["events.series"].code,)),
    (
        "admin/advisory/consultation/<int:pk>/papers/<",
        lambda world: (world.consultation.pk, world.paper.code),
    ),
    (
        "admin/advisory/adoption/<int:pk>/proofs/<",
        lambda world: (
            world.suggested["adoption"].pk,
            world.suggested["adoptionproof"].code,
        ),
    ),
    (
        "advisory/suggestions/campaigns/",
        lambda world: (world.suggested["suggestioncampaign"].code,),
    ),
    (
        "advisory/suggestions/<slug:code>/replies/",
        lambda world: (world.suggested["suggestion"].code, world.suggested["reply"].pk),
    ),
    (
        "advisory/suggestions/<slug:code>/adoptions/",
        lambda world: (world.suggested["suggestion"].code, world.suggested["adoption"].pk, 6),
    ),
    (
        "advisory/suggestions/<slug:code>/letter",
        lambda world: (world.suggested["suggestion"].code, "docx"),
    ),
    ("advisory/suggestions/", lambda world: (world.suggested["suggestion"].code,)),
    ("advisory/consultations/opinions/", lambda world: (world.opinion.pk,)),
    (
        "advisory/consultations/<int:pk>/papers/",
        lambda world: (world.opinion.invitation_id, world.paper.code),
    ),
    ("advisory/consultations/", lambda world: (world.opinion.invitation_id,)),
    ("stories/talks/mine/", lambda world: (world.talk.invitations.get().pk,)),
    ("stories/talks/", lambda world: (world.talk.code,)),
    ("api/v1/calls/", lambda world: (world.call.code,)),
    ("api/v1/nominations/", lambda world: (world.unit_nomination.code,)),
    ("api/v1/flexible-work/", lambda world: (world.flexible_offer.pk,)),
    ("api/v1/nursery-classes/", lambda world: (world.nursery_class.pk,)),
    ("api/v1/base-requests/", lambda world: (world.base_request.code,)),
    ("api/v1/transfers/", lambda world: (world.shown_transfer.code,)),
    ("api/v1/talk-requests/", lambda world: (world.talk.code,)),
    (
        "stories/<slug:code>/share-",
        lambda world: (world.told.code, world.told.share_picture.mark),
    ),
    ("stories/", lambda world: (world.told.code,)),
    (
        "admin/honours/award/<int:pk>/evidence/",
        lambda world: (world.award.pk, world.award_file.code),
    ),
    ("innovation/finance/mine/", lambda world: (world.referral.code,)),
    ("innovation/finance/bank/", lambda world: (world.referral.code,)),
    ("api/v1/finance/referrals/", lambda world: (world.referral.code,)),
    ("innovation/finance/products/", lambda world: (world.terms.product.code,)),
    ("honours/evidence/", lambda world: (world.award_file.code,)),
    ("honours/mine/", lambda world: (world.award.code,)),
    ("innovation/learning/certificates/", lambda world: (world.training_certificate.code,)),
    (
        "innovation/learning/coaching/hours/",
        lambda world: (world.coaching_hour.event.code,),
    ),
    (
        "innovation/learning/coaching/proposals/",
        lambda world: (world.proposal_of_times.code,),
    ),
    ("innovation/learning/coaching/", lambda world: (world.coaching_hour.coach.code,)),
    ("innovation/learning/", lambda world: (world.programme.code,)),
    ("honours/certificates/", lambda world: (world.honour_certificate.code,)),
    ("innovation/transfer/interests/", lambda world: (world.transfer_interest.code,)),
    ("innovation/transfer/matches/", lambda world: (world.transfer_match.pk,)),
    (
        "admin/entrepreneurship/transferinterest/<int:pk>/document/",
        lambda world: (world.transfer_interest.pk, world.transfer_interest.files.get().code),
    ),
    (
        "admin/entrepreneurship/transfercontract/<int:pk>/payments/",
        lambda world: (world.transfer_contract.pk, world.transfer_contract.payments.get().pk),
    ),
    ("innovation/transfer/mine/new/", lambda world: ("offer", "own")),
    ("innovation/transfer/mine/", lambda world: (world.tech_transfer.code,)),
    ("innovation/transfer/endorse/", lambda world: (world.endorsing.code,)),
    ("innovation/transfer/", lambda world: (world.shown_transfer.code,)),
    ("points/services/<int:pk>/times/", lambda world: (world.timed.pk,)),
    ("points/vouchers/<int:pk>/move/", lambda world: (world.booked.pk,)),
    ("points/vouchers/<int:pk>/calendar/", lambda world: (world.booked.pk,)),
    ("points/vouchers/<int:pk>/time/", lambda world: (world.private_voucher.pk,)),
    ("points/cases/", lambda world: (world.case.pk,)),
    ("points/station/", lambda world: (world.booked.pk,)),
    ("points/stations/", lambda world: (world.station.pk,)),
    ("points/services/", lambda world: (world.service.pk,)),
    ("points/vouchers/", lambda world: (world.voucher.pk,)),
)


def _row(world, label):
    return world.rows[label].pk


def arguments(route, world):
    """Return what fills the arguments of a route; a KeyError asks for a line in ARGUMENTS."""
    for beginning, values in ARGUMENTS:
        if route.startswith(beginning):
            return values(world)
    _admin, app, model, *_ = route.split("/")
    return (_row(world, f"{app}.{model}"),)


def key(route, name):
    """Return what a route is called in the table: its name, or the address where it has none."""
    return name or route


def address(route, world, instead=None):
    """Return a route as a path; `instead` stands in the place of every argument."""
    if route in PATTERNS:
        return f"/{PATTERNS[route](world)}"
    if "app_label>" in route:
        return "/admin/talents/"
    if not ARGUMENT.search(route):
        return f"/{route}"
    values = iter(arguments(route, world))
    return "/" + ARGUMENT.sub(
        lambda match: str(next(values) if instead is None else instead), route
    )


def routes():
    """Return {key: route} of the resolver; two of one name would hide one another."""
    found = {}
    for route, name, _namespaces, _view in all_views():
        known = found.setdefault(key(route, name), route)  # one put before another hides it
        assert known == route, f"two addresses are called {name}"
    return found


def walked_by(role):
    """Return {key: route} of what a member of the cast walks: everything, or the addresses of the app of her rights."""
    found = routes()
    if role not in OF_ONE_APP:
        return found
    rows = [f"admin/{part.replace('.', '/')}/" for part in OF_ONE_APP[role]]
    begins = ("innovation/", *rows)
    return {key: route for key, route in found.items() if route.startswith(begins)}
