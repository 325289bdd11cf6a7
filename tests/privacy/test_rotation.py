"""Key rotation: everything under the new key, nothing lost, nobody's save overwritten."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from privacy import crypto, rotation
from privacy.fields import EncryptedTextField
from tests import factories
from tests.privacy.test_encryption import K1, K2

pytestmark = pytest.mark.django_db


def keys_in_use():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT substring(phone FROM 1 FOR 3) FROM accounts_user")
        return sorted(bytes(row[0]) for row in cursor.fetchall())


def run(*args):
    out = io.StringIO()
    call_command("rotate_keys", *args, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def people(settings):
    settings.FIELD_KEYS = K1
    made = [factories.user() for _ in range(7)]
    settings.FIELD_KEYS = f"{K2},{K1}"
    return made


def test_every_encrypted_column_of_every_model_is_covered():
    labels = {field.label for _model, field in rotation.columns(EncryptedTextField)}
    assert {"accounts.user.phone", "talents.talent.id_number", "talents.talent.phone"} <= labels


def test_all_values_move_to_the_new_key_and_read_the_same(people, settings):
    numbers = {user.pk: user.phone for user in people}
    lines = run("--batch", "3")
    assert keys_in_use() == [b"\x02k2"]
    assert "accounts.User.phone: 3/7" in lines and "accounts.User.phone: 7/7" in lines
    assert lines[-1] == "已有 7 个值改用新密钥 k2。"
    settings.FIELD_KEYS = K2  # the old key may go now
    assert {user.pk: user.phone for user in User.objects.all()} == numbers


def test_a_dry_run_counts_and_writes_nothing(people):
    assert run("--dry-run")[-1] == "共有 7 个值需要改用新密钥 k2；未写入任何内容。"
    assert keys_in_use() == [b"\x02k1"]


def test_a_run_cut_short_goes_on_where_it_stopped(people):
    field = User._meta.get_field("phone")
    assert next(rotation.rotate(User, field, batch=3)) == (3, 0)
    assert rotation.outdated(User, field) == 4
    assert run()[-1] == "已有 4 个值改用新密钥 k2。"
    assert run()[-1] == "已有 0 个值改用新密钥 k2。"


def test_a_number_saved_meanwhile_is_not_overwritten(people, monkeypatch):
    """Her save falls between our reading and our writing; without the condition it would be lost."""
    original = crypto.encrypt
    victim, saved = people[0].pk, []

    def encrypt(label, text):
        if not saved and label == "accounts.user.phone":
            saved.append(True)
            user = User.objects.get(pk=victim)
            user.phone = "13900001111"
            user.save()
        return original(label, text)

    monkeypatch.setattr(rotation.crypto, "encrypt", encrypt)
    field = User._meta.get_field("phone")
    assert list(rotation.rotate(User, field)) == [(6, 1)]
    assert User.objects.get(pk=victim).phone == "13900001111"
    assert keys_in_use() == [b"\x02k2"]


def test_a_value_nobody_can_read_stops_the_run_and_names_the_row(people, settings):
    settings.FIELD_KEYS = K2
    with pytest.raises(CommandError, match=f'"accounts_user" {people[0].pk}'):
        run()


def test_blind_indexes_follow_a_new_index_key(people, settings):
    number = people[2].phone
    settings.INDEX_KEY = "ab" * 32
    assert User.objects.get_by_phone(number) is None
    run("--indexes", "--dry-run")
    assert User.objects.get_by_phone(number) is None
    run("--indexes")
    assert User.objects.get_by_phone(number) == people[2]
