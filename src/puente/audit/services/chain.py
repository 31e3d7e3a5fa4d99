"""Checking the chains and keeping their heads, as a process that reads all offices and belongs to none."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from time import perf_counter
from uuid import UUID

from puente.audit.heads import SignedHead
from puente.audit.models import Alert, Head, Link, Verification
from puente.audit.policies import NO_OFFICE, VIEW_EVENTS, auditing_actor
from puente.audit.selectors.chain import count_events, list_last_links, list_unlinked, read_chains
from puente.audit.services.alerts import raise_alert
from puente.engines.audit_chain import ChainReport, Finding, Kind, LinkedEvent, verify_chains
from puente.engines.audit_chain import Head as Place
from puente.platform.keys import load_keyring
from puente.platform.policy import Actor, NotAllowed
from puente.platform.row_security import acting_as
from puente.platform.signing import public_key_of


@dataclass(frozen=True)
class Checked:
    """What a check of all chains found, the first bad row of each broken one, and how long it took."""

    reports: Sequence[ChainReport]
    findings: Sequence[Finding]
    events: int
    seconds: float

    @property
    def is_sound(self) -> bool:
        """Whether nothing was tampered with."""
        return not self.findings


def check_chains(*, heads: Iterable[SignedHead] = ()) -> Checked:
    """Check every chain against itself, the heads that are kept here, and heads from outside.

    Args:
        heads: of a file or a paper; one that this installation did not sign is reported as forged.
    """
    began = perf_counter()
    with acting_as(auditing_actor()):
        kept = [_read_head(row) for row in Head.objects.order_by("at")]
        genuine, forged = _sort_out([*kept, *heads], public_key_of(load_keyring().signing_key))
        unlinked = list_unlinked()
        with read_chains() as rows:
            reports = verify_chains(rows, unlinked=unlinked, heads=genuine)
        events = count_events()
    findings = [*(report.finding for report in reports if report.finding), *forged]
    return Checked(reports, findings, events, perf_counter() - began)


def check_export(rows: Iterable[LinkedEvent], heads: Iterable[SignedHead], public_key: bytes) -> Checked:
    """Check rows that were exported, without the database and without the keys of the installation.

    Args:
        public_key: by which the heads are checked.
    """
    began = perf_counter()
    genuine, forged = _sort_out(heads, public_key)
    reports = verify_chains(rows, heads=genuine)
    findings = [*(report.finding for report in reports if report.finding), *forged]
    return Checked(reports, findings, sum(report.rows for report in reports), perf_counter() - began)


def keep_verification(*, checked: Checked, now: datetime) -> Verification:
    """Write down what a check found, and raise an alert for each finding that the one before had not."""
    actor = auditing_actor()
    with acting_as(actor):
        before = Verification.objects.order_by("-at", "-id").first()
        findings = [asdict(finding) for finding in checked.findings]
        for finding in findings:
            if before is None or finding not in before.findings:
                office_id = UUID(finding["chain"])
                raise_alert(
                    actor=actor, kind=Alert.Kind.CHAIN_BROKEN, at=now,
                    office_id=None if office_id == NO_OFFICE else office_id,
                    detail={name: finding[name] for name in ("kind", "seq")},
                )  # fmt: skip
        return Verification.objects.create(
            at=now, events=checked.events, seconds=round(checked.seconds, 3), findings=findings
        )


def take_heads(*, now: datetime, broken: Iterable[str] = ()) -> list[Head]:
    """Sign and keep the head of every chain that has grown since its last head.

    Args:
        broken: chains that a check has just found tampered with; they get no new head.
    """
    with acting_as(auditing_actor()):
        return [_keep_head(link, now) for link in list_last_links() if str(link.chain) not in set(broken)]


def take_own_heads(*, actor: Actor, now: datetime) -> list[Head]:
    """Sign and keep the heads of the actor's offices now, between two nights; raises NotAllowed."""
    offices = actor.offices_for(VIEW_EVENTS)
    if not offices:
        raise NotAllowed(VIEW_EVENTS.name)
    with acting_as(auditing_actor()):
        return [_keep_head(link, now) for link in list_last_links() if link.chain in offices]


def export_chains(chain: UUID | None = None) -> Iterator[LinkedEvent]:
    """Yield the rows of one chain or all: ids, verbs and hashes, for a check outside of this installation."""
    with acting_as(auditing_actor()), read_chains(chain) as rows:
        yield from rows


def signed_head_of(row: Head) -> SignedHead:
    """Return a kept head in the form in which it leaves the building."""
    return _read_head(row)


def _keep_head(link: Link, now: datetime) -> Head:
    last = Head.objects.filter(chain=link.chain).order_by("-at", "-id").first()
    if last is not None and last.seq == link.seq and bytes(last.hash) == bytes(link.hash):
        return last
    signed = SignedHead.make(load_keyring(), Place(str(link.chain), link.seq, bytes(link.hash)), now)
    return Head.objects.create(
        chain=link.chain, seq=link.seq, hash=signed.head.hash, at=signed.at, key_name=signed.key_name,
        signature=signed.signature,
    )  # fmt: skip


def _read_head(row: Head) -> SignedHead:
    return SignedHead(Place(str(row.chain), row.seq, bytes(row.hash)), row.at, row.key_name, bytes(row.signature))


def _sort_out(heads: Iterable[SignedHead], public_key: bytes) -> tuple[list[Place], list[Finding]]:
    """Return the heads that were signed with the key of a public one, and a finding for each that was not."""
    genuine, forged = [], []
    for signed in heads:
        if signed.is_genuine(public_key):
            genuine.append(signed.head)
        else:
            forged.append(Finding(Kind.FORGED_HEAD, signed.head.chain, signed.head.seq))
    return genuine, forged
