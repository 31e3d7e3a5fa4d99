"""The child's part of a case: sealed records, what is late, no centre without a measure, papers with few fields."""

import io
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from puente.people.pseudonyms import reference_of
from puente.platform.policy import NotAllowed, Purpose
from puente.platform.row_security import acting_as
from puente.protection.child_records import (
    KINDS,
    BestInterests,
    DifHandover,
    Measure,
    ProsecutorNotice,
    Situation,
    Step,
    Tracing,
    TracingState,
    gather_child_file,
    read_record,
    write_record,
)
from puente.protection.handovers import Reason
from puente.protection.models import Case, CaseEntry, Handover
from puente.protection.opening import read_entries
from puente.protection.sealed import Compartment
from puente.protection.selectors.children import read_child_file
from puente.protection.services import Service, create_case, open_case, send_handover
from puente.protection.services.children import InvalidRecord, record_child
from tests.cast import step_up_client
from tests.protection.conftest import step_up
from tests.trust.browser import find_form

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOW = timezone.now()
SITUATION = Situation("unaccompanied", "high", "with_other_children", "dos hermanos", "travelled_alone", "")
HANDOVER = DifHandover(
    NOW - timedelta(hours=4), NOW - timedelta(hours=1), "Inés Montelongo, OPI", "Luz Prieto, DIF", "DIF Chihuahua",
    "Puente Paso del Norte", False, "lm_112_and_lgdnna",
)  # fmt: skip
NOTICE = ProsecutorNotice(
    NOW - timedelta(hours=4), NOW - timedelta(hours=3, minutes=30), "Procuraduría de Chihuahua", "mail", "Ana Ruiz",
    "PPNNA-77", "Módulo Paso del Norte", False,
)  # fmt: skip
INTERESTS = BestInterests(
    "quiere ir con su abuela", "15 años", "", "", "", "", "", "su abuela", "con su abuela", "lo pidió",
    timezone.localdate(NOW), timezone.localdate(NOW) + timedelta(days=90),
)  # fmt: skip
MEASURE = Measure(
    "family", "art. 122", "special", "acogida con la abuela", "el adolescente", "DIF", "Luz Prieto", "una vez",
    timezone.localdate(NOW), "ongoing", "",
)  # fmt: skip
STEP = Step("detect", timezone.localdate(NOW), "")
TRACING = Tracing(TracingState.IN_PROGRESS, "abuela Chole, 656 000 0000", "")


@pytest.fixture
def case(cast, person):
    officer = step_up(cast.protection)
    with acting_as(officer):
        return create_case(actor=officer, person_id=person.pk, office_id=cast.bridge.pk, now=NOW)


@pytest.fixture
def keep(cast, case):
    """`keep(topic, record, replaces=…)` writes a record into the case; returns its id."""

    def write(topic, record, replaces=None):
        officer = step_up(cast.protection)
        with acting_as(officer):
            opened = open_case(actor=officer, case_id=case.pk, purpose=Purpose.PROTECTION, now=timezone.now())
            return record_child(
                actor=officer, opened=opened, topic=topic, record=record, replaces=replaces, now=timezone.now()
            )

    return write


@pytest.fixture
def read(cast, case):
    """`read()` returns the child's part of the case as its officer reads it."""

    def file(purpose=Purpose.PROTECTION):
        officer = step_up(cast.protection)
        with acting_as(officer):
            return read_child_file(open_case(actor=officer, case_id=case.pk, purpose=purpose, now=timezone.now()))

    return file


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.users["protection"], backend=BACKEND)
    step_up_client(client)
    return client


ALL = {
    "child": SITUATION, "dif_handover": HANDOVER, "prosecutor_notice": NOTICE, "best_interests": INTERESTS,
    "measures_plan": MEASURE, "restitution_step": STEP, "tracing": TRACING,
}  # fmt: skip


