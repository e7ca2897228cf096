"""The chat page, alone in this room: Chainlit is imported when the page is asked for, not before.

Chainlit 2.12.0 is the last release of an archived project. ``gate`` lets through what the page
needs and nothing else, ``load`` sets it up, and all that matters is kept in our own tables.
"""
