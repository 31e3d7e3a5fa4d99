from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from puente.platform.policy import NotAllowed
from puente.platform.uploads import UnreadableFile
from puente.reception.models import ColumnMapping, LineSearchKey, Manifest, ManifestDraft, ManifestLine
from puente.reception.payload import InvalidPayload
from puente.reception.selectors.manifests import get_line, list_manifests
from puente.reception.services.manifests import (
    ListFacts,
    ListNotLoaded,
    close_manifest,
    load_list,
    map_columns,
    upload_list,
)
from tests.reception.conftest import POINT
from tests.reception.test_desk import BACKEND, hidden, save

LIST = b"LAST NAME,FIRST NAME,DOB\nAVALOS-CRUZ,MARTIN,03/14/1992\nGUEMEZ-ORTIZ,NOEMI,05/20/1990\nPECH CANUL,WILBERTH,\n"


def facts(sender="ICE"):
    return ListFacts(sender, Manifest.Kind.BUS, POINT, timezone.now())


@pytest.fixture
def loaded(cast, acting):
    with acting(cast.reception):
        draft = upload_list(
            actor=cast.reception, office_id=cast.bridge.id, content=LIST, facts=facts(), now=timezone.now()
        )
        return load_list(actor=cast.reception, draft_id=draft.pk, now=timezone.now())


def counts(actor):
    found = list_manifests(actor).get()
    return found.expected, found.arrived, found.absent, found.not_on_list


