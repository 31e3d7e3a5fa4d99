from django.db import migrations

from puente.platform.row_security import make_eraser

#: Nobody can act on the needs of somebody who is erased.
DESTROY = """
UPDATE needs_need SET status = 'withdrawn', closed_at = now()
WHERE person_id = whom AND status IN ('open', 'referred');
"""


class Migration(migrations.Migration):
    dependencies = [("needs", "0003_withheld")]
    operations = [make_eraser("needs", destroy=DESTROY)]
