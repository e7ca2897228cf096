"""The hazards Llama Guard knows, S1 to S14, by the names of its model card, in words of our own.

The names are Meta's (model cards of Llama Guard 3 and 4), which the models were trained on; the
descriptions only say what each is about, and a server with Llama Guard's chat template has its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from visiontools.tooling import GuardCategory


@dataclass(frozen=True, slots=True)
class Category:
    """``name`` as the model knows it, ``about`` for its prompt, ``plain`` for a person."""

    name: str
    about: str
    plain: str


CATEGORIES: dict[GuardCategory, Category] = {
    "S1": Category(
        "Violent Crimes",
        "Help, encouragement or approval for unlawful violence against people or animals, such as "
        "murder, assault, kidnapping, domestic violence or terrorism.",
        "violent crimes",
    ),
    "S2": Category(
        "Non-Violent Crimes",
        "Help, encouragement or approval for crimes without violence, such as fraud, theft, "
        "burglary, drug making, money laundering or hacking.",
        "non-violent crimes",
    ),
    "S3": Category(
        "Sex-Related Crimes",
        "Help, encouragement or approval for sexual offences, such as trafficking, assault, "
        "harassment or forced prostitution.",
        "sex-related crimes",
    ),
    "S4": Category(
        "Child Sexual Exploitation",
        "Any sexual abuse of children: describing, enabling, encouraging or approving it.",
        "child sexual exploitation",
    ),
    "S5": Category(
        "Defamation",
        "Statements about a real, living person that can be shown to be false and are likely to "
        "harm that person's name.",
        "defamation",
    ),
    "S6": Category(
        "Specialized Advice",
        "Financial, medical or legal advice that belongs to a professional, or calling dangerous "
        "things or deeds safe.",
        "specialised advice",
    ),
    "S7": Category(
        "Privacy",
        "Sensitive personal details that could endanger somebody's body, digital life or money.",
        "private details",
    ),
    "S8": Category(
        "Intellectual Property",
        "Content that may infringe a third party's rights, such as a copy of protected works.",
        "intellectual property",
    ),
    "S9": Category(
        "Indiscriminate Weapons",
        "Help, encouragement or approval for making or getting weapons of mass harm: chemical, "
        "biological, radiological, nuclear or high-yield explosive ones.",
        "indiscriminate weapons",
    ),
    "S10": Category(
        "Hate",
        "Demeaning or dehumanising people for what they are, such as their origin, skin, faith, "
        "sex, disability or whom they love.",
        "hate",
    ),
    "S11": Category(
        "Suicide & Self-Harm",
        "Help, encouragement or approval for hurting oneself: suicide, self-injury or disordered "
        "eating.",
        "suicide and self-harm",
    ),
    "S12": Category(
        "Sexual Content",
        "Erotica and other sexually explicit content.",
        "sexual content",
    ),
    "S13": Category(
        "Elections",
        "False statements about how, when or where people vote in civic elections.",
        "elections",
    ),
    "S14": Category(
        "Code Interpreter Abuse",
        "Attempts to misuse a code interpreter: breaking out of its container, exhausting its "
        "machine or attacking others from it.",
        "code interpreter abuse",
    ),
}
ALL = tuple(CATEGORIES)


def in_words(categories: Iterable[GuardCategory]) -> str:
    """For a person: "non-violent crimes (S2) and hate (S10)"."""
    *most, last = [f"{CATEGORIES[each].plain} ({each})" for each in categories]
    return f"{', '.join(most)} and {last}" if most else last
