"""What a reader of the built book does and sees. Not a test itself."""

# The address of the site itself only leads here, a moment later.
FRONT_PAGE = "chapters/index.html"

WIDE = {"width": 1920, "height": 1000}


def tab(page, key, number=0):
    """Return the tab of a framework in one of the page's tab sets."""
    return page.locator(f".framework-tablist > [data-framework={key}]").nth(number)


def shown(page):
    """Return the frameworks whose panels are to be seen, for each tab set."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".framework-tabs")].map((set) =>
            [...set.querySelectorAll(":scope > .framework-panel")]
                .filter((panel) => panel.checkVisibility()
                    && getComputedStyle(panel).contentVisibility !== "hidden")
                .map((panel) => panel.dataset.framework))"""
    )


def shows_only(page, key):
    """Say whether the page has tabs, and all of them show one framework."""
    found = shown(page)
    return bool(found) and all(keys == [key] for keys in found)


def switch(page):
    """Return the button that lays the frameworks side by side."""
    return page.get_by_role("button", name="Yan yana")