@pytest.mark.parametrize("record", ALL.values(), ids=list(ALL))
def test_a_record_is_read_as_it_was_written(record):
    assert read_record(type(record), write_record(record)) == record


def test_every_record_is_a_sealed_entry_of_its_compartment(cast, case, keep, read):
    for topic, record in ALL.items():
        keep(topic, record)
    file = read()
    assert {topic: file.find(topic).record for topic in ALL} == ALL
    with acting_as(step_up(cast.protection)):
        rows = list(CaseEntry.objects.filter(case=case).order_by("made_at"))
        assert [row.compartment for row in rows] == [KINDS[topic].compartment for topic in ALL]
        assert not any(b"abuela" in bytes(row.sealed) for row in rows)


def test_a_follow_up_opens_the_plan_and_the_contacts_and_never_what_the_child_said(keep, read):
    for topic, record in ALL.items():
        keep(topic, record)
    file = read(Purpose.FOLLOW_UP)
    assert set(file.topics) == set(ALL) - {"best_interests"}
    assert KINDS["best_interests"].compartment is Compartment.TESTIMONY


def test_a_correction_stands_in_the_place_of_the_old_record_which_stays(cast, case, keep, read):
    first = keep("measures_plan", MEASURE)
    keep("measures_plan", replace(MEASURE, right="education"))
    corrected = keep("measures_plan", replace(MEASURE, execution="done"), replaces=first)
    again = keep("measures_plan", replace(MEASURE, execution="not_done"), replaces=corrected)
    measures = read().topics["measures_plan"]
    assert {one.record.right for one in measures} == {"family", "education"}
    latest = next(one for one in measures if one.id == again)
    assert [one.record.execution for one in (latest, *latest.earlier)] == ["not_done", "done", "ongoing"]
    with acting_as(step_up(cast.protection)):
        assert CaseEntry.objects.filter(case=case).count() == 4
    with pytest.raises(NotAllowed):
        keep("measures_plan", MEASURE, replaces=first)


def test_of_what_there_is_only_one_a_new_record_counts(keep, read):
    keep("tracing", TRACING)
    keep("tracing", replace(TRACING, state=TracingState.REUNIFIED))
    (only,) = read().topics["tracing"]
    assert only.record.state is TracingState.REUNIFIED
    assert only.earlier[0].record.state is TracingState.IN_PROGRESS


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (replace(HANDOVER, handed_over_at=NOW + timedelta(hours=1)), "handed_over_at"),
        (replace(HANDOVER, handed_over_at=NOW - timedelta(hours=9)), "handed_over_at"),
        (replace(NOTICE, notified_at=NOW - timedelta(hours=9)), "notified_at"),
        (replace(NOTICE, arrived_at=NOW + timedelta(hours=1)), "arrived_at"),
        (replace(INTERESTS, review_on=INTERESTS.decided_on), "review_on"),
        (replace(INTERESTS, decided_on=INTERESTS.decided_on + timedelta(days=2)), "decided_on"),
        (replace(MEASURE, decided_on=MEASURE.decided_on + timedelta(days=2)), "decided_on"),
        (replace(STEP, done_on=STEP.done_on + timedelta(days=2)), "done_on"),
    ],
)
def test_times_that_contradict_each_other_are_refused_at_their_field(keep, record, field):
    topic = next(topic for topic, kind in KINDS.items() if kind.record is type(record))
    with pytest.raises(InvalidRecord) as refused:
        keep(topic, record)
    assert field in refused.value.problems


