"""The pages: taking a request down, deciding, copying, erasing, and how long things are kept."""

import json
import re
from datetime import timedelta

import pytest

from puente.people.models import Person
from puente.platform.row_security import acting_as
from puente.rights.models import Deadline, RetentionRule, RetentionRun, RightsRequest
from puente.rights.services.retention import count_all
from tests.counselling.conftest import NOW, register
from tests.rights.conftest import accept, ask

ASKED = {
    "kind": "access", "words": "Quiere saber qué tenemos", "capacity": "self", "representative": "",
    "identity_shown": "photo_paper", "means": "signature", "answer_to": "", "received_on": "2026-11-20",
}  # fmt: skip


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_request_is_taken_down_from_the_persons_page(cast, martin, sign_in, acting):
    client = sign_in("reception")
    assert f"/rights/person/{martin.pk}/" in client.get(f"/person/{martin.pk}/").content.decode()
    page = client.get(f"/rights/person/{martin.pk}/")
    assert "The person has asked for nothing yet" in text_of(page)
    form = client.get(f"/rights/person/{martin.pk}/new/")
    assert 'name="uses" value="work_search"' in form.content.decode()
    assert 'name="uses" value="referral"' not in form.content.decode(), "it was never allowed"
    sent = client.post(f"/rights/person/{martin.pk}/new/", ASKED, follow=True)
    assert "December 18, 2026" in text_of(sent) or "18 December 2026" in text_of(sent) or "18" in text_of(sent)
    with acting(cast.reception):
        request = RightsRequest.objects.get()
    assert (request.kind, str(request.due_on)) == ("access", "2026-12-18")
    assert "Quiere saber qué tenemos" in text_of(sent)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": ""}, "Choose what the person asks for"),
        ({"words": ""}, "Write what the person asks for, in their words"),
        ({"identity_shown": ""}, "Choose how they showed who they are"),
        ({"means": ""}, "Choose how it was asked"),
        ({"capacity": "representative"}, "Write who asks for the person"),
        ({"received_on": ""}, "Write the day on which it was asked"),
        ({"received_on": "2026-12-01"}, "That day has not come yet"),
        ({"kind": "objection"}, "Choose at least one use"),
    ],
)
def test_what_is_missing_is_said_above_and_beside_the_field(cast, martin, sign_in, changes, message):
    answer = sign_in("counsellor").post(f"/rights/person/{martin.pk}/new/", ASKED | changes)
    assert answer.status_code == 422
    assert text_of(answer).count(message) == 2, "in the summary and at the field"
    assert "Quiere saber" in answer.content.decode() or "words" in changes


def test_the_list_shows_the_late_one_first_and_says_so(cast, martin, sign_in):
    ask(cast, martin.pk, "access")
    ask(cast, martin.pk, "erasure", received_on=(NOW - timedelta(days=80)).date())
    page = text_of(sign_in("coordinator").get("/rights/"))
    assert "1 past its day" in page
    assert "working days late" in page
    assert page.index("Erasure") < page.index("Copy of the file")
    assert "The terms are to be checked" in page


def test_the_list_of_nothing_says_what_comes_next(cast, sign_in):
    client = sign_in("coordinator")
    assert "No request is running" in text_of(client.get("/rights/"))
    assert "No request was closed yet" in text_of(client.get("/rights/?show=closed"))


def test_accepting_asks_for_the_reason_and_refusing_for_the_ground(cast, martin, sign_in):
    request = ask(cast, martin.pk, "access")
    client = sign_in("counsellor")
    address = f"/rights/{request.pk}/decide/"
    assert "Choose whether it is accepted or refused" in text_of(client.post(address, {}))
    refused = client.post(address, {"decision": "refuse", "reason": "No se puede"})
    assert (refused.status_code, "Choose the ground of the refusal" in text_of(refused)) == (422, True)
    done = client.post(address, {"decision": "refuse", "ground": "not_held", "reason": "No hay nada"}, follow=True)
    assert "The office does not hold these data" in text_of(done)
    assert "«No hay nada»" in text_of(done)


def test_a_term_is_extended_on_its_page_once(cast, martin, sign_in):
    request = ask(cast, martin.pk, "access")
    client = sign_in("counsellor")
    assert "Write the reason" in text_of(client.post(f"/rights/{request.pk}/extend/", {}))
    done = client.post(f"/rights/{request.pk}/extend/", {"extend-reason": "Faltan papeles"}, follow=True)
    assert "The term is extended." in text_of(done)
    assert "Extend the term" not in text_of(done)


