"""Encryption of single values (SM4-GCM, GB/T 32907) and keyed look-up digests (HMAC-SM3, GB/T 32905).

A stored value is `key id length (1 byte) | key id | nonce (12) | tag (16) | ciphertext`. The field's
label is authenticated with it, so a ciphertext moved to another column does not decrypt. The newest
key of the ring encrypts, every key decrypts: rotation is adding a key and running `rotate_keys`.
"""

import os
import re
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

NONCE, TAG = 12, 16


class DecryptionError(ValueError):
    """The value was made with a key the ring does not hold, or was tampered with."""


def parse_ring(text):
    """Return {key id: 16-byte key} from "k2:<32 hex>,k1:<32 hex>"; the first encrypts.

    Raises ValueError, which completes "FIELD_KEYS is …" and names the bad part by its place: what
    stands there may be a key whose name was forgotten.
    """
    ring = {}
    for number, part in enumerate(filter(None, (p.strip() for p in text.split(","))), start=1):
        key_id, _, key = part.partition(":")
        if not key_id or len(key_id.encode()) > 255 or not re.fullmatch("[0-9a-fA-F]{32}", key):
            raise ValueError(f"not a key ring (key {number} is not name:32 hexadecimal digits)")
        if key_id in ring:
            raise ValueError(f"not a key ring (key {number} has the name of an earlier one)")
        if bytes.fromhex(key) in ring.values():
            raise ValueError(f"not a key ring (key {number} is an earlier one under a new name)")
        ring[key_id] = bytes.fromhex(key)
    if not ring:
        raise ValueError("not a key ring (it holds no key)")
    return ring


@lru_cache(maxsize=4)
def _ring(text):
    return parse_ring(text)


def current_key_id():
    """Return the id of the key that encrypts today."""
    return next(iter(_ring(settings.FIELD_KEYS)))


def newest_alone():
    """Return the ring with nothing in it but the key that encrypts today."""
    key_id = current_key_id()
    return {key_id: _ring(settings.FIELD_KEYS)[key_id]}


def other_key_ids():
    """Return the ids of the keys that only decrypt."""
    return list(_ring(settings.FIELD_KEYS))[1:]


def header(key_id):
    """Return the first bytes of every value encrypted with this key."""
    name = key_id.encode()
    return bytes([len(name)]) + name


def encrypt(label, text):
    """Return `text` (str) encrypted for the column `label` ("app.model.field"), as bytes."""
    key_id, key = next(iter(_ring(settings.FIELD_KEYS).items()))
    nonce = os.urandom(NONCE)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(label.encode())
    sealed = encryptor.update(text.encode()) + encryptor.finalize()
    return header(key_id) + nonce + encryptor.tag + sealed


def decrypt(label, stored, *, ring=None):
    """Return the text behind `stored`; raises DecryptionError without saying what it held.

    `ring` {key id: key} is used instead of FIELD_KEYS where it is given.
    """
    ring = _ring(settings.FIELD_KEYS) if ring is None else ring
    stored = bytes(stored)
    if len(stored) < 1 + NONCE + TAG:
        raise DecryptionError("the encrypted value is cut short")
    start = 1 + stored[0]
    key = ring.get(stored[1:start].decode(errors="replace"))
    if key is None:
        raise DecryptionError("the value was encrypted with a key that is not in FIELD_KEYS")
    nonce, tag = stored[start : start + NONCE], stored[start + NONCE : start + NONCE + TAG]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(label.encode())
    try:
        return (decryptor.update(stored[start + NONCE + TAG :]) + decryptor.finalize()).decode()
    except InvalidTag as error:
        raise DecryptionError("the encrypted value was changed or belongs elsewhere") from error


AUDIT = "AUDIT_KEY"
INDEX = "INDEX_KEY"


def keyed_digest(*parts, key=INDEX):
    """Return HMAC-SM3 of the parts (str or bytes) as 64 hex digits.

    `key` names the setting that holds the key: INDEX for look-ups, AUDIT for the audit chain. They
    are told apart so that the look-up key can be changed while the chain's proof stays.
    """
    mac = hmac.HMAC(bytes.fromhex(getattr(settings, key)), hashes.SM3())
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        mac.update(len(data).to_bytes(4, "big") + data)
    return mac.finalize().hex()


def blind_index(label, value):
    """Return the look-up digest of `value` for `label`; None for an empty value.

    Keyed, because nine million candidate identity numbers are tried against a plain hash in seconds.
    """
    return keyed_digest(label, value) if value else None
