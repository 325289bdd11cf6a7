"""`manage.py add_staff`: an account for a member of staff, the first administrator above all."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import access_requests, joint, operations
from accounts.models import Department
from accounts.roles import staff_roles
from kernel.errors import DomainError


class Command(BaseCommand):
    """Create the account; she signs in with a code sent to her phone and sets up a second factor.

    `createsuperuser` makes an account that cannot sign in, because people sign in by phone or
    e-mail; this is what a new installation starts with.
    """

    help = "Add a member of staff who signs in by SMS code, e.g. the first administrator."

    def add_arguments(self, parser):
        """Take the phone, the name, the department, the roles and the reason."""
        parser.add_argument("phone", help="mainland mobile number")
        parser.add_argument("name", help="full name")
        parser.add_argument("--department", required=True, help="its code, e.g. women_federation")
        parser.add_argument(
            "--role",
            action="append",
            choices=sorted(staff_roles()),
            help="may be given several times; administrator when left out",
        )
        parser.add_argument(
            "--reason", default="", help="why, once there is somebody in the portal who confirms it"
        )

    def handle(self, *args, phone, name, department, role=None, reason="", **options):
        """Create the account and say how she gets in."""
        department_row = Department.objects.filter(code=department).first()
        if department_row is None:
            codes = "、".join(Department.objects.values_list("code", flat=True))
            raise CommandError(_("没有这个部门代码，请用：%(codes)s。") % {"codes": codes})
        try:
            user, asked = self.add(
                role or ["administrator"],
                reason,
                phone=phone,
                full_name=name,
                department=department_row,
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("已添加 %(name)s（%(code)s）。请用手机验证码登录，第一次进入工作台时设置双重验证。")
            % {"name": user.full_name, "code": user.code}
        )
        if asked:
            words = _("角色待门户里的管理员或审计员确认后生效（双人确认第 %(number)s 号）。")
            self.stdout.write(words % {"number": asked.pk})

    @transaction.atomic
    def add(self, roles, reason, **fields):
        """Create the account: with its roles while nobody is there to confirm them, else with a request."""
        given = {"by": None, "now": timezone.now()}
        if not joint.seconds_besides(None):
            return operations.add_user(roles=roles, **fields, **given), None
        user = operations.add_user(**fields, **given)
        return user, access_requests.ask(user=user, raised={"roles": roles}, reason=reason, **given)
