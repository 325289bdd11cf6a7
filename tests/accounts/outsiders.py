"""One call of every operation, for tests/test_rights.py."""

from accounts import operations, rescue
from tests import factories
from tests.rights import call

CALLS = (
    call(
        rescue.replace_phone,
        lambda: {"user": factories.user(), "phone": "13900001111", "reason": "本人持证到场"},
        insider=lambda given: factories.staff("administrator"),
    ),
    call(
        rescue.reset_second_factor,
        lambda: {"user": factories.user(), "reason": "本人持证到场"},
        insider=lambda given: factories.staff("administrator"),
    ),
    call(
        operations.set_phone,
        lambda: {"user": factories.user(), "phone": "14000008888", "verified": True},
        insider=lambda given: given["user"],
    ),
    call(
        operations.set_language,
        lambda: {"user": factories.user(), "language": "en"},
        insider=lambda given: given["user"],
    ),
    call(
        operations.drop_password,
        lambda: {"user": factories.user(password="两江Camellia2026")},
        insider=lambda given: given["user"],
    ),
    call(
        operations.add_user,
        lambda: {"phone": "14000008888", "full_name": "陈新"},
        insider=lambda given: factories.staff("administrator"),
    ),
    call(
        operations.change_user,
        lambda: {"user": factories.user(), "full_name": "陈新"},
        insider=lambda given: factories.staff("administrator"),
    ),
    call(
        operations.set_roles,
        lambda: {"user": factories.staff("auditor"), "roles": ["administrator"]},
        insider=lambda given: factories.staff("administrator"),
    ),
    call(
        operations.save_unit,
        lambda: {"unit": factories.unit(), "address": "金渝大道1号"},
        insider=lambda given: factories.staff("department_clerk"),
        open_to=["staff elsewhere"],  # units belong to no department: every clerk keeps them
    ),
    call(
        operations.find_by_phone,
        lambda: {"phone": factories.user().phone},
        insider=lambda given: factories.staff("administrator"),
    ),
)
