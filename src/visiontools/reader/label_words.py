"""The wording of nutrition tables in seven languages, as data, and how to recognise it."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from visiontools.answers.label import Basis

IGNORED = "ignored"
"""A row that looks like a nutrient's but is not one, such as calories from fat."""

NUTRIENT_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "energy": (
        "energy",
        "energy value",
        "calories",
        "energie",
        "brennwert",
        "energiewert",
        "valeur energetique",
        "apport energetique",
        "energia",
        "valore energetico",
        "valor energetico",
        "calorias",
        "energiegehalt",
        "energiewaarde",
        "energetische waarde",
    ),
    "fat": (
        "fat",
        "total fat",
        "fat total",
        "total lipid",
        "fett",
        "gesamtfett",
        "matieres grasses",
        "lipides",
        "graisses",
        "grassi",
        "grassi totali",
        "grasas",
        "grasas totales",
        "grasa total",
        "lipidos",
        "gorduras",
        "gordura",
        "gorduras totais",
        "vetten",
        "vet",
        "totaal vet",
    ),
    "saturated_fat": (
        "saturates",
        "saturated fat",
        "saturated",
        "saturated fats",
        "saturated fatty acids",
        "sat fat",
        "gesattigte fettsauren",
        "gesattigte",
        "acides gras satures",
        "satures",
        "ags",
        "graisses saturees",
        "acidi grassi saturi",
        "grassi saturi",
        "saturi",
        "saturadas",
        "grasas saturadas",
        "grasa saturada",
        "acidos grasos saturados",
        "saturados",
        "acidos gordos saturados",
        "gorduras saturadas",
        "verzadigde vetzuren",
        "verzadigd vet",
        "verzadigde vetten",
        "verzadigd",
        "acides gras satures ags",
    ),
    "trans_fat": (
        "trans fat",
        "trans",
        "transfett",
        "trans fatty acids",
        "grasas trans",
        "gorduras trans",
        "acides gras trans",
        "grassi trans",
        "transvet",
        "grasa trans",
    ),
    "monounsaturated_fat": (
        "monounsaturated fat",
        "monounsaturates",
        "mono unsaturates",
        "einfach ungesattigte fettsauren",
        "acides gras mono insatures",
        "mono insatures",
        "monoinsaturi",
        "acidi grassi monoinsaturi",
        "monoinsaturadas",
        "monoinsaturados",
        "enkelvoudig onverzadigde vetzuren",
        "enkelvoudig onverzadigd",
    ),
    "polyunsaturated_fat": (
        "polyunsaturated fat",
        "polyunsaturates",
        "mehrfach ungesattigte fettsauren",
        "acides gras polyinsatures",
        "polyinsatures",
        "polinsaturi",
        "acidi grassi polinsaturi",
        "poliinsaturadas",
        "polinsaturados",
        "meervoudig onverzadigde vetzuren",
        "meervoudig onverzadigd",
    ),
    "cholesterol": ("cholesterol", "cholest", "cholesterin", "colesterol", "colesterolo"),
    "carbohydrate": (
        "carbohydrate",
        "carbohydrates",
        "total carbohydrate",
        "total carbohydrates",
        "total carb",
        "carbs",
        "total carbs",
        "kohlenhydrate",
        "glucides",
        "carboidrati",
        "hidratos de carbono",
        "carbohidratos",
        "carbohidratos totales",
        "carboidratos",
        "koolhydraten",
    ),
    "sugars": (
        "sugars",
        "total sugars",
        "sugar",
        "total sugar",
        "zucker",
        "sucres",
        "sucre",
        "zuccheri",
        "azucares",
        "azucares totales",
        "acucares",
        "acucares totais",
        "suikers",
        "suiker",
    ),
    "added_sugars": (
        "added sugars",
        "added sugar",
        "includes",
        "incl",
        "includes added sugars",
        "incl added sugars",
        "zugesetzter zucker",
        "sucres ajoutes",
        "zuccheri aggiunti",
        "azucares anadidos",
        "azucares agregados",
        "acucares adicionados",
        "toegevoegde suikers",
    ),
    "polyols": (
        "polyols",
        "sugar alcohol",
        "sugar alcohols",
        "mehrwertige alkohole",
        "polioli",
        "polialcoholes",
        "polioles",
        "poliois",
        "polyolen",
    ),
    "starch": ("starch", "starke", "amidon", "amido", "almidon", "zetmeel"),
    "fibre": (
        "fibre",
        "fiber",
        "dietary fiber",
        "dietary fibre",
        "fibres",
        "ballaststoffe",
        "fibres alimentaires",
        "fibre alimentari",
        "fibra",
        "fibra alimentaria",
        "fibra alimentar",
        "fibra alimentare",
        "fibra dietetica",
        "vezels",
        "voedingsvezel",
        "voedingsvezels",
    ),
    "protein": (
        "protein",
        "proteins",
        "eiweiss",
        "eiweib",
        "proteine",
        "proteines",
        "proteinas",
        "proteina",
        "eiwitten",
        "eiwit",
    ),
    "salt": ("salt", "salz", "sel", "sale", "sal", "zout"),
    "sodium": ("sodium", "natrium", "sodio"),
    "caffeine": ("caffeine", "koffein", "cafeine", "caffeina", "cafeina", "cafeine"),
    "alcohol": ("alcohol", "alkohol", "alcool"),
    "vitamin_a": ("vitamin a", "vitamine a", "vitamina a"),
    "vitamin_c": ("vitamin c", "vitamine c", "vitamina c"),
    "vitamin_d": ("vitamin d", "vitamine d", "vitamina d"),
    "vitamin_b12": ("vitamin b12", "vitamine b12", "vitamina b12"),
    "calcium": ("calcium", "kalzium", "calcio"),
    "iron": ("iron", "eisen", "fer", "ferro", "hierro", "ijzer"),
    "potassium": ("potassium", "potas", "kalium", "potasio", "potassio"),
    "magnesium": ("magnesium", "magnesio"),
    IGNORED: ("calories from fat", "calories from saturated fat", "fat calories"),
}

