from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracing", "0001_initial")]

    operations = [migrations.AddField("run", "beside", models.JSONField(null=True))]
