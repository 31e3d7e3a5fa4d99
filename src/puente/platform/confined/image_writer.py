"""The program that writes an uploaded image anew: bytes on stdin, a JPEG on stdout. Started by `images.reencode_image`.

Nothing of the sender's file goes into the new one but what the picture shows: no metadata (where a photo was taken, by
whom, with what), no thumbnail, no second file behind the image, no colour profile.
"""

import io
import json
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent))

import confinement
from PIL import Image, ImageOps, TiffImagePlugin, UnidentifiedImageError, WebPImagePlugin
from problem import Problem

FORMATS = ("JPEG", "PNG", "WEBP")
#: Imported when they are first needed, which is too late once no file can be opened.
NEEDED_LATER = (TiffImagePlugin, WebPImagePlugin)
QUALITY = 88


def rewrite(content: bytes, limits: dict[str, Any]) -> tuple[bytes, int, int]:
    """Return a JPEG of the first frame, upright and no larger than `longest_side`, with its width and height.

    Raises:
        Problem: for what is no image, is damaged, or has more pixels than `pixels`.
    """
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            # Known from the head of the file: nothing is unpacked yet.
            if image.width * image.height > limits["pixels"]:
                raise Problem("too_many_pixels")
            image.draft("RGB", (limits["longest_side"],) * 2)
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((limits["longest_side"],) * 2, reducing_gap=2.0)
            flat = flatten(upright)
    except UnidentifiedImageError:
        raise Problem("not_an_image") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Problem("damaged") from None
    target = io.BytesIO()
    flat.save(target, "JPEG", quality=QUALITY)
    return target.getvalue(), flat.width, flat.height


def flatten(image: Image.Image) -> Image.Image:
    """Return the pixels alone, on white where the image is transparent, in an image that knows nothing else."""
    transparent = image.convert("RGBA") if image.has_transparency_data else None
    plain = Image.new("RGB", image.size, "white")
    plain.paste(transparent or image.convert("RGB"), mask=transparent)
    return plain


def main() -> None:
    """Give up what is not needed, then write the image anew: a line of JSON, and the JPEG behind it."""
    limits = json.loads(sys.argv[1])
    Image.preinit()
    confinement.limit_resources(limits)
    confinement.close_the_door()
    image = b""
    try:
        image, width, height = rewrite(sys.stdin.buffer.read(), limits)
        answer: dict[str, Any] = {"width": width, "height": height}
    except Problem as problem:
        answer = {"problem": problem.code}
    except MemoryError:
        answer = {"problem": "too_costly"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + image)


if __name__ == "__main__":
    main()
