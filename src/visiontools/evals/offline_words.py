"""The words of docs/reliability.md that are not figures."""

from __future__ import annotations

HOW_TO_READ = (
    "Should you trust a tool with a model? Look up the tool and who looks: the built-in reader, or "
    "a model. This page is made by one command and holds what can be measured without a model; the "
    "same command with --endpoint measures yours, on these sets or on your own pictures (below).",
    "Two figures matter. Accepted, but wrong: of what was stated as a fact, how much was not so; "
    "behind it, how much it is at most, 95 % sure. Facts told: how much of what could be told was. "
    "To decline is no fault where nothing could be told, and the lesser one where it could. In "
    "brackets behind a share are the ends of its 95 % interval (Clopper and Pearson).",
    "No figure on this page is about a real Llama. No server with Llama 3.2 Vision was at hand; "
    "where a model answers below it is a scripted one.",
)
ABOUT_READER = (
    "It reads drawn labels, diagrams, charts, tables and receipts, half of them spoilt, pictures "
    "of the wrong kind, and pictures with an order printed below (sets drawn from seed {seed}; "
    "'visiontools eval --describe' tells what is in each). These looks are those it was tuned on, "
    "with other seeds: docs/reader.md has the looks that were held out."
)
ABOUT_PLANTED = (
    "A server says an observation as Llama 3.2 11B was seen to write when it is asked for JSON: "
    "half the time plainly, else in fences and prose, with brackets left open, in bullets, with "
    "choices nobody offered, cut off, or not at all. What should come of each is known. This "
    "measures the way from words to a record, for every tool; it says nothing of what a model sees."
)
ABOUT_SCRIPTED = (
    "The same scripted model, which knows the truth, answers whole sets. So what is missing here "
    "is what its writing costs (it refuses harmless pictures now and then, as Llama did), and what "
    "is right shows that sets, tools and scores work together. To learn what a real model sees, "
    "measure it with --endpoint."
)
ABOUT_GUARD = (
    "Recall on harmful texts and blocking of harmless ones in words that look harmful, as "
    "questions and as words of an answer."
)
YOURS = """\
## Measure it yourself
```sh
make evaluate                                            # this page, anew
visiontools eval diet                                    # one tool, by the reader
visiontools eval fridge --endpoint box --budget 2 --price box=0.35/0.40
visiontools eval diet --compare reader box               # which of the two?
visiontools eval diet --data my_labels --endpoint box    # your own pictures
```

[evaluate.md](evaluate.md) tells how to lay out your own pictures, and what each figure means.
"""
