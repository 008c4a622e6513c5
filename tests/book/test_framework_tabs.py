"""The frameworks in a browser: tabs with one choice for all pages, or columns."""

import pytest

from tests.book.reader import FRONT_PAGE, WIDE, shown, shows_only, switch, tab


def test_at_first_every_tab_set_shows_the_first_framework(visit, path, keys):
    assert shows_only(visit(path), keys[0])


def test_choosing_a_tab_switches_every_tab_set(visit, path, keys):
    page = visit(path)
    for number, key in enumerate([*keys[1:], keys[0]]):
        tab(page, key, number).click()
        assert shows_only(page, key)


def test_the_choice_survives_a_reload_and_other_pages(visit, address, path, keys):
    page = visit(path)
    tab(page, keys[-1]).click()

    page.reload()
    assert shows_only(page, keys[-1])

    page.goto(address + FRONT_PAGE)
    page.goto(address + path)
    assert shows_only(page, keys[-1])

    other = page.context.new_page()
    other.goto(address + path)
    assert shows_only(other, keys[-1])


def test_a_page_in_another_window_follows_the_choice(visit, address, path, keys):
    page = visit(path)
    other = page.context.new_page()
    other.goto(address + path)

    tab(other, keys[1]).click()

    tab(page, keys[1]).and_(page.locator("[aria-selected=true]")).wait_for()
    assert shows_only(page, keys[1])


def test_a_page_that_the_browser_brings_back_follows_the_choice(visit, path, keys):
    page = visit(path)
    page.evaluate("(key) => localStorage.setItem('framework', key)", keys[1])
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: 1}))")

    assert shows_only(page, keys[1])


def test_the_address_chooses_a_framework(visit, path, keys):
    for key in keys:
        assert shows_only(visit(f"{path}?framework={key}"), key)


def test_an_unknown_framework_in_the_address_changes_nothing(
    visit, address, path, keys
):
    page = visit(path)
    tab(page, keys[1]).click()

    page.goto(f"{address}{path}?framework=caffe")

    assert shows_only(page, keys[1])
    assert "caffe" not in page.url
    page.goto(address + path)
    assert shows_only(page, keys[1])


def test_a_later_choice_counts_more_than_the_address(visit, path, keys):
    page = visit(f"{path}?framework={keys[1]}")
    tab(page, keys[2]).click()
    page.reload()

    assert shows_only(page, keys[2])


def test_the_tabs_work_by_keyboard_and_show_the_focus(visit, path, keys):
    page = visit(path)
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.role === 'tab'"):
            break
    focused = page.locator(":focus")
    assert focused.evaluate("(tab) => getComputedStyle(tab).outlineStyle") == "solid"
    pressed = {"ArrowRight": keys[1], "End": keys[-1], "Home": keys[0]}
    for press, key in {**pressed, "ArrowLeft": keys[-1]}.items():
        page.keyboard.press(press)
        assert shows_only(page, key)
        assert focused.get_attribute("data-framework") == key

    page.keyboard.press("Tab")  # leaves the tabs: only the chosen one is a stop
    assert page.evaluate("document.activeElement.role") != "tab"


def test_tabs_and_panels_name_each_other_for_screen_readers(visit, path, keys):
    page = visit(path)
    tabs = page.get_by_role("tab").all()
    assert tabs
    for each in tabs:
        panel = page.locator(f"id={each.get_attribute('aria-controls')}")
        assert panel.get_attribute("role") == "tabpanel"
        assert panel.get_attribute("aria-labelledby") == each.get_attribute("id")
        chosen = each.get_attribute("data-framework") == keys[0]
        assert each.get_attribute("aria-selected") == str(chosen).lower()
    lists = page.get_by_role("tablist", name="Çerçeve")
    assert lists.count() == len(shown(page))


def test_the_chosen_tab_stays_where_the_reader_clicked_it(visit, path, keys):
    page = visit(path)
    last = tab(page, keys[1], len(shown(page)) - 1)
    last.scroll_into_view_if_needed()
    # Unlike content above, which a browser without scroll anchoring would not mind.
    page.evaluate(
        """(css) => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet];
        }""",
        "html { overflow-anchor: none; } "
        f".framework-panel[data-framework={keys[1]}]:not([hidden])"
        " { min-height: 1000px; }",
    )
    before = last.bounding_box()["y"]

    last.evaluate("(tab) => tab.click()")

    assert last.bounding_box()["y"] == pytest.approx(before, abs=2)


