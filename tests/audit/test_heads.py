"""Heads, the command that makes and checks them, and what they find that the chain alone cannot."""

import argparse
import base64
import io
import json
from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import timezone
from rich.console import Console

from puente.audit.console import run_audit
from puente.audit.heads import SignedHead, UnreadableHeads, read_heads, write_heads
from puente.audit.jobs import check_nightly
from puente.audit.models import Alert, Head, Verification
from puente.audit.services.chain import check_chains, keep_verification, signed_head_of, take_heads
from puente.engines.audit_chain import Kind
from puente.platform.keys import load_keyring
from puente.platform.policy import Actor
from puente.platform.row_security import acting_as
from puente.platform.signing import fingerprint_of, public_key_of, sign


def take(now=None):
    return [signed_head_of(head) for head in take_heads(now=now or timezone.now())]


def findings(heads=()):
    return [(found.kind, found.seq, found.until) for found in check_chains(heads=heads).findings]


def run(cast, what, **options):
    said = io.StringIO()
    given = {"out": None, "head": None, "file": None, "office": None, "json": False, "key": None} | options
    offices = {"juarez": cast.bridge.pk, "tapachula": cast.tapachula.pk}
    code = run_audit(argparse.Namespace(what=what, **given), Console(file=said, width=200), offices=offices)
    return code, said.getvalue()


def read_alerts(actor: Actor):
    with acting_as(actor):
        return list(Alert.objects.order_by("at"))


def test_a_head_taken_again_without_new_events_is_the_same(committed):
    committed.record(2)
    first = take()
    assert take() == first
    committed.record(1)
    assert [head.head.seq for head in take()] == [3]


def test_a_head_that_anybody_else_signed_or_changed_is_forged(committed):
    committed.record(2)
    (head,) = take()
    public_key = public_key_of(load_keyring().signing_key)
    assert head.is_genuine(public_key)
    forged = [
        replace(head, head=replace(head.head, seq=1)),
        replace(head, at=head.at.replace(year=2001)),
        replace(head, signature=sign(bytes(32), b"anything")),
    ]
    assert not any(one.is_genuine(public_key) for one in forged)
    assert findings(forged[2:]) == [(Kind.FORGED_HEAD, 2, None)]


def test_the_end_cut_off_is_found_by_a_head_from_outside_though_those_kept_here_are_gone(committed):
    committed.record(6)
    outside = take()
    with committed.tampering() as owner:
        owner.execute("DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_link WHERE seq > 4)")
        owner.execute("DELETE FROM audit_link WHERE seq > 4")
        assert findings() == [(Kind.TRUNCATED, 5, None)], "the head that is kept here tells"
        owner.execute("DELETE FROM audit_head")
        assert findings() == [], "nothing here tells"
        assert findings(outside) == [(Kind.TRUNCATED, 5, None)]
        owner.execute("TRUNCATE audit_event, audit_link")
        assert findings(outside) == [(Kind.TRUNCATED, 1, None)]


def test_hashes_made_anew_are_found_between_two_heads(committed):
    committed.record(3)
    outside = take()
    ids = committed.record(3)
    outside += take()
    with committed.tampering() as owner:
        owner.execute("UPDATE audit_event SET purpose = 'rights' WHERE id = %s", [ids[1]])
        owner.execute("DELETE FROM audit_link")
        owner.execute("SELECT puente_append_link(event) FROM (SELECT * FROM audit_event ORDER BY at, id) AS event")
        owner.execute("DELETE FROM audit_head")
        assert findings() == []
        assert findings(outside) == [(Kind.REWRITTEN, 4, 6)]


