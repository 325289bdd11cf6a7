"""The cache's keys by a pattern, which Django's cache does not list: for what is erased by what it holds."""

from django.core.cache import cache

STEP = 1000


def matching(pattern):
    """Yield the names, as the cache is asked by them, that match `pattern` ("kept-form:*")."""
    client = cache._cache.get_client(None, write=True)
    before = cache.make_key("")
    for key in client.scan_iter(match=cache.make_key(pattern), count=STEP):
        yield key.decode().removeprefix(before)
