"""Where the secrets of second factors lie sealed: inside the JSON that allauth keeps of each."""

import json

from privacy.sealed import Sealed, in_base64

LABEL = "mfa.authenticator.secret"
# A TOTP key, the seed recovery codes are made from, recovery codes taken over from elsewhere. A
# passkey's public key is no secret.
SECRETS = ("secret", "seed", "migrated_codes")


def rewrite(stored, change):
    """Put each sealed secret in the JSON text `stored` through `change`; returns JSON text."""
    data = json.loads(stored)
    for name in SECRETS:
        match data.get(name):
            case str(text):
                data[name] = in_base64(text, change)
            case list(texts):
                data[name] = [in_base64(text, change) for text in texts]
    return json.dumps(data)


SEALED = Sealed("mfa.Authenticator", "data", LABEL, rewrite)
