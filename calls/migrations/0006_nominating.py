"""Who is brought forward and what her unit says of it; the conditions of a call beside its form.

`calls_freeze_call` (0002) freezes the conditions as well; a unit's last day, as the deadline, moves later only.
`calls_takes_application` lets an application a unit did not stand for go back to it after the deadline.
`calls_unit_places`: a unit endorses as many applications to a call as its quota says, whoever writes it: the row waits
for its turn (the same lock as calls.locking.lock_unit_places) and counts what stands.
"""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import calls.models.calls
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
            NEW.leaders_percent, NEW.leaders_by, NEW.award, NEW.no_repeat, NEW.cool_down_years)
        IS DISTINCT FROM
        ROW(OLD.sector_quotas, OLD.surplus_percent, OLD.subjects, OLD.women_percent,
            OLD.leaders_percent, OLD.leaders_by, OLD.award, OLD.no_repeat, OLD.cool_down_years)
        OR NEW.closes_at < OLD.closes_at
        OR (NEW.endorse_by IS NULL) <> (OLD.endorse_by IS NULL)
        OR NEW.endorse_by < OLD.endorse_by
    ) THEN
        RAISE check_violation USING MESSAGE = 'call_frozen';
    END IF;
    RETURN NEW;
END $$;
"""
TAKES = """
CREATE OR REPLACE FUNCTION calls_takes_application() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    IF NEW.state NOT IN ('draft', 'submitted')
        OR (TG_OP = 'UPDATE' AND (NEW.state = OLD.state
            OR OLD.state IN ('accepted', 'refused', 'not_endorsed'))) THEN
        RETURN NEW;
    END IF;
    SELECT state INTO found FROM calls_call WHERE id = NEW.call_id FOR SHARE;
    IF found = 'open' OR (found = 'closed' AND TG_OP = 'UPDATE' AND OLD.state = 'returned') THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING MESSAGE = 'call_takes_none';
END $$;
"""
PLACES = """
CREATE FUNCTION calls_unit_places() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    quota integer;
BEGIN
    SELECT unit_quota INTO quota FROM calls_call WHERE id = NEW.call_id;
    IF NOT NEW.endorsed OR NEW.unit_id IS NULL OR quota IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(1667329132, hashint8((NEW.call_id::bigint << 32) + NEW.unit_id));
    IF (SELECT count(*) FROM calls_unitopinion
         WHERE call_id = NEW.call_id AND unit_id = NEW.unit_id AND endorsed AND id <> NEW.id) >= quota THEN
        RAISE check_violation USING MESSAGE = 'unit_places_taken';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER opinion_within_quota BEFORE INSERT OR UPDATE ON calls_unitopinion
    FOR EACH ROW EXECUTE FUNCTION calls_unit_places();
