"""Tables and files in a form. `calls_attaches`: a file comes while its application is filled in, and not behind its deadline."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import kernel.ids
import privacy.fields

ATTACHES = """
CREATE FUNCTION calls_attaches() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found calls_application%ROWTYPE;
BEGIN
    SELECT * INTO found FROM calls_application WHERE id = NEW.application_id;
    IF found.state NOT IN ('draft', 'returned') OR NEW.added_at > found.deadline THEN
        RAISE check_violation USING MESSAGE = 'application_takes_no_file';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attachment_taken BEFORE INSERT OR UPDATE OF application_id, added_at ON calls_attachment
    FOR EACH ROW EXECUTE FUNCTION calls_attaches();
"""
DETACHES = "DROP TRIGGER attachment_taken ON calls_attachment; DROP FUNCTION calls_attaches;"


class Migration(migrations.Migration):
    """The lines' new columns, the files, the trigger above."""

    dependencies = [
        ("calls", "0004_review_frozen"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
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
                (
                    "names_her",
                    models.BooleanField(default=False, verbose_name="文件里写着她的姓名或单位"),
                ),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
            ],
            options={
                "verbose_name": "申报附件",
                "verbose_name_plural": "申报附件",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="AttachmentPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("content", privacy.fields.EncryptedTextField()),
            ],
        ),
        migrations.AddField(
            model_name="field",
            name="columns",
            field=models.JSONField(blank=True, default=list, verbose_name="栏目"),
        ),
        migrations.AddField(
            model_name="field",
            name="file_kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("pdf", "PDF"),
                        ("docx", "Word（.docx）"),
                        ("image", "图片（JPG、PNG）"),
                    ],
                    max_length=5,
                ),
                blank=True,
                default=list,
                size=None,
                verbose_name="可以上传",
            ),
        ),
        migrations.AddField(
            model_name="field",
            name="file_mb",
            field=models.PositiveSmallIntegerField(
                default=5,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="每个文件不超过（MB）",
            ),
        ),
        migrations.AddField(
            model_name="field",
            name="most",
            field=models.PositiveSmallIntegerField(
                default=5,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="最多几行或几个文件",
            ),
        ),
        migrations.AlterField(
            model_name="field",
            name="kind",
            field=models.CharField(
                choices=[
                    ("text", "文字"),
                    ("number", "数字"),
                    ("date", "日期"),
                    ("choice", "单选"),
                    ("table", "表格"),
                    ("file", "上传文件"),
                ],
                max_length=8,
                verbose_name="填写方式",
            ),
        ),
        migrations.AddConstraint(
            model_name="field",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "table"), _negated=True),
                    models.Q(("columns", []), _negated=True),
                    _connector="OR",
                ),
                name="field_table_has_columns",
            ),
        ),
        migrations.AddConstraint(
            model_name="field",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "file"), _negated=True),
                    ("file_kinds__len__gte", 1),
                    _connector="OR",
                ),
                name="field_file_has_kinds",
            ),
        ),
        migrations.AddConstraint(
            model_name="field",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("file_mb__gte", 1), ("file_mb__lte", 10), ("most__gte", 1), ("most__lte", 50)
                ),
                name="field_most_sane",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attachments",
                to="calls.application",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="field",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="calls.field",
            ),
        ),
        migrations.AddField(
            model_name="attachmentpiece",
            name="attachment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pieces",
                to="calls.attachment",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachmentpiece",
            constraint=models.UniqueConstraint(
                fields=("attachment", "number"), name="calls_attachment_piece_once"
            ),
        ),
        migrations.RunSQL(ATTACHES, DETACHES),
    ]
