import pytest

from puente.counselling.models import Choice, FollowUp, ShortlistEntry, WorkProfile
from puente.counselling.selectors.shortlists import find_choice, find_shortlist
from puente.counselling.services.profiles import ProfileChanged
from puente.counselling.services.shortlists import (
    NotInShortlist,
    ProfileMissing,
    choose_openings,
    correct_answer,
    make_shortlist,
    refuse_all,
)
from puente.platform.policy import NotAllowed
from tests.counselling.conftest import NOW, write_profile


def titles(actor, person):
    found = find_shortlist(actor, person.pk)
    return [found.openings[entry.opening_id].title for entry in found.entries]


def test_the_best_opening_is_the_trade_at_home_and_says_why(counsellor, person, board):
    write_profile(counsellor, person.pk)
    shortlist = make_shortlist(actor=counsellor, person_id=person.pk, now=NOW)
    first = ShortlistEntry.objects.filter(shortlist=shortlist, part="all", rank=1).get()
    assert first.opening == board.openings["roofs"]
    assert len(first.reasons) == 2
    assert first.reasons[0][0] == "did_this_work"
    assert first.kilometres < 1


def test_what_is_hidden_is_counted_with_its_reason_and_one_licence_would_open_it(counsellor, person, board):
    write_profile(counsellor, person.pk)
    shortlist = make_shortlist(actor=counsellor, person_id=person.pk, now=NOW)
    assert [hidden[0] for hidden in shortlist.hidden] == ["licence"]
    assert shortlist.one_more[0][3] == board.openings["truck"].pk.hex
    assert "Chofer de materiales" not in titles(counsellor, person)


def test_courses_have_a_list_of_their_own(counsellor, person, board):
    write_profile(counsellor, person.pk)
    make_shortlist(actor=counsellor, person_id=person.pk, now=NOW)
    found = find_shortlist(counsellor, person.pk)
    assert [found.openings[entry.opening_id].title for entry in found.courses] == ["Curso de soldadura"]


def test_nothing_is_ranked_before_anything_was_asked(counsellor, person, board):
    with pytest.raises(ProfileMissing):
        make_shortlist(actor=counsellor, person_id=person.pk, now=NOW)


def test_saying_this_is_not_so_edits_the_answer_and_ranks_again(counsellor, person, board):
    profile = write_profile(counsellor, person.pk)
    first = make_shortlist(actor=counsellor, person_id=person.pk, now=NOW)
    assert "Chofer de materiales" not in titles(counsellor, person)
    second = correct_answer(
        actor=counsellor,
        shortlist_id=first.pk,
        answer="licences",
        changes={"licences": ("mx_car", "mx_federal_b")},
        after_version=profile.version,
        now=NOW,
    )
    assert "Chofer de materiales" in titles(counsellor, person)
    correction = first.corrections.get()
    assert (correction.profile_before.version, correction.profile_after.version) == (1, 2)
    assert second.profile == correction.profile_after
    assert correction.profile_after.reason == WorkProfile.Reason.NOT_SO


def test_a_correction_changes_no_other_answer(counsellor, person, board):
    profile = write_profile(counsellor, person.pk)
    first = make_shortlist(actor=counsellor, person_id=person.pk, now=NOW)
    with pytest.raises(ValueError, match="licences"):
        correct_answer(
            actor=counsellor,
            shortlist_id=first.pk,
            answer="licences",
            changes={"wage_floor": 1},
            after_version=profile.version,
            now=NOW,
        )
    assert WorkProfile.objects.filter(person=person).count() == 1


def test_two_counsellors_do_not_overwrite_each_other(counsellor, person):
    write_profile(counsellor, person.pk)
    with pytest.raises(ProfileChanged):
        write_profile(counsellor, person.pk, after_version=0)


def test_person_and_counsellor_choose_in_the_persons_order(counsellor, person, board):
    write_profile(counsellor, person.pk)
    shortlist = make_shortlist(actor=counsellor, person_id=person.pk, now=NOW)
    order = [board.openings["welding"].pk, board.openings["roofs"].pk]
    choose_openings(actor=counsellor, shortlist_id=shortlist.pk, openings=order, now=NOW)
    assert find_choice(counsellor, person.pk).openings == order


def test_what_is_not_on_the_list_cannot_be_chosen(counsellor, person, board):
    write_profile(counsellor, person.pk)
    shortlist = make_shortlist(actor=counsellor, person_id=person.pk, now=NOW)
    with pytest.raises(NotInShortlist):
        choose_openings(actor=counsellor, shortlist_id=shortlist.pk, openings=[board.openings["truck"].pk], now=NOW)


def test_the_person_may_refuse_all_and_is_followed_up_all_the_same(counsellor, person, board):
    write_profile(counsellor, person.pk)
    shortlist = make_shortlist(actor=counsellor, person_id=person.pk, now=NOW)
    refuse_all(actor=counsellor, shortlist_id=shortlist.pk, why=Choice.WhyNone.NOT_SAID, now=NOW)
    choice = find_choice(counsellor, person.pk)
    assert (choice.openings, choice.why_none) == ([], "not_said")
    assert list(FollowUp.objects.order_by("month").values_list("month", flat=True)) == [1, 3, 6, 12]


def test_a_replay_gives_the_same_digest(counsellor, person, board):
    write_profile(counsellor, person.pk)
    first, second = (make_shortlist(actor=counsellor, person_id=person.pk, now=NOW) for _ in range(2))
    assert first.inputs_digest == second.inputs_digest
    assert first.hidden == second.hidden


@pytest.mark.parametrize("role", ["reception", "liaison", "protection", "analyst", "administrator", "far_counsellor"])
def test_who_does_not_counsel_here_makes_and_sees_no_shortlist(cast, acting, person, board, role):
    with acting(cast.counsellor):
        write_profile(cast.counsellor, person.pk)
        make_shortlist(actor=cast.counsellor, person_id=person.pk, now=NOW)
    actor = cast.actors[role]
    with acting(actor):
        with pytest.raises(NotAllowed):
            make_shortlist(actor=actor, person_id=person.pk, now=NOW)
        assert WorkProfile.objects.count() == 0
        assert ShortlistEntry.objects.count() == 0
