"""How secrets that are random already are stored."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class RandomSecretHasher(PBKDF2PasswordHasher):
    """Salted hash for API secrets: 128 random characters need no million rounds to be safe, and
    every token request would otherwise cost half a second of CPU anybody could make us spend."""

    algorithm = "pbkdf2_random_secret"
    iterations = 1