def test_the_copy_comes_as_a_file_whose_name_tells_nothing_and_is_cached_nowhere(cast, martin, sign_in):
    request = accept(cast, ask(cast, martin.pk, "access"))
    client = sign_in("counsellor")
    answer = client.post(f"/rights/{request.pk}/copy/", {"file_format": "pdf"})
    assert answer.content.startswith(b"%PDF")
    assert re.fullmatch(r'attachment; filename="puente-[0-9A-Z]{4}-[0-9A-Z]{4}\.pdf"', answer["Content-Disposition"])
    assert "no-store" in answer["Cache-Control"]
    answer = client.post(f"/rights/{request.pk}/copy/", {"file_format": "json"})
    assert json.loads(answer.content)["format"] == "puente-file-copy-1"
    page = text_of(client.get(f"/rights/{request.pk}/"))
    assert "Copies made" in page
    done = client.post(f"/rights/{request.pk}/carry-out/", follow=True)
    assert "It is noted as carried out." in text_of(done)


def test_only_protection_is_asked_whether_the_reserved_part_goes_along(cast, martin, sign_in):
    request = accept(cast, ask(cast, martin.pk, "access"))
    assert "With the reserved part" not in text_of(sign_in("counsellor").get(f"/rights/{request.pk}/"))
    assert "With the reserved part" not in text_of(sign_in("coordinator").get(f"/rights/{request.pk}/"))
    assert "With the reserved part" in text_of(sign_in("protection").get(f"/rights/{request.pk}/"))


def test_a_correction_leads_to_the_page_of_corrections_with_its_reason(cast, martin, sign_in):
    request = accept(cast, ask(cast, martin.pk, "correction"))
    client = sign_in("counsellor")
    page = client.get(f"/rights/{request.pk}/").content.decode()
    assert f"/people/{martin.pk}/correct/?reason=rights" in page
    form = client.get(f"/people/{martin.pk}/correct/?reason=rights").content.decode()
    assert re.search(r'name="reason" value="rights"[^>]* checked', form)
    early = client.post(f"/rights/{request.pk}/carry-out/", follow=True)
    assert "Correct the person first" in text_of(early)


def test_erasing_takes_two_people_on_the_page_as_well(cast, martin, sign_in):
    request = accept(cast, ask(cast, martin.pk, "erasure"), actor=cast.coordinator)
    page = sign_in("coordinator").get(f"/rights/{request.pk}/")
    assert "It takes a second person" in text_of(page)
    assert 'data-open="erase"' not in page.content.decode()
    answer = sign_in("coordinator").post(f"/rights/{request.pk}/erase/", follow=True)
    assert "erasing takes two people" in text_of(answer)
    assert sign_in("counsellor").post(f"/rights/{request.pk}/erase/").status_code == 404


def test_after_the_erasure_every_page_goes_on_and_says_erased(cast, martin, sign_in, acting):
    request = accept(cast, ask(cast, martin.pk, "erasure"))
    with acting(cast.counsellor):
        arrival = Person.objects.get(pk=martin.pk).arrivals.get()
    coordinator = sign_in("coordinator")
    assert 'data-open="erase"' in coordinator.get(f"/rights/{request.pk}/").content.decode()
    done = coordinator.post(f"/rights/{request.pk}/erase/", follow=True)
    assert "The file is erased. Its key is destroyed for good." in text_of(done)
    lists = {
        "reception": [
            "/people/", "/reception/new/", "/reception/lists/", f"/reception/lists/{martin.line.manifest_id}/", "/",
        ],
        "counsellor": ["/counselling/", "/counselling/introductions/", "/needs/", "/rights/", "/rights/?show=closed"],
        "coordinator": ["/pilot/", "/rights/?show=closed", "/rights/keeping/"],
        "protection": ["/protection/inbox/"],
    }  # fmt: skip
    for role, addresses in lists.items():
        for address in addresses:
            answer = sign_in(role).get(address, follow=True)
            assert answer.status_code == 200, (role, address)
            assert "Ávalos" not in answer.content.decode(), (role, address)
    assert "Erased person" in text_of(sign_in("reception").get("/people/"))
    assert "Erased person" in text_of(sign_in("counsellor").get("/rights/?show=closed"))
    single = {
        "counsellor": [
            f"/person/{martin.pk}/", f"/people/{martin.pk}/who/", f"/people/{martin.pk}/consents/",
            f"/needs/person/{martin.pk}/", f"/needs/{martin.need.pk}/", f"/counselling/people/{martin.pk}/",
            f"/rights/person/{martin.pk}/", f"/rights/person/{martin.pk}/new/",
        ],
        "reception": [f"/reception/arrivals/{arrival.pk}/", f"/people/{martin.pk}/correct/"],
    }  # fmt: skip
    for role, addresses in single.items():
        for address in addresses:
            answer = sign_in(role).get(address)
            assert answer.status_code == 410, (role, address, answer.status_code)
            assert "This file was erased" in text_of(answer)
    page = sign_in("counsellor").get(f"/rights/{request.pk}/")
    assert page.status_code == 200
    assert "The file is erased" in text_of(page)
    assert sign_in("far_counsellor").get(f"/person/{martin.pk}/").status_code == 404, "who might not know, does not"