def test_nothing_jumps_while_the_page_is_read(visit, path, keys):
    page = visit(FRONT_PAGE)
    page.evaluate("(key) => localStorage.setItem('framework', key)", keys[-1])
    page.add_init_script(
        """window.shifts = [];
        new PerformanceObserver((list) => window.shifts.push(
            ...list.getEntries().map((entry) => entry.value))
        ).observe({type: "layout-shift", buffered: true});"""
    )
    page.goto(page.url.replace(FRONT_PAGE, path), wait_until="networkidle")
    assert sum(page.evaluate("window.shifts")) < 0.01


def test_a_search_in_the_page_reaches_the_other_frameworks(visit, path, keys):
    """Hidden as the browser's own search can find it, which then tells the panel."""
    page = visit(path)
    other = page.locator(f".framework-panel[data-framework={keys[1]}]").first
    assert other.get_attribute("hidden") == "until-found"
    style = "(panel) => getComputedStyle(panel).contentVisibility"
    assert other.evaluate(style) == "hidden"  # displayed, but not rendered

    other.evaluate("(panel) => panel.dispatchEvent(new Event('beforematch'))")

    assert shows_only(page, keys[1])
    page.reload()
    assert shows_only(page, keys[0])  # what was found is not a choice


def test_an_address_inside_another_framework_s_panel_shows_it(
    visit, address, path, keys
):
    page = visit(path)
    inside = page.locator(f".framework-panel[data-framework={keys[2]}] pre[id]").last
    target = inside.get_attribute("id")

    page.goto(f"{address}{path}#{target}")

    assert shows_only(page, keys[2])
    assert page.locator(f"id={target}").is_visible()


def test_without_scripts_all_frameworks_stand_below_each_other(visit, path, keys):
    page = visit(path, java_script_enabled=False)

    names = page.locator(".framework-name")
    assert names.count() >= len(keys)
    assert all(name.is_visible() for name in names.all())
    assert page.locator(".framework-panel .cell").last.is_visible()


def test_on_paper_each_framework_has_its_name(visit, path, keys):
    page = visit(path)
    page.emulate_media(media="print")

    assert shown(page)[0] == keys
    assert all(name.is_visible() for name in page.locator(".framework-name").all())
    assert not tab(page, keys[0]).is_visible()


# Side by side


def columns(page):
    """Return the shown panels of the page's first tab set."""
    first = page.locator(".framework-tabs").first.locator("> .framework-panel")
    return [panel for panel in first.all() if panel.get_attribute("hidden") is None]


def test_one_switch_lays_all_frameworks_side_by_side(visit, path, keys):
    page = visit(path, viewport=WIDE)
    switch(page).click()

    assert all(found == keys for found in shown(page))
    boxes = [panel.bounding_box() for panel in columns(page)]
    assert len({box["y"] for box in boxes}) == 1
    assert [box["x"] for box in boxes] == sorted({box["x"] for box in boxes})
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"]

    switch(page).click()
    assert shows_only(page, keys[0])


def test_cells_side_by_side_begin_at_the_same_height(visit, path):
    page = visit(path, viewport=WIDE)
    switch(page).click()
    tops = page.evaluate(
        """() => [...document.querySelectorAll(".framework-tabs")].map((set) =>
            [...set.querySelectorAll(":scope > .framework-panel")].map((panel) =>
                [...panel.querySelectorAll(":scope > .cell > .cell_output")].map((c) =>
                    Math.round(c.getBoundingClientRect().top))))"""
    )
    compared = [panels for panels in tops if len(set(map(len, panels))) == 1]
    assert sum(map(len, (panels[0] for panels in compared))) > 1
    for panels in compared:
        assert all(panel == panels[0] for panel in panels)


def test_the_reader_chooses_the_columns_two_at_least(visit, path, keys):
    page = visit(path, viewport=WIDE)
    switch(page).click()
    page.get_by_role("checkbox", name="PyTorch").uncheck()

    rest = [key for key in keys if key != "pytorch"]
    assert all(found == rest for found in shown(page))
    assert all(
        page.locator(f".framework-view [value={key}]").is_disabled() for key in rest
    )


def test_columns_are_remembered_and_wait_for_a_window_that_is_wide_enough(
    visit, path, keys
):
    page = visit(path, viewport=WIDE)
    switch(page).click()
    page.reload()
    assert shown(page)[0] == keys

    page.set_viewport_size({"width": 800, "height": 900})
    tab(page, keys[0]).wait_for()
    assert shows_only(page, keys[0])
    assert not switch(page).is_visible()

    page.set_viewport_size(WIDE)
    tab(page, keys[0]).wait_for(state="hidden")
    assert shown(page)[0] == keys


def test_a_smaller_screen_begins_with_two_columns(visit, path, keys):
    page = visit(path, viewport={"width": 1280, "height": 900})
    tab(page, keys[1]).click()
    switch(page).click()

    assert shown(page)[0] == keys[:2]
