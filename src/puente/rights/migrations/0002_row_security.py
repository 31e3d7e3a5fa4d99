from django.db import migrations

from puente.platform.row_security import in_offices_of, make_append_only, protect_rows

# That a reserved person asked for something is reserved as the person is.
READ = "puente_reaches(person_id, 'rights.view')"
RECEIVES = f"({in_offices_of('rights.receive')} AND puente_reaches(person_id, 'rights.receive'))"
HANDLES = "puente_reaches(person_id, 'rights.handle')"
ERASES = "puente_reaches(person_id, 'person.erase')"
SEES_RETENTION = in_offices_of("retention.view")
PROPOSES = in_offices_of("retention.propose")
ERASES_HERE = in_offices_of("person.erase")
MAY_ERASE = "(SELECT puente_may('person.erase'))"

#: With the owner's rights: the erasing functions of every room ask the first, a start of the product the second.
CREATE_FUNCTIONS = """
CREATE FUNCTION puente_erasure_is_recorded(whom uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (SELECT 1 FROM rights_erasure WHERE person_digest = encode(sha256(uuid_send(whom)), 'hex'))
$$;
CREATE FUNCTION puente_revived() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT person.id FROM rights_erasure AS erased
    JOIN people_person AS person ON encode(sha256(uuid_send(person.id)), 'hex') = erased.person_digest
    WHERE puente_may('person.erase') AND (person.erased_at IS NULL OR person.wrapped_key <> ''
        OR EXISTS (SELECT 1 FROM people_searchkey AS stored WHERE stored.person_id = person.id))
$$;
"""
DROP_FUNCTIONS = "DROP FUNCTION puente_erasure_is_recorded(uuid), puente_revived()"


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_initial"), ("people", "0011_erasure")]
    operations = [
        protect_rows(
            "rights_rightsrequest",
            read=f"{READ} OR {ERASES}",
            insert=RECEIVES,
            update=f"{HANDLES} OR {ERASES}",
        ),
        protect_rows(
            "rights_requestevent",
            read=f"{READ} OR {ERASES}",
            insert=f"{RECEIVES} OR {HANDLES} OR {ERASES}",
        ),
        make_append_only("rights_requestevent"),
        protect_rows("rights_filecopy", read=READ, insert=HANDLES),
        make_append_only("rights_filecopy"),
        protect_rows("rights_erasure", read=MAY_ERASE, insert=MAY_ERASE),
        make_append_only("rights_erasure"),
        protect_rows("rights_retentioncount", read=f"{SEES_RETENTION} OR {PROPOSES}", insert=PROPOSES, update=PROPOSES),
        protect_rows(
            "rights_retentionrun",
            read=f"{SEES_RETENTION} OR {PROPOSES}",
            insert=PROPOSES,
            update=f"{PROPOSES} OR {ERASES_HERE}",
        ),
        # Whom a run names is read by who erases and by who counts, not by who proposes.
        protect_rows(
            "rights_retentionitem", read=f"{ERASES} OR puente_serves(person_id, 'person.open')", insert=PROPOSES
        ),
        make_append_only("rights_retentionitem"),
        migrations.RunSQL(CREATE_FUNCTIONS, DROP_FUNCTIONS),
    ]
