"""What is due after an award, and advantages.

`follow_frozen`: the steps of a call are frozen with its form (`calls_freeze_part`, 0002). `calls_due_in_turn`: what needs the step
before it begins only once that is settled, and reports are not paid nor instalments handed in. `calls_pays`: an instalment is paid
in its turn, and never above what was laid down. `calls_freeze_call` (0002, 0006) freezes whether advantages are shown.
"""

from decimal import Decimal

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kernel.ids
import privacy.fields

FREEZE = """
CREATE OR REPLACE FUNCTION calls_freeze_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (
        ROW(NEW.kind, NEW.measure, NEW.department_id, NEW.title, NEW.title_en, NEW.opens_at,
            NEW.sources, NEW.places, NEW.unit_quota, NEW.open_to_all, NEW.women_preferred)
        IS DISTINCT FROM
        ROW(OLD.kind, OLD.measure, OLD.department_id, OLD.title, OLD.title_en, OLD.opens_at,
            OLD.sources, OLD.places, OLD.unit_quota, OLD.open_to_all, OLD.women_preferred)
        OR ROW(NEW.sector_quotas, NEW.surplus_percent, NEW.subjects, NEW.women_percent,
            NEW.leaders_percent, NEW.leaders_by, NEW.award, NEW.no_repeat, NEW.cool_down_years,
            NEW.shows_advantages)
        IS DISTINCT FROM
        ROW(OLD.sector_quotas, OLD.surplus_percent, OLD.subjects, OLD.women_percent,
            OLD.leaders_percent, OLD.leaders_by, OLD.award, OLD.no_repeat, OLD.cool_down_years,
            OLD.shows_advantages)
        OR NEW.closes_at < OLD.closes_at
        OR (NEW.endorse_by IS NULL) <> (OLD.endorse_by IS NULL)
        OR NEW.endorse_by < OLD.endorse_by
    ) THEN
        RAISE check_violation USING MESSAGE = 'call_frozen';
    END IF;
    RETURN NEW;
END $$;
"""
TURN = """
CREATE FUNCTION calls_due_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step calls_followstep%ROWTYPE;
    before text;
BEGIN
    SELECT * INTO step FROM calls_followstep WHERE id = NEW.step_id;
    IF (step.kind = 'payment' AND NEW.state IN ('handed_in', 'returned', 'accepted'))
        OR (step.kind = 'report' AND NEW.state = 'paid') THEN
        RAISE check_violation USING MESSAGE = 'due_of_other_kind';
    END IF;
    IF NOT step.needs_before OR NEW.state IN ('waiting', 'waived', 'closed') THEN
        RETURN NEW;
    END IF;
    SELECT due.state INTO before
      FROM calls_due due JOIN calls_followstep other ON other.id = due.step_id
     WHERE due.application_id = NEW.application_id AND other."order" < step."order"
     ORDER BY other."order" DESC LIMIT 1;
    IF before NOT IN ('accepted', 'paid', 'waived') THEN
        RAISE check_violation USING MESSAGE = 'due_out_of_turn';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER due_in_turn BEFORE INSERT OR UPDATE OF state, step_id, application_id ON calls_due
    FOR EACH ROW EXECUTE FUNCTION calls_due_in_turn();

CREATE FUNCTION calls_pays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
    most numeric;
BEGIN
    IF NEW.taken_back_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT due.state, step.amount INTO found, most
      FROM calls_due due JOIN calls_followstep step ON step.id = due.step_id
     WHERE due.id = NEW.due_id FOR NO KEY UPDATE OF due;
    IF most IS NULL OR found NOT IN ('open', 'paid') THEN
        RAISE check_violation USING MESSAGE = 'payment_out_of_turn';
    END IF;
    IF NEW.amount > most THEN
        RAISE check_violation USING MESSAGE = 'payment_above';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_within BEFORE INSERT OR UPDATE OF amount, due_id, taken_back_at ON calls_payment
    FOR EACH ROW EXECUTE FUNCTION calls_pays();

CREATE TRIGGER follow_frozen BEFORE INSERT OR UPDATE OR DELETE ON calls_followstep
    FOR EACH ROW EXECUTE FUNCTION calls_freeze_part();
"""
FREE = """
DROP TRIGGER follow_frozen ON calls_followstep;
DROP TRIGGER payment_within ON calls_payment;
DROP FUNCTION calls_pays;
DROP TRIGGER due_in_turn ON calls_due;
DROP FUNCTION calls_due_in_turn;
"""


