from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from puente.counselling.models import Choice, Introduction, WorkProfile
from puente.counselling.selectors.profiles import read_profile
from puente.counselling.services.introductions import digest_introduction, send_introduction, write_introduction
from puente.counselling.services.profiles import save_profile
from puente.counselling.services.shortlists import choose_openings, make_shortlist
from puente.opportunities.services.openings import OpeningFacts, create_opening
from puente.people.services import read_person
from puente.platform.row_security import acting_as
from tests.counselling.conftest import NOW, ROOFER, ZITACUARO, consent, write_profile

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def desk(cast, client):
    client.force_login(cast.users["counsellor"], backend=BACKEND)
    return client


def url(name, *arguments):
    return reverse(f"counselling:{name}", args=arguments)


@pytest.fixture
def ranked(cast, person, board):
    """A person with a profile and a shortlist."""
    with acting_as(cast.counsellor):
        write_profile(cast.counsellor, person.pk)
        return make_shortlist(actor=cast.counsellor, person_id=person.pk, now=NOW)


def test_the_home_of_counselling_opens(desk):
    assert desk.get(url("home")).status_code == 200


def test_a_job_is_added_in_the_persons_words_and_confirmed(cast, desk, person):
    answer = desk.post(url("suggest_job", person.pk), {"words": "roofer"})
    assert f'value="{ROOFER}"'.encode() in answer.content
    sent = {
        "words": "roofer",
        "occupation": ROOFER,
        "years": "6",
        "country": "US",
        "employer": "Dalton",
        "version": "0",
    }
    assert desk.post(url("jobs", person.pk), sent).status_code == 302
    with acting_as(cast.counsellor):
        job = WorkProfile.objects.get(person=person).jobs.get()
    assert (job.occupation_id, job.is_confirmed, job.years) == (ROOFER, True, 6)
    assert b"roofer" not in bytes(job.sealed_words)
    assert "roofer" in desk.get(url("jobs", person.pk)).content.decode()
    assert b"Dalton" not in bytes(job.sealed_employer)


def test_two_close_occupations_are_asked_about(desk, person):
    answer = desk.post(url("suggest_job", person.pk), {"words": "mecánico"}).content.decode()
    assert "¿Cuál es?" in answer


def test_a_homonym_is_asked_about_and_then_taken(cast, desk, person):
    home = {"homeform-home_municipality": "Juárez", "version": "0"}
    refused = desk.post(url("section", person.pk, "places"), home)
    assert refused.status_code == 422
    assert 'value="08037"' in refused.content.decode()
    chosen = desk.post(url("section", person.pk, "places"), home | {"homeform-home_municipality_which": "08037"})
    assert chosen.status_code == 302
    with acting_as(cast.counsellor):
        assert WorkProfile.objects.get(person=person).home_municipality_id == "08037"


def test_puebla_is_the_state_or_the_city(desk, person):
    sent = {"homeform-home_municipality": "", "placesform-place_1": "Puebla", "version": "0"}
    page = desk.post(url("section", person.pk, "places"), sent).content.decode()
    assert 'value="21"' in page
    assert 'value="21114"' in page


def test_a_section_that_is_saved_unchanged_keeps_every_answer(cast, desk, ranked, person):
    page = desk.get(url("section", person.pk, "places"))
    form = {
        f"{form.prefix}-{name}": form.initial.get(name, "") for form in page.context["forms"] for name in form.fields
    }
    assert desk.post(url("section", person.pk, "places"), form | {"version": "1"}).status_code == 302
    with acting_as(cast.counsellor):
        first, second = WorkProfile.objects.filter(person=person).order_by("version")
        assert (second.home_municipality_id, second.places) == (first.home_municipality_id, first.places)
        assert (second.wage_floor, second.licences, second.jobs.count()) == (11000, ["mx_car"], 1)


@pytest.mark.parametrize("section", ["places", "terms", "papers", "body", "never"])
def test_every_section_opens_and_an_empty_one_asks_nothing(cast, desk, person, section):
    assert desk.get(url("section", person.pk, section)).status_code == 200
    assert desk.post(url("section", person.pk, section), {"version": "0"}).status_code == 302
    with acting_as(cast.counsellor):
        profile = WorkProfile.objects.get(person=person)
    assert (profile.licences, profile.english, profile.wage_floor, profile.body_limits) == (None, None, None, None)


def test_the_shortlist_says_why_what_is_hidden_and_what_would_open(desk, ranked, person):
    page = desk.get(url("shortlist", person.pk), headers={"accept-language": "en"}).content.decode()
    assert "Did this work 6 years" in page
    assert "In the home municipality" in page
    assert "Federal licence B (freight) would open 1 more" in page
    assert "It does not use sex, origin, marital status, language or returns." in page


def test_the_openings_behind_a_hidden_count_are_listed(desk, ranked, person):
    rule, detail, *_rest = ranked.hidden[0]
    page = desk.get(url("hidden", person.pk, rule, detail)).content.decode()
    assert "Chofer de materiales" in page
    assert desk.get(url("hidden", person.pk, "wage", 0)).status_code == 404


def test_this_is_not_so_leads_to_the_answer_and_ranks_again(cast, desk, ranked, person, board):
    doubt = desk.get(url("doubt", person.pk, board.openings["roofs"].pk)).content.decode()
    assert url("correct", person.pk, "jobs") in doubt
    sent = {"licencesform-licences": ["mx_car", "mx_federal_b"]}
    assert desk.post(url("correct", person.pk, "licences"), sent).status_code == 302
    assert "Chofer de materiales" in desk.get(url("shortlist", person.pk)).content.decode()


