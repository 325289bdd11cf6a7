"""Public notices and objections; what was made known only goes away, it never changes (`calls_freeze_entry`)."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kernel.ids
import privacy.fields

FREEZE = """
CREATE FUNCTION calls_freeze_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT state INTO found FROM calls_publicnotice WHERE id = NEW.notice_id FOR SHARE;
        IF found <> 'draft' THEN
            RAISE check_violation USING MESSAGE = 'notice_frozen';
        END IF;
    ELSIF ROW(NEW.notice_id, NEW.application_id, NEW."order")
            IS DISTINCT FROM ROW(OLD.notice_id, OLD.application_id, OLD."order")
        OR (ROW(NEW.name, NEW.unit, NEW.lines) IS DISTINCT FROM ROW(OLD.name, OLD.unit, OLD.lines)
            AND ROW(NEW.name, NEW.unit, NEW.lines) IS DISTINCT FROM ROW('—', '', '[]'::jsonb)) THEN
        RAISE check_violation USING MESSAGE = 'notice_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_frozen BEFORE INSERT OR UPDATE ON calls_noticeentry
    FOR EACH ROW EXECUTE FUNCTION calls_freeze_entry();
"""
THAW = """
DROP TRIGGER entry_frozen ON calls_noticeentry;
DROP FUNCTION calls_freeze_entry();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0002_frozen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=120, verbose_name="姓名")),
                ("unit", models.CharField(blank=True, max_length=200, verbose_name="单位")),
                ("lines", models.JSONField(default=list, verbose_name="公示内容")),
                ("struck_at", models.DateTimeField(blank=True, null=True, verbose_name="撤出公示")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="calls.application",
                    ),
                ),
            ],
            options={
                "verbose_name": "公示名单",
                "verbose_name_plural": "公示名单",
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="PublicNotice",
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
                    "number",
                    models.PositiveSmallIntegerField(editable=False, verbose_name="第几次公示"),
                ),
                (
                    "authority",
                    models.CharField(
                        help_text="落款的单位名称", max_length=60, verbose_name="公示单位"
                    ),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="公示正文")),
                (
                    "masked",
                    models.BooleanField(
                        default=False,
                        help_text="如“王*敏”；同名的人请同时公示单位",
                        verbose_name="隐去姓名中间的字",
                    ),
                ),
                ("shows_unit", models.BooleanField(default=True, verbose_name="公示单位名称")),
                (
                    "contact",
                    models.CharField(
                        help_text="公示期间要有人接听",
                        max_length=120,
                        verbose_name="受理异议的电话和地址",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="5 到 30 个工作日；开始当天不算，节假日和调休按国家安排计算",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="公示几个工作日",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("running", "公示中"),
                            ("suspended", "暂停"),
                            ("ended", "已结束"),
                            ("withdrawn", "已撤销"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="开始公示"),
                ),
                ("counted_from", models.DateField(editable=False, null=True)),
                ("counted_days", models.PositiveSmallIntegerField(editable=False, null=True)),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="公示到哪天")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="calls.call",
                        verbose_name="申报通知",
                    ),
                ),
                (
                    "fields",
                    models.ManyToManyField(
                        blank=True,
                        help_text="只有勾选的内容会公开；开始公示时照录，之后不再变动",
                        related_name="+",
                        to="calls.field",
                        verbose_name="同时公示的申报内容",
                    ),
                ),
            ],
            options={
                "verbose_name": "公示",
                "verbose_name_plural": "公示",
                "ordering": ["-id"],
                "permissions": [("run_publicnotice", "可以开始、暂停、撤销公示")],
            },
        ),
        migrations.CreateModel(
            name="Objection",
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
                        max_length=16,
                        unique=True,
                        verbose_name="编号",
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=40)),
                (
                    "name",
                    privacy.fields.EncryptedTextField(blank=True, null=True, verbose_name="姓名"),
                ),
                (
                    "contact",
                    privacy.fields.EncryptedTextField(
                        blank=True, null=True, verbose_name="联系方式"
                    ),
                ),
                ("text", privacy.fields.EncryptedTextField(null=True, verbose_name="异议内容")),
                ("anonymous", models.BooleanField(default=False, verbose_name="匿名")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待处理"), ("upheld", "成立"), ("dismissed", "不成立")],
                        default="open",
                        max_length=10,
                        verbose_name="处理结果",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="答复")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="处理时间"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="calls.noticeentry",
                        verbose_name="针对谁",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="calls.publicnotice",
                        verbose_name="公示",
                    ),
                ),
            ],
            options={
                "verbose_name": "异议",
                "verbose_name_plural": "异议",
                "ordering": ["-id"],
                "permissions": [("decide_objection", "可以处理异议")],
            },
        ),
        migrations.AddField(
            model_name="noticeentry",
            name="notice",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="calls.publicnotice",
            ),
        ),
        migrations.AddIndex(
            model_name="publicnotice",
            index=models.Index(fields=["state", "ends_on"], name="notice_to_end"),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.UniqueConstraint(
                fields=("call", "number"), name="notice_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("draft", "running", "suspended"))),
                fields=("call",),
                name="notice_one_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 5), ("days__lte", 30)), name="notice_days_sane"
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"),
                    models.Q(
                        ("counted_days__isnull", False),
                        ("counted_from__isnull", False),
                        ("ends_on__gte", models.F("counted_from")),
                        ("started_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="notice_begun_has_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("suspended", "withdrawn")), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="notice_stopped_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "ended"), _negated=True),
                    ("ended_at__isnull", False),
                    _connector="OR",
                ),
                name="notice_ended_has_time",
            ),
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(fields=["state", "received_at"], name="objection_waiting"),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                fields=("notice", "key"), name="objection_sent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "open"),
                    models.Q(
                        ("decided_at__isnull", False), models.Q(("answer", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="objection_decided_has_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeentry",
            constraint=models.UniqueConstraint(fields=("notice", "order"), name="entry_order_once"),
        ),
        migrations.AddConstraint(
            model_name="noticeentry",
            constraint=models.UniqueConstraint(fields=("notice", "application"), name="entry_once"),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
