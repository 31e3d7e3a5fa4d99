"""The rule of access by itself, without a database: each condition, and an oracle that states them one by one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.platform import policy
from puente.platform.policy import (
    LONGEST_STEP_UP,
    STEP_UP_VALIDITY,
    Action,
    Actor,
    Grant,
    Membership,
    NotAllowed,
    Purpose,
    Record,
    Sensitivity,
    StepUpNeeded,
    allow,
    register_action,
    registered_actions,
    require,
    require_in_office,
    system_actor,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BRIDGE, TAPACHULA = UUID(int=1), UUID(int=2)
ANA, LUIS = UUID(int=11), UUID(int=12)
OFFICER, OTHER = UUID(int=21), UUID(int=22)
OPEN = Action("thing.open", frozenset({Purpose.PROTECTION, Purpose.REFERRAL}))
WRITE = Action("thing.write", frozenset({Purpose.PROTECTION}))
PROTECTION, RECEPTION, REFERRAL = Purpose.PROTECTION, Purpose.RECEPTION, Purpose.REFERRAL
SOON = NOW + timedelta(minutes=1)


def make_actor(**changes):
    facts = {
        "id": OFFICER, "name": "Irma", "step_up_at": NOW,
        "memberships": (Membership(BRIDGE, frozenset({"thing.open"}), Sensitivity.SEALED),),
    }  # fmt: skip
    return Actor(**(facts | changes))


def make_record(**changes):
    facts = {
        "office_ids": frozenset({BRIDGE}), "sensitivity": Sensitivity.SEALED, "person_id": ANA,
        "assigned_to": frozenset({OFFICER}),
    }  # fmt: skip
    return Record(**(facts | changes))


def make_grant(**changes):
    facts = {"person_id": ANA, "expires_at": SOON, "purpose": PROTECTION, "clearance": Sensitivity.SEALED}
    return Grant(**(facts | changes))


def opens(actor=None, record=None, *, purpose=PROTECTION, action=OPEN):
    return allow(actor or make_actor(), action, record or make_record(), purpose, NOW)


def test_the_officer_in_charge_opens_a_reserved_record_after_a_step_up():
    assert opens()


@pytest.mark.parametrize(
    "actor",
    [
        make_actor(memberships=()),
        make_actor(memberships=(Membership(BRIDGE, frozenset({"thing.write"}), Sensitivity.SEALED),)),
        make_actor(memberships=(Membership(TAPACHULA, frozenset({"thing.open"}), Sensitivity.SEALED),)),
        make_actor(memberships=(Membership(BRIDGE, frozenset({"thing.open"}), Sensitivity.FLAG),)),
        make_actor(id=OTHER),
        make_actor(step_up_at=None),
        make_actor(step_up_at=NOW - STEP_UP_VALIDITY - timedelta(microseconds=1)),
    ],
    ids=["no role", "no action", "another office", "less clearance", "another officer", "no step-up", "old step-up"],
)
def test_each_condition_alone_closes_it(actor):
    assert not opens(actor)


def test_a_purpose_that_the_action_does_not_have_closes_it():
    assert opens(purpose=REFERRAL)
    assert not opens(purpose=RECEPTION)
    assert not opens(action=WRITE)


def test_a_step_up_holds_five_minutes_to_the_second():
    assert timedelta(minutes=5) == STEP_UP_VALIDITY
    assert timedelta(minutes=60) == LONGEST_STEP_UP
    assert opens(make_actor(step_up_at=NOW - STEP_UP_VALIDITY))


@pytest.mark.parametrize("sensitivity", [Sensitivity.PUBLISHED, Sensitivity.SERVICE, Sensitivity.CASE])
def test_below_a_flag_neither_charge_nor_step_up_is_asked(sensitivity):
    record = make_record(sensitivity=sensitivity, assigned_to=frozenset())
    assert opens(make_actor(step_up_at=None), record)


@pytest.mark.parametrize("sensitivity", [Sensitivity.FLAG, Sensitivity.SEALED])
def test_from_a_flag_upwards_both_are_asked(sensitivity):
    assert opens(record=make_record(sensitivity=sensitivity))
    assert not opens(make_actor(step_up_at=None), make_record(sensitivity=sensitivity))
    assert not opens(record=make_record(sensitivity=sensitivity, assigned_to=frozenset({OTHER})))


def test_a_record_that_nobody_was_put_in_charge_of_is_a_case_by_default():
    record = Record(frozenset({BRIDGE}))
    assert (record.sensitivity, record.person_id, record.assigned_to) == (Sensitivity.CASE, None, frozenset())


GRANTED = {"id": OTHER, "memberships": (Membership(TAPACHULA, frozenset({"thing.open"}), Sensitivity.CASE),)}


def test_a_grant_opens_what_neither_office_nor_charge_would():
    assert not opens(make_actor(**GRANTED))
    assert opens(make_actor(**GRANTED, grants=(make_grant(),)))


@pytest.mark.parametrize(
    "change",
    [{"person_id": LUIS}, {"expires_at": NOW}, {"purpose": REFERRAL}, {"clearance": Sensitivity.FLAG}],
    ids=["another person", "ended", "another purpose", "too low"],
)
def test_a_grant_that_does_not_fit_opens_nothing(change):
    assert not opens(make_actor(**GRANTED, grants=(make_grant(**change),)))


def test_a_grant_gives_no_action_and_no_step_up():
    assert not opens(make_actor(**GRANTED | {"memberships": ()}, grants=(make_grant(),)))
    assert not opens(make_actor(**GRANTED | {"step_up_at": None}, grants=(make_grant(),)))


def test_the_grant_that_reaches_highest_counts():
    low, high = make_grant(clearance=Sensitivity.CASE), make_grant(clearance=Sensitivity.SEALED)
    for grants in ((low, high), (high, low)):
        actor = make_actor(grants=grants)
        assert actor.find_grant(ANA, PROTECTION, NOW) is high
        assert opens(make_actor(**GRANTED, grants=grants))
    assert make_actor().find_grant(ANA, PROTECTION, NOW) is None


def test_a_low_grant_does_not_rise_with_the_clearance_of_the_role():
    cleared = {"id": OTHER, "memberships": (Membership(BRIDGE, frozenset({"thing.open"}), Sensitivity.SEALED),)}
    assert not opens(make_actor(**cleared, grants=(make_grant(clearance=Sensitivity.CASE),)))


def test_grants_are_listed_for_the_actions_they_fit():
    fits, ended, other = make_grant(), make_grant(expires_at=NOW), make_grant(purpose=RECEPTION)
    actor = make_actor(grants=(fits, ended, other))
    assert actor.grants_for(OPEN, NOW) == [fits]
    assert actor.grants_for(WRITE, NOW) == []


def make_oracle(actor, action, record, purpose, now):
    """State the rule as a list of conditions, the naive way."""
    offices = {m.office_id for m in actor.memberships if action.name in m.actions}
    reaching = [
        grant.clearance
        for grant in actor.grants
        if (grant.person_id, grant.purpose) == (record.person_id, purpose) and grant.expires_at > now
    ]
    cleared = any(m.clearance >= record.sensitivity for m in actor.memberships) or record.sensitivity == 0
    granted = any(clearance >= record.sensitivity for clearance in reaching)
    conditions = [bool(offices), purpose in action.purposes, bool(offices & record.office_ids) or bool(reaching)]
    if record.sensitivity >= Sensitivity.FLAG:
        fresh = actor.step_up_at is not None and (now - actor.step_up_at).total_seconds() <= 300
        conditions += [fresh, granted or (cleared and actor.id in record.assigned_to)]
    else:
        conditions.append(granted or cleared)
    return all(conditions)


OFFICES = st.sampled_from([BRIDGE, TAPACHULA])
LEVELS = st.sampled_from(Sensitivity)
PURPOSES = st.sampled_from([PROTECTION, REFERRAL, RECEPTION])
MOMENTS = st.sampled_from([NOW - timedelta(minutes=6), NOW - STEP_UP_VALIDITY, NOW, SOON])
ACTIONS = st.sampled_from(["thing.open", "thing.write"])
ACTORS = st.builds(
    Actor,
    id=st.sampled_from([OFFICER, OTHER]),
    name=st.just("x"),
    memberships=st.lists(st.builds(Membership, OFFICES, st.frozensets(ACTIONS), LEVELS), max_size=3).map(tuple),
    grants=st.lists(
        st.builds(Grant, st.sampled_from([ANA, LUIS]), MOMENTS, PURPOSES, LEVELS), max_size=2
    ).map(tuple),
    step_up_at=st.one_of(st.none(), MOMENTS.filter(lambda moment: moment <= NOW)),
)  # fmt: skip
RECORDS = st.builds(
    Record,
    st.frozensets(OFFICES),
    LEVELS,
    st.sampled_from([ANA, LUIS]),
    st.frozensets(st.sampled_from([OFFICER, OTHER])),
)


@given(ACTORS, st.sampled_from([OPEN, WRITE]), RECORDS, PURPOSES)
def test_the_rule_is_its_conditions_and_nothing_else(actor, action, record, purpose):
    assert allow(actor, action, record, purpose, NOW) is make_oracle(actor, action, record, purpose, NOW)


@given(ACTORS, RECORDS, PURPOSES)
def test_who_lacks_a_step_up_alone_is_asked_for_one_and_nobody_else(actor, record, purpose):
    try:
        require(actor, OPEN, record, purpose, NOW)
    except StepUpNeeded:
        assert not allow(actor, OPEN, record, purpose, NOW)
        assert allow(replace(actor, step_up_at=NOW), OPEN, record, purpose, NOW)
    except NotAllowed:
        assert not allow(replace(actor, step_up_at=NOW), OPEN, record, purpose, NOW)
    else:
        assert allow(actor, OPEN, record, purpose, NOW)


def test_a_refusal_says_for_the_log_what_was_refused():
    with pytest.raises(NotAllowed, match=r"^thing\.open for reception$"):
        require(make_actor(), OPEN, make_record(), RECEPTION, NOW)
    with pytest.raises(StepUpNeeded, match=r"^thing\.open for protection$"):
        require(make_actor(step_up_at=None), OPEN, make_record(), PROTECTION, NOW)
    with pytest.raises(NotAllowed, match=r"^thing\.open$"):
        require_in_office(make_actor(), OPEN, TAPACHULA)
    assert require_in_office(make_actor(), OPEN, BRIDGE) is None


def test_an_actor_knows_offices_clearance_and_scope_of_their_roles():
    actor = make_actor(
        memberships=(
            Membership(TAPACHULA, frozenset({"thing.open", "thing.write"}), Sensitivity.CASE),
            Membership(BRIDGE, frozenset({"thing.open"}), Sensitivity.SERVICE),
        )
    )
    assert actor.offices_for(OPEN) == {BRIDGE, TAPACHULA}
    assert actor.offices_for(WRITE) == {TAPACHULA}
    assert actor.may(WRITE)
    assert not make_actor().may(WRITE)
    assert actor.clearance is Sensitivity.CASE
    assert Actor(OTHER, "x").clearance is Sensitivity.PUBLISHED
    assert actor.scope() == {
        "thing.open": sorted([str(BRIDGE), str(TAPACHULA)]), "thing.write": [str(TAPACHULA)],
    }  # fmt: skip
    assert Actor(OTHER, "x").scope() == {}


@pytest.fixture
def registry(monkeypatch):
    found = {}
    monkeypatch.setattr(policy, "_registered", found)
    return found


def test_an_action_is_declared_once(registry):
    action = register_action("thing.open", PROTECTION, REFERRAL)
    assert action == OPEN
    assert registered_actions() == {"thing.open": OPEN}
    with pytest.raises(ValueError, match=r"^The action thing\.open is declared twice\.$"):
        register_action("thing.open", RECEPTION)
    assert registered_actions()["thing.open"].purposes == {PROTECTION, REFERRAL}


def test_what_is_registered_cannot_be_changed_from_outside(registry):
    register_action("thing.open")
    registered_actions().clear()
    assert list(registered_actions()) == ["thing.open"]


def test_who_holds_a_grant_tells_the_database_what_each_action_is_for(registry):
    register_action("thing.open", REFERRAL, PROTECTION)
    memberships = (Membership(BRIDGE, frozenset({"thing.open", "thing.unknown"}), Sensitivity.CASE),)
    assert make_actor(memberships=memberships).purposes() == {}
    actor = make_actor(memberships=memberships, grants=(make_grant(),))
    assert actor.purposes() == {"thing.open": ["protection", "referral"]}


def test_a_process_of_the_system_has_just_the_actions_it_needs():
    actor = system_actor("job", OTHER, [OPEN], [BRIDGE, TAPACHULA])
    assert (actor.id, actor.name, actor.step_up_at, actor.grants) == (OTHER, "job", None, ())
    assert actor.memberships == (
        Membership(BRIDGE, frozenset({"thing.open"}), Sensitivity.CASE),
        Membership(TAPACHULA, frozenset({"thing.open"}), Sensitivity.CASE),
    )
