"""By which number a run lists the person of a follow-up: till now always by the follow-up's own."""

from django.db import migrations, models

_OWN = """
UPDATE tasks_link SET listed_as = tasks_followup.person FROM tasks_followup
WHERE tasks_followup.id = tasks_link.follow_up_id AND tasks_link.run_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0005_counted_in_the_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="link",
            name="listed_as",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.RunSQL(_OWN, migrations.RunSQL.noop),
    ]
