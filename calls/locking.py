"""The order of locks: the call, then its award, then a unit's places, then an application (and with it what is due of it), then the call's numbering; the call, then a review, then a sheet.

Who applies holds the call with FOR SHARE: thousands may at once, and whoever opens, closes, extends or cancels it
waits for them and they for her. So no application slips in beside a cancelled or closed call.
"""

from django.db import connection

from calls.models import Application, Assignment, Call, Due, Review
from kernel.text import fold


def lock_call(call):
    """Return the call as it stands, alone with it until the transaction ends."""
    return Call.objects.select_for_update(of=("self",), no_key=True).get(pk=call.pk)


def share_call(pk):
    """Return the call as it stands and keep it so until the transaction ends; others may share it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM calls_call WHERE id = %s FOR SHARE", [pk])
    return Call.objects.get(pk=pk)


AWARDS = 0x61776172  # the first key of pg_advisory_xact_lock: "awar"


def lock_award(call):
    """Be alone with what is awarded under one name in all calls, where a woman may have it only so often."""
    if call.most_awards:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [AWARDS, fold(call.award)]
            )


UNIT_PLACES = (
    0x63616C6C  # the first key of pg_advisory_xact_lock: "call"; the trigger of 0006 takes the same
)


def lock_unit_places(call, unit_id):
    """Be alone with the places a unit has in a call until the transaction ends; its call is shared before.

    Two contacts of one unit wait for each other, those of other units never.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashint8((%s::bigint << 32) + %s))",
            [UNIT_PLACES, call.pk, unit_id or 0],
        )


def lock_application(application, *, call):
    """Return the application as it stands, locked; `call` is its call, locked or shared before."""
    rows = Application.objects.select_related("talent__user").select_for_update(
        of=("self",), no_key=True
    )
    found = rows.get(pk=application.pk)
    found.call = call
    return found


def lock_due(due):
    """Return what is due as it stands, alone with its application: its steps stand on one another."""
    application = due.application
    application = lock_application(application, call=share_call(application.call_id))
    found = Due.objects.select_related("step").get(pk=due.pk)
    found.application = application
    return found


def lock_review(review):
    """Return the review as it stands, alone with it; its call is shared before, so that it does not settle meanwhile."""
    share_call(review.call.pk)
    rows = Review.objects.select_related("stage__call__department")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=review.pk)


def share_review(review):
    """Return the review as it stands and keep it so; reviewers at work share it and never wait for one another."""
    share_call(review.call.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM calls_review WHERE id = %s FOR SHARE", [review.pk])
    return Review.objects.select_related("stage__call").get(pk=review.pk)


def lock_assignment(assignment, *, review):
    """Return the sheet as it stands, locked; `review` is its review, locked or shared before."""
    rows = Assignment.objects.select_related("reviewer__user", "candidate__application__talent")
    found = rows.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)
    found.reviewer.review = found.candidate.review = review
    found.candidate.application.call = review.call
    return found
