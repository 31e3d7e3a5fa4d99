"""Row-level security of the boxes: protection reads its own, the other services theirs, nobody all of them."""

from django.db import migrations

from puente.platform.row_security import in_offices_of, make_append_only, protect_rows

# sha256 stands in the server itself: no extension is needed. The secrets come with who acts (protection/boxes.py).
CREATE_HOLDS_BOX = """
CREATE FUNCTION puente_holds_box(action text, handover uuid, box bytea) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
        SELECT 1 FROM jsonb_array_elements_text(
            coalesce(nullif(current_setting('puente.boxes', true), ''), '{}')::jsonb -> action) AS secret
        WHERE sha256(convert_to(secret || handover::text, 'UTF8')) = box
    )
$$;
"""
DROP_HOLDS_BOX = "DROP FUNCTION puente_holds_box(text, uuid, bytea)"
OLD_READ = in_offices_of("handover.view")
OLD_TAKE = in_offices_of("handover.acknowledge")


def holds(action: str, handover: str, box: str) -> str:
    """Return the condition that a row lies in a box which an action opens, in an office that gives the action."""
    return f"({in_offices_of(action)} AND puente_holds_box('{action}', {handover}, {box}))"


# The first condition is what the index answers; the boxes are looked into only for those offices.
READ = (
    "office_id = ANY ((SELECT puente_offices('handover.view') || puente_offices('handover.view_care'))::uuid[])"
    f" AND ({holds('handover.view', 'id', 'box')} OR ({holds('handover.view_care', 'id', 'box')}"
    # Who is reserved is nobody's patient or client here any more: protection alone knows where they go on.
    " AND puente_reaches(person_id, 'handover.view_care')))"
)
#: Whoever sees the hand-over sees who took it on: the policy above speaks for this one too.
SEES_HANDOVER = "EXISTS (SELECT 1 FROM protection_handover AS seen WHERE seen.id = handover_id)"


def takes(action: str) -> str:
    """Return the condition that the seen hand-over lies in a box whose people the actor takes on."""
    return f"({in_offices_of(action, 'seen.office_id')} AND puente_holds_box('{action}', seen.id, seen.box))"


TAKE = (
    "EXISTS (SELECT 1 FROM protection_handover AS seen WHERE seen.id = handover_id"
    " AND seen.office_id = protection_handoveracknowledgement.office_id"
    f" AND ({takes('handover.acknowledge')} OR {takes('handover.acknowledge_care')}))"
)


class Migration(migrations.Migration):
    dependencies = [("protection", "0006_boxes_and_arrival_facts")]
    operations = [
        migrations.RunSQL(CREATE_HOLDS_BOX, DROP_HOLDS_BOX),
        migrations.RunSQL(
            [
                f"ALTER POLICY protection_handover_read ON protection_handover USING ({READ})",
                "ALTER POLICY protection_handoveracknowledgement_read ON protection_handoveracknowledgement"
                f" USING ({SEES_HANDOVER})",
                "ALTER POLICY protection_handoveracknowledgement_insert ON protection_handoveracknowledgement"
                f" WITH CHECK ({TAKE})",
            ],
            [
                f"ALTER POLICY protection_handover_read ON protection_handover USING ({OLD_READ})",
                "ALTER POLICY protection_handoveracknowledgement_read ON protection_handoveracknowledgement"
                f" USING ({OLD_READ})",
                "ALTER POLICY protection_handoveracknowledgement_insert ON protection_handoveracknowledgement"
                f" WITH CHECK ({OLD_TAKE})",
            ],
        ),
        # Written with every arrival by whoever registers it, read by the process that compares and by who reaches
        # the person with a case.
        protect_rows(
            "protection_arrivalfact",
            read=f"{in_offices_of('circuit.review')} OR puente_reaches(person_id, 'case.view')",
            insert=in_offices_of("handover.send"),
        ),
        make_append_only("protection_arrivalfact"),
    ]
