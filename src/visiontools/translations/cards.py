"""What the built-in tools call the parts of their answers: headings, columns and names of facts.

Tools write them in English, since the terminal shows them, too; a card translates what stands here.
"""

from __future__ import annotations

HEADINGS = (
    *("Alt text", "Characters", "Text in the picture", "Translated from", "Caption"),
    *("Car", "Make", "Model", "Colour", "Damage", "Severity of the worst part", "Severity"),
    *("Part", "Operation", "What is seen", "Photos that would settle more"),
    *("Cost", "Work", "Low", "Expected", "High"),
    *("Steps", "Step", "Kind", "Leads to", "Trial run with stand-ins for the steps"),
    *("In the fridge", "Where", "Food", "Amount", "How sure", "There, but not to be named"),
    *("Shopping list", "Proposed, but left out", "Uses", "Staples", "To buy", "Time"),
    *("What", "When", "Until", "Zone", "In UTC", "Guests", "Its words", "Look at this first"),
    *("Calendar file (.ics)", "To-dos", "To do", "Who", "By", "Message", "Messages", "People"),
    *("Decisions", "Decision", "Open questions", "Open question", "Left out", "The thread"),
    *("From", "To", "As printed", "Side by side", "Per 100 g", "Per 100 ml", "Nutrient", "For"),
    *("Read", "Serving", "Pack", "Servings in a pack", "Energy", "Fat", "Saturated fat"),
    *("Carbohydrate", "Sugars", "Fibre", "Protein", "Salt", "What is where", "Cells", "Words"),
    *("Price of one", "Text on the page", "Filled in", "Field", "Item", "Quantity", "Receipt"),
    *("Date", "Currency", "Energy per 100 g", "Energy per 100 ml", "Sugars per 100 g"),
    *("Sugars per 100 ml", "Protein per 100 g", "Protein per 100 ml", "Salt per 100 g"),
    *("Salt per 100 ml", "Saturated fat per 100 g", "Saturated fat per 100 ml"),
    *("Check", "Result", "Detail", "Checks", "Table", "Answer"),
)