OF_WHICH = re.compile(
    r"^(of which|thereof|davon|dont|di cui|(de )?(los|las) cuales|dos quais|das quais|dos cuales"
    r"|waarvan|ofwhich|dicui|delascuales|deloscuales|dosquais|dasquais)"
)
LESS_THAN = re.compile(
    r"(less\s*than|weniger\s*als|moins\s*de|meno\s*di|menos\s*de|minder\s*dan|[<≤‹＜])\s*$", re.I
)
SERVING_WORDS = (
    "serving", "portion", "porzione", "porcion", "porcao", "portie", "dose", "glass", "glas",
    "cup", "verre", "bicchiere", "vaso", "copo", "biscuit", "bar", "riegel", "slice", "scheibe",
    "racion",
)  # fmt: skip
CONTAINER_WORDS = (
    "container", "package", "pack", "can", "bottle", "packung", "flasche", "bouteille",
    "bottiglia", "botella", "garrafa", "fles", "envase", "embalagem", "confezione", "verpakking",
    "canette", "blik", "lata", "lattina", "pouch",
)  # fmt: skip
PER_WORDS = ("per", "pro", "je", "pour", "par", "por", "cada", "auf")
_GLUED = re.compile(
    rf"({'|'.join(PER_WORDS)})(?=({'|'.join((*SERVING_WORDS, *CONTAINER_WORDS))}|\d))"
)
HUNDRED = re.compile(r"(?<![\d.,])[1l][0oO]{2}\s*(m\s*[l1i]|g)(?![a-z])", re.I)
SHARES = re.compile(
    r"%|\b(dv|nrv|ri|rda|gda|vnr|rm|vrn|ar|ir|nrw|daily value|valor diario|reference intake)\b"
)
PERCENT = re.compile(r"%|\b(dv|nrv|vnr|vrn|nrw|daily value|valor diario)\b")
TITLES = (
    "nutrition facts", "nutrition information", "nutritional information", "nutrition declaration",
    "nutrition", "nutritional values", "typical values", "nahrwertangaben", "nahrwerte",
    "nahrwertdeklaration", "nahrwertinformation", "durchschnittliche nahrwerte",
    "valeurs nutritionnelles", "declaration nutritionnelle", "informations nutritionnelles",
    "valori nutrizionali", "dichiarazione nutrizionale", "informazioni nutrizionali",
    "informacion nutricional", "valores nutricionales", "valor nutricional",
    "informacao nutricional", "declaracao nutricional", "declaracion nutricional",
    "datos de nutricion", "voedingswaarde", "voedingswaarden", "voedingswaardevermelding",
    "amount per serving", "supplement facts",
)  # fmt: skip


