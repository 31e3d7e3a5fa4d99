from django.db import migrations

from puente.platform.row_security import in_offices_of, make_append_only, protect_rows

REACHES = "puente_reaches(person_id, 'case.view')"
WRITES = "(SELECT puente_may('case.write')) AND puente_reaches(person_id, 'person.open')"


class Migration(migrations.Migration):
    dependencies = [("protection", "0003_cases"), ("people", "0005_reach")]
    operations = [
        protect_rows(
            "protection_case",
            read=f"{in_offices_of('case.list')} OR {REACHES}",
            insert=f"{in_offices_of('case.open')} AND puente_reaches(person_id, 'person.open')",
            update=WRITES,
        ),
        protect_rows(
            "protection_casekey",
            read=REACHES,
            insert="(SELECT puente_may('case.open')) AND puente_reaches(person_id, 'person.open')",
        ),
        protect_rows("protection_caseentry", read=REACHES, insert=WRITES),
        make_append_only("protection_caseentry"),
    ]
