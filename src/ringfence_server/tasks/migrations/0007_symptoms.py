"""Whether a report tells of symptoms: those are looked at before all others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0006_listed_as"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="symptoms",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state", "feedback"), ("symptoms", True)),
                fields=["due_at", "id"],
                include=("province", "city", "district", "street", "community", "grid"),
                name="symptoms_to_look_at",
            ),
        ),
    ]