def plain(text: str) -> str:
    """Lower case, without accents; ligatures and sharp s spelt out."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("β", "ss"))
    return "".join(c for c in folded if not unicodedata.combining(c))


def letters(text: str) -> str:
    """Only the letters and digits, so that lost spaces do not matter."""
    return re.sub(r"[^a-z0-9]", "", plain(text))


@lru_cache(maxsize=1)
def _phrases() -> dict[str, str]:
    return {letters(w): nutrient for nutrient, words in NUTRIENT_WORDS.items() for w in words}


@lru_cache(maxsize=4096)
def nutrient_of(label: str) -> str | None:
    """The nutrient a row's label names, IGNORED for a false friend, None for other text.

    A label in several languages ("Fat / Fett") must name one nutrient only.
    """
    bare = re.sub(r"\([^)]*\)?|\b(kj|kcal)\b", " ", plain(label))
    bare = re.sub(r"(?<=[a-z])[,;:]?\s+(g|mg)\s*[:.]?$", "", bare.strip())
    whole = _one(bare)
    if whole:
        return whole
    parts = [part for part in re.split(r"[/|•·,]|\s-\s", bare) if len(letters(part)) > 1]
    found = {_one(part) for part in parts}
    return found.pop() if len(found) == 1 else None


def _one(text: str) -> str | None:
    bare = OF_WHICH.sub("", text.strip(" -–—•·.:*+†‡1"))
    key = letters(bare)
    if not key:
        return None
    exact = _phrases().get(key)
    if exact or len(key) < 5:
        return exact
    return _close(key)


def _close(key: str) -> str | None:
    """The one nutrient whose wording nearly is ``key``: one letter in seven may be misread."""
    best: dict[str, float] = {}
    for phrase, nutrient in _phrases().items():
        if len(phrase) >= 5 and abs(len(phrase) - len(key)) <= 2:
            ratio = SequenceMatcher(None, phrase, key).ratio()
            best[nutrient] = max(ratio, best.get(nutrient, 0.0))
    ranked = sorted(best, key=lambda name: -best[name])
    if not ranked or best[ranked[0]] < 0.86:
        return None
    close_second = len(ranked) > 1 and best[ranked[1]] > best[ranked[0]] - 0.05
    return None if close_second else ranked[0]


def is_title(text: str) -> bool:
    """Whether a line heads a nutrition table."""
    key = letters(text)
    return any(key.startswith(letters(title)) for title in TITLES)


def has_word(text: str, words: tuple[str, ...]) -> bool:
    """Whether any of ``words`` stands in ``text``, in the singular or a plural in -s or -en."""
    return any(re.search(rf"\b{word}(s|es|en|n)?\b", plain(text)) for word in words)


def is_per(heading: str) -> bool:
    """Whether a heading says "per", in any language, as "100 g" alone does not."""
    return re.search(rf"\b({'|'.join(PER_WORDS)})(?=\b|\d)", plain(heading)) is not None


def basis_of(heading: str) -> Basis | None:
    """What a column's heading says its amounts are for."""
    text = _GLUED.sub(r" \1 ", plain(heading))
    hundred = HUNDRED.search(text)
    if hundred:
        return "per_100g" if hundred[1].lower() == "g" else "per_100ml"
    if has_word(text, SERVING_WORDS):
        return "per_serving"
    if has_word(text, CONTAINER_WORDS):
        return "per_container"
    return None
