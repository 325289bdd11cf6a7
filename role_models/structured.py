"""What search engines read of a story: schema.org Article as JSON-LD."""

import json

from django.conf import settings
from django.utils import timezone, translation

from events.structured import ESCAPED, SCHEMA


def described(story, version, image):
    """Return the JSON-LD of a shown story, safe inside a script element; `image` is the address of its picture."""
    facts = {
        "@context": SCHEMA,
        "@type": "Article",
        "headline": version.shown_title,
        "description": version.shown_lead,
        "datePublished": timezone.localtime(story.published_at).isoformat(timespec="minutes"),
        "dateModified": timezone.localtime(version.published_at).isoformat(timespec="minutes"),
        "inLanguage": translation.get_language() if version.has_english else "zh-Hans",
        "image": [image],
        "url": f"{settings.SITE_URL}{story.get_absolute_url()}",
        "about": {"@type": "Person", "name": version.shown_name},
        "publisher": {"@type": "Organization", "name": story.department.name},
    }
    return json.dumps(facts, ensure_ascii=False).translate(ESCAPED)
