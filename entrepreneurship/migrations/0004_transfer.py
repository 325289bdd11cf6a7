"""Tables of technology transfer, and what the database itself refuses.

`transfer_freeze_words`: no word of a version changes once it was handed in, so what was endorsed, affirmed and checked is
what is published. `transfer_only_added`: steps and payments are added, never changed; a payment is never taken out.
`transfer_sum_paid`: what was paid is the sum of the payments, and the contract's own CHECK refuses more than was signed.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kernel.ids
import privacy.fields

GUARD = """
CREATE FUNCTION transfer_freeze_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND
        ROW(NEW.title, NEW.problem, NEW.advantage, NEW.field, NEW.readiness, NEW.forms, NEW.keywords,
            NEW.rights_kind, NEW.application_number, NEW.is_service, NEW.is_abroad, NEW.editors)
        IS DISTINCT FROM
        ROW(OLD.title, OLD.problem, OLD.advantage, OLD.field, OLD.readiness, OLD.forms, OLD.keywords,
            OLD.rights_kind, OLD.application_number, OLD.is_service, OLD.is_abroad, OLD.editors)
    THEN
        RAISE check_violation USING MESSAGE = 'transfer_words_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transfer_words_frozen BEFORE UPDATE ON entrepreneurship_transferversion
    FOR EACH ROW EXECUTE FUNCTION transfer_freeze_words();

CREATE FUNCTION transfer_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE check_violation USING MESSAGE = 'transfer_only_added';
END $$;
CREATE TRIGGER transfer_step_only_added BEFORE UPDATE ON entrepreneurship_transferstep
    FOR EACH ROW EXECUTE FUNCTION transfer_only_added();
CREATE TRIGGER transfer_payment_only_added BEFORE UPDATE OR DELETE ON entrepreneurship_transferpayment
    FOR EACH ROW EXECUTE FUNCTION transfer_only_added();

CREATE FUNCTION transfer_sum_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE entrepreneurship_transfercontract SET paid = paid + NEW.amount WHERE id = NEW.contract_id;
    RETURN NULL;
END $$;
CREATE TRIGGER transfer_payment_summed AFTER INSERT ON entrepreneurship_transferpayment
    FOR EACH ROW EXECUTE FUNCTION transfer_sum_paid();
