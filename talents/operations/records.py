"""What every operation on a record needs: whose it is, saving it, keeping her account in step."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import operations as accounts
from accounts.models import Department, User
from kernel.errors import Conflict, Refused
from privacy.crypto import blind_index
from talents.models import Merge, Talent


def own_record(user):
    """Return the user's record, or None; the anonymous have none."""
    if not user.is_authenticated:
        return None
    try:
        return user.talent
    except ObjectDoesNotExist:
        return None


def merged_into(talents):
    """Return the records that stand merged into these (a QuerySet), over any number of merges.

    What was undone is two women's again: whoever asks what is hers has to ask here.
    """
    found, newest = set(), {talent.pk for talent in talents}
    while newest:
        merges = Merge.objects.filter(kept__in=newest, undone_at=None)
        newest = set(merges.values_list("lost", flat=True)) - found
        found |= newest
    return Talent.objects.filter(pk__in=found).order_by("pk")


def home_department():
    """Return the department that looks after those who registered themselves (the first of the seven)."""
    return Department.objects.order_by("order", "pk").first()


def lock_account(user_id):
    """Lock her account, for what is decided once for each woman; returns it as it stands.

    Always before her record, and that before its claims and proposals. Rows that only name her as theirs
    (bookings, notices) may be written meanwhile.
    """
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def lock_own(user):
    """Lock her account, then her record; returns the record, None where she has none."""
    lock_account(user.pk)
    return Talent.objects.locked().filter(user=user).first()


def lock_record(talent):
    """Lock the account of a record's woman, where she has one, then the record; returns it, None if it is gone."""
    if talent.user_id:
        lock_account(talent.user_id)
    return Talent.objects.locked().filter(pk=talent.pk).first()


def why_not_hers(user_id, by):
    """Return why `by` may not act for a user, or None: she herself may, and the system (None)."""
    if by is None or by.pk == user_id:
        return None
    return Refused("not_yours", _("只能办理您自己的档案。"))


def why_not_number(talent, number):
    """Return why this number cannot be verified as that of a record (DomainError), or None: for clerks."""
    index = blind_index("id_number", number)
    others = Talent.objects.in_database().filter(id_number_index=index).exclude(pk=talent.pk)
    return _number_known() if index and others.exists() else None


def _number_known():
    return Conflict(
        "id_number_known",
        _("人才库里另一份档案已有这个身份证号。请核对证件：是同一人就合并，不是就退回并请她更正。"),
    )


def save_record(talent):
    """Save a record; raises Conflict("id_number_known") where the database holds its number already."""
    try:
        with transaction.atomic():
            talent.save()
    except IntegrityError as error:
        if "talent_id_number_once" in str(error):
            raise _number_known() from error
        raise


def keep_account_in_step(talent, now):
    """Call her account by the name of her record; the system does so, whoever changed the record."""
    if talent.user_id and talent.full_name and talent.user.full_name != talent.full_name:
        accounts.change_user(user=talent.user, full_name=talent.full_name, by=None, now=now)
        talent.user.full_name = talent.full_name
