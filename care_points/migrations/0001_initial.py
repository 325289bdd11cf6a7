import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import kernel.certificates
import kernel.ids
import places.hours
import privacy.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("places", "0001_initial"),
        ("talents", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="YearTurn",
            fields=[
                (
                    "number",
                    models.CharField(
                        default=kernel.ids.code,
                        editable=False,
                        max_length=10,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("turn", privacy.fields.EncryptedTextField()),
                (
                    "turn_index",
                    privacy.fields.BlindIndexField(
                        "turn", editable=False, max_length=64, null=True, unique=True
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name": "每年一次的服务",
                "verbose_name_plural": "每年一次的服务",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CareStation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_stations",
                        to="places.place",
                        verbose_name="场所",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="开放")),
                (
                    "operators",
                    models.ManyToManyField(
                        blank=True,
                        help_text="可以在本站核销兑换码的账号。",
                        related_name="care_stations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核销人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "巾帼爱心加油站",
                "verbose_name_plural": "巾帼爱心加油站",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="EarningRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, max_length=80, verbose_name="英文名称")),
                (
                    "unit",
                    models.CharField(
                        choices=[("event", "每次"), ("hour", "每小时")],
                        max_length=5,
                        verbose_name="计分方式",
                    ),
                ),
                (
                    "points",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="积分",
                    ),
                ),
                (
                    "daily_cap",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="留空表示不设上限。",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每人每天上限",
                    ),
                ),
                (
                    "monthly_cap",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="留空表示不设上限。",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每人每月上限",
                    ),
                ),
                (
                    "yearly_cap",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="留空表示不设上限。",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每人每年上限",
                    ),
                ),
                (
                    "valid_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=36,
                        help_text="获得后多少个月内有效；留空表示长期有效。",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                        verbose_name="有效月数",
                    ),
                ),
                ("active_from", models.DateField(verbose_name="生效日期")),
                (
                    "active_until",
                    models.DateField(
                        blank=True,
                        help_text="含当日；留空表示长期有效。",
                        null=True,
                        verbose_name="截止日期",
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="版本"),
                ),
            ],
            options={
                "verbose_name": "积分规则",
                "verbose_name_plural": "积分规则",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__gte", 1)), name="rule_points_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("daily_cap", None), ("daily_cap__gte", 1), _connector="OR"),
                            models.Q(
                                ("monthly_cap", None), ("monthly_cap__gte", 1), _connector="OR"
                            ),
                            models.Q(("yearly_cap", None), ("yearly_cap__gte", 1), _connector="OR"),
                        ),
                        name="rule_caps_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("daily_cap", None),
                                ("monthly_cap", None),
                                ("daily_cap__lte", models.F("monthly_cap")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("monthly_cap", None),
                                ("yearly_cap", None),
                                ("monthly_cap__lte", models.F("yearly_cap")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("daily_cap", None),
                                ("yearly_cap", None),
                                ("daily_cap__lte", models.F("yearly_cap")),
                                _connector="OR",
                            ),
                        ),
                        name="rule_caps_fit",
                        violation_error_message="上限不合理：每天的不能大于每月的，每月的不能大于每年的。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_months", None), ("valid_months__gte", 1), _connector="OR"
                        ),
                        name="rule_validity_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("active_until", None),
                            ("active_until__gte", models.F("active_from")),
                            _connector="OR",
                        ),
                        name="rule_ends_after_start",
                        violation_error_message="截止日期不能早于生效日期。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalEarningRule",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, verbose_name="代码")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, max_length=80, verbose_name="英文名称")),
                (
                    "unit",
                    models.CharField(
                        choices=[("event", "每次"), ("hour", "每小时")],
                        max_length=5,
                        verbose_name="计分方式",
                    ),
                ),
                (
                    "points",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="积分",
                    ),
                ),
                (
                    "daily_cap",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="留空表示不设上限。",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每人每天上限",
                    ),
                ),
                (
                    "monthly_cap",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="留空表示不设上限。",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每人每月上限",
                    ),
                ),
                (
                    "yearly_cap",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="留空表示不设上限。",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每人每年上限",
                    ),
                ),
                (
                    "valid_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=36,
                        help_text="获得后多少个月内有效；留空表示长期有效。",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                        verbose_name="有效月数",
                    ),
                ),
                ("active_from", models.DateField(verbose_name="生效日期")),
                (
                    "active_until",
                    models.DateField(
                        blank=True,
                        help_text="含当日；留空表示长期有效。",
                        null=True,
                        verbose_name="截止日期",
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="版本"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "修改记录",
                "verbose_name_plural": "historical 积分规则",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalService",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("marriage_family", "婚姻家庭"),
                            ("rights_protection", "权益维护"),
                            ("womens_health", "女性健康"),
                            ("family_education", "家庭教育"),
                            ("home_organising", "家居收纳"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                ("description", models.TextField(max_length=1000, verbose_name="说明")),
                (
                    "cost",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100000),
                        ],
                        verbose_name="所需积分",
                    ),
                ),
                (
                    "monthly_quota",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="留空表示不限。",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每月名额",
                    ),
                ),
                (
                    "person_quota",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="留空表示不限。",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每人每月名额",
                    ),
                ),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("voucher", "到站出示兑换码"),
                            ("appointment", "预约时间"),
                            ("event", "活动席位"),
                        ],
                        default="voucher",
                        max_length=12,
                        verbose_name="方式",
                    ),
                ),
                (
                    "event_code",
                    models.CharField(
                        blank=True,
                        help_text="活动席位的服务填写；那场活动要勾选“席位用积分兑换”。",
                        max_length=12,
                        verbose_name="活动编号",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="预约时间的服务填写。",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="每次几分钟",
                    ),
                ),
                (
                    "buffer_minutes",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(120)],
                        verbose_name="两次之间间隔几分钟",
                    ),
                ),
                (
                    "cancel_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="预约时间、活动席位的服务：在此之前取消（预约也可改期），积分全部退回。",
                        validators=[django.core.validators.MaxValueValidator(168)],
                        verbose_name="提前几小时可以取消",
                    ),
                ),
                (
                    "late_refund",
                    models.BooleanField(default=False, verbose_name="之后取消也退积分"),
                ),
                (
                    "validity_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="兑换码有效天数",
                    ),
                ),
                (
                    "private",
                    models.BooleanField(
                        default=False,
                        help_text="心理咨询、维权等：时间在兑换之后由本人另选，只有为她服务的老师知道是谁。保存以后不能再改。",
                        verbose_name="私密服务",
                    ),
                ),
                (
                    "offered_from",
                    models.DateField(
                        blank=True,
                        help_text="年度体检等只在一段时间里提供的服务填写；开始时通知全部在库女性，结束前提醒没有兑换的。",
                        null=True,
                        verbose_name="活动期间从",
                    ),
                ),
                (
                    "offered_until",
                    models.DateField(blank=True, null=True, verbose_name="活动期间到"),
                ),
                (
                    "period_quota",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="按月计数：活动期间最好从 1 日开始。留空表示不限。",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="活动期间总名额",
                    ),
                ),
                ("once_a_year", models.BooleanField(default=False, verbose_name="每人每年一次")),
                ("active", models.BooleanField(default=True, verbose_name="可兑换")),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="care_points.carestation",
                        verbose_name="加油站",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "修改记录",
                "verbose_name_plural": "historical 服务项目",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PointsAccount",
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
                        max_length=12,
                        unique=True,
                        verbose_name="账户编号",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("talent", "个人账户"),
                            ("issuance", "发放"),
                            ("redeemed", "已兑换"),
                            ("expired", "已过期"),
                            ("adjustment", "冲销差额"),
                            ("correction", "更正"),
                        ],
                        max_length=12,
                        verbose_name="账户类型",
                    ),
                ),
                (
                    "talent",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points_account",
                        to="talents.talent",
                        verbose_name="女性科技人才",
                    ),
                ),
                ("balance", models.IntegerField(default=0, null=True, verbose_name="余额")),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "积分账户",
                "verbose_name_plural": "积分账户",
                "permissions": [("adjust_points", "可以申请更正积分")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("balance__gte", 0), ("kind", "talent")),
                            models.Q(
                                models.Q(("kind", "talent"), _negated=True), ("balance", None)
                            ),
                            _connector="OR",
                        ),
                        name="points_balance_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "talent"), ("talent", None), _connector="OR"),
                        name="points_system_has_no_talent",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "talent"), _negated=True),
                        fields=("kind",),
                        name="points_system_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointsBudget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        unique=True,
                        validators=[
                            django.core.validators.MinValueValidator(2022),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="年度",
                    ),
                ),
                (
                    "points",
                    models.PositiveIntegerField(
                        help_text="这一年计划发放的积分（扣除撤销）。用完不会停发：已公布的规则照常发放，谁都不会少得；用到八成和用完时提醒积分管理员，由您追加预算，或给规则填写截止日期。",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="预算积分",
                    ),
                ),
                (
                    "cost_per_point",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="用来估算负债：尚未使用的积分 × 每分成本。",
                        max_digits=8,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="每分成本（元）",
                    ),
                ),
            ],
            options={
                "verbose_name": "积分预算",
                "verbose_name_plural": "积分预算",
                "ordering": ["-year"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__gte", 1)), name="budget_points_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cost_per_point__gte", 0)),
                        name="budget_cost_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2022), ("year__lte", 2100)),
                        name="budget_year_sane",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="care_points.carestation",
                        verbose_name="加油站",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("marriage_family", "婚姻家庭"),
                            ("rights_protection", "权益维护"),
                            ("womens_health", "女性健康"),
                            ("family_education", "家庭教育"),
                            ("home_organising", "家居收纳"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                ("description", models.TextField(max_length=1000, verbose_name="说明")),
                (
                    "cost",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100000),
                        ],
                        verbose_name="所需积分",
                    ),
                ),
                (
                    "monthly_quota",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="留空表示不限。",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每月名额",
                    ),
                ),
                (
                    "person_quota",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="留空表示不限。",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每人每月名额",
                    ),
                ),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("voucher", "到站出示兑换码"),
                            ("appointment", "预约时间"),
                            ("event", "活动席位"),
                        ],
                        default="voucher",
                        max_length=12,
                        verbose_name="方式",
                    ),
                ),
                (
                    "event_code",
                    models.CharField(
                        blank=True,
                        help_text="活动席位的服务填写；那场活动要勾选“席位用积分兑换”。",
                        max_length=12,
                        verbose_name="活动编号",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="预约时间的服务填写。",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="每次几分钟",
                    ),
                ),
                (
                    "buffer_minutes",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(120)],
                        verbose_name="两次之间间隔几分钟",
                    ),
                ),
                (
                    "cancel_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="预约时间、活动席位的服务：在此之前取消（预约也可改期），积分全部退回。",
                        validators=[django.core.validators.MaxValueValidator(168)],
                        verbose_name="提前几小时可以取消",
                    ),
                ),
                (
                    "late_refund",
                    models.BooleanField(default=False, verbose_name="之后取消也退积分"),
                ),
                (
                    "validity_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="兑换码有效天数",
                    ),
                ),
                (
                    "private",
                    models.BooleanField(
                        default=False,
                        help_text="心理咨询、维权等：时间在兑换之后由本人另选，只有为她服务的老师知道是谁。保存以后不能再改。",
                        verbose_name="私密服务",
                    ),
                ),
                (
                    "offered_from",
                    models.DateField(
                        blank=True,
                        help_text="年度体检等只在一段时间里提供的服务填写；开始时通知全部在库女性，结束前提醒没有兑换的。",
                        null=True,
                        verbose_name="活动期间从",
                    ),
                ),
                (
                    "offered_until",
                    models.DateField(blank=True, null=True, verbose_name="活动期间到"),
                ),
                (
                    "period_quota",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="按月计数：活动期间最好从 1 日开始。留空表示不限。",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="活动期间总名额",
                    ),
                ),
                ("once_a_year", models.BooleanField(default=False, verbose_name="每人每年一次")),
                ("active", models.BooleanField(default=True, verbose_name="可兑换")),
                (
                    "units",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="accounts.unit", verbose_name="受邀单位"
                    ),
                ),
            ],
            options={
                "verbose_name": "服务项目",
                "verbose_name_plural": "服务项目",
                "ordering": ["category", "cost", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cost__gte", 1)), name="service_cost_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivery", "appointment"), _negated=True),
                            ("minutes__gte", 5),
                            _connector="OR",
                        ),
                        name="service_appointment_has_minutes",
                        violation_error_message="预约时间的服务要填写每次几分钟。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("delivery", "event"), models.Q(("event_code", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("delivery", "event"), _negated=True), ("event_code", "")
                            ),
                            _connector="OR",
                        ),
                        name="service_seat_has_event",
                        violation_error_message="活动席位的服务要填写活动编号，其他服务不填。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delivery", "event"), ("private", True), _negated=True),
                        name="service_private_is_no_seat",
                        violation_error_message="活动席位不能是私密服务：活动的报名名单会写明活动名称。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("offered_from", None),
                                ("offered_until", None),
                                ("period_quota", None),
                            ),
                            ("offered_until__gte", models.F("offered_from")),
                            _connector="OR",
                        ),
                        name="service_period_in_order",
                        violation_error_message="活动期间要填写从哪天到哪天，结束不早于开始。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("private", False),
                            models.Q(("offered_from", None), ("once_a_year", False)),
                            _connector="OR",
                        ),
                        name="service_private_is_no_campaign",
                        violation_error_message="私密服务不能设活动期间，也不能设每人每年一次。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("event_code", ""), _negated=True),
                        fields=("event_code",),
                        name="service_of_event",
                        violation_error_message="这场活动已经有一项服务。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="providers",
                        to="care_points.carestation",
                        verbose_name="加油站",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="预约的人会看到，如“周老师”。", max_length=60, verbose_name="名称"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "个人"), ("organisation", "机构")],
                        default="person",
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "weekly",
                    models.JSONField(default=places.hours.closed_week, verbose_name="每周工作时间"),
                ),
                (
                    "credentials",
                    models.CharField(
                        blank=True,
                        help_text="核对过的证书、协议，如“心理咨询师，2029 年到期”。",
                        max_length=200,
                        verbose_name="资质",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="provides",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "vetted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核查人",
                    ),
                ),
                (
                    "vetted_until",
                    models.DateField(blank=True, null=True, verbose_name="资质有效至"),
                ),
                ("paused", models.BooleanField(default=False, verbose_name="暂停预约")),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True,
                        related_name="providers",
                        to="care_points.service",
                        verbose_name="提供的服务",
                    ),
                ),
            ],
            options={
                "verbose_name": "服务提供者",
                "verbose_name_plural": "服务提供者",
                "ordering": ["station", "name"],
                "indexes": [models.Index(fields=["vetted_until"], name="provider_vetting")],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.Func(
                                models.F("weekly"),
                                function="jsonb_array_length",
                                output_field=models.IntegerField(),
                            ),
                            7,
                        ),
                        name="provider_week_has_seven_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("vetted_by", None), ("vetted_until", None)),
                            models.Q(("vetted_by__isnull", False), ("vetted_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="provider_vetted_by_somebody",
                    ),
                    models.UniqueConstraint(
                        fields=("station", "name"), name="provider_once_at_a_station"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Leave",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="leaves",
                        to="care_points.provider",
                        verbose_name="服务提供者",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="从")),
                ("ends_at", models.DateTimeField(verbose_name="到")),
                ("reason", models.CharField(max_length=60, verbose_name="原因")),
            ],
            options={
                "verbose_name": "请假",
                "verbose_name_plural": "请假",
                "ordering": ["starts_at"],
                "indexes": [models.Index(fields=["provider", "ends_at"], name="leave_ahead")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="leave_ends_after_start",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Redemption",
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
                        verbose_name="兑换码",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redemptions",
                        to="talents.talent",
                        verbose_name="女性科技人才",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redemptions",
                        to="care_points.carestation",
                        verbose_name="加油站",
                    ),
                ),
                (
                    "sealed_service",
                    privacy.fields.EncryptedTextField(null=True, verbose_name="服务"),
                ),
                ("by_event", models.BooleanField(default=False, editable=False)),
                ("cost", models.PositiveIntegerField(verbose_name="积分")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reserved", "待使用"),
                            ("fulfilled", "已使用"),
                            ("cancelled", "已取消"),
                            ("expired", "已过期"),
                            ("no_show", "未到"),
                            ("forfeited", "临时取消"),
                        ],
                        default="reserved",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("idempotency_key", models.CharField(editable=False, max_length=64)),
                ("made_at", models.DateTimeField(verbose_name="兑换时间")),
                ("expires_at", models.DateTimeField(verbose_name="有效至")),
                (
                    "fulfilled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核销人",
                    ),
                ),
                (
                    "fulfilled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="核销时间"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "兑换记录",
                "verbose_name_plural": "兑换记录",
                "ordering": ["-id"],
                "permissions": [("fulfil_redemption", "可以在任一加油站核销兑换码")],
                "indexes": [
                    models.Index(fields=["talent", "-id"], name="redemption_talent"),
                    models.Index(fields=["fulfilled_at"], name="redemption_fulfilled"),
                    models.Index(
                        condition=models.Q(("state", "reserved")),
                        fields=["expires_at"],
                        name="redemption_overdue",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("talent", "idempotency_key"), name="redemption_once_per_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("fulfilled_at__isnull", False),
                                ("fulfilled_by__isnull", False),
                                ("state", "fulfilled"),
                            ),
                            models.Q(
                                models.Q(("state", "fulfilled"), _negated=True),
                                ("fulfilled_at", None),
                                ("fulfilled_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="redemption_fulfilled_has_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ("cancelled", "expired", "no_show", "forfeited")),
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", ("cancelled", "expired", "no_show", "forfeited")),
                                    _negated=True,
                                ),
                                ("ended_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="redemption_ended_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "redemption",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointment",
                        to="care_points.redemption",
                        verbose_name="兑换记录",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="care_points.provider",
                        verbose_name="服务提供者",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="开始时间")),
                ("ends_at", models.DateTimeField(verbose_name="结束时间")),
                ("busy_until", models.DateTimeField(verbose_name="占用至")),
                ("held", models.BooleanField(default=True, verbose_name="占用时间")),
                (
                    "cancel_hours",
                    models.PositiveSmallIntegerField(verbose_name="提前几小时可以取消"),
                ),
                (
                    "late_refund",
                    models.BooleanField(default=False, verbose_name="之后取消也退积分"),
                ),
                ("moves", models.PositiveSmallIntegerField(default=0, verbose_name="改期次数")),
                ("reminded", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "verbose_name": "预约",
                "verbose_name_plural": "预约",
                "ordering": ["starts_at", "id"],
                "indexes": [
                    models.Index(fields=["provider", "starts_at"], name="appointment_provider"),
                    models.Index(fields=["starts_at", "id"], name="appointment_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("busy_until__gte", models.F("ends_at")),
                            ("ends_at__gt", models.F("starts_at")),
                        ),
                        name="appointment_lasts",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("held", True)),
                        expressions=[
                            ("provider", "="),
                            (
                                models.Func(
                                    "starts_at",
                                    "busy_until",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                    function="TSTZRANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="appointment_alone_with_provider",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrivateCase",
            fields=[
                (
                    "number",
                    models.CharField(
                        default=kernel.ids.code,
                        editable=False,
                        max_length=10,
                        primary_key=True,
                        serialize=False,
                        verbose_name="个案编号",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="care_points.service",
                        verbose_name="服务",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="care_points.provider",
                        verbose_name="老师",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="开始时间")),
                ("ends_at", models.DateTimeField(verbose_name="结束时间")),
                ("busy_until", models.DateTimeField(verbose_name="占用至")),
                ("held", models.BooleanField(default=True, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待开始"),
                            ("came", "已进行"),
                            ("absent", "未到"),
                            ("called_off", "老师取消"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("weeks_waited", models.PositiveSmallIntegerField(verbose_name="等候（周）")),
                ("told", models.BooleanField(default=True, editable=False)),
                ("voucher", privacy.fields.EncryptedTextField(null=True)),
                (
                    "voucher_index",
                    privacy.fields.BlindIndexField(
                        "voucher", editable=False, max_length=64, null=True, unique=True
                    ),
                ),
            ],
            options={
                "verbose_name": "私密个案",
                "verbose_name_plural": "私密个案",
                "ordering": ["starts_at", "number"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["provider", "starts_at"], name="case_provider"),
                    models.Index(
                        condition=models.Q(("voucher_index__isnull", False)),
                        fields=["ends_at"],
                        name="case_linked",
                    ),
                    models.Index(
                        condition=models.Q(("told", False)),
                        fields=["provider"],
                        name="case_untold",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("busy_until__gte", models.F("ends_at")),
                            ("ends_at__gt", models.F("starts_at")),
                        ),
                        name="case_lasts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held", True), ("state", "called_off"), _negated=True),
                        name="case_called_off_is_free",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("voucher__isnull", True), ("voucher_index__isnull", True)),
                            models.Q(("voucher__isnull", False), ("voucher_index__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_link_whole_or_gone",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("held", True)),
                        expressions=[
                            ("provider", "="),
                            (
                                models.Func(
                                    "starts_at",
                                    "busy_until",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                    function="TSTZRANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="case_alone_with_provider",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_hours",
                        to="talents.talent",
                        verbose_name="女性科技人才",
                    ),
                ),
                ("activity", models.CharField(max_length=80, verbose_name="志愿服务内容")),
                ("starts_at", models.DateTimeField(verbose_name="开始时间")),
                ("ends_at", models.DateTimeField(editable=False, verbose_name="结束时间")),
                (
                    "half_hours",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(24),
                        ],
                        verbose_name="半小时数",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("recorded", "待确认"),
                            ("confirmed", "已确认"),
                            ("refused", "未通过"),
                            ("revoked", "已撤销"),
                            ("withdrawn", "已撤回"),
                            ("corrected", "已更正"),
                        ],
                        default="recorded",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("staff", "经办人登记"),
                            ("check_in", "签到签退"),
                            ("leader", "活动负责人登记"),
                        ],
                        default="staff",
                        max_length=10,
                        verbose_name="依据",
                    ),
                ),
                ("origin", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="care_points.servicehours",
                        verbose_name="更正",
                    ),
                ),
                (
                    "change_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="更正原因"),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="确认时间"),
                ),
            ],
            options={
                "verbose_name": "志愿服务时长",
                "verbose_name_plural": "志愿服务时长",
                "ordering": ["-starts_at", "-id"],
                "permissions": [
                    ("confirm_servicehours", "可以确认志愿服务时长"),
                    ("view_all_servicehours", "可以查看所有部门的志愿服务时长"),
                ],
                "indexes": [
                    models.Index(fields=["replaces"], name="hours_replaces"),
                    models.Index(
                        condition=models.Q(("state", "recorded")),
                        fields=["starts_at", "id"],
                        name="hours_waiting",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("half_hours__gte", 1), ("half_hours__lte", 24)),
                        name="hours_within_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ends_at",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_at"),
                                    "+",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("half_hours"),
                                        "*",
                                        models.Value(datetime.timedelta(seconds=1800)),
                                    ),
                                ),
                            )
                        ),
                        name="hours_end_follows",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_by", None),
                                ("state__in", ["recorded", "withdrawn", "corrected"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["recorded", "withdrawn"]), _negated=True),
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("recorded_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hours_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["refused", "revoked"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hours_no_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces", None),
                            models.Q(("change_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hours_correction_has_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["recorded", "confirmed", "corrected"])),
                        fields=("replaces",),
                        name="hours_one_correction",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("origin", ""), _negated=True),
                            models.Q(
                                ("state", "confirmed"),
                                models.Q(("replaces", None), ("state", "recorded")),
                                _connector="OR",
                            ),
                        ),
                        fields=("origin",),
                        name="hours_counted_once",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("state", "confirmed"),
                            models.Q(("replaces", None), ("state", "recorded")),
                            _connector="OR",
                        ),
                        expressions=[
                            ("talent", "="),
                            (
                                models.Func(
                                    "starts_at",
                                    "ends_at",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                    function="TSTZRANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="hours_do_not_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="months",
                        to="care_points.service",
                    ),
                ),
                ("month", models.DateField(verbose_name="月份")),
                ("made", models.PositiveIntegerField(default=0, verbose_name="兑换次数")),
                ("standing", models.PositiveIntegerField(default=0)),
                ("points", models.PositiveIntegerField(default=0, verbose_name="使用积分")),
                ("used", models.PositiveIntegerField(default=0, verbose_name="已使用")),
                ("used_points", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "服务每月次数",
                "verbose_name_plural": "服务每月次数",
                "constraints": [
                    models.UniqueConstraint(fields=("month", "service"), name="service_month_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
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
                        max_length=12,
                        unique=True,
                        verbose_name="流水号",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("earned", "获得"),
                            ("redeemed", "兑换"),
                            ("returned", "退回"),
                            ("reversed", "撤销"),
                            ("expired", "过期"),
                            ("merged", "合并转移"),
                            ("recovered", "收回"),
                            ("adjusted", "更正"),
                        ],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=60, unique=True)),
                (
                    "rule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="care_points.earningrule",
                        verbose_name="规则",
                    ),
                ),
                (
                    "rule_version",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="规则版本"),
                ),
                (
                    "hours",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="care_points.servicehours",
                        verbose_name="志愿服务时长",
                    ),
                ),
                (
                    "redemption",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="care_points.redemption",
                        verbose_name="兑换记录",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="care_points.transfer",
                        verbose_name="撤销的流水",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.jointaction",
                        verbose_name="双人确认",
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=200, verbose_name="事由")),
                ("valid_until", models.DateTimeField(blank=True, null=True, verbose_name="有效至")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "积分流水",
                "verbose_name_plural": "积分流水",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["at", "id"], name="transfer_at"),
                    models.Index(
                        condition=models.Q(("valid_until__isnull", False)),
                        fields=["valid_until"],
                        name="transfer_runs_out",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "earned"),
                                ("redemption", None),
                                ("request", None),
                                ("reverses", None),
                            ),
                            models.Q(
                                ("hours", None),
                                ("kind", "expired"),
                                ("redemption", None),
                                ("request", None),
                                ("reverses", None),
                            ),
                            models.Q(
                                ("hours", None),
                                ("kind", "merged"),
                                ("redemption", None),
                                ("request", None),
                            ),
                            models.Q(
                                ("hours", None),
                                ("kind", "redeemed"),
                                ("redemption__isnull", False),
                                ("request", None),
                                ("reverses", None),
                            ),
                            models.Q(
                                ("hours", None),
                                ("kind", "adjusted"),
                                ("redemption", None),
                                ("request__isnull", False),
                                ("reverses", None),
                            ),
                            models.Q(
                                ("hours", None),
                                ("kind__in", ["returned", "reversed", "recovered"]),
                                ("redemption", None),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_names_its_cause",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rule", None), ("rule_version", None)),
                            models.Q(("rule__isnull", False), ("rule_version__isnull", False)),
                            _connector="OR",
                        ),
                        name="transfer_names_rule_version",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="care_points.transfer",
                        verbose_name="流水",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="care_points.pointsaccount",
                        verbose_name="账户",
                    ),
                ),
                ("amount", models.IntegerField(verbose_name="积分")),
                (
                    "balance_after",
                    models.IntegerField(editable=False, null=True, verbose_name="变动后余额"),
                ),
            ],
            options={
                "verbose_name": "积分分录",
                "verbose_name_plural": "积分分录",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["account", "-id"], name="entry_statement")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True),
                        name="entry_moves_something",
                    ),
                    models.UniqueConstraint(
                        fields=("transfer", "account"), name="entry_once_per_account"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unit_years",
                        to="care_points.service",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("came", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "各单位参加年度活动的人数",
                "verbose_name_plural": "各单位参加年度活动的人数",
                "default_permissions": (),
                "indexes": [models.Index(fields=["unit"], name="unit_year_unit")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service", "year", "unit"),
                        name="unit_year_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnspentAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "talent",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unspent_answer",
                        to="talents.talent",
                        verbose_name="女性科技人才",
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("unaware", "不清楚能兑换什么、怎么兑换"),
                            ("not_needed", "没有我需要的服务"),
                            ("saving", "积分还不够，或想先攒着"),
                            ("time_place", "时间或地点不方便"),
                            ("full", "想要的服务名额总是满的"),
                            ("privacy", "担心别人知道"),
                            ("other", "其他原因"),
                            ("not_now", "不想回答"),
                        ],
                        max_length=10,
                        verbose_name="原因",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "积分未使用的原因",
                "verbose_name_plural": "积分未使用的原因",
            },
        ),
        migrations.CreateModel(
            name="EmergencyNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="号码")),
                ("name", models.CharField(max_length=20, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, max_length=40, verbose_name="英文名称")),
                (
                    "hours",
                    models.CharField(
                        blank=True,
                        help_text="如“每天 8:00-20:00”；24 小时的留空。",
                        max_length=30,
                        verbose_name="接听时间",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=100, verbose_name="次序")),
                ("active", models.BooleanField(default=True, verbose_name="显示")),
                (
                    "checked_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="最近核对"
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核对人",
                    ),
                ),
            ],
            options={
                "verbose_name": "紧急求助号码",
                "verbose_name_plural": "紧急求助号码",
                "ordering": ["order", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^[0-9][0-9-]{2,19}$")),
                        name="emergency_number_is_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_by", None), ("checked_on", None)),
                            models.Q(("checked_by__isnull", False), ("checked_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="emergency_checked_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HoursCertificate",
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
                        default=kernel.certificates.new_code,
                        editable=False,
                        max_length=16,
                        unique=True,
                        verbose_name="核验码",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hours_certificates",
                        to="talents.talent",
                        verbose_name="女性科技人才",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="英文姓名")),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(verbose_name="结束日期")),
                ("half_hours", models.PositiveIntegerField(verbose_name="半小时数")),
                ("activities", models.JSONField(verbose_name="志愿服务内容")),
                ("issuers", models.JSONField(verbose_name="落款部门")),
                ("issued_at", models.DateTimeField(verbose_name="签发时间")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="失效时间")),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤销人",
                    ),
                ),
                (
                    "revoke_cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("staff", "工作人员撤销"),
                            ("hours", "时长已更正"),
                            ("replaced", "已由新证书代替"),
                        ],
                        max_length=10,
                        verbose_name="失效原因",
                    ),
                ),
                (
                    "revoke_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="说明"),
                ),
            ],
            options={
                "verbose_name": "志愿服务证书",
                "verbose_name_plural": "志愿服务证书",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["talent", "-id"], name="hours_certificate_hers")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("half_hours__gte", 1)),
                        name="hours_certificate_says_hours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("from_on"))),
                        name="hours_certificate_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoke_cause", ""), ("revoked_at", None)),
                            models.Q(
                                ("revoked_at__isnull", False),
                                models.Q(("revoke_cause", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hours_certificate_revoked",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None), ("talent__isnull", False)),
                        fields=("talent", "from_on", "until_on"),
                        name="hours_certificate_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发起人",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="发起时间")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                ("sound", models.BooleanField(null=True, verbose_name="对账无误")),
                ("transfers", models.PositiveBigIntegerField(null=True, verbose_name="流水笔数")),
                ("accounts", models.PositiveBigIntegerField(null=True, verbose_name="账户数")),
                (
                    "unbalanced_transfers",
                    models.JSONField(default=list, verbose_name="收支不抵的流水"),
                ),
                ("wrong_accounts", models.JSONField(default=list, verbose_name="余额不符的账户")),
                (
                    "wrong_entries",
                    models.JSONField(default=list, verbose_name="逐笔余额不符的分录"),
                ),
            ],
            options={
                "verbose_name": "账本核对",
                "verbose_name_plural": "账本核对",
                "ordering": ["-id"],
                "permissions": [("check_ledger", "可以核对积分账本")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("sound", None)),
                            models.Q(("done_at__isnull", False), ("sound__isnull", False)),
                            _connector="OR",
                        ),
                        name="check_done_has_result",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None)),
                        fields=("sound",),
                        name="check_waits_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
    ]
