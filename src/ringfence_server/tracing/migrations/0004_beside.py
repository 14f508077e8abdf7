from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracing", "0003_runs_that_nobody_asked_for")]

    operations = [migrations.AddField("run", "beside", models.JSONField(null=True))]
