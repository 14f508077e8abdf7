from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("imports", "0001_initial"),)
    operations = (
        migrations.RemoveConstraint(model_name="import", name="import_by_table_or_mapping"),
        migrations.RemoveConstraint(model_name="import", name="one_import_of_a_file_at_a_time"),
        migrations.AddField(
            model_name="import",
            name="listed",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="list_key",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("list_key", ""), ("mapping__gt", ""), ("table", "")),
                    models.Q(("list_key", ""), ("mapping", ""), ("table__gt", "")),
                    models.Q(
                        ("list_key__gt", ""),
                        ("listed__isnull", False),
                        ("mapping", ""),
                        ("table", ""),
                    ),
                    _connector="OR",
                ),
                name="import_by_table_mapping_or_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("receiving", "waiting", "running"))),
                fields=("by", "digest", "table", "mapping", "source", "dry_run", "list_key"),
                name="one_import_of_a_file_at_a_time",
            ),
        ),
    )