def test_what_is_late_is_told_from_the_arrival(keep, read):
    arrived = NOW - timedelta(hours=4)
    late = {due.code: (due.is_late, due.done_at) for due in read().list_deadlines(arrived, NOW)}
    assert late["prosecutor_notice"] == (True, None)
    assert late["dif_handover"] == (False, None)
    keep("prosecutor_notice", NOTICE)
    keep("dif_handover", HANDOVER)
    late = {due.code: (due.is_late, due.done_at) for due in read().list_deadlines(None, NOW)}
    assert late["prosecutor_notice"] == (False, NOTICE.notified_at)
    assert late["dif_handover"] == (False, HANDOVER.handed_over_at)
    assert late["best_interests"] == (False, None)
    keep("prosecutor_notice", replace(NOTICE, notified_at=NOW - timedelta(hours=1)))
    assert {due.code: due.is_late for due in read().list_deadlines(None, NOW)}["prosecutor_notice"]


def test_nothing_is_late_where_no_arrival_is_known(read):
    assert read().list_deadlines(None, NOW) == []


def test_a_centre_without_a_measure_is_warned_of_until_there_is_one(desk, case, keep, read):
    assert not read().lacks_measure
    keep("dif_handover", replace(HANDOVER, is_centre=True))
    assert read().lacks_measure
    page = desk.get(reverse("protection:child", args=[case.pk])).content.decode()
    assert "Aún no hay medida de protección" in page
    keep("measures_plan", MEASURE)
    assert not read().lacks_measure
    assert (
        "Aún no hay medida de protección" not in desk.get(reverse("protection:child", args=[case.pk])).content.decode()
    )


def test_a_foster_family_needs_a_measure_as_a_centre_does(keep, read):
    keep("child", replace(SITUATION, care_arrangement="foster_family"))
    assert read().lacks_measure
    keep("child", replace(SITUATION, care_arrangement="grandparent"))
    assert not read().lacks_measure


def test_the_whole_way_through_the_pages(desk, client, cast, person, acting):
    with acting(cast.reception):
        send_handover(
            actor=cast.reception, person_id=person.pk, office_id=cast.bridge.pk, service=Service.PROTECTION,
            reasons=[Reason.MINOR_ALONE], turn="A-007", now=timezone.now(),
        )  # fmt: skip
    with acting(cast.protection):
        handover = Handover.objects.get()
    page = desk.get(reverse("protection:handover", args=[handover.pk])).content.decode()
    assert "Atender y abrir el caso" in page
    opened = desk.post(reverse("protection:child_begin", args=[handover.pk]))
    with acting(step_up(cast.protection)):
        case = Case.objects.get(person_id=person.pk)
    assert opened.url == reverse("protection:child", args=[case.pk])
    again = desk.post(reverse("protection:child_begin", args=[handover.pk]))
    assert again.url == opened.url, "a second time opens no second case"
    for topic, record in ALL.items():
        address = reverse("protection:child_write", args=[case.pk, topic])
        form = find_form(desk.get(address).content.decode(), FIRST[topic])
        empty = desk.post(address, dict.fromkeys(form.values, ""))
        assert empty.status_code == 422, topic
        sent = desk.post(address, form.values | as_typed(record))
        assert sent.status_code == 302, (topic, sent.content.decode()[-3000:])
    page = desk.get(opened.url).content.decode()
    for words in ("quiere ir con su abuela", "abuela Chole", "PPNNA-77", "acogida con la abuela"):
        assert words in page, words
    assert reference_of(person.pk) in page
    assert "Xicale" not in page


#: A field that only the form of the topic has.
FIRST = {
    "child": "care_words", "dif_handover": "institution", "prosecutor_notice": "folio", "best_interests": "views",
    "measures_plan": "measure", "restitution_step": "done_on", "tracing": "contacts",
}  # fmt: skip


def as_typed(record):
    """Return a record as a browser sends its form."""
    typed = {}
    for name, value in write_record(record).items():
        if isinstance(value, bool):
            if value:
                typed[name] = "on"
            continue
        at = getattr(record, name)
        typed[name] = timezone.localtime(at).strftime("%Y-%m-%dT%H:%M:%S") if hasattr(at, "hour") else str(value)
    return typed


