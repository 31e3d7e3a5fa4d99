import io

import pytest
from django.utils import translation
from PIL import Image

from puente.platform.images import ImageLimits, reencode_image
from puente.platform.uploads import UnreadableFile
from tests import hostile_files as hostile

MARKS = (b"Exif", b"GPS", b"PUENTE-", b"http://ns.adobe.com", b"ICC_PROFILE", b"<script", b"PK\x03\x04")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def open_image(content):
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_where_and_with_what_a_photo_was_taken_is_gone(form):
    taken = hostile.photo(form=form)
    assert open_image(taken).getexif().get_ifd(0x8825), "the control: the photo tells where it was taken"
    safe = reencode_image(taken)
    written = open_image(safe.content)
    assert (written.format, written.size, safe.media_type) == ("JPEG", (320, 240), "image/jpeg")
    assert (safe.width, safe.height) == written.size
    assert not dict(written.getexif())
    assert not [mark for mark in MARKS if mark in safe.content]


def test_what_the_picture_shows_stays():
    pixels = open_image(reencode_image(hostile.photo()).content)
    left, right = pixels.getpixel((40, 100)), pixels.getpixel((280, 100))
    assert all(abs(a - b) < 12 for a, b in zip(left, (220, 160, 40), strict=True))
    assert all(abs(a - b) < 12 for a, b in zip(right, (30, 90, 160), strict=True))


def test_a_photo_taken_sideways_is_kept_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    content = io.BytesIO()
    Image.new("RGB", (80, 40)).save(content, "JPEG", exif=exif)
    safe = reencode_image(content.getvalue())
    assert (safe.width, safe.height) == (40, 80)


def test_a_transparent_image_stands_on_white():
    content = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(content, "PNG")
    assert open_image(reencode_image(content.getvalue()).content).getpixel((5, 5)) == (255, 255, 255)


def test_a_large_photo_is_kept_smaller():
    safe = reencode_image(hostile.photo(4000, 1000))
    assert (safe.width, safe.height) == (2400, 600)


@pytest.mark.parametrize(
    "behind", [b"<html><script>alert(1)</script>", b"PK\x03\x04" + bytes(40), b"%PDF-1.4 <script>", bytes(5000)]
)
def test_what_hides_behind_a_picture_is_gone(behind):
    safe = reencode_image(hostile.photo() + behind)
    assert behind[:12] not in safe.content[-6000:] or behind == bytes(5000)
    assert len(safe.content) < 6000
    assert safe.content.endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not a picture"),
        (b"GIF89a" + bytes(60), "not a picture"),
        (b"%PDF-1.7", "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not a picture"),
        (hostile.photo()[:900], "damaged"),
        (bytes(16 * 2**20), "too large"),
    ],
)
def test_what_is_no_sound_picture_is_refused_with_words(content, words):
    with pytest.raises(UnreadableFile, match=words):
        reencode_image(content)


def test_a_flood_of_pixels_is_refused_before_it_is_unpacked():
    with pytest.raises(UnreadableFile, match="too many pixels"):
        reencode_image(hostile.pixel_flood())


def test_an_image_that_needs_too_much_memory_takes_only_its_reader_down():
    with pytest.raises(UnreadableFile, match="memory"):
        reencode_image(hostile.photo(5000, 5000, "PNG"), ImageLimits(memory_bytes=120 * 2**20))
