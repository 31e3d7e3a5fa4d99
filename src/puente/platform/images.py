"""Images that people upload: never kept as they came, always written anew by a confined process."""

import json
from dataclasses import asdict, dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.platform.confined import Busy, Overrun, run_confined
from puente.platform.uploads import UnreadableFile


@dataclass(frozen=True)
class ImageLimits:
    """What one image may cost; `longest_side` is that of what is kept, in pixels."""

    file_bytes: int = 15 * 2**20
    pixels: int = 50_000_000
    longest_side: int = 2400
    memory_bytes: int = 640 * 2**20
    cpu_seconds: int = 15


@dataclass(frozen=True)
class SafeImage:
    """A JPEG written by us, without any metadata; sizes in pixels."""

    content: bytes = field(repr=False)
    width: int
    height: int
    media_type: str = "image/jpeg"


_PROBLEMS: dict[str, str | Promise] = {
    "not_an_image": _("This is not a picture that can be kept. Send it as JPEG, PNG or WebP."),
    "damaged": _("The picture is damaged. Take it or save it again."),
    "too_many_pixels": _("The picture has too many pixels. Make it smaller, or take it with a lower resolution."),
    "too_large": _("The file of the picture is too large. Make the picture smaller."),
    "too_costly": _("Reading the picture took too much memory or time. Make it smaller, or save it as JPEG."),
    "busy": _("Other files are being read just now. Nothing was lost; send this one again in a minute."),
}


def reencode_image(content: bytes, limits: ImageLimits | None = None) -> SafeImage:
    """Return an uploaded JPEG, PNG or WebP image as a new JPEG of its pixels alone.

    Args:
        content: the uploaded file.
        limits: what it may cost.

    Raises:
        UnreadableFile: with a message for the person who uploaded it.
    """
    limits = limits or ImageLimits()
    if len(content) > limits.file_bytes:
        raise UnreadableFile(_PROBLEMS["too_large"])
    try:
        head, _separator, image = run_confined("image_writer", content, asdict(limits)).partition(b"\n")
    except Overrun:
        raise UnreadableFile(_PROBLEMS["too_costly"]) from None
    except Busy:
        raise UnreadableFile(_PROBLEMS["busy"]) from None
    answer = json.loads(head)
    if "problem" in answer:
        raise UnreadableFile(_PROBLEMS[answer["problem"]])
    return SafeImage(image, answer["width"], answer["height"])
