"""One call of every operation, for tests/test_rights.py."""

from notices import choosing, operations
from notices.models import Channel, Delivery, DeliveryState, Notice
from tests import factories
from tests.rights import call


def failed():
    """Return a delivery that did not arrive."""
    notice = Notice.objects.create(
        recipient=factories.user(),
        kind="talents.verified",
        object_key="1",
        context={"name": "王小敏", "department": "妇联"},
        due_at=factories.NOW,
        created_at=factories.NOW,
    )
    return Delivery.objects.create(
        notice=notice, channel=Channel.SMS, due_at=factories.NOW, state=DeliveryState.FAILED
    )


CALLS = (
    call(
        choosing.choose_ways,
        lambda: {"user": factories.user(), "ways": {}},
        insider=lambda given: given["user"],
    ),
    call(
        operations.mark_read,
        lambda: {"user": failed().notice.recipient},
        insider=lambda given: given["user"],
    ),
    call(
        operations.send_again,
        lambda: {"delivery": failed()},
        insider=lambda given: factories.staff("administrator"),
    ),
)
