"""One call of every operation, for tests/test_rights.py."""

from privacy import consents, copies, operations, verification
from talents.models import TALENT_DATABASE
from tests import factories
from tests.factories import NOW
from tests.rights import call


def agreed():
    """Return a woman who agreed to the database."""
    person = factories.talent().user
    factories.consent(person, TALENT_DATABASE)
    return person


def ready_copy():
    """Return a copy that can be fetched."""
    copy = copies.request_copy(user=factories.user(), by=None, now=NOW)
    copies.make_due(now=NOW)
    copy.refresh_from_db()
    return copy


CALLS = (
    call(
        copies.request_copy,
        lambda: {"user": factories.talent().user},
        insider=lambda given: given["user"],
        others={"administrator": lambda: factories.staff("administrator")},
    ),
    call(
        copies.download_copy,
        lambda: {"copy": ready_copy()},
        insider=lambda given: given["copy"].user,
        others={"administrator": lambda: factories.staff("administrator")},
    ),
    call(
        consents.grant,
        lambda: {"user": factories.talent().user, "purpose": TALENT_DATABASE},
        insider=lambda given: given["user"],
    ),
    call(
        consents.withdraw,
        lambda: {"user": agreed(), "purpose": TALENT_DATABASE},
        insider=lambda given: given["user"],
    ),
    call(
        verification.ask,
        dict,
        insider=lambda given: factories.staff("auditor"),
    ),
    call(
        operations.read_audit,
        dict,
        insider=lambda given: factories.staff("auditor"),
    ),
    call(
        operations.reveal,
        lambda: {
            "obj": factories.talent(phone="14000008888"),
            "field": "phone",
            "reason": "电话核对身份",
        },
        insider=lambda given: factories.staff("department_reviewer"),
    ),
)