def test_a_list_is_loaded_sealed_and_counted(cast, acting, loaded):
    with acting(cast.reception), connection.cursor() as cursor:
        assert counts(cast.reception) == (3, 0, 0, 0)
        assert LineSearchKey.objects.exists()
        assert not ManifestDraft.objects.exists()
        for table in ("manifest", "manifestline", "linesearchkey", "columnmapping"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM reception_{table} AS t")
            assert "AVALOS" not in cursor.fetchone()[0].upper()


def test_one_row_without_surname_keeps_the_whole_list_out(cast, acting):
    content = b"Apellidos,Nombre\nAvalos,Martin\n,Noemi\n"
    with acting(cast.reception), translation.override("es"):
        draft = upload_list(
            actor=cast.reception, office_id=cast.bridge.id, content=content, facts=facts(), now=timezone.now()
        )
        with pytest.raises(ListNotLoaded) as refused:
            load_list(actor=cast.reception, draft_id=draft.pk, now=timezone.now())
        assert str(refused.value.message) == (
            "No se cargó la lista. El renglón 3 no tiene apellido. No se guardó nada."
        )
        assert not Manifest.objects.exists()
        assert not ManifestLine.objects.exists()


def test_the_columns_of_a_sender_are_remembered(cast, acting):
    with acting(cast.reception):
        for number, content in enumerate((b"col1,col2\nAvalos Cruz,Martin\n", b"col1,col2\nGuemez,Noemi\n")):
            draft = upload_list(
                actor=cast.reception, office_id=cast.bridge.id, content=content, facts=facts("CBP"), now=timezone.now()
            )
            if number == 0:
                assert draft.mapping == {}
                map_columns(
                    actor=cast.reception, draft_id=draft.pk, surnames_first=True,
                    columns={"first_surname": "col1", "given": "col2"},
                )  # fmt: skip
            else:
                assert draft.mapping == {"first_surname": "col1", "given": "col2"}
            load_list(actor=cast.reception, draft_id=draft.pk, now=timezone.now())
        assert ColumnMapping.objects.count() == 1
        assert sorted(Manifest.objects.values_list("label", flat=True))[0].endswith("-A")


def test_the_same_file_is_not_loaded_twice(cast, acting, loaded):
    with acting(cast.reception), pytest.raises(ListNotLoaded):
        upload_list(actor=cast.reception, office_id=cast.bridge.id, content=LIST, facts=facts(), now=timezone.now())


def test_an_unreadable_file_leaves_nothing(cast, acting):
    with acting(cast.reception):
        with pytest.raises(UnreadableFile):
            upload_list(
                actor=cast.reception, office_id=cast.bridge.id, content=b"PK\x03\x04x", facts=facts(),
                now=timezone.now(),
            )  # fmt: skip
        assert not ManifestDraft.objects.exists()


def test_who_arrives_is_found_on_the_list_and_the_rest_is_absent_once_it_is_closed(cast, acting, loaded, send):
    with acting(cast.reception):
        line = ManifestLine.objects.get(row_number=2)
    answer = send(arrival={"line_id": str(line.pk)})
    send(arrival={"manifest_id": str(loaded.pk)})
    with acting(cast.reception):
        line.refresh_from_db()
        assert (line.status, str(line.person_id)) == ("arrived", answer["person_id"])
        assert counts(cast.reception) == (2, 1, 0, 1)
        close_manifest(actor=cast.reception, manifest_id=loaded.pk, now=timezone.now())
        assert counts(cast.reception) == (0, 1, 2, 1)
    with pytest.raises(InvalidPayload):
        send(arrival={"line_id": str(line.pk)})
    late = ManifestLine.objects
    with acting(cast.reception):
        absent = late.get(row_number=3)
    send(arrival={"line_id": str(absent.pk)})
    with acting(cast.reception):
        assert counts(cast.reception) == (0, 2, 1, 1)


def test_the_desk_offers_the_line_of_whom_is_searched(client, cast, acting, loaded):
    client.force_login(cast.users["reception"], backend=BACKEND)
    form = client.post(reverse("reception:prepare"), {"text": "avalos cruz martin 92", "new": "1"})
    page = form.content.decode()
    assert "renglón 2" in page
    assert "AVALOS-CRUZ MARTIN" in page
    with acting(cast.reception):
        line = ManifestLine.objects.get(row_number=2)
    ids = {name: hidden(form, name) for name in ("command_id", "arrival_id", "person_id")}
    assert save(client, listed=f"line:{line.pk}", **ids).status_code == 302
    with acting(cast.reception):
        assert counts(cast.reception)[1] == 1


def test_a_list_is_uploaded_checked_and_loaded_through_its_pages(client, cast, acting):
    client.force_login(cast.users["reception"], backend=BACKEND)
    now = timezone.localtime()
    sent = {
        "sender": "ICE", "kind": "bus", "point": POINT, "day": now.date().isoformat(), "hour": "10:25",
        "file": SimpleUploadedFile("lista.csv", LIST),
    }  # fmt: skip
    checked = client.post(reverse("reception:upload"), sent)
    assert checked.status_code == 302
    page = client.get(checked.url).content.decode()
    assert "Se pueden cargar 3 personas" in page
    loaded = client.post(f"{checked.url}load/")
    assert loaded.status_code == 302
    page = client.get(loaded.url).content.decode()
    assert "Pech Canul, Wilberth" in page
    closed = client.post(f"{loaded.url}close/")
    assert "no llegó" in client.get(closed.url).content.decode()
    page = client.post(reverse("reception:upload"), sent | {"file": SimpleUploadedFile("x.csv", b"")}).content.decode()
    assert "El archivo está vacío" in page


def test_a_list_belongs_to_its_office_alone(cast, acting, loaded):
    with acting(cast.far_reception):
        assert not Manifest.objects.exists()
        assert not ManifestLine.objects.exists()
        assert not LineSearchKey.objects.exists()
        with pytest.raises(NotAllowed):
            close_manifest(actor=cast.far_reception, manifest_id=loaded.pk, now=timezone.now())
    with acting(cast.counsellor):
        assert not Manifest.objects.exists()
    with acting(cast.coordinator):
        assert Manifest.objects.count() == 1
        with pytest.raises(NotAllowed):
            close_manifest(actor=cast.coordinator, manifest_id=loaded.pk, now=timezone.now())


def test_a_line_opens_for_its_office_until_its_person_arrived(cast, acting, loaded, send):
    with acting(cast.reception):
        line = ManifestLine.objects.get(row_number=2)
        assert get_line(cast.reception, line.pk).line.as_written == "AVALOS-CRUZ MARTIN"
    send(arrival={"line_id": str(line.pk)})
    with acting(cast.reception), pytest.raises(NotAllowed):
        get_line(cast.reception, line.pk)


def test_old_drafts_are_swept_when_the_next_list_comes(cast, acting):
    with acting(cast.reception):
        for hours in (30, 0):
            upload_list(
                actor=cast.reception, office_id=cast.bridge.id, content=LIST + b"\n" * hours, facts=facts(),
                now=timezone.now() - timedelta(hours=hours),
            )  # fmt: skip
        assert ManifestDraft.objects.count() == 1
