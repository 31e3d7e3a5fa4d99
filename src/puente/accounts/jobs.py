"""Background work: what is over is not kept."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from procrastinate.contrib.django import app

#: For how long tries to sign in, with their network addresses, are kept beside the audit events.
ATTEMPTS_KEPT = timedelta(days=30)


@app.periodic(cron="17 * * * *")
@app.task(name="accounts.forget_sessions", queue="accounts")
def forget_sessions(timestamp: int = 0) -> None:
    """Delete sessions that ended and the addresses of old attempts."""
    SessionStore.clear_expired()
    before = timezone.now() - ATTEMPTS_KEPT
    AccessAttempt.objects.filter(attempt_time__lt=before).delete()
    AccessLog.objects.filter(attempt_time__lt=before).delete()
