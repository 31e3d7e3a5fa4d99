import pytest
from django.utils import timezone

from puente.platform.row_security import acting_as
from puente.protection.case_file import FollowUpKind, FollowUpResult, read_case_file
from puente.protection.opening import read_entries
from puente.protection.services.follow_ups import FollowUpDone, finish_follow_up, plan_follow_up
from tests.protection.cases import open_for

pytestmark = pytest.mark.django_db


def test_what_is_planned_is_due_until_somebody_says_what_became_of_it(officer, case):
    now = timezone.now()
    with acting_as(officer):
        opened = open_for(officer, case)
        call = plan_follow_up(
            actor=officer,
            opened=opened,
            kind=FollowUpKind.CALL,
            due_on=timezone.localdate(now),
            words="a la tía",
            now=now,
        )
        assert [due.id for due in read_case_file(read_entries(opened)).list_due(timezone.localdate(now))] == [call]
        finish_follow_up(
            actor=officer, opened=opened, follow_up_id=call, result=FollowUpResult.DONE, words="está bien", now=now
        )
        file = read_case_file(read_entries(opened))
        assert file.list_due(timezone.localdate(now)) == []
        assert (file.follow_ups[0].result, file.follow_ups[0].said) == (FollowUpResult.DONE, "está bien")
        with pytest.raises(FollowUpDone):
            finish_follow_up(
                actor=officer, opened=opened, follow_up_id=call, result=FollowUpResult.DONE, words="", now=now
            )
