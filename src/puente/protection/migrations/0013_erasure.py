from django.db import migrations

from puente.platform.row_security import make_eraser

#: A case has keys of its own, one a compartment and purpose; a hand-over, a closure and a request to open
#: the file have one each; the facts of arrivals stand in clear.
DESTROY = """
UPDATE protection_handover SET key_name = '', wrapped_key = '' WHERE person_id = whom;
DELETE FROM protection_arrivalfact WHERE person_id = whom;
DELETE FROM protection_watchkey WHERE person_id = whom;
DELETE FROM protection_watchedperson WHERE person_id = whom;
UPDATE protection_casekey SET key_name = '', wrapped_key = '' WHERE person_id = whom;
UPDATE protection_closure SET key_name = '', wrapped_key = '' WHERE person_id = whom;
UPDATE protection_accessrequest SET key_name = '', wrapped_key = '' WHERE person_id = whom;
UPDATE protection_case SET closed_at = coalesce(closed_at, now()) WHERE person_id = whom;
"""


class Migration(migrations.Migration):
    dependencies = [("protection", "0012_access"), ("people", "0011_erasure")]
    operations = [make_eraser("protection", destroy=DESTROY)]