@pytest.mark.parametrize("role", ["liaison", "analyst", "communication", "administrator"])
def test_who_handles_no_requests_does_not_know_the_pages(cast, martin, sign_in, role):
    request = ask(cast, martin.pk, "access")
    client = sign_in(role)
    for address in ("/rights/", f"/rights/{request.pk}/", f"/rights/person/{martin.pk}/"):
        assert client.get(address).status_code == 404
    for step in ("decide", "extend", "withdraw", "copy", "carry-out", "erase"):
        data = {"decision": "accept", "reason": "x", "extend-reason": "x", "withdraw-reason": "x", "file_format": "pdf"}
        assert client.post(f"/rights/{request.pk}/{step}/", data).status_code == 404, step


# How long things are kept


def test_the_administrator_sees_that_the_terms_are_proposals_and_checks_one(cast, sign_in):
    client = sign_in("administrator")
    page = client.get("/rights/keeping/")
    assert "These terms are proposals" in text_of(page)
    assert "24 months from the last contact" in text_of(page)
    assert client.get("/rights/keeping/rules/received/").status_code == 200
    wrong = client.post("/rights/keeping/rules/received/", {"months": "0", "act": "erase", "source": ""})
    assert (wrong.status_code, text_of(wrong).count("Write at least one month, or leave it empty")) == (422, 2)
    unsourced = client.post("/rights/keeping/rules/received/", {"months": "24", "act": "erase", "is_checked": "on"})
    assert "Write where the term comes from" in text_of(unsourced)
    saved = client.post(
        "/rights/keeping/rules/received/",
        {"months": "36", "act": "erase", "source": "Lineamientos, art. 12", "is_checked": "on"}, follow=True,
    )  # fmt: skip
    assert "36 months" in text_of(saved)
    assert RetentionRule.objects.get(pk="received").is_checked


def test_terms_and_holidays_are_changed_on_their_pages(cast, sign_in):
    client = sign_in("administrator")
    wrong = client.post("/rights/keeping/terms/answer/", {"working_days": "0"})
    assert (wrong.status_code, "Write at least one working day" in text_of(wrong)) == (422, True)
    client.post("/rights/keeping/terms/answer/", {"working_days": "15", "source": "DOF", "is_checked": "on"})
    assert Deadline.objects.get(pk="answer").working_days == 15
    assert client.post("/rights/keeping/holidays/", {"day": "", "label": ""}).status_code == 422
    added = client.post("/rights/keeping/holidays/", {"day": "2027-06-07", "label": "Elección"}, follow=True)
    assert "Elección" in text_of(added)
    removed = client.post("/rights/keeping/holidays/2027-06-07/remove/", follow=True)
    assert "Elección" not in text_of(removed)
    assert client.post("/rights/keeping/holidays/nonsense/remove/").status_code == 404


def test_a_run_is_proposed_by_one_and_carried_out_by_another(cast, sign_in, acting):
    person = register(cast)
    with acting(cast.reception):
        Person.objects.filter(pk=person.pk).update(created_at=NOW - timedelta(days=900))
    administrator, coordinator = sign_in("administrator"), sign_in("coordinator")
    counted = administrator.post("/rights/keeping/juarez/count/", follow=True)
    assert "Counted: 1 is past its time." in text_of(counted)
    proposed = administrator.post("/rights/keeping/juarez/propose/received/", follow=True)
    assert "It takes a second person" in text_of(proposed)
    with acting(cast.coordinator):
        run = RetentionRun.objects.get()
    assert administrator.post(f"/rights/keeping/runs/{run.pk}/carry-out/").status_code == 404
    page = coordinator.get(f"/rights/keeping/runs/{run.pk}/")
    assert 'data-open="carry-out"' in page.content.decode()
    done = coordinator.post(f"/rights/keeping/runs/{run.pk}/carry-out/", follow=True)
    assert "Carried out." in text_of(done)
    with acting(cast.coordinator):
        assert Person.objects.get(pk=person.pk).erased_at is not None


def test_a_proposal_is_dropped_and_nothing_due_is_said(cast, sign_in):
    register(cast)
    client = sign_in("coordinator")
    nothing = client.post("/rights/keeping/juarez/propose/received/", follow=True)
    assert "Nothing is past its time by this rule" in text_of(nothing)
    with acting_as(cast.reception):
        Person.objects.update(created_at=NOW - timedelta(days=900))
    count_all(now=NOW)
    client.post("/rights/keeping/juarez/propose/received/")
    with acting_as(cast.coordinator):
        run = RetentionRun.objects.get()
    assert "It takes a second person" in text_of(client.get(f"/rights/keeping/runs/{run.pk}/"))
    dropped = client.post(f"/rights/keeping/runs/{run.pk}/drop/", follow=True)
    assert "The proposal is dropped. Nothing was erased." in text_of(dropped)


@pytest.mark.parametrize("role", ["reception", "counsellor", "liaison", "analyst"])
def test_who_keeps_nothing_does_not_know_the_pages_of_keeping(cast, sign_in, role):
    client = sign_in(role)
    assert client.get("/rights/keeping/").status_code == 404
    assert client.get("/rights/keeping/rules/received/").status_code == 404
    assert client.post("/rights/keeping/juarez/count/").status_code == 404
