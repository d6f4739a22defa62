"""Pages and drawers as scripts of their own, and what they show."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page(view, desk):
    """What home.py does for one page: the frame's sidebar and the view, troubles told."""
    from importlib import import_module  # noqa: PLC0415 - it runs as a script of its own

    from app.dashboard.components import frame, states  # noqa: PLC0415 - as above

    with states.telling_troubles():
        frame.draw_sidebar(desk)
        import_module(f"app.dashboard.views.{view}").show(desk)


def drawer(module, form, desk, case, actor):
    """What a drawer shows; the real one is a fragment, which a script without a browser cannot run by itself."""
    from importlib import import_module  # noqa: PLC0415 - as above

    getattr(import_module(f"app.dashboard.steps.{module}"), form)(desk, case, actor)


def ran(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception, test.exception
    return test


def shown(test: AppTest) -> str:
    return "\n".join(element.proto.body for element in test.get("html"))


def press(test: AppTest, label: str) -> AppTest:
    next(button for button in test.button if button.label == label).click()
    return ran(test)
