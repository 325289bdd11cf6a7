"""Numbers that are a person's and stand nowhere in words everybody reads: mobile and identity numbers."""

import re
import unicodedata

from django.utils.translation import gettext as _

from kernel.errors import Invalid

BETWEEN = r"[ \-—.]?"
MOBILE = re.compile(rf"(?<!\d)(?:\+?86{BETWEEN})?1[3-9](?:{BETWEEN}\d){{9}}(?!{BETWEEN}\d)")
IDENTITY = re.compile(rf"(?<!\d)[1-9](?:{BETWEEN}\d){{16}}{BETWEEN}[\dXx](?!\d)")


def why_not_in_words(text, field=None):
    """Say that a text names a mobile or identity number."""
    text = unicodedata.normalize("NFKC", text or "")
    if IDENTITY.search(text):
        return Invalid("identity_in_words", _("这里不要写身份证号，请删去。"), field=field)
    if MOBILE.search(text):
        return Invalid(
            "mobile_in_words", _("这里不要写个人手机号，请改成办公电话或删去。"), field=field
        )
    return None
