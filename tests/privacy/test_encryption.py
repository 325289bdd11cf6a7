"""Encrypted fields and blind indexes: what the database holds, and what it gives back."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from privacy import crypto
from tests import factories

K1 = "k1:" + "0123456789abcdef" * 2
K2 = "k2:" + "fedcba9876543210" * 2
PHONE = "13812345678"


def test_a_value_comes_back_and_two_encryptions_differ():
    first, second = (
        crypto.encrypt("a.b.c", "中文 13812345678"),
        crypto.encrypt("a.b.c", "中文 13812345678"),
    )
    assert first != second
    assert crypto.decrypt("a.b.c", first) == crypto.decrypt("a.b.c", second) == "中文 13812345678"
    assert b"13812345678" not in first


def test_a_value_moved_to_another_column_does_not_decrypt():
    stored = crypto.encrypt("talents.talent.phone", PHONE)
    with pytest.raises(crypto.DecryptionError, match="belongs elsewhere"):
        crypto.decrypt("talents.talent.id_number", stored)


@pytest.mark.parametrize("position", [4, 20, 35])
def test_a_changed_bit_is_noticed_anywhere(position):
    stored = bytearray(crypto.encrypt("a.b.c", PHONE))
    stored[position] ^= 1
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt("a.b.c", bytes(stored))


@pytest.mark.parametrize("stored", [b"", b"\x02k1", b"\xff" * 20])
def test_what_is_no_ciphertext_is_refused_without_a_crash(stored):
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt("a.b.c", stored)


def test_the_ring_encrypts_with_the_first_key_and_reads_with_every(settings):
    settings.FIELD_KEYS = K1
    old = crypto.encrypt("a.b.c", PHONE)
    settings.FIELD_KEYS = f"{K2},{K1}"
    new = crypto.encrypt("a.b.c", PHONE)
    assert (old[:3], new[:3]) == (b"\x02k1", b"\x02k2")
    assert crypto.decrypt("a.b.c", old) == crypto.decrypt("a.b.c", new) == PHONE
    settings.FIELD_KEYS = K2
    with pytest.raises(crypto.DecryptionError, match="not in FIELD_KEYS"):
        crypto.decrypt("a.b.c", old)


@pytest.mark.parametrize(
    "ring", ["", "k1", "k1:abc", ":" + "0" * 32, "k1:" + "g" * 32, f"{K1},{K1}"]
)
def test_a_malformed_ring_is_refused_without_telling_the_key(ring):
    with pytest.raises(ValueError, match="not a key ring") as caught:
        crypto.parse_ring(ring)
    assert "abc" not in str(caught.value) and "gggg" not in str(caught.value)


def test_sm4_and_sm3_are_the_standards_own():
    # GB/T 32907 appendix A.1 and GB/T 32905 appendix A.1.
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305
    assert encryptor.update(key).hex() == "681edf34d206965e86b3e94f536e4246"
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )


@pytest.mark.django_db
def test_the_database_never_holds_the_number():
    factories.user(phone=PHONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_index FROM accounts_user")
        ((cipher, index),) = cursor.fetchall()
    assert PHONE.encode() not in bytes(cipher)
    assert PHONE not in index and len(index) == 64
    assert User.objects.get().phone == PHONE


@pytest.mark.django_db
def test_a_person_is_found_by_her_number_and_the_number_is_unique():
    person = factories.user(phone=PHONE)
    assert User.objects.get_by_phone(PHONE) == person
    assert User.objects.get_by_phone("13899998888") is None
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.user(phone=PHONE)


@pytest.mark.django_db
def test_encrypted_fields_refuse_to_be_searched_or_compared():
    with pytest.raises(TypeError, match="blind index"):
        User.objects.filter(phone=PHONE).exists()
    with pytest.raises(TypeError, match="blind index"):
        User.objects.filter(phone__contains=b"138").exists()
    factories.user(phone=None)
    assert User.objects.filter(phone__isnull=True).count() == 1


@pytest.mark.django_db
def test_empty_text_is_stored_as_null_and_several_may_have_none():
    factories.user(phone=None)
    factories.user(phone="")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM accounts_user WHERE phone IS NULL AND phone_index IS NULL"
        )
        assert cursor.fetchone() == (2,)


def test_the_index_is_keyed_and_differs_by_field(settings):
    first = crypto.blind_index("phone", PHONE)
    assert first != crypto.blind_index("id_number", PHONE)
    settings.INDEX_KEY = "ff" * 32
    assert first != crypto.blind_index("phone", PHONE)
    assert crypto.blind_index("phone", "") is None


def test_parts_of_a_digest_do_not_run_together():
    assert crypto.keyed_digest("ab", "c") != crypto.keyed_digest("a", "bc")
