"""One call of every operation, for tests/test_rights.py."""

from privacy import consents, operations, verification
from talents.models import TALENT_DATABASE
from tests import factories
from tests.rights import call


def agreed():
    """Return a woman who agreed to the database."""
    person = factories.talent().user
    factories.consent(person, TALENT_DATABASE)
    return person


CALLS = (
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