"""
FREE = "DROP TRIGGER opinion_within_quota ON calls_unitopinion; DROP FUNCTION calls_unit_places;"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_departments"),
        ("calls", "0005_tables_and_files"),
        ("talents", "0004_compare_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Nomination",
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
                    "full_name",
                    privacy.fields.EncryptedTextField(null=True, verbose_name="被推荐人"),
                ),
                ("phone", privacy.fields.EncryptedTextField(null=True, verbose_name="手机号")),
                (
                    "phone_index",
                    privacy.fields.BlindIndexField(
                        "phone", editable=False, max_length=64, null=True
                    ),
                ),
                ("reason", privacy.fields.EncryptedTextField(null=True, verbose_name="推荐理由")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "待本人决定"),
                            ("agreed", "本人同意"),
                            ("declined", "本人谢绝"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="本人答复",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="推荐时间")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                ),
                (
                    "taken_back_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="收回时间"),
                ),
            ],
            options={
                "verbose_name": "推荐",
                "verbose_name_plural": "推荐",
                "ordering": ["-id"],
                "permissions": [("nominate_for_unit", "可以代表单位推荐和审核申报")],
            },
        ),
        migrations.CreateModel(
            name="UnitOpinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("endorsed", models.BooleanField(verbose_name="同意推荐")),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="不推荐的原因"),
                ),
                ("paper", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "单位意见",
                "verbose_name_plural": "单位意见",
            },
        ),
        migrations.AddField(
            model_name="application",
            name="collective_name",
            field=models.CharField(blank=True, max_length=80, verbose_name="集体或岗位名称"),
        ),
        migrations.AddField(
            model_name="application",
            name="head_count",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="总人数"),
        ),
        migrations.AddField(
            model_name="application",
            name="is_leader",
            field=models.BooleanField(default=False, verbose_name="是单位负责人"),
        ),
        migrations.AddField(
            model_name="application",
            name="members",
            field=privacy.fields.EncryptedTextField(blank=True, null=True, verbose_name="成员名单"),
        ),
        migrations.AddField(
            model_name="application",
            name="subject",
            field=models.CharField(
                choices=[("person", "个人"), ("collective", "集体"), ("post", "文明岗")],
                default="person",
                max_length=10,
                verbose_name="推荐对象",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="women_count",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="女性人数"),
        ),
        migrations.AddField(
            model_name="call",
            name="award",
            field=models.CharField(
                blank=True,
                help_text="荣誉或称号的名称，例如“三八红旗手”；各年写法一致，才能查出重复",
                max_length=60,
                verbose_name="授予什么",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="cool_down_years",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(20),
                ],
                verbose_name="获得荣誉后几年内不推荐",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="endorse_by",
            field=models.DateTimeField(
                blank=True,
                help_text="空着的，公布结果以前都可以",
                null=True,
                verbose_name="单位推荐截止",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="leaders_by",
            field=models.CharField(
                choices=[
                    ("unit", "每个单位的限额"),
                    ("sector", "每类单位的限额"),
                    ("call", "全部名额"),
                ],
                default="call",
                max_length=8,
                verbose_name="单位负责人的比例按什么算",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="leaders_percent",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="单位负责人最多占（%）",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="no_repeat",
            field=models.BooleanField(default=False, verbose_name="获得过同一荣誉的不再推荐"),
        ),
        migrations.AddField(
            model_name="call",
            name="sector_quotas",
            field=models.JSONField(blank=True, default=dict, verbose_name="每类单位最多受理"),
        ),
        migrations.AddField(
            model_name="call",
            name="subjects",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[("person", "个人"), ("collective", "集体"), ("post", "文明岗")],
                    max_length=10,
                ),
                default=calls.models.calls.individuals,
                size=None,
                verbose_name="推荐对象",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="surplus_percent",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="入选和备选合计，最多比名额多出的比例；空着不限",
                null=True,
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="差额比例（%）",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="women_percent",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="集体中女性至少占（%）",
            ),
        ),
        migrations.AlterField(
            model_name="application",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "填写中"),
                    ("submitted", "已提交，待受理"),
                    ("not_endorsed", "单位未推荐"),
                    ("returned", "待补充"),
                    ("accepted", "已受理"),
                    ("refused", "未受理"),
                    ("withdrawn", "已撤回"),
                    ("awarded", "入选"),
                    ("reserve", "备选"),
                    ("not_awarded", "未入选"),
                ],
                default="draft",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="call",
            name="unit_quota",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="有单位审核推荐的，按推荐的份数算；没有的，按受理的份数算",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="每个单位的限额",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("women_count", None),
                    models.Q(
                        ("head_count__isnull", False), ("women_count__lte", models.F("head_count"))
                    ),
                    _connector="OR",
                ),
                name="application_women_among_heads",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("subjects__len__gt", 0),
                    ("subjects__contained_by", ["person", "collective", "post"]),
                ),
                name="call_has_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("women_percent", None), ("women_percent__range", (1, 100)), _connector="OR"
                    ),
                    models.Q(
                        ("leaders_percent", None), ("leaders_percent__lte", 100), _connector="OR"
                    ),
                    models.Q(
                        ("surplus_percent", None),
                        models.Q(("places__isnull", False), ("surplus_percent__lte", 100)),
                        _connector="OR",
                    ),
                ),
                name="call_percents",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("no_repeat", False), models.Q(("award", ""), _negated=True), _connector="OR"
                ),
                name="call_repeat_has_award",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("endorse_by", None),
                    ("endorse_by__gte", models.F("closes_at")),
                    _connector="OR",
                ),
                name="call_endorsed_after_closing",
            ),
        ),
        migrations.AddField(
            model_name="nomination",
            name="application",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="nominations",
                to="calls.application",
                verbose_name="申报",
            ),
        ),
        migrations.AddField(
            model_name="nomination",
            name="call",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="nominations",
                to="calls.call",
                verbose_name="申报通知",
            ),
        ),
        migrations.AddField(
            model_name="nomination",
            name="nominator",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="推荐人",
            ),
        ),
        migrations.AddField(
            model_name="nomination",
            name="talent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="nominations",
                to="talents.talent",
                verbose_name="人才",
            ),
        ),
        migrations.AddField(
            model_name="nomination",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
                verbose_name="推荐单位",
            ),
        ),
        migrations.AddField(
            model_name="unitopinion",
            name="application",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="opinion",
                to="calls.application",
                verbose_name="申报",
            ),
        ),
        migrations.AddField(
            model_name="unitopinion",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经办人",
            ),
        ),
        migrations.AddField(
            model_name="unitopinion",
            name="call",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="calls.call",
            ),
        ),
        migrations.AddField(
            model_name="unitopinion",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
                verbose_name="单位",
            ),
        ),
        migrations.AddIndex(
            model_name="nomination",
            index=models.Index(fields=["phone_index"], name="nomination_phone"),
        ),
        migrations.AddIndex(
            model_name="nomination",
            index=models.Index(fields=["call", "-id"], name="nomination_of_call"),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("phone_index__isnull", False), ("taken_back_at", None), ("unit__isnull", False)
                ),
                fields=("call", "unit", "phone_index"),
                name="nomination_once_by_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("taken_back_at", None), ("talent__isnull", False), ("unit__isnull", False)
                ),
                fields=("call", "unit", "talent"),
                name="nomination_of_her_once_by_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("phone_index__isnull", False), ("taken_back_at", None), ("unit", None)
                ),
                fields=("call", "nominator", "phone_index"),
                name="nomination_once_by_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer", ""), ("answered_at__isnull", False), _connector="OR"),
                name="nomination_answer_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", "agreed"), _negated=True),
                    ("talent__isnull", False),
                    _connector="OR",
                ),
                name="nomination_agreed_is_hers",
            ),
        ),
        migrations.AddIndex(
            model_name="unitopinion",
            index=models.Index(fields=["call", "unit"], name="opinion_quota"),
        ),
        migrations.AddConstraint(
            model_name="unitopinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("endorsed", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="opinion_against_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitopinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("unit__isnull", False), models.Q(("paper", ""), _negated=True), _connector="OR"
                ),
                name="opinion_without_unit_on_paper",
            ),
        ),
        migrations.RunSQL(FREEZE, migrations.RunSQL.noop),
        migrations.RunSQL(TAKES, migrations.RunSQL.noop),
        migrations.RunSQL(PLACES, FREE),
    ]
