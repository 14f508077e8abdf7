from django.db import migrations, models

from ringfence_server.jurisdictions.models import COLUMNS
from ringfence_server.tasks.words import OPEN

_OPEN = models.Q(("state__in", OPEN))


def _index(level: str | None) -> models.Index:
    """In the order of what is due, with what the inbox counts by."""
    return models.Index(
        fields=[*([level] if level else []), "due_at", "id"],
        include=["state", "account", "kind"],
        condition=_OPEN,
        name=f"open_task_{level or 'due'}",
    )


class Migration(migrations.Migration):
    dependencies = [("tasks", "0004_asked")]

    operations = [
        *(migrations.AddIndex("task", _index(level)) for level in (None, *COLUMNS)),
        *(migrations.RemoveIndex("task", f"task_{level or 'due'}") for level in (None, *COLUMNS)),
    ]
