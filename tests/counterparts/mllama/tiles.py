"""What the model's own image processor makes of white pictures of given sizes.

    python tiles.py SNAPSHOT < sizes.json

``sizes.json`` is a list of [width, height]. Prints one object for each: the ``columns`` and
``rows`` of tiles that carry a picture, and the ``width`` and ``height`` it fills on them.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
from PIL import Image
from transformers.models.mllama.image_processing_pil_mllama import (
    MllamaImageProcessorPil,
    get_all_supported_aspect_ratios,
)


def laid_out(processor: MllamaImageProcessorPil, width: int, height: int) -> dict[str, int]:
    """Found in the pixels, as the model will see them: white is what belongs to the picture."""
    made: dict[str, Any] = processor(Image.new("RGB", (width, height), "white"))
    tiles = np.asarray(made["pixel_values"])[0, 0]
    kind = int(np.asarray(made["aspect_ratio_ids"])[0, 0])  # 0 is no picture
    rows, columns = get_all_supported_aspect_ratios(processor.max_image_tiles)[kind - 1]
    assert int(np.asarray(made["num_tiles"])[0][0]) == rows * columns
    side = tiles.shape[-1]
    canvas = tiles[: rows * columns, 0].reshape(rows, columns, side, side)
    canvas = canvas.transpose(0, 2, 1, 3).reshape(rows * side, columns * side)
    white = canvas > canvas[0, 0] - 0.01
    return {
        "columns": int(columns),
        "rows": int(rows),
        "width": int(white[0].sum()),
        "height": int(white[:, 0].sum()),
    }


def main() -> None:
    processor = MllamaImageProcessorPil.from_pretrained(sys.argv[1])
    json.dump([laid_out(processor, *size) for size in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
