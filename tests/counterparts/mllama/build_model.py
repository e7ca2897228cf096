"""Makes a Llama 3.2 Vision that is right in every part and far too small to know anything.

It has the architecture of the real one (a tiled vision encoder, cross-attention layers, an image
token outside the vocabulary), the real image processor's settings (4 tiles of 560 pixels), and a
tokenizer and a chat template of our own. Its weights are random. Run it where transformers and
torch are installed::

    python build_model.py FOLDER

FOLDER becomes a cache of models as transformers looks for one (HF_HUB_CACHE), holding two ids with
the same weights: NAME ends its answers after some forty tokens, ENDLESS writes until it is stopped.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GenerationConfig,
    MllamaConfig,
    MllamaForConditionalGeneration,
    MllamaProcessor,
    PreTrainedTokenizerFast,
)
from transformers.models.mllama.configuration_mllama import MllamaTextConfig, MllamaVisionConfig
from transformers.models.mllama.image_processing_pil_mllama import MllamaImageProcessorPil

NAME = "visiontools-tests/tiny-mllama"
ENDLESS = "visiontools-tests/tiny-mllama-endless"
REVISION = "0" * 39 + "1"

WORDS = Path(__file__).parents[3] / "LICENSE"  # a text that does not change
VOCABULARY = 1024
TILE = 560
CONTEXT = 16_384

BEGIN, END, TURN, PAD = "<|begin|>", "<|end|>", "<|turn|>", "<|pad|>"
IMAGE = "<|image|>"
PYTHON = "<|python_tag|>"  # MllamaProcessor asks every tokenizer for it
SPECIAL = [BEGIN, END, TURN, PAD, PYTHON]

# The picture stands before all text of its turn, as the model expects it.
CHAT = (
    "{{ bos_token }}"
    "{% for message in messages %}<|turn|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}{% else %}"
    "{% for part in message.content if part.type == 'image' %}<|image|>{% endfor %}"
    "{% for part in message.content if part.type == 'text' %}{{ part.text }}{% endfor %}"
    "{% endif %}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|turn|>assistant\n{% endif %}"
)


def tokenizer() -> PreTrainedTokenizerFast:
    """Byte-level pairs learned from a text in this repository; the image's token comes last."""
    bare = Tokenizer(models.BPE())
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bare.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bare.train([str(WORDS)], trainer)
    bare.add_special_tokens([AddedToken(word, special=True) for word in [*SPECIAL, IMAGE]])
    return PreTrainedTokenizerFast(
        tokenizer_object=bare,
        bos_token=BEGIN,
        eos_token=END,
        pad_token=PAD,
        extra_special_tokens={"image_token": IMAGE},
        model_max_length=CONTEXT,
        chat_template=CHAT,
    )


def model(words: PreTrainedTokenizerFast) -> MllamaForConditionalGeneration:
    """Every kind of layer the real one has, each as small as it can be."""
    ids = {
        "bos_token_id": words.bos_token_id,
        "eos_token_id": words.eos_token_id,
        "pad_token_id": words.pad_token_id,
    }
    image = words.convert_tokens_to_ids(IMAGE)
    vision = MllamaVisionConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_global_layers=1,
        attention_heads=2,
        intermediate_size=64,
        intermediate_layers_indices=[0],
        vision_output_dim=32 * 2,
        image_size=TILE,
        patch_size=56,
        max_num_tiles=4,
    )
    text = MllamaTextConfig(
        vocab_size=image,  # the image's id is the first one after the vocabulary
        hidden_size=64,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        intermediate_size=128,
        cross_attention_layers=[1, 3],
        max_position_embeddings=CONTEXT,
        # large enough that the words vary instead of one being said over and over
        initializer_range=0.4,
        **ids,
    )
    torch.manual_seed(20)
    config = MllamaConfig(vision_config=vision, text_config=text, image_token_index=image, **ids)
    made = MllamaForConditionalGeneration(config)
    for name, weight in made.named_parameters():
        if "gate" in name and weight.numel() == 1:  # closed at first: the picture would not count
            torch.nn.init.ones_(weight)
    return made.eval()


def processor(words: PreTrainedTokenizerFast) -> MllamaProcessor:
    """With the picture settings of the published checkpoints."""
    pictures = MllamaImageProcessorPil(size={"height": TILE, "width": TILE}, max_image_tiles=4)
    return MllamaProcessor(pictures, words, chat_template=CHAT)


def put(
    cache: Path, name: str, made: MllamaForConditionalGeneration, beside: MllamaProcessor
) -> Path:
    """Write one model as the hub's client would have stored it."""
    folder = cache / f"models--{name.replace('/', '--')}"
    snapshot = folder / "snapshots" / REVISION
    (folder / "refs").mkdir(parents=True, exist_ok=True)
    (folder / "refs" / "main").write_text(REVISION)
    made.save_pretrained(snapshot)
    beside.save_pretrained(snapshot)
    return snapshot


def main() -> None:
    cache = Path(sys.argv[1])
    words = tokenizer()
    made = model(words)
    usual = {"max_new_tokens": 1024, "do_sample": False, "pad_token_id": words.pad_token_id}
    made.generation_config = GenerationConfig(
        **usual,
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
        exponential_decay_length_penalty=(32, 1.3),  # random weights never come to an end
    )
    put(cache, NAME, made, processor(words))
    made.generation_config = GenerationConfig(**usual, bos_token_id=words.bos_token_id)
    put(cache, ENDLESS, made, processor(words))
    parameters = sum(weight.numel() for weight in made.parameters())
    print(f"{NAME}: {parameters:,} parameters, {len(words):,} tokens, in {cache}")


if __name__ == "__main__":
    main()