class Migration(migrations.Migration):
    """The tables with their constraints, the triggers above."""

    dependencies = [
        ("accounts", "0002_departments"),
        ("accounts", "__first__"),
        ("calls", "0007_colleagues"),
        ("places", "0001_initial"),
        ("talents", "0004_compare_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="call",
            name="shows_advantages",
            field=models.BooleanField(
                default=True,
                help_text="单位或个人有有效的优先条件时，在受理、评审和纪要里注明；不改变评分",
                verbose_name="注明优先条件",
            ),
        ),
        migrations.CreateModel(
            name="FollowStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_steps",
                        to="calls.call",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "kind",
                    models.CharField(
                        choices=[("report", "提交材料"), ("payment", "拨付一笔")],
                        max_length=8,
                        verbose_name="做什么",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                ("title_en", models.CharField(blank=True, max_length=120, verbose_name="英文名称")),
                ("wanted", models.TextField(blank=True, max_length=1000, verbose_name="要求")),
                (
                    "wanted_en",
                    models.TextField(blank=True, max_length=2000, verbose_name="英文要求"),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3660),
                        ],
                        verbose_name="几天以内",
                    ),
                ),
                (
                    "counted_from",
                    models.CharField(
                        choices=[("decision", "公布结果"), ("before", "前一步办结")],
                        default="decision",
                        max_length=8,
                        verbose_name="从什么时候算起",
                    ),
                ),
                (
                    "needs_before",
                    models.BooleanField(default=False, verbose_name="前一步办结后才能办"),
                ),
                (
                    "limit",
                    models.PositiveIntegerField(
                        default=2000,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5000),
                        ],
                        verbose_name="字数上限",
                    ),
                ),
                ("needs_file", models.BooleanField(default=False, verbose_name="必须上传文件")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="金额（元）",
                    ),
                ),
            ],
            options={
                "verbose_name": "入选后的步骤",
                "verbose_name_plural": "入选后的步骤",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "title"), name="follow_title_once"),
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("days__lte", 3660)),
                        name="follow_days_sane",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("limit__gte", 1), ("limit__lte", 5000)),
                        name="follow_limit_sane",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", None), ("kind", "report")),
                            models.Q(("amount__gt", 0), ("kind", "payment")),
                            _connector="OR",
                        ),
                        name="follow_amount_of_payment",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Due",
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
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues",
                        to="calls.application",
                        verbose_name="申报",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues",
                        to="calls.followstep",
                        verbose_name="事项",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等前一步"),
                            ("open", "待办"),
                            ("handed_in", "已提交，待审核"),
                            ("returned", "退回修改"),
                            ("accepted", "已通过"),
                            ("paid", "已拨付"),
                            ("waived", "已免除"),
                            ("closed", "已终止"),
                        ],
                        default="open",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("closed_from", models.CharField(blank=True, editable=False, max_length=9)),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="截止日期")),
                (
                    "text",
                    privacy.fields.EncryptedTextField(
                        blank=True, null=True, verbose_name="提交的内容"
                    ),
                ),
                (
                    "lacking",
                    privacy.fields.EncryptedTextField(
                        blank=True, null=True, verbose_name="要修改什么"
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="生成时间")),
                (
                    "handed_in_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提交时间"),
                ),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="办结时间"),
                ),
                (
                    "waive_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="免除原因"),
                ),
                ("reminded_on", models.DateField(editable=False, null=True)),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "入选后事项",
                "verbose_name_plural": "入选后事项",
                "ordering": ["step__order", "pk"],
                "permissions": [
                    ("run_due", "可以办理入选后事项"),
                    ("export_due", "可以导出入选后事项"),
                ],
                "indexes": [
                    models.Index(fields=["state", "due_on"], name="due_queue"),
                    models.Index(fields=["settled_at"], name="due_settled"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "step"), name="due_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "waived"), _negated=True),
                            models.Q(("waive_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="due_waived_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("accepted", "paid", "waived")), _negated=True),
                            ("settled_at__isnull", False),
                            _connector="OR",
                        ),
                        name="due_settled_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "handed_in"), _negated=True),
                            ("handed_in_at__isnull", False),
                            _connector="OR",
                        ),
                        name="due_handed_in_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "closed"), models.Q(("closed_from", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True), ("closed_from", "")
                            ),
                            _connector="OR",
                        ),
                        name="due_closed_from_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DueFile",
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
                (
                    "due",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="calls.due",
                    ),
                ),
                ("file_name", privacy.fields.EncryptedTextField(verbose_name="文件名")),
                ("kind", models.CharField(max_length=4, verbose_name="文件类型")),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
            ],
            options={
                "verbose_name": "入选后提交的文件",
                "verbose_name_plural": "入选后提交的文件",
                "ordering": ["pk"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="DueFilePiece",
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
                        to="calls.duefile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("file", "number"), name="calls_due_piece_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "due",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="calls.due",
                        verbose_name="事项",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="拨付金额（元）"
                    ),
                ),
                ("paid_on", models.DateField(verbose_name="拨付日期")),
                ("reference", models.CharField(max_length=60, verbose_name="凭证号")),
                ("noted_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "noted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("taken_back_at", models.DateTimeField(null=True, verbose_name="更正时间")),
                (
                    "taken_back_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="更正原因"),
                ),
            ],
            options={
                "verbose_name": "拨付记录",
                "verbose_name_plural": "拨付记录",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["due", "id"], name="payment_of_due")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at", None)),
                        fields=("due",),
                        name="payment_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="payment_is_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        name="payment_has_reference",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_back_at", None),
                            models.Q(("taken_back_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="payment_taken_back_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Advantage",
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
                (
                    "kind",
                    models.SlugField(
                        help_text="同一种优先用同一个代码，小写英文字母、数字和短横，例如 return-fund",
                        max_length=40,
                        verbose_name="种类代码",
                    ),
                ),
                ("words", models.CharField(max_length=120, verbose_name="因为什么优先")),
                ("words_en", models.CharField(blank=True, max_length=240, verbose_name="英文")),
                (
                    "measure",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "1 · 拓宽成长渠道"),
                            (2, "2 · 交流合作机制"),
                            (3, "3 · 支持创业"),
                            (4, "4 · 科技创新巾帼行动"),
                            (5, "5 · 激励表彰"),
                            (6, "6 · 社会良好氛围"),
                            (7, "7 · 科研学术网络"),
                            (8, "8 · 生育友好型工作环境"),
                            (9, "9 · 两江巾帼关爱计划"),
                            (10, "10 · 鼓励女性从事科学技术工作"),
                        ],
                        verbose_name="对应措施",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="talents.talent",
                        verbose_name="人才",
                    ),
                ),
                ("first_day", models.DateField(verbose_name="从哪天起")),
                ("last_day", models.DateField(verbose_name="到哪天止")),
                (
                    "planned_last_day",
                    models.DateField(editable=False, null=True, verbose_name="原定到哪天止"),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="文件名称、文号或在哪里核对的",
                        max_length=120,
                        verbose_name="依据",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="登记部门",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("granted_at", models.DateTimeField(verbose_name="登记时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="提前结束时间")),
                (
                    "end_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="提前结束的原因"),
                ),
            ],
            options={
                "verbose_name": "优先条件",
                "verbose_name_plural": "优先条件",
                "ordering": ["-id"],
                "permissions": [("export_advantage", "可以导出优先条件")],
                "indexes": [
                    models.Index(fields=["unit", "last_day"], name="advantage_of_unit"),
                    models.Index(fields=["talent", "last_day"], name="advantage_of_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("talent__isnull", False), ("unit", None)),
                            models.Q(("talent", None), ("unit__isnull", False)),
                            _connector="OR",
                        ),
                        name="advantage_of_one_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_day__gte", models.F("first_day")),
                            ("ended_at__isnull", False),
                            _connector="OR",
                        ),
                        name="advantage_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("end_reason", ""), ("ended_at", None), ("planned_last_day", None)
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("planned_last_day__isnull", False),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="advantage_ended_has_reason",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("last_day__gte", models.F("first_day")), ("unit__isnull", False)
                        ),
                        expressions=[
                            ("unit", "="),
                            ("kind", "="),
                            (
                                models.Func(
                                    "first_day",
                                    "last_day",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(
                                        inclusive_upper=True
                                    ),
                                    function="DATERANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="advantage_of_unit_once",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("last_day__gte", models.F("first_day")), ("talent__isnull", False)
                        ),
                        expressions=[
                            ("talent", "="),
                            ("kind", "="),
                            (
                                models.Func(
                                    "first_day",
                                    "last_day",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(
                                        inclusive_upper=True
                                    ),
                                    function="DATERANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="advantage_of_person_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FREEZE, migrations.RunSQL.noop),
        migrations.RunSQL(TURN, FREE),
    ]
