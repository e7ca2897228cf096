"""What servers in general say when something is wrong; what one kind says is in its profile."""

from __future__ import annotations

import re


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


CONTEXT = _words(
    r"context[_ ](?:length|window|size)",
    r"maximum context",
    r"available context",
    r"too many (?:input )?tokens",
    r"(?:prompt|input) is too long",
    r"(?:input|prompt) tokens? exceed",
)
_MODEL = r"model\b.{0,120}?"
RETIRED = _words(
    _MODEL + r"\b(?:retired|decommissioned|deprecated|discontinued|sunset|shut down|"
    r"no longer|end of life|legacy)"
)
UNKNOWN = _words(
    r"model_not_found",
    _MODEL + r"(?:not found|does not exist|doesn't exist|not exist|is not available)",
    r"model\s+(?:\S+\s+)?(?:is )?(?:not supported|invalid)\b",
    r"(?:unknown|invalid|no such|unrecogni[sz]ed|unsupported) model",
    r"unknown model architecture",
)
DROPPED = _words(
    r"architecture.{0,80}?mllama", r"mllama.{0,80}?(?:architecture|support|no longer|removed)"
)
TOO_BIG = _words(
    r"(?:image|picture)\S* .{0,60}?(?:too (?:large|big|many pixels)|exceed|dimension|resolution)",
    r"(?:decode|load|open|process|parse|invalid|corrupt|unsupported) .{0,20}?image",
)
NO_IMAGES = _words(
    r"(?:image|vision|multi-?modal|mmproj)\S*.{0,80}?(?:not|n't|unsupported|only|at most 0|cannot)",
    r"(?:not|n't|unsupported|without|no) .{0,80}?(?:image|vision|multi-?modal)",
    r"at most 0 image",
    r"(?:image_url|content).{0,60}?(?:expected|must be|should be).{0,20}?(?:a )?(?:valid )?string",
)
QUOTA = _words(r"insufficient_quota", r"exceeded your current quota", r"billing", r"credit balance")
FILTERED = _words(r"content[_ ](?:filter|policy|management)", r"safety (?:system|filter)")
