"""What a month may cost: python3 deploy/costs.py prints the tables of docs/deploy.md.

Prices are inputs, in US dollars without tax, for us-central1, as Google's pages had them on DATE.
They change, and differ by region: put yours in, and believe Google's calculator before this.
Left out are free tiers, backups, logs, and what goes out to the internet.
"""

from __future__ import annotations

DATE = "October 2026"
PRICES = {
    # https://cloud.google.com/run/pricing
    "vCPU-second by request": 0.000024,
    "GiB-second by request": 0.0000025,
    "vCPU-second by instance": 0.000018,
    "GiB-second by instance": 0.000002,
    "L4-second": 0.0001867,
    # https://cloud.google.com/sql/pricing
    "db-f1-micro, hour": 0.0105,
    "database vCPU, hour": 0.0413,
    "database GiB, hour": 0.007,
    "database disk GiB, hour": 0.000232877,
    # https://cloud.google.com/storage/pricing, /artifact-registry/pricing
    "picture GB, month": 0.02,
    "image GB, month": 0.10,
    # https://cloud.google.com/build/pricing, https://cloud.google.com/artifact-analysis/pricing
    "build minute": 0.016,
    "scan": 0.26,
    # Llama 4 Maverick: https://cloud.google.com/vertex-ai/generative-ai/pricing
    "million tokens in": 0.35,
    "million tokens out": 1.15,
}
HOURS = 730  # a month
SECONDS = HOURS * 3600
RUN_S = 10  # how long a run holds an instance, and nothing else is done on it meanwhile
PICTURE_GB = 0.0005
RELEASES, BUILD_MINUTES, IMAGES_GB = 4, 30, 3
GPU_RUN_S, SITTING, STAYS_AWAKE_H = 20, 10, 0.25  # ten pictures at a sitting, then it falls asleep
TOKENS_IN, TOKENS_OUT = 2500, 600


def service(size: str, pictures: int) -> float:
    """Cloud Run: billed while it answers, or one instance all month."""
    if size == "small":  # 1 vCPU, 2 GiB
        each = PRICES["vCPU-second by request"] + 2 * PRICES["GiB-second by request"]
        return pictures * RUN_S * each
    each = 2 * PRICES["vCPU-second by instance"] + 4 * PRICES["GiB-second by instance"]
    return SECONDS * each


def database(size: str) -> float:
    """Cloud SQL with 10 GiB; the standard one is there twice, in two zones."""
    disk = 10 * PRICES["database disk GiB, hour"]
    if size == "small":
        return HOURS * (PRICES["db-f1-micro, hour"] + disk)
    machine = 2 * PRICES["database vCPU, hour"] + 8 * PRICES["database GiB, hour"]
    return HOURS * 2 * (machine + disk)


def rest(pictures: int) -> float:
    """Pictures of a month, images, and releases."""
    kept = pictures * PICTURE_GB * PRICES["picture GB, month"]
    release = BUILD_MINUTES * PRICES["build minute"] + PRICES["scan"]
    return kept + IMAGES_GB * PRICES["image GB, month"] + RELEASES * release


def l4_hours(pictures: int) -> float:
    """How long a GPU of ours is awake in a month."""
    return min(HOURS, pictures * GPU_RUN_S / 3600 + pictures / SITTING * STAYS_AWAKE_H)


def l4(pictures: int) -> float:
    """Our own model on an L4 with 8 vCPU and 32 GiB."""
    machine = 8 * PRICES["vCPU-second by instance"] + 32 * PRICES["GiB-second by instance"]
    return l4_hours(pictures) * 3600 * (machine + PRICES["L4-second"])


def managed(pictures: int) -> float:
    """A model that is paid by the token."""
    read, written = pictures * TOKENS_IN / 1e6, pictures * TOKENS_OUT / 1e6
    return read * PRICES["million tokens in"] + written * PRICES["million tokens out"]


def prices() -> str:
    """What it is reckoned with."""
    rows = (f"| {name} | {price:.9f}".rstrip("0") + " |" for name, price in PRICES.items())
    return "\n".join(["| price of | dollars |", "|---|---|", *rows])


def table() -> str:
    """The table, in dollars; the model comes on top."""
    lines = [
        "| pictures a month | size | service | database | rest | without a model"
        " | + model by the token | + model on an L4 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for pictures in (0, 1_000, 100_000):
        for size in ("small", "standard"):
            parts = service(size, pictures), database(size), rest(pictures)
            money = " | ".join(f"{part:,.2f}" for part in parts)
            models = f"{managed(pictures):,.2f} | {l4(pictures):,.2f}"
            lines.append(f"| {pictures:,} | {size} | {money} | **{sum(parts):,.2f}** | {models} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(), prices(), sep="\n\n")