def test_a_correction_through_the_page_keeps_the_earlier_version_beside_it(desk, case, keep):
    entry = keep("tracing", TRACING)
    address = reverse("protection:child_correct", args=[case.pk, "tracing", entry])
    assert "abuela Chole" in desk.get(address).content.decode()
    desk.post(address, as_typed(replace(TRACING, contacts="tía Meche")))
    page = desk.get(reverse("protection:child", args=[case.pk])).content.decode()
    assert "tía Meche" in page
    assert "1 versión anterior" in page
    assert desk.get(reverse("protection:child_correct", args=[case.pk, "tracing", entry])).status_code == 404


def test_the_hand_over_to_dif_names_the_child_and_says_nothing_more(desk, case, person, keep):
    for topic, record in ALL.items():
        keep(topic, record)
    text = read_pdf(desk.get(reverse("protection:child_paper", args=[case.pk, "dif_handover"])))
    for words in ("Acta de canalización al DIF", "Xicale", reference_of(person.pk), "Luz Prieto", "artículo 112"):
        assert words in text, words
    for words in ("abuela", "hermanos", "acogida", "656"):
        assert words not in text, words


def test_the_notice_carries_the_reference_and_the_name_only_where_it_is_asked_for(desk, case, person, keep):
    keep("prosecutor_notice", NOTICE)
    answer = desk.get(reverse("protection:child_paper", args=[case.pk, "prosecutor_notice"]))
    assert "no-store" in answer["Cache-Control"]
    assert "Xicale" not in answer["Content-Disposition"]
    text = read_pdf(answer)
    assert reference_of(person.pk) in text
    assert "Xicale" not in text
    keep("prosecutor_notice", replace(NOTICE, names_child=True))
    assert "Xicale" in read_pdf(desk.get(reverse("protection:child_paper", args=[case.pk, "prosecutor_notice"])))


def read_pdf(answer) -> str:
    assert answer.status_code == 200
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)


def test_there_is_no_paper_of_what_was_not_written_nor_of_what_stays_inside(desk, case, keep):
    keep("best_interests", INTERESTS)
    for topic in ("dif_handover", "best_interests", "nothing"):
        assert desk.get(reverse("protection:child_paper", args=[case.pk, topic])).status_code == 404
    assert desk.get(reverse("protection:child_write", args=[case.pk, "nothing"])).status_code == 404


def test_nobody_else_finds_the_child(client, cast, case, keep):
    entry = keep("tracing", TRACING)
    addresses = [
        reverse("protection:child", args=[case.pk]),
        reverse("protection:child_write", args=[case.pk, "tracing"]),
        reverse("protection:child_correct", args=[case.pk, "tracing", entry]),
        reverse("protection:child_paper", args=[case.pk, "dif_handover"]),
    ]
    for role in ("reception", "counsellor", "coordinator", "supervisor", "administrator", "analyst"):
        client.force_login(cast.users[role], backend=BACKEND)
        step_up_client(client)
        for address in addresses:
            assert client.get(address).status_code == 404, (role, address)


def test_what_protection_made_of_repeated_returns_is_kept_with_the_childs_part(desk, case, read):
    read()
    address = reverse("protection:child_write", args=[case.pk, "circuit"])
    page = desk.get(address).content.decode()
    assert "posible víctima, nunca traficante" in page
    desk.post(address, {"finding": "presumed", "words": "lo esperan en el puente", "told_prosecutor": "on"})
    assert read().find("circuit").record.finding == "presumed"
    page = desk.get(reverse("protection:child", args=[case.pk])).content.decode()
    assert "Presunta víctima de quien lo manda a cruzar" in page


def test_entries_of_other_topics_are_left_out(cast, case):
    officer = step_up(cast.protection)
    with acting_as(officer):
        opened = open_case(actor=officer, case_id=case.pk, purpose=Purpose.PROTECTION, now=timezone.now())
        assert gather_child_file(read_entries(opened)).topics == {}
