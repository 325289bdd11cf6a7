"""Finding a record by a whole phone or identity number."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import phones
from kernel import rights
from kernel.errors import Invalid
from privacy import limits
from privacy.crypto import blind_index
from talents.imports.workbook import values as readers
from talents.models import Talent


def find_by_number(*, number, by, now):
    """Return the Talents, among those `by` may see, with this phone or identity number (any spelling).

    Each try is on record and their number in an hour is limited (privacy.limits). Raises Refused,
    Invalid("number_incomplete") for what is neither, Invalid("number_unknown") where nobody has it.
    """
    rights.require(by, "talents.view_talent")
    column, value = _read(number)
    index = blind_index("phone" if column == "phone_index" else "id_number", value)

    def find():
        rows = Talent.objects.all() if by is None else Talent.objects.visible_to(by)
        found = list(rows.filter(**{column: index}).order_by("-pk")[:10])
        return found, int(not found)

    found = limits.look_up(find, by=by, now=now)
    if not found:
        raise Invalid("number_unknown", _("您能查看的档案里没有这个号码。"), field="number")
    return found


def _read(number):
    """Return (index column, written form) of a typed number."""
    if phone := phones.normalise(number):
        return "phone_index", phone
    if identity := readers.id_number(number, today=timezone.localdate()).value:
        return "id_number_index", identity
    sentence = _("请填写完整的 11 位手机号或 18 位身份证号。")
    raise Invalid("number_incomplete", sentence, field="number")
