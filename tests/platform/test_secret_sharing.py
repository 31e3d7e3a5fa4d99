from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puente.platform import secret_sharing
from puente.platform.secret_sharing import Share, SharesWrong, combine_shares, invert, multiply, split_secret

BYTES = st.integers(0, 255)


@given(a=BYTES, b=BYTES, c=BYTES)
def test_multiplication_is_that_of_a_field(a, b, c):
    assert multiply(a, b) == multiply(b, a)
    assert multiply(a, multiply(b, c)) == multiply(multiply(a, b), c)
    assert multiply(a, b ^ c) == multiply(a, b) ^ multiply(a, c)
    assert multiply(a, 1) == a
    if a:
        assert multiply(a, invert(a)) == 1


def test_multiplication_agrees_with_the_example_of_fips_197():
    assert multiply(0x57, 0x83) == 0xC1
    assert multiply(0x57, 0x13) == 0xFE


@settings(max_examples=25, deadline=None)
@given(secret=st.binary(max_size=120), data=st.data())
def test_any_enough_shares_bring_the_secret_back(secret, data):
    needed = data.draw(st.integers(2, 5))
    shares = split_secret(secret, shares=data.draw(st.integers(needed, 6)), needed=needed)
    chosen = data.draw(st.permutations(shares))[:needed]
    assert combine_shares(chosen) == secret


def test_every_three_of_five_do_and_no_two_tell_anything():
    secret = b"\x00" * 40
    shares = split_secret(secret, shares=5, needed=3)
    for three in combinations(shares, 3):
        assert combine_shares(three) == secret
    for two in combinations(shares, 2):
        with pytest.raises(SharesWrong, match="3 sheets are needed; these are 2"):
            combine_shares(two)
    # Whatever the secret is, one share is a random row of bytes: a secret of zeros shows nowhere.
    seen = b"".join(split_secret(secret, shares=5, needed=3)[number].body for number in range(5) for _ in range(40))
    assert len(set(seen)) == 256
    assert max(seen.count(value) for value in range(256)) < 4 * len(seen) / 256


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_changed_share_is_named(data):
    shares = split_secret(b"the keys of the office", shares=5, needed=3)
    wrong = data.draw(st.integers(0, 2))
    body = bytearray(shares[wrong].body)
    body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    given_shares = list(shares[:3])
    given_shares[wrong] = Share(shares[wrong].set_id, wrong + 1, 3, bytes(body), shares[wrong].digests)
    with pytest.raises(SharesWrong, match=f"Sheet {wrong + 1} "):
        combine_shares(given_shares)


def test_a_share_with_a_forged_list_of_digests_is_named_too():
    shares = split_secret(b"the keys of the office", shares=5, needed=3)
    other = split_secret(b"something else in here", shares=5, needed=3)
    forged = Share(shares[1].set_id, 2, 3, other[1].body, other[1].digests)
    with pytest.raises(SharesWrong, match="Sheet 2 "):
        combine_shares([shares[0], forged, shares[2]])


def test_sheets_of_two_splittings_are_told_apart():
    first, second = (split_secret(b"secret", shares=5, needed=3) for _ in range(2))
    with pytest.raises(SharesWrong, match="different splittings"):
        combine_shares([first[0], first[1], second[2]])
    with pytest.raises(SharesWrong):
        combine_shares([])


@pytest.mark.parametrize(("shares", "needed"), [(5, 1), (2, 3), (256, 3), (0, 0)])
def test_a_senseless_number_of_shares_is_refused(shares, needed):
    with pytest.raises(ValueError, match="needed"):
        split_secret(b"secret", shares=shares, needed=needed)


@given(content=st.binary(max_size=80))
def test_bytes_that_are_no_share_are_refused(content):
    try:
        share = Share.from_bytes(content)
    except SharesWrong:
        return
    assert share.to_bytes() == content


def test_a_share_is_read_as_it_was_written():
    for share in split_secret(b"secret", shares=4, needed=2):
        assert Share.from_bytes(share.to_bytes()) == share
        assert "body" not in repr(share)


@pytest.fixture
def five_shares():
    return split_secret(bytes(range(32)), shares=5, needed=3)


def test_too_few_are_refused_with_how_many_are_needed(five_shares):
    with pytest.raises(SharesWrong, match=r"^3 sheets are needed; these are 2\.$"):
        combine_shares([five_shares[0], five_shares[1], five_shares[0]])
    with pytest.raises(SharesWrong, match=r"^There is no sheet yet\.$"):
        combine_shares([])


def test_sheets_that_were_forged_together_do_not_give_a_wrong_secret(five_shares):
    bodies = [bytes(len(share.body)) for share in five_shares[:3]]
    digests = tuple(
        secret_sharing._digest(five_shares[0].set_id, number, body) for number, body in enumerate(bodies, start=1)
    )
    forged = [Share(five_shares[0].set_id, number, 3, body, digests) for number, body in enumerate(bodies, start=1)]
    with pytest.raises(SharesWrong, match=r"^These sheets do not belong together\.$"):
        combine_shares(forged)


def test_one_fewer_than_needed_does_not_give_the_secret():
    for needed in (3, 4):
        made = split_secret(bytes(range(32)), shares=5, needed=needed)
        for chosen in combinations(made, needed - 1):
            content = secret_sharing._interpolate([(share.number, share.body) for share in chosen])
            assert content[32:] != bytes(range(32))


def test_a_sheet_is_written_and_read_again(five_shares):
    for number, share in enumerate(five_shares, start=1):
        content = share.to_bytes()
        assert content[:4] == bytes([1, number, 3, 5])
        assert content[4:10] == share.set_id
        assert len(content) == 4 + 6 + 5 * 10 + 64
        assert Share.from_bytes(content) == share


def test_what_is_no_sheet_is_refused(five_shares):
    content = five_shares[0].to_bytes()
    wrong = [
        b"", content[:9], content[:10], bytes([2]) + content[1:], bytes([1, 0]) + content[2:],
        bytes([1, 6]) + content[2:], bytes([1, 1, 1]) + content[3:], bytes([1, 1, 6]) + content[3:], content[:60],
    ]  # fmt: skip
    for bytes_given in wrong:
        with pytest.raises(SharesWrong, match=r"^This is not a sheet of Puente\.$"):
            Share.from_bytes(bytes_given)
    assert Share.from_bytes(content[:61]).body == content[60:61]
    last = bytes([1, 2, 2, 2]) + content[4:]
    assert (Share.from_bytes(last).number, Share.from_bytes(last).needed) == (2, 2)


@pytest.mark.parametrize(("count", "needed"), [(5, 1), (5, 6), (256, 3), (1, 1), (0, 0)])
def test_a_splitting_that_makes_no_sense_is_refused(count, needed):
    with pytest.raises(ValueError, match=r"^2 ≤ needed ≤ shares ≤ 255$"):
        split_secret(bytes(range(32)), shares=count, needed=needed)


def test_as_many_shares_as_the_field_has_points():
    made = split_secret(b"s", shares=255, needed=2)
    assert combine_shares([made[0], made[254]]) == b"s"
