"""What a shape does in a flow, judged from its shape, its wording and its arrows."""

from __future__ import annotations

import unicodedata
from typing import Literal

from visiontools.answers.graph import Shape

Kind = Literal["start", "end", "process", "decision", "input_output", "subprocess", "other"]


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split("|"))


_START = _listed(
    "start|begin|begins|beginning|start here|anfang|beginn|début|debut|départ|inicio|início|"
    "comienzo|inizio|avvio|começo|началo|начало|старт|начать|początek|başla|başlangıç|"
    "开始|開始|はじめ|スタート|시작|शुरू|प्रारंभ|เริ่ม|เริ่มต้น|البداية|بداية"
)
_END = _listed(
    "end|ends|stop|finish|finished|done|exit|the end|ende|schluss|stopp|fertig|fin|fini|arrêt|"
    "final|fim|término|termino|fine|einde|slut|конец|стоп|koniec|bitir|son|bitiş|"
    "结束|結束|終了|終わり|エンド|끝|종료|समाप्त|अंत|จบ|สิ้นสุด|النهاية|نهاية"
)
_YES = _listed(
    "yes|y|true|ja|j|wahr|oui|o|vrai|sí|si|sì|verdadero|vero|sim|verdadeiro|да|tak|evet|"
    "はい|是|예|네|हाँ|हां|ใช่|نعم"
)
_NO = _listed(
    "no|n|false|nein|falsch|non|faux|falso|não|nao|нет|nie|nee|nej|hayır|"
    "いいえ|否|不是|아니오|아니요|नहीं|ไม่|ไม่ใช่|لا"
)


def word(label: str) -> str:
    """The label as the word lists have it: lower case, no punctuation at its ends."""
    text = unicodedata.normalize("NFC", label).casefold()
    return text.strip(" .,:;!?¿¡()[]<>\"'`*_-–—/|。、！？")


def says_start(label: str) -> bool:
    """Whether the label says no more than "start", in one of several languages."""
    return word(label) in _START


def says_end(label: str) -> bool:
    """Whether the label says no more than "end", in one of several languages."""
    return word(label) in _END


def says_yes(label: str) -> bool:
    """Whether an exit's label is a yes."""
    return word(label) in _YES


def says_no(label: str) -> bool:
    """Whether an exit's label is a no."""
    return word(label) in _NO


def kind_of(
    label: str,
    shape: Shape,
    *,
    exits: int,
    entered: bool,
    labelled: bool,
    rounded_is_special: bool,
) -> Kind:
    """The kind of a shape with so many exits, ``labelled`` if each of them carries a text.

    ``rounded_is_special`` says that the diagram also has plain boxes, so that rounding one means
    something.
    """
    if shape == "diamond":
        return "decision"
    if shape == "parallelogram":
        return "input_output"
    if shape == "double_box":
        return "subprocess"
    if says_start(label):
        return "start"
    if says_end(label):
        return "end"
    if exits >= 2 and (labelled or label.endswith(("?", "？"))):
        return "decision"
    if shape in ("oval", "circle") or (shape == "rounded" and rounded_is_special):
        return _terminal(shape, exits=exits, entered=entered)
    return "other" if shape == "other" else "process"


def _terminal(shape: Shape, *, exits: int, entered: bool) -> Kind:
    """A rounded shape begins or ends the flow where its arrows say so."""
    if exits and not entered:
        return "start"
    if entered and not exits:
        return "end"
    return "other" if shape == "circle" else "process"
