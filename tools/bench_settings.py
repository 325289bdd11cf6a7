"""The portal's settings with the floors of the benchmark beside its addresses.

Nothing that costs time is switched off. Limits are lifted that would answer 429 to the one client
and the one key the load comes from; counting against them goes on.
"""

from liangjiang.settings import *  # noqa: F403

ROOT_URLCONF = "tools.bench_urls"
API_REQUESTS_PER_MINUTE = 10**9
