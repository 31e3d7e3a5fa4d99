"""Background work: every night what is past its time is counted, and nothing is erased."""

from django.utils import timezone
from procrastinate.contrib.django import app

from puente.rights.services.retention import count_all


@app.periodic(cron="10 3 * * *")
@app.task(name="rights.count_due", queue="care", queueing_lock="rights.count_due")
def count_due(timestamp: int) -> None:
    """Count what is past its time in every office."""
    count_all(now=timezone.now())
