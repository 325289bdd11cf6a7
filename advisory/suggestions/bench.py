"""A hundred thousand suggestions and what a woman types, for `make bench-growth`; nothing else uses it.

Words are drawn as in a language: a few stand in nearly every text, the long rest in hardly any (Zipf).
"""

import random
from itertools import accumulate

from django.utils import timezone

from accounts.models import Department
from advisory.suggestions.models import Suggestion, SuggestionCampaign
from advisory.suggestions.similar import frequencies, similar
from kernel.days import DAY

MOST = 100_000
AT_ONCE = 2_000
COMMON = [
    "女性",
    "科技",
    "人才",
    "建议",
    "园区",
    "单位",
    "企业",
    "项目",
    "工作",
    "孩子",
    "时间",
    "政策",
    "支持",
    "服务",
    "评审",
    "托育",
]
FIRST, LAST = 0x4E00, 0x8FFF  # where most characters in use stand
WORDS = 6_000


class Language:
    """Words with how often each is used, drawn by a seed of their own."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        made = [self._word() for _ in range(WORDS)]
        self.words = COMMON + made
        self.weights = list(accumulate(1 / (rank + 4) for rank in range(len(self.words))))

    def _word(self):
        return "".join(chr(self.random.randint(FIRST, LAST)) for _ in range(2))

    def text(self, count):
        """Return a text of so many words."""
        return "".join(self.random.choices(self.words, cum_weights=self.weights, k=count))


def grow(rows):
    """Have so many suggestions be found, at most a hundred thousand."""
    campaign, language = _campaign(), Language(1)
    missing = min(rows, MOST) - Suggestion.objects.filter(campaign=campaign).count()
    now = timezone.now()
    while missing > 0:
        made = [_one(campaign, language, now) for _ in range(min(missing, AT_ONCE))]
        Suggestion.objects.bulk_create(made)
        missing -= len(made)


def _campaign():
    found = SuggestionCampaign.objects.filter(title="bench").first()
    if found:
        return found
    now = timezone.now()
    return SuggestionCampaign.objects.create(
        title="bench",
        question="bench",
        department=Department.objects.first(),
        state="open",
        created_at=now,
        opens_at=now - DAY,
        closes_at=now + DAY,
    )


def _one(campaign, language, now):
    one = Suggestion(
        campaign=campaign,
        state="filed",
        listed=True,
        title=language.text(7),
        matter=language.text(60),
        named="nameless",
        created_at=now,
        changed_at=now,
        sent_at=now,
        filed_at=now,
    )
    one.find_by()
    return one


def typed(count=20):
    """Return (title, what is the matter) of so many women: half of them say what somebody has said before."""
    frequencies.forget()
    language = Language(1)
    rows = Suggestion.objects.filter(campaign__title="bench").order_by("pk")
    known = rows[: count // 2]
    return [(row.title, row.matter[:60]) for row in known] + [
        (language.text(7), language.text(30)) for _ in range(count - len(known))
    ]


def asking(title, matter):
    """Return what is timed: one look for similar ones."""
    return lambda: similar(title, matter)
