"""What the foot of each page says: how to reach the portal's office, its registrations."""

from kernel import env
from liangjiang.settings.base import PRODUCTION

CONTACT_PHONE = env.text("CONTACT_PHONE", "" if PRODUCTION else "023-6780 0000")
CONTACT_MAIL = env.text("CONTACT_MAIL", "" if PRODUCTION else "portal@example.cn")
CONTACT_HOURS = env.text("CONTACT_HOURS", "")  # empty: working days, in the reader's language
ICP_NUMBER = env.text("ICP_NUMBER", "")  # 渝ICP备…号
POLICE_NUMBER = env.text("POLICE_NUMBER", "")  # 渝公网安备 …号
# Where faults of security are reported (/.well-known/security.txt): an address, mailto: or https:.
SECURITY_CONTACT = env.text("SECURITY_CONTACT", f"mailto:{CONTACT_MAIL}" if CONTACT_MAIL else "")
