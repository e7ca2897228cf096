"""The browser, the model and the watch over the console that the workbench's tests have."""

from tests.doors.web.browser.conftest import browser, fridge, model, opened, photo

__all__ = ["browser", "fridge", "model", "opened", "photo"]
