"""`manage.py demo_logins`: who may sign in to the demo, and what to try as whom."""

from django.core.management.base import BaseCommand

from accounts.demo import PASSWORD, STAFF
from accounts.models import User
from kernel.invented import phone
from partners.demo import CLIENT_ID, CLIENT_SECRET

WHAT_TO_TRY = {
    "DEMOADMIN": "用户与角色、接口密钥",
    "DEMOCLERK": "审核档案、导入名单",
    "DEMOEVENT": "发布活动、现场签到",
    "DEMOPOINT": "确认时长、积分规则",
    "DEMOFINAN": "银行和产品、跟进金融对接",
    "DEMOVOLUN": "确认志愿者、登记培训和审查",
    "DEMOSTATN": "加油站核销",
    "DEMOAUDIT": "审计日志",
    "DEMOTECHN": "另一部门，只见本部门数据；起草建言答复",
    "DEMOSIGNR": "该部门的负责人：签发建言答复",
}


class Command(BaseCommand):
    """Print the demo's logins, if the database holds the demo."""

    help = "Print the demo's logins."
    requires_system_checks = ()

    def handle(self, *args, **options):
        """Print a line for each login."""
        if not User.objects.filter(code="DEMOADMIN").exists():
            return
        self.stdout.write(f"演示账号（密码均为 {PASSWORD}） / demo logins:")
        self.stdout.write(f"  {phone(1)}             林静姝    已入库的女性科技人才：报名、兑换")
        for code, name, email, _department, _roles in STAFF:
            self.stdout.write(f"  {email:<22}  {name:<6}  {WHAT_TO_TRY[code]}")
        self.stdout.write(f"  {'bank@example.cn':<22}  秦联络  输入引见码、答复对接")
        mediator = "审核成果和需求、对接合作意向、登记合同"
        self.stdout.write(f"  {'mediator@example.cn':<22}  江若溪  {mediator}")
        self.stdout.write(
            f"  API client_id {CLIENT_ID}, client_secret {CLIENT_SECRET}: /api/v1/docs/"
        )
