"""Makes a projector with random weights, so that a picture takes its true way through llama.cpp.

It has the form of Gemma 3's (SigLIP, pooled, projected), only tiny, and fits any text model whose
embeddings are as wide: with it a real text model is shown pictures, but understands none of them.
Keys and tensors are those that llama.cpp reads (tools/mtmd/clip-impl.h, models/siglip.cpp).
"""

from __future__ import annotations

import random
from array import array
from pathlib import Path

from visiontools.testing.gguf import Tensor, Value, write_gguf

_WIDTH, _INNER, _HEADS = 32, 64, 2
_IMAGE, _PATCH = 64, 8
_POOLED = 4
TOKENS = (_IMAGE // _PATCH // _POOLED) ** 2
"""How many tokens of context one picture takes."""


def write_eyes(path: Path, width: int, seed: int = 1) -> Path:
    """Write a projector for a text model with embeddings ``width`` numbers wide."""
    values: dict[str, Value] = {
        "general.architecture": "clip",
        "general.type": "mmproj",
        "clip.has_vision_encoder": True,
        "clip.projector_type": "gemma3",
        "clip.use_gelu": True,
        "clip.vision.image_size": _IMAGE,
        "clip.vision.patch_size": _PATCH,
        "clip.vision.embedding_length": _WIDTH,
        "clip.vision.feed_forward_length": _INNER,
        "clip.vision.block_count": 1,
        "clip.vision.projection_dim": width,
        "clip.vision.attention.head_count": _HEADS,
        "clip.vision.attention.layer_norm_epsilon": 1e-6,
        "clip.vision.image_mean": [0.5, 0.5, 0.5],
        "clip.vision.image_std": [0.5, 0.5, 0.5],
    }
    return write_gguf(path, values, _tensors(width, random.Random(seed)))  # noqa: S311


def _tensors(width: int, chance: random.Random) -> dict[str, Tensor]:
    def noise(*shape: int) -> Tensor:
        count = 1
        for size in shape:
            count *= size
        return Tensor(shape, array("f", (chance.gauss(0, 0.1) for _ in range(count))))

    def flat(size: int, value: float) -> Tensor:
        return Tensor((size,), array("f", [value] * size))

    tensors = {
        "v.patch_embd.weight": noise(_PATCH, _PATCH, 3, _WIDTH),
        "v.patch_embd.bias": flat(_WIDTH, 0),
        "v.position_embd.weight": noise(_WIDTH, (_IMAGE // _PATCH) ** 2),
        "mm.input_projection.weight": noise(width, _WIDTH),
        "mm.soft_emb_norm.weight": flat(_WIDTH, 1),
    }
    for name in ("v.blk.0.ln1", "v.blk.0.ln2", "v.post_ln"):
        tensors[f"{name}.weight"] = flat(_WIDTH, 1)
        tensors[f"{name}.bias"] = flat(_WIDTH, 0)
    for name in ("attn_q", "attn_k", "attn_v", "attn_out"):
        tensors[f"v.blk.0.{name}.weight"] = noise(_WIDTH, _WIDTH)
        tensors[f"v.blk.0.{name}.bias"] = flat(_WIDTH, 0)
    for name, wide, high in (("ffn_up", _WIDTH, _INNER), ("ffn_down", _INNER, _WIDTH)):
        tensors[f"v.blk.0.{name}.weight"] = noise(wide, high)
        tensors[f"v.blk.0.{name}.bias"] = flat(high, 0)
    return tensors
