"""The check of every night: all chains, then their heads."""

from django.utils import timezone
from procrastinate.contrib.django import app

from puente.audit.services.chain import check_chains, keep_verification, take_heads


@app.periodic(cron="17 3 * * *")
@app.task(name="audit.check", queue="audit", pass_context=False)
def check_nightly(timestamp: int) -> None:
    """Check all chains, raise an alert for what was tampered with, and sign the heads of the others.

    Args:
        timestamp: seconds since 1970 for which the run was planned.
    """
    checked = check_chains()
    now = timezone.now()
    keep_verification(checked=checked, now=now)
    take_heads(now=now, broken={finding.chain for finding in checked.findings})
