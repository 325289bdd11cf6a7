"""Giving a partner unit a key to the API and taking it back."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_access_token_model

from kernel import rights
from kernel.errors import Conflict, Invalid
from partners.models import PartnerKey
from partners.scopes import scopes as known_scopes
from privacy import audit


@transaction.atomic
def create_key(*, unit, name, scopes, expires_at, client_id, by, now):
    """Give `unit` a key; returns (PartnerKey, secret). The secret is not stored and not shown again.

    `scopes` are codes some app declares, `expires_at` an aware datetime or None, `client_id` a fresh random id
    made with the form, so that sending the form twice cannot make two keys. Raises Refused, Conflict or
    Invalid.
    """
    rights.require(by, "partners.add_partnerkey")
    if PartnerKey.objects.filter(client_id=client_id).exists():
        raise Conflict(
            "key_exists", _("这把密钥已经创建过。密钥只显示一次，如果没有记下，请停用后另建。")
        )
    if not unit.is_partner:
        raise Invalid("unit_not_partner", _("该单位不是合作单位，不能发放接口密钥。"), field="unit")
    if not scopes or set(scopes) - set(known_scopes()):
        raise Invalid("scopes_missing", _("请至少选择一项权限范围。"), field="scopes")
    if expires_at and expires_at <= now:
        raise Invalid("expiry_past", _("到期时间要晚于现在。"), field="expires_at")
    secret = generate_client_secret()
    key = PartnerKey.objects.create(
        unit=unit,
        name=name,
        allowed_scopes=sorted(scopes),
        expires_at=expires_at,
        client_id=client_id,
        client_secret=secret,
        client_type=PartnerKey.CLIENT_CONFIDENTIAL,
        authorization_grant_type=PartnerKey.GRANT_CLIENT_CREDENTIALS,
    )
    audit.record("partners.create_key", key, by=by, at=now, unit=unit.pk, scopes=sorted(scopes))
    return key, secret


@transaction.atomic
def revoke_key(*, key, by, now):
    """Stop a key for good: its tokens are gone at once. Doing it twice changes nothing. Raises Refused."""
    rights.require(by, "partners.change_partnerkey")
    key = PartnerKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        get_access_token_model().objects.filter(application=key).delete()
        audit.record("partners.revoke_key", key, by=by, at=now)
    return key