def test_the_nightly_check_keeps_its_finding_raises_one_alert_and_signs_no_broken_chain(committed):
    ids = committed.record(4)
    committed.record(2, committed.cast.far_reception)
    check_nightly.func(0)
    with acting_as(committed.cast.coordinator):
        assert Verification.objects.get().findings == []
        assert Head.objects.count() == 1
    with committed.tampering() as owner:
        owner.execute("UPDATE audit_event SET verb = 'person.searched' WHERE id = %s", [ids[2]])
        for _ in range(2):
            committed.record(1, committed.cast.far_reception)
            check_nightly.func(0)
        (alert,) = read_alerts(committed.cast.coordinator)
        assert read_alerts(committed.cast.far_reception) == []
        with acting_as(committed.cast.coordinator):
            assert Head.objects.count() == 1, "a broken chain gets no new head"
    assert (alert.kind, alert.detail) == ("chain_broken", {"kind": "changed", "seq": 3})


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"format": "other", "heads": []}', '{"format": "puente-audit-heads-1", "heads": [{}]}']
)
def test_a_file_without_heads_says_so(text):
    with pytest.raises(UnreadableHeads):
        read_heads(text)


def test_a_head_comes_back_from_its_file_as_it_was(committed):
    committed.record(1)
    heads = take()
    text = write_heads(load_keyring(), heads)
    assert read_heads(text) == (heads, public_key_of(load_keyring().signing_key))
    assert isinstance(heads[0], SignedHead)
    assert len(heads[0].write_line()) < 300, "fits a QR code that a telephone reads"


def test_the_command_signs_checks_and_exports(committed, tmp_path, capsys):
    cast = committed.cast
    ids = committed.record(5)
    committed.record(1, cast.far_reception)
    head_file, export = tmp_path / "heads.json", tmp_path / "events.jsonl"
    assert run(cast, "head", out=str(head_file), office="juarez")[0] == 0
    assert len(json.loads(head_file.read_text())["heads"]) == 1
    assert run(cast, "export", out=str(export))[0] == 0
    assert len(export.read_text().splitlines()) == 6
    assert run(cast, "verify", head=str(head_file))[0] == 0
    key = fingerprint_of(public_key_of(load_keyring().signing_key))
    assert run(cast, "verify", head=str(head_file), file=str(export), key=key)[0] == 0
    export.write_text(
        "".join(line for line in export.read_text().splitlines(keepends=True) if str(ids[-1]) not in line)
    )
    code, said = run(cast, "verify", head=str(head_file), file=str(export), key=key)
    assert code == 2
    assert "truncated, first at 5" in said
    with committed.tampering() as owner:
        owner.execute("DELETE FROM audit_event WHERE id = %s", [ids[1]])
        capsys.readouterr()
        assert run(cast, "verify", json=True)[0] == 2
        told = json.loads(capsys.readouterr().out)
    assert told["findings"] == [
        {"office": "juarez", "kind": "deleted", "first_bad_row": 2, "until": None, "event": str(ids[1])}
    ]


def test_the_command_says_what_to_change(committed, tmp_path, capsys):
    cast = committed.cast
    committed.record(1)
    missing = tmp_path / "none.json"
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"chain": 1}\n')
    head_file = tmp_path / "heads.json"
    run(cast, "head", out=str(head_file))
    for options, words in [
        ({"head": str(missing)}, "none.json"),
        ({"head": str(wrong)}, "no heads"),
        ({"file": str(wrong)}, "Line 1"),
        ({"file": str(wrong), "head": str(head_file)}, "--key"),
        ({"file": str(wrong), "head": str(head_file), "key": "0" * 16}, "--key"),
    ]:
        assert run(cast, "verify", **options)[0] == 1
        assert words in capsys.readouterr().err.replace("\n", ""), words
    assert run(cast, "head", office="atlantis")[0] == 1
    assert "juarez" in capsys.readouterr().err
    assert run(cast, "head", out=str(head_file))[0] == 1, "a file that is there is not overwritten"


@pytest.mark.django_db
def test_a_verification_is_written_by_the_auditor_alone(cast):
    kept = keep_verification(checked=check_chains(), now=timezone.now())
    with acting_as(cast.administrator):
        assert Verification.objects.get() == kept
    with acting_as(cast.reception), transaction.atomic():
        assert not Verification.objects.exists()


def test_the_public_key_is_no_secret_and_tells_whose_it_is():
    public_key = public_key_of(bytes(range(32)))
    assert len(base64.b64encode(public_key)) == 44
    assert fingerprint_of(public_key) != fingerprint_of(public_key_of(bytes(32)))
