"""One call of every operation, for tests/test_rights.py."""

from accounts import access_requests, joint, operations, rescue
from tests import factories
from tests.rights import call


def asked():
    """Return what an administrator asked for, waiting for a second person."""
    return joint.ask(
        kind=access_requests.CHANGE,
        person=factories.user(),
        by=factories.staff("administrator"),
        now=factories.NOW,
        reason="新来的同事",
        params={"added": ["auditor"], "removed": []},
    )


def a_second(given):
    """Return another administrator."""
    return factories.staff("administrator")


CALLS = (
    call(
        joint.confirm,
        lambda: {"action": asked()},
        insider=a_second,
    ),
    call(joint.refuse, lambda: {"action": asked(), "reason": "没有这回事"}, insider=a_second),
    call(
        joint.withdraw,
        lambda: {"action": asked()},
        insider=lambda given: given["action"].requested_by,
        others={"another administrator": lambda: factories.staff("administrator")},
    ),
    call(
        access_requests.add,
        lambda: {"phone": "14000008888", "full_name": "陈新", "roles": ["auditor"]},
        insider=a_second,
    ),
    call(
        access_requests.change,
        lambda: {"user": factories.user(), "roles": [], "full_name": "陈新"},
        insider=a_second,
    ),
    call(
        access_requests.ask,
        lambda: {
            "user": factories.user(),
            "raised": {"roles": ["auditor"]},
            "reason": "新来的同事",
        },
        insider=a_second,
    ),
    call(
        rescue.ask_rescue,
        lambda: {"user": factories.staff("auditor"), "reason": "本人持证到场"},
        insider=a_second,
    ),
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
        operations.sign_out_device,
        lambda: {"user": factories.user(), "mark": "x"},
        insider=lambda given: given["user"],
    ),
    call(
        operations.sign_out_everywhere,
        lambda: {"user": factories.user()},
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
        lambda: {"user": factories.staff(), "roles": ["administrator"]},
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