def test_openings_are_chosen_and_none_is_an_answer_too(cast, desk, ranked, person, board):
    desk.post(url("choose", person.pk), {"opening": [str(board.openings["roofs"].pk)]})
    desk.post(url("choose_none", person.pk), {"why": "wage"})
    with acting_as(cast.counsellor):
        first, second = Choice.objects.order_by("made_at", "id")
    assert first.openings == [board.openings["roofs"].pk]
    assert second.why_none == "wage"


def test_more_than_fits_on_the_sheet_is_not_chosen(cast, desk, person, board):
    with acting_as(cast.counsellor):
        write_profile(cast.counsellor, person.pk, licences=("mx_federal_b",))
        make_shortlist(actor=cast.counsellor, person_id=person.pk, now=NOW)
    desk.post(url("choose", person.pk), {"opening": [str(opening.pk) for opening in board.openings.values()]})
    with acting_as(cast.counsellor):
        assert not Choice.objects.exists()


def test_without_consent_the_page_asks_and_nothing_is_sent(cast, desk, ranked, person, board):
    page = url("introduce", person.pk, board.openings["roofs"].pk)
    shown = desk.get(page)
    assert "consent_text" in shown.context
    sent = {"channel": "letter", "said_yes": "on", "shown": shown.context["form"].initial["shown"]}
    desk.post(page, sent)
    with acting_as(cast.counsellor):
        assert not Introduction.objects.exists()
    desk.post(
        url("take_consent", person.pk, board.openings["roofs"].pk),
        {"decision": "given", "means": "verbal", "witness": "Ana Piña"},
    )
    assert desk.post(page, sent).status_code == 302
    with acting_as(cast.counsellor):
        assert Introduction.objects.get().state == "sent"


def test_the_liaison_sees_introductions_without_a_name(cast, client, ranked, person, board):

    with acting_as(cast.counsellor):
        consent(cast.counsellor, person.pk, cast.bridge.id)
        opened = read_person(person)
        shown = write_introduction(
            opened, read_profile(cast.counsellor, person.pk, opened.data_key).facts, board.openings["roofs"]
        )
        introduction = send_introduction(
            actor=cast.counsellor, person_id=person.pk, opening_id=board.openings["roofs"].pk, channel="letter",
            shown_digest=digest_introduction(shown), now=NOW,
        )  # fmt: skip
    client.force_login(cast.users["liaison"], backend=BACKEND)
    for page in (url("introductions"), url("introduction", introduction.pk)):
        content = client.get(page).content.decode()
        assert "Oficial de techos" in content
        assert "valos" not in content
    assert client.get(url("letter", introduction.pk)).status_code == 404
    assert client.post(url("introduction", introduction.pk), {"state": "hired", "wage": "12000"}).status_code == 302
    with acting_as(cast.liaison):
        assert Introduction.objects.get().state == "hired"


def test_the_sheet_is_printed_and_its_link_holds_no_name(cast, desk, ranked, person, board):
    with acting_as(cast.counsellor):
        choose_openings(actor=cast.counsellor, shortlist_id=ranked.pk, openings=[board.openings["roofs"].pk], now=NOW)
    assert desk.post(url("make_sheet", person.pk), {"language": "es"}).status_code == 302
    pdf = desk.get(url("print_sheet", person.pk))
    assert pdf.content.startswith(b"%PDF")
    assert "valos" not in pdf["Content-Disposition"]


@pytest.mark.parametrize("name", ["profile", "jobs", "correct_jobs", "shortlist", "print_sheet"])
def test_a_counsellor_of_another_office_finds_nothing(cast, client, ranked, person, name):
    client.force_login(cast.users["far_counsellor"], backend=BACKEND)
    assert client.get(url(name, person.pk)).status_code == 404


def test_the_shortlist_needs_the_same_queries_for_two_rows_and_for_ten(cast, desk, ranked, person, board):
    page = url("shortlist", person.pk)
    desk.get(page)
    with CaptureQueriesContext(connection) as few:
        desk.get(page)
    with acting_as(cast.liaison):
        for number in range(10):
            facts = replace(
                OpeningFacts.of(board.openings["roofs"]), title=f"Techador {number}", wage_min=Decimal(12000 + number)
            )
            create_opening(actor=cast.liaison, facts=facts, now=NOW)
    with acting_as(cast.counsellor):
        shortlist = make_shortlist(actor=cast.counsellor, person_id=person.pk, now=NOW)
        assert shortlist.entries.filter(part="all").count() == 10
    with CaptureQueriesContext(connection) as many:
        desk.get(page)
    assert len(few) == len(many) <= 34


def test_somebody_elses_newer_version_is_not_overwritten(cast, desk, ranked, person):
    with acting_as(cast.counsellor):
        save_profile(
            actor=cast.counsellor,
            person_id=person.pk,
            changes={"home_municipality": ZITACUARO},
            after_version=1,
            now=NOW,
        )
    sent = {"wageform-wage_floor": "9000", "version": "1"}
    assert desk.post(url("section", person.pk, "terms"), sent).status_code == 200
    with acting_as(cast.counsellor):
        assert WorkProfile.objects.filter(person=person).count() == 2