"""
UNGUARD = """
DROP TRIGGER transfer_payment_summed ON entrepreneurship_transferpayment;
DROP TRIGGER transfer_payment_only_added ON entrepreneurship_transferpayment;
DROP TRIGGER transfer_step_only_added ON entrepreneurship_transferstep;
DROP TRIGGER transfer_words_frozen ON entrepreneurship_transferversion;
DROP FUNCTION transfer_sum_paid();
DROP FUNCTION transfer_only_added();
DROP FUNCTION transfer_freeze_words();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_departments"),
        ("entrepreneurship", "0003_plans"),
        ("talents", "0004_compare_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TransferProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=kernel.ids.code,
                        editable=False,
                        max_length=10,
                        unique=True,
                        verbose_name="编号",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("offer", "成果"), ("need", "需求"), ("joint", "联合研究")],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=60, verbose_name="名称")),
                ("advantage", models.CharField(blank=True, max_length=300, verbose_name="优势")),
                (
                    "field",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("110", "数学"),
                            ("120", "信息科学与系统科学"),
                            ("130", "力学"),
                            ("140", "物理学"),
                            ("150", "化学"),
                            ("160", "天文学"),
                            ("170", "地球科学"),
                            ("180", "生物学"),
                            ("190", "心理学"),
                            ("210", "农学"),
                            ("220", "林学"),
                            ("230", "畜牧、兽医科学"),
                            ("240", "水产学"),
                            ("310", "基础医学"),
                            ("320", "临床医学"),
                            ("330", "预防医学与公共卫生学"),
                            ("340", "军事医学与特种医学"),
                            ("350", "药学"),
                            ("360", "中医学与中药学"),
                            ("410", "工程与技术科学基础学科"),
                            ("413", "信息与系统科学相关工程与技术"),
                            ("416", "自然科学相关工程与技术"),
                            ("420", "测绘科学技术"),
                            ("430", "材料科学"),
                            ("440", "矿山工程技术"),
                            ("450", "冶金工程技术"),
                            ("460", "机械工程"),
                            ("470", "动力与电气工程"),
                            ("480", "能源科学技术"),
                            ("490", "核科学技术"),
                            ("510", "电子与通信技术"),
                            ("520", "计算机科学技术"),
                            ("530", "化学工程"),
                            ("535", "产品应用相关工程与技术"),
                            ("540", "纺织科学技术"),
                            ("550", "食品科学技术"),
                            ("560", "土木建筑工程"),
                            ("570", "水利工程"),
                            ("580", "交通运输工程"),
                            ("590", "航空、航天科学技术"),
                            ("610", "环境科学技术及资源科学技术"),
                            ("620", "安全科学技术"),
                            ("630", "管理学"),
                            ("710", "马克思主义"),
                            ("720", "哲学"),
                            ("730", "宗教学"),
                            ("740", "语言学"),
                            ("750", "文学"),
                            ("760", "艺术学"),
                            ("770", "历史学"),
                            ("780", "考古学"),
                            ("790", "经济学"),
                            ("810", "政治学"),
                            ("820", "法学"),
                            ("830", "军事学"),
                            ("840", "社会学"),
                            ("850", "民族学与文化学"),
                            ("860", "新闻学与传播学"),
                            ("870", "图书馆、情报与文献学"),
                            ("880", "教育学"),
                            ("890", "体育科学"),
                            ("910", "统计学"),
                        ],
                        max_length=3,
                        verbose_name="领域",
                    ),
                ),
                (
                    "readiness",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "1 级：发现了基本原理，有报告"),
                            (2, "2 级：有了技术方案"),
                            (3, "3 级：关键功能经实验证明可行"),
                            (4, "4 级：部件在实验室里验证过"),
                            (5, "5 级：部件在接近实际的环境里验证过"),
                            (6, "6 级：样机在接近实际的环境里演示过"),
                            (7, "7 级：样机在实际环境里试用过"),
                            (8, "8 级：产品定型，经实际验证"),
                            (9, "9 级：已批量应用，可以销售"),
                        ],
                        null=True,
                        verbose_name="技术就绪水平",
                    ),
                ),
                (
                    "forms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("licence", "许可使用"),
                                ("transfer", "转让"),
                                ("equity", "作价入股"),
                                ("joint", "合作开发"),
                                ("service", "技术服务"),
                            ],
                            max_length=8,
                        ),
                        default=list,
                        size=None,
                        verbose_name="合作方式",
                    ),
                ),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        default=list,
                        size=None,
                        verbose_name="关键词",
                    ),
                ),
                ("search_text", models.TextField(default="", editable=False)),
                (
                    "search_grams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, editable=False, size=None
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="开始时间")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="公开时间"),
                ),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="公开到")),
                ("reminded_for", models.DateField(blank=True, editable=False, null=True)),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="本人撤下时间"),
                ),
                (
                    "hidden_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="工作人员撤下时间"),
                ),
                (
                    "hidden_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="撤下理由"),
                ),
                (
                    "erased_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="本人信息删除时间"),
                ),
                ("matched_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "talent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfer_profiles",
                        to="talents.talent",
                        verbose_name="人才",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfer_profiles",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "成果和需求",
                "verbose_name_plural": "成果和需求",
                "ordering": ["-id"],
                "permissions": [
                    ("check_transferprofile", "可以审核成果和需求"),
                    ("export_transferprofile", "可以导出成果转化名单"),
                    ("offer_transfer", "可以代表单位发布成果和需求"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("hidden_at", None),
                            ("published_at__isnull", False),
                            ("withdrawn_at", None),
                        ),
                        fields=["-published_at", "-id"],
                        name="transfer_shown",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("hidden_at", None),
                            ("published_at__isnull", False),
                            ("withdrawn_at", None),
                        ),
                        fields=["field", "kind", "-published_at", "-id"],
                        name="transfer_shown_field",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("hidden_at", None),
                            ("published_at__isnull", False),
                            ("withdrawn_at", None),
                        ),
                        fields=["kind", "-published_at", "-id"],
                        name="transfer_shown_kind",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("hidden_at", None),
                            ("published_at__isnull", False),
                            ("withdrawn_at", None),
                        ),
                        fields=["expires_on"],
                        name="transfer_expires",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["search_grams"], name="transfer_search"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("erased_at", None), ("talent__isnull", False), ("unit", None)
                            ),
                            models.Q(
                                ("erased_at", None), ("talent", None), ("unit__isnull", False)
                            ),
                            models.Q(
                                ("erased_at__isnull", False), ("talent", None), ("unit", None)
                            ),
                            _connector="OR",
                        ),
                        name="transfer_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at", None), ("expires_on__isnull", False), _connector="OR"
                        ),
                        name="transfer_published_until",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("readiness", None),
                            models.Q(("readiness__gte", 1), ("readiness__lte", 9)),
                            _connector="OR",
                        ),
                        name="transfer_readiness_nine",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("hidden_at", None), ("hidden_reason", "")),
                            models.Q(
                                ("hidden_at__isnull", False),
                                models.Q(("hidden_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_hidden_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferInterest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=kernel.ids.code,
                        editable=False,
                        max_length=10,
                        unique=True,
                        verbose_name="编号",
                    ),
                ),
                ("words", privacy.fields.EncryptedTextField(null=True, verbose_name="想怎样合作")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("licence", "许可使用"),
                            ("transfer", "转让"),
                            ("equity", "作价入股"),
                            ("joint", "合作开发"),
                            ("service", "技术服务"),
                        ],
                        max_length=8,
                        verbose_name="合作方式",
                    ),
                ),
                (
                    "seeker_abroad",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="发起方所在国家或地区"
                    ),
                ),
                (
                    "owner_abroad",
                    models.CharField(blank=True, max_length=60, verbose_name="对方所在国家或地区"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "等对方答复"),
                            ("answered", "对方愿意，等发起方确认"),
                            ("agreed", "双方同意，等技术经理人"),
                            ("mediated", "技术经理人对接中"),
                            ("confidential", "已签保密协议"),
                            ("contracted", "已签合同"),
                            ("declined", "对方谢绝"),
                            ("lapsed", "到期没有答复"),
                            ("withdrawn", "发起方撤回"),
                            ("ended", "已结束"),
                        ],
                        default="asked",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                ("counted_from", models.DateField(verbose_name="从哪天起算")),
                ("answer_by", models.DateField(verbose_name="请在此前答复")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="对方答复时间"),
                ),
                (
                    "agreed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="双方同意时间"),
                ),
                (
                    "owner_contact",
                    privacy.fields.EncryptedTextField(null=True, verbose_name="对方的联系方式"),
                ),
                (
                    "seeker_contact",
                    privacy.fields.EncryptedTextField(null=True, verbose_name="发起方的联系方式"),
                ),
                (
                    "decline_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("taken", "已与别人合作"),
                            ("direction", "方向不合"),
                            ("form", "合作方式不合适"),
                            ("not_ready", "条件还不成熟"),
                            ("busy", "近期没有精力"),
                            ("unclear", "对方说明不够清楚"),
                        ],
                        max_length=10,
                        verbose_name="谢绝原因",
                    ),
                ),
                (
                    "confidential_on",
                    models.DateField(blank=True, null=True, verbose_name="保密协议日期"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("price", "价格或条款没有谈成"),
                            ("proof", "技术验证没有通过"),
                            ("elsewhere", "另选了合作方"),
                            ("silent", "一方联系不上"),
                            ("rights", "权属有争议"),
                            ("stopped", "一方不再继续"),
                            ("done", "合同履行完毕"),
                        ],
                        max_length=10,
                        verbose_name="结束原因",
                    ),
                ),
                ("erased_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
                (
                    "mediator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="技术经理人",
                    ),
                ),
                (
                    "seeker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfer_interests",
                        to="talents.talent",
                        verbose_name="发起人",
                    ),
                ),
                (
                    "seeker_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="发起单位",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="entrepreneurship.transferprofile",
                        verbose_name="成果或需求",
                    ),
                ),
            ],
            options={
                "verbose_name": "合作意向",
                "verbose_name_plural": "合作意向",
                "ordering": ["-id"],
                "permissions": [("mediate_transferinterest", "可以对接合作意向")],
                "indexes": [
                    models.Index(fields=["profile", "-id"], name="transfer_interest_profile"),
                    models.Index(fields=["seeker", "-id"], name="transfer_interest_seeker"),
                    models.Index(fields=["seeker_unit", "-id"], name="transfer_interest_unit"),
                    models.Index(
                        condition=models.Q(("state__in", ["asked", "answered"])),
                        fields=["answer_by"],
                        name="transfer_interest_waits",
                    ),
                    models.Index(
                        condition=models.Q(("agreed_at__isnull", False)),
                        fields=["state", "-id"],
                        name="transfer_interest_agreed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seeker__isnull", False), ("seeker_unit", None)),
                            models.Q(("seeker", None), ("seeker_unit__isnull", False)),
                            models.Q(
                                ("erased_at__isnull", False),
                                ("seeker", None),
                                ("seeker_unit", None),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_interest_of_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "asked",
                                    "answered",
                                    "agreed",
                                    "mediated",
                                    "confidential",
                                    "contracted",
                                ],
                            )
                        ),
                        fields=("profile", "seeker"),
                        name="transfer_interest_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "asked",
                                    "answered",
                                    "agreed",
                                    "mediated",
                                    "confidential",
                                    "contracted",
                                ],
                            )
                        ),
                        fields=("profile", "seeker_unit"),
                        name="transfer_interest_unit_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["agreed", "mediated", "confidential", "contracted"]),
                                _negated=True,
                            ),
                            models.Q(("agreed_at__isnull", False), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="transfer_together_by_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["mediated", "confidential", "contracted"]),
                                _negated=True,
                            ),
                            ("mediator__isnull", False),
                            _connector="OR",
                        ),
                        name="transfer_mediated_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["confidential", "contracted"]), _negated=True),
                            ("confidential_on__isnull", False),
                            _connector="OR",
                        ),
                        name="transfer_confidential_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "declined"),
                                models.Q(("decline_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "declined"), _negated=True),
                                ("decline_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_declined_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state", "ended"),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "ended"), _negated=True), ("end_reason", "")
                            ),
                            _connector="OR",
                        ),
                        name="transfer_ended_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=kernel.ids.code, editable=False, max_length=12, unique=True
                    ),
                ),
                ("file_name", privacy.fields.EncryptedTextField(verbose_name="文件名")),
                ("kind", models.CharField(max_length=4, verbose_name="文件类型")),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "interest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="entrepreneurship.transferinterest",
                    ),
                ),
            ],
            options={
                "verbose_name": "合作意向的文件",
                "verbose_name_plural": "合作意向的文件",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TransferContract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, verbose_name="合同编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("development", "技术开发合同"),
                            ("transfer", "技术转让合同"),
                            ("licence", "技术许可合同"),
                            ("consulting", "技术咨询合同"),
                            ("service", "技术服务合同"),
                        ],
                        max_length=12,
                        verbose_name="合同类型",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "拟签"),
                            ("signed", "已签订"),
                            ("registered", "已认定登记"),
                            ("void", "已作废"),
                        ],
                        default="prepared",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "amount_signed",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="合同金额（元）"
                    ),
                ),
                (
                    "price_way",
                    models.CharField(
                        choices=[
                            ("negotiated", "协议定价"),
                            ("listed", "技术交易市场挂牌"),
                            ("auction", "拍卖"),
                        ],
                        max_length=10,
                        verbose_name="定价方式",
                    ),
                ),
                (
                    "is_public_owner",
                    models.BooleanField(default=False, verbose_name="成果归国家设立的院所或高校"),
                ),
                ("notice_from", models.DateField(blank=True, null=True, verbose_name="公示开始")),
                ("notice_ends", models.DateField(blank=True, null=True, verbose_name="公示截止")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="签订日期")),
                (
                    "registered_on",
                    models.DateField(blank=True, null=True, verbose_name="认定登记日期"),
                ),
                (
                    "registration",
                    models.CharField(blank=True, max_length=40, verbose_name="登记编号"),
                ),
                (
                    "amount_registered",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="认定的技术交易额（元）",
                    ),
                ),
                (
                    "paid",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="已到账（元）"
                    ),
                ),
                (
                    "void_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="作废理由"),
                ),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "interest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="entrepreneurship.transferinterest",
                        verbose_name="合作意向",
                    ),
                ),
            ],
            options={
                "verbose_name": "技术合同",
                "verbose_name_plural": "技术合同",
                "ordering": ["-id"],
                "permissions": [
                    ("keep_transfercontract", "可以登记技术合同"),
                    ("export_transfercontract", "可以导出技术合同"),
                ],
                "indexes": [models.Index(fields=["state", "-id"], name="transfer_contract_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "void"), _negated=True),
                        fields=("number",),
                        name="transfer_contract_number",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("registration", ""), _negated=True),
                            models.Q(("state", "void"), _negated=True),
                        ),
                        fields=("registration",),
                        name="transfer_contract_registration",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_signed__gt", 0)),
                        name="transfer_contract_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid__gte", 0), ("paid__lte", models.F("amount_signed"))
                        ),
                        name="transfer_contract_paid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount_registered__gt", 0),
                                ("registered_on__isnull", False),
                                ("state", "registered"),
                                ("amount_registered__lte", models.F("amount_signed")),
                                models.Q(("registration", ""), _negated=True),
                            ),
                            models.Q(("state", "registered"), _negated=True),
                            _connector="OR",
                        ),
                        name="transfer_contract_registered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["signed", "registered"]), _negated=True),
                            ("signed_on__isnull", False),
                            _connector="OR",
                        ),
                        name="transfer_contract_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_on", None),
                            ("is_public_owner", False),
                            models.Q(("price_way", "negotiated"), _negated=True),
                            models.Q(
                                ("notice_ends__isnull", False),
                                ("signed_on__gt", models.F("notice_ends")),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_contract_notice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "void"), models.Q(("void_reason", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "void"), _negated=True), ("void_reason", "")
                            ),
                            _connector="OR",
                        ),
                        name="transfer_contract_void_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferPayment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="金额（元）"),
                ),
                ("paid_on", models.DateField(verbose_name="到账日期")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="更正理由")),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="entrepreneurship.transfercontract",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "takes_back",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back",
                        to="entrepreneurship.transferpayment",
                        verbose_name="更正哪一笔",
                    ),
                ),
            ],
            options={
                "verbose_name": "合同到账",
                "verbose_name_plural": "合同到账",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("reason", ""), ("takes_back", None)),
                            models.Q(
                                ("amount__lt", 0),
                                ("takes_back__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_payment_amount",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("same_field", models.BooleanField(verbose_name="领域相同")),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        size=None,
                        verbose_name="共同的关键词",
                    ),
                ),
                (
                    "forms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("licence", "许可使用"),
                                ("transfer", "转让"),
                                ("equity", "作价入股"),
                                ("joint", "合作开发"),
                                ("service", "技术服务"),
                            ],
                            max_length=8,
                        ),
                        size=None,
                        verbose_name="合作方式",
                    ),
                ),
                ("readiness", models.PositiveSmallIntegerField(verbose_name="成果的就绪水平")),
                ("wanted", models.PositiveSmallIntegerField(verbose_name="需求的最低水平")),
                ("score", models.PositiveSmallIntegerField(verbose_name="吻合度")),
                ("found_at", models.DateTimeField(verbose_name="匹配时间")),
                (
                    "told_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="告知双方时间"),
                ),
                (
                    "offer_no_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="成果方认为没用"),
                ),
                (
                    "need_no_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="需求方认为没用"),
                ),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="entrepreneurship.transferprofile",
                        verbose_name="需求",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="entrepreneurship.transferprofile",
                        verbose_name="成果",
                    ),
                ),
            ],
            options={
                "verbose_name": "供需匹配",
                "verbose_name_plural": "供需匹配",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("told_at", None)),
                        fields=["found_at"],
                        name="transfer_untold",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("offer", "need"), name="transfer_match_once"),
                    models.CheckConstraint(
                        condition=models.Q(("offer", models.F("need")), _negated=True),
                        name="transfer_match_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("asked", "等对方答复"),
                            ("answered", "对方愿意，等发起方确认"),
                            ("agreed", "双方同意，等技术经理人"),
                            ("mediated", "技术经理人对接中"),
                            ("confidential", "已签保密协议"),
                            ("contracted", "已签合同"),
                            ("declined", "对方谢绝"),
                            ("lapsed", "到期没有答复"),
                            ("withdrawn", "发起方撤回"),
                            ("ended", "已结束"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("asked", "等对方答复"),
                            ("answered", "对方愿意，等发起方确认"),
                            ("agreed", "双方同意，等技术经理人"),
                            ("mediated", "技术经理人对接中"),
                            ("confidential", "已签保密协议"),
                            ("contracted", "已签合同"),
                            ("declined", "对方谢绝"),
                            ("lapsed", "到期没有答复"),
                            ("withdrawn", "发起方撤回"),
                            ("ended", "已结束"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "interest",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="entrepreneurship.transferinterest",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undone",
                        to="entrepreneurship.transferstep",
                    ),
                ),
            ],
            options={
                "verbose_name": "合作意向的进展",
                "verbose_name_plural": "合作意向的进展",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["interest", "id"], name="transfer_step_interest")],
            },
        ),
        migrations.CreateModel(
            name="TransferVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="版本")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "撰写中"),
                            ("endorsing", "等单位同意"),
                            ("checking", "等审核"),
                            ("published", "已公开"),
                            ("replaced", "已被新版代替"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                ("problem", models.TextField(max_length=1000, verbose_name="解决什么问题")),
                (
                    "advantage",
                    models.CharField(blank=True, max_length=300, verbose_name="优势，用数字说"),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("110", "数学"),
                            ("120", "信息科学与系统科学"),
                            ("130", "力学"),
                            ("140", "物理学"),
                            ("150", "化学"),
                            ("160", "天文学"),
                            ("170", "地球科学"),
                            ("180", "生物学"),
                            ("190", "心理学"),
                            ("210", "农学"),
                            ("220", "林学"),
                            ("230", "畜牧、兽医科学"),
                            ("240", "水产学"),
                            ("310", "基础医学"),
                            ("320", "临床医学"),
                            ("330", "预防医学与公共卫生学"),
                            ("340", "军事医学与特种医学"),
                            ("350", "药学"),
                            ("360", "中医学与中药学"),
                            ("410", "工程与技术科学基础学科"),
                            ("413", "信息与系统科学相关工程与技术"),
                            ("416", "自然科学相关工程与技术"),
                            ("420", "测绘科学技术"),
                            ("430", "材料科学"),
                            ("440", "矿山工程技术"),
                            ("450", "冶金工程技术"),
                            ("460", "机械工程"),
                            ("470", "动力与电气工程"),
                            ("480", "能源科学技术"),
                            ("490", "核科学技术"),
                            ("510", "电子与通信技术"),
                            ("520", "计算机科学技术"),
                            ("530", "化学工程"),
                            ("535", "产品应用相关工程与技术"),
                            ("540", "纺织科学技术"),
                            ("550", "食品科学技术"),
                            ("560", "土木建筑工程"),
                            ("570", "水利工程"),
                            ("580", "交通运输工程"),
                            ("590", "航空、航天科学技术"),
                            ("610", "环境科学技术及资源科学技术"),
                            ("620", "安全科学技术"),
                            ("630", "管理学"),
                            ("710", "马克思主义"),
                            ("720", "哲学"),
                            ("730", "宗教学"),
                            ("740", "语言学"),
                            ("750", "文学"),
                            ("760", "艺术学"),
                            ("770", "历史学"),
                            ("780", "考古学"),
                            ("790", "经济学"),
                            ("810", "政治学"),
                            ("820", "法学"),
                            ("830", "军事学"),
                            ("840", "社会学"),
                            ("850", "民族学与文化学"),
                            ("860", "新闻学与传播学"),
                            ("870", "图书馆、情报与文献学"),
                            ("880", "教育学"),
                            ("890", "体育科学"),
                            ("910", "统计学"),
                        ],
                        max_length=3,
                        verbose_name="领域",
                    ),
                ),
                (
                    "readiness",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "1 级：发现了基本原理，有报告"),
                            (2, "2 级：有了技术方案"),
                            (3, "3 级：关键功能经实验证明可行"),
                            (4, "4 级：部件在实验室里验证过"),
                            (5, "5 级：部件在接近实际的环境里验证过"),
                            (6, "6 级：样机在接近实际的环境里演示过"),
                            (7, "7 级：样机在实际环境里试用过"),
                            (8, "8 级：产品定型，经实际验证"),
                            (9, "9 级：已批量应用，可以销售"),
                        ],
                        verbose_name="技术就绪水平",
                    ),
                ),
                (
                    "forms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("licence", "许可使用"),
                                ("transfer", "转让"),
                                ("equity", "作价入股"),
                                ("joint", "合作开发"),
                                ("service", "技术服务"),
                            ],
                            max_length=8,
                        ),
                        size=None,
                        verbose_name="合作方式",
                    ),
                ),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None, verbose_name="关键词"
                    ),
                ),
                (
                    "rights_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("invention", "发明专利"),
                            ("utility", "实用新型专利"),
                            ("design", "外观设计专利"),
                            ("software", "软件著作权"),
                            ("layout", "集成电路布图设计"),
                            ("variety", "植物新品种"),
                            ("secret", "技术秘密"),
                            ("unfiled", "还没有申请"),
                        ],
                        max_length=10,
                        verbose_name="权利",
                    ),
                ),
                (
                    "application_number",
                    models.CharField(blank=True, max_length=14, verbose_name="申请号"),
                ),
                ("is_service", models.BooleanField(default=False, verbose_name="职务成果")),
                (
                    "endorsed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="单位同意时间"),
                ),
                ("is_abroad", models.BooleanField(default=False, verbose_name="发布方在境外")),
                (
                    "affirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="声明不涉密时间"),
                ),
                (
                    "affirmed_text",
                    models.CharField(blank=True, max_length=10, verbose_name="声明文本版本"),
                ),
                (
                    "novelty_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="确认知道公开会丧失新颖性"
                    ),
                ),
                (
                    "editors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        default=list,
                        size=None,
                        verbose_name="编写人",
                    ),
                ),
                ("edited_at", models.DateTimeField(verbose_name="修改时间")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提交时间"),
                ),
                (
                    "wish",
                    models.CharField(blank=True, max_length=300, verbose_name="退回时的修改意见"),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="公开时间"),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                (
                    "endorsed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="单位经办人",
                    ),
                ),
                (
                    "endorser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="须经哪个单位同意",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="entrepreneurship.transferprofile",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
            ],
            options={
                "verbose_name": "成果和需求的版本",
                "verbose_name_plural": "成果和需求的版本",
                "ordering": ["profile", "-number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "endorsing")),
                        fields=["endorser", "submitted_at"],
                        name="transfer_to_endorse",
                    ),
                    models.Index(
                        condition=models.Q(("state", "checking")),
                        fields=["submitted_at"],
                        name="transfer_to_check",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("profile", "number"), name="transfer_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("profile",),
                        name="transfer_one_published",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "endorsing", "checking"])),
                        fields=("profile",),
                        name="transfer_one_working",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("readiness__gte", 1), ("readiness__lte", 9)),
                        name="transfer_version_nine",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(
                                ("affirmed_at__isnull", False),
                                ("submitted_at__isnull", False),
                                models.Q(("affirmed_text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_affirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "endorsing"]),
                            ("is_service", False),
                            ("endorsed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="transfer_endorsed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("rights_kind", "unfiled"), _negated=True),
                            ("novelty_at__isnull", False),
                            _connector="OR",
                        ),
                        name="transfer_novelty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at", None), ("checked_by__isnull", False), _connector="OR"
                        ),
                        name="transfer_published_checked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["published", "replaced"]), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="transfer_public_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_by", None),
                            ("submitted_by", None),
                            models.Q(("checked_by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="transfer_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferFilePiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("content", privacy.fields.EncryptedTextField()),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="entrepreneurship.transferfile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file", "number"), name="transfer_file_piece_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
