"""The kit's one script, in Chromium. Alone: pytest tests/widgets/test_view.py."""

import re

import pytest
from view_page import WIDGETS, change, open_page, show_page, told

from course.views.drawing import Drawing
from widgets.view import View, with_fallback

PARTS = """
<p>Three parts and a note.</p>
<span data-pick="a" data-link="x" data-say="A">a</span>
<span data-pick="b" data-link="y" data-say="B" aria-pressed="true">b</span>
<span data-pick="c" data-link="x y" data-say="C"><i data-link="x">c</i></span>
<span data-link="y" id="note">no part, but lit</span>
"""
HANDLE = """
<div data-track style="width:200px;height:20px">
<span data-drag="top_p" data-value="0.5" data-say="top-p" data-text="half">|</span>
</div>
"""
SVG = """
<svg viewBox="0 0 100 20" role="img" aria-label="bars">
<g data-pick="0" data-link="s" data-say="one"><rect width="40" height="20"/></g>
<g data-link="s" data-say="two"><rect x="50" width="40" height="20"/></g></svg>
"""


@pytest.fixture(scope="module")
def plain_page(browser, tmp_path_factory):
    """A page for all tests that need no options, and what went wrong or out in it."""
    view = View()
    page = open_page(browser, view, tmp_path_factory.mktemp("view") / "view.html")
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: problems.append(request.url))
    yield page, problems
    page.context.close()


@pytest.fixture
def page_of(browser, plain_page, tmp_path):
    """Opens a picture; everything that went wrong or out is found at the end."""
    pages, problems = [], plain_page[1]
    problems.clear()

    def open_(picture, summary="There are 3.", table="", code="", **options):
        view = View()
        view.show(Drawing(picture, summary, table), code)
        path = tmp_path / "view.html"
        if not options:
            return show_page(plain_page[0], view, path)
        pages.append(open_page(browser, view, path, **options))
        return pages[-1]

    yield open_
    for page in pages:
        page.context.close()
    out = [p for p in problems if not p.startswith(("file:", "blob:"))]
    assert out == []


def lit(page):
    return page.locator(".is-linked:not(i)").all_inner_texts()


def readout(page):
    return page.locator(".course-readout").inner_text()


def focused(page, name="aria-label"):
    return page.evaluate("name => document.activeElement.getAttribute(name)", name)


def picks(page):
    return [value["name"] for trait, value in told(page) if trait == "picked"]


def drags(page):
    return [value["value"] for trait, value in told(page) if trait == "dragged"]


# --- Parts --------------------------------------------------------------------------


def test_pointing_lights_what_shares_a_name_and_says_it(page_of):
    page = page_of(PARTS)
    page.get_by_text("a", exact=True).hover()
    assert lit(page) == ["a", "c"]
    assert readout(page) == "A · C"
    page.get_by_text("no part").hover()
    assert lit(page) == ["b", "c", "no part, but lit"]
    assert readout(page) == "B · C"


def test_parts_are_buttons_with_names_in_a_named_group(page_of):
    page = page_of(PARTS)
    assert page.get_by_role("button", name="A", exact=True).count() == 1
    assert page.get_by_role("button", pressed=True).all_inner_texts() == ["b"]
    name = "Picture: arrow keys go from part to part, Enter chooses"
    assert page.get_by_role("group", name=name).get_by_role("button").count() == 3


def test_the_tab_key_stops_once_at_the_chosen_part(page_of):
    page = page_of(PARTS)
    page.keyboard.press("Tab")
    assert focused(page) == "B"
    assert readout(page) == "B · C"
    page.keyboard.press("Tab")
    assert focused(page) is None


ARROWS = (
    ("ArrowRight", "C"),
    ("ArrowDown", "C"),
    ("ArrowLeft", "A"),
    ("ArrowUp", "A"),
    ("Home", "A"),
    ("End", "C"),
    ("End ArrowRight", "C"),
    ("Home ArrowLeft", "A"),
    ("Control+Home", "B"),
    ("Alt+ArrowRight", "B"),
    ("x", "B"),
)


def test_arrows_go_from_part_to_part(page_of):
    page = page_of(PARTS)
    found = []
    for keys, _ in ARROWS:
        page.get_by_role("button", name="B", exact=True).focus()
        change(page, "picture", PARTS)  # the chosen part is the stop again
        for key in keys.split():
            page.keyboard.press(key)
        found.append((keys, focused(page)))
        assert page.locator("[data-pick][tabindex='0']").count() == 1
        assert focused(page, "tabindex") == "0"
    assert found == list(ARROWS)
    assert told(page) == []


def test_a_part_is_chosen_by_enter_space_and_click(page_of):
    page = page_of(PARTS)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.get_by_text("a", exact=True).click()
    page.get_by_text("c", exact=True).click()  # what lies in a part is the part
    page.get_by_text("no part").click()
    assert picks(page) == ["b", "b", "a", "c"]
    counts = [value["count"] for _, value in told(page)]
    assert counts[0] != counts[1]  # the same part twice is told twice


def test_parts_of_an_svg_are_reached_and_chosen(page_of):
    page = page_of(SVG)
    assert page.get_by_role("group", name="bars").count() == 1  # no image: it has parts
    page.keyboard.press("Tab")
    assert focused(page) == "one"
    assert readout(page) == "one · two"
    style = "getComputedStyle(document.activeElement).outlineWidth"
    assert page.evaluate(style) == "3px"  # to be seen, not only lit like its likes
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "two"
    page.keyboard.press("Enter")  # a part that only says
    page.locator("rect").first.click()
    assert picks(page) == ["0", "0"]


def test_an_image_without_parts_stays_one(page_of):
    page = page_of('<svg role="img" aria-label="a line"><path d="M0 0"/></svg>')
    assert page.get_by_role("img", name="a line").count() == 1


def test_a_picture_without_parts_has_no_readout_and_no_stop(page_of):
    page = page_of("<b>2</b>")
    assert not page.locator(".course-readout").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body")
    assert page.get_by_role("group", name="Picture", exact=True).count() == 1


def test_an_empty_view_is_empty(page_of):
    page = page_of("", "")
    assert page.locator("details:visible").count() == 0
    assert page.locator("main").inner_text().strip() == ""


# --- Drawn anew ---------------------------------------------------------------------


def test_focus_stays_at_the_same_part(page_of):
    page = page_of(PARTS)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    change(page, "picture", PARTS.replace("<p>", "<p>Again: "))
    assert focused(page) == "C"
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "B"


def test_focus_goes_to_the_same_place_if_the_part_is_gone(page_of):
    page = page_of(PARTS)
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    change(page, "picture", PARTS.replace('data-pick="c"', 'data-pick="d"'))
    assert focused(page, "data-pick") == "d"
    change(page, "picture", '<span data-pick="z" data-say="Z">z</span>')
    assert focused(page) == "Z"


def test_focus_stays_at_the_picture_if_no_part_is_left(page_of):
    page = page_of(PARTS)
    page.keyboard.press("Tab")
    change(page, "picture", "<p>Nothing to choose.</p>")
    page.wait_for_timeout(100)
    assert focused(page, "class") == "course-picture"


def test_focus_elsewhere_is_left_alone(page_of):
    page = page_of(PARTS, code="Lab()")
    page.locator("summary", has_text="code").focus()
    change(page, "picture", PARTS)
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_focus_is_kept_inside_a_shadow_root(page_of):
    page = page_of(PARTS)
    page.evaluate("""() => {
        const root = document.querySelector("main").attachShadow({ mode: "open" });
        root.append(document.querySelector(".course-view"));
        root.querySelector("[data-pick=a]").focus();
        window.change("picture", window.model.get("picture") + " ");
    }""")
    place = "document.querySelector('main').shadowRoot.activeElement.dataset.pick"
    assert page.evaluate(place) == "a"


def test_the_sentence_is_seen_at_once_and_spoken_after_a_pause(page_of):
    page = page_of("<b>2</b>", "There are 2.")
    spoken = page.get_by_role("status").first
    assert page.get_by_text("There are 2.").is_visible()
    page.wait_for_timeout(1000)
    assert spoken.text_content() == ""  # a beginning is no news
    for number in range(3, 9):
        change(page, "summary", f"There are {number}.")
    assert page.locator(".course-summary").inner_text() == "There are 8."
    assert spoken.text_content() == ""
    page.wait_for_function("document.querySelector('.course-spoken').textContent")
    assert spoken.text_content() == "There are 8."


def test_nothing_is_left_when_the_view_goes(page_of):
    page = page_of(HANDLE)
    box = page.locator("[data-track]").bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 8)
    page.evaluate("window.cleanup()")
    before = len(told(page))
    page.mouse.move(box["x"] + 190, box["y"] + 8)
    page.wait_for_timeout(250)
    assert len(told(page)) == before
    change(page, "summary", "Too late.")
    assert "Too late." not in page.locator("main").inner_text()


# --- Handles ------------------------------------------------------------------------


def test_a_handle_is_a_slider_with_name_and_value(page_of):
    page = page_of(HANDLE)
    slider = page.get_by_role("slider", name="top-p")
    names = ["valuemin", "valuemax", "valuenow", "valuetext", "orientation"]
    values = [slider.get_attribute(f"aria-{name}") for name in names]
    assert values == ["0", "1", "0.5", "half", "horizontal"]


KEYS = (
    ("ArrowRight", 0.51),
    ("ArrowUp", 0.51),
    ("ArrowLeft", 0.49),
    ("ArrowDown", 0.49),
    ("PageUp", 0.6),
    ("PageDown", 0.4),
    ("Home", 0),
    ("End", 1),
    ("End ArrowRight", 1),
    ("ArrowRight ArrowRight ArrowRight", 0.53),
)


def test_keys_move_a_handle(page_of):
    page = page_of("")
    found = []
    for number, (keys, _) in enumerate(KEYS):
        # Each a handle of its own: what was held of the one before does not count.
        name = f"h{number}"
        change(page, "picture", HANDLE.replace('drag="top_p"', f'drag="{name}"'))
        page.get_by_role("slider").focus()
        for key in keys.split():
            page.keyboard.press(key)
        page.wait_for_timeout(110)
        assert told(page)[-1][1]["name"] == name
        assert page.get_by_role("slider").get_attribute("aria-valuenow") == str(
            drags(page)[-1]
        )
        found.append((keys, drags(page)[-1]))
    assert found == list(KEYS)


def test_a_late_drawing_does_not_throw_a_held_key_back(page_of):
    page = page_of(HANDLE)
    page.keyboard.press("Tab")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        change(page, "picture", HANDLE + " ")  # still at the old place
    page.wait_for_timeout(150)
    assert drags(page)[-1] == 0.55
    assert focused(page) == "top-p"


def test_a_refused_place_is_forgotten(page_of):
    page = page_of(HANDLE.replace("0.5", "0.05"))
    page.keyboard.press("Tab")
    page.keyboard.press("Home")  # a lab that allows no 0 draws nothing new
    page.wait_for_timeout(600)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(150)
    assert drags(page) == [0, 0.06]


def test_a_handle_may_have_a_step_of_its_own(page_of):
    page = page_of(HANDLE.replace("data-drag", 'data-step="0.25" data-drag'))
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(150)
    page.keyboard.press("PageUp")
    page.wait_for_timeout(150)
    assert drags(page) == [0.75, 1]


def test_the_pointer_drags_a_handle_past_redrawings(page_of):
    page = page_of(HANDLE)
    box = page.locator("[data-track]").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 8)
    page.mouse.down()
    assert focused(page) == "top-p"
    page.mouse.move(box["x"] + 150, box["y"] + 8)
    page.wait_for_timeout(150)
    change(page, "picture", HANDLE + " ")
    page.mouse.move(box["x"] + 900, box["y"] + 8)
    page.mouse.up()
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.wait_for_timeout(150)
    assert drags(page)[0] == pytest.approx(0.75, abs=0.01)
    assert drags(page)[-1] == 1


def test_an_upright_handle_grows_upwards(page_of):
    tall = HANDLE.replace("height:20px", "height:200px")
    page = page_of(tall.replace("data-drag", 'data-axis="y" data-drag'))
    slider = page.get_by_role("slider")
    assert slider.get_attribute("aria-orientation") == "vertical"
    box = page.locator("[data-track]").bounding_box()
    slider.hover()
    page.mouse.down()
    page.mouse.move(box["x"] + 2, box["y"] + 50)
    page.mouse.up()
    page.wait_for_timeout(150)
    assert drags(page)[-1] == pytest.approx(0.75, abs=0.01)


def test_only_the_first_button_drags_and_a_cancelled_touch_ends(page_of):
    page = page_of(HANDLE)
    box = page.locator("[data-track]").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 8)
    page.mouse.down(button="right")
    page.mouse.move(box["x"] + 80, box["y"] + 8)
    page.mouse.up(button="right")
    page.mouse.move(box["x"] + 2, box["y"] + 8)
    page.mouse.down()
    page.evaluate("dispatchEvent(new PointerEvent('pointercancel'))")
    page.mouse.move(box["x"] + 120, box["y"] + 8)
    page.wait_for_timeout(150)
    assert drags(page) == []


def test_a_track_that_is_its_handle_goes_where_it_is_pressed(page_of):
    page = page_of('<div data-track data-drag="t" data-value="0" style="width:200px">|')
    page.locator("[data-track]").click(position={"x": 100, "y": 5})
    page.wait_for_timeout(150)
    assert drags(page) == [pytest.approx(0.5, abs=0.01)]


def test_at_most_ten_messages_a_second_and_the_last_one(page_of):
    page = page_of(HANDLE)
    count = page.evaluate("""async () => {
        const handle = document.querySelector("[data-drag]");
        const event = () => handle.dispatchEvent(
            new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
        const end = performance.now() + 480;
        let count = 0;
        while (performance.now() < end) {
            event(); count += 1;
            await new Promise((done) => setTimeout(done, 10));
        }
        await new Promise((done) => setTimeout(done, 150));
        return count;
    }""")
    assert 2 <= len(drags(page)) <= 7
    assert drags(page)[-1] == pytest.approx(min(1, 0.5 + count * 0.01), abs=1e-3)


# --- Table, code, surroundings ------------------------------------------------------


def test_table_and_code_fold(page_of):
    table = "<table><tr><th scope='row'>b</th><td>2</td></tr></table>"
    page = page_of("<b>2</b>", table=table, code="Lab(x=2)")
    assert not page.get_by_text("Lab(x=2)").is_visible()
    assert page.get_by_role("row").count() == 0
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_by_role("row").inner_text().split() == ["b", "2"]
    page.get_by_text("As code").click()
    assert page.get_by_role("region", name="The code").inner_text() == "Lab(x=2)"
    change(page, "table", "<table><tr><td>3</td></tr></table>")
    assert page.get_by_role("row").inner_text() == "3"  # it stays open
    change(page, "table", "")
    assert page.locator(".course-table").is_hidden()


def test_code_is_text(page_of):
    page = page_of("", code="Lab('<img src=x onerror=alert(1)>')")
    assert page.locator("img").count() == 0


def test_copy_with_permission(page_of):
    page = page_of("<b>2</b>", code="Lab(x=2)")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("As code").click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "Lab(x=2)"


@pytest.mark.parametrize("why", ["refused", "missing"])
def test_copy_without_permission_selects(page_of, why):
    page = page_of("<b>2</b>", code="Lab(x=2)")
    clipboard = {
        "refused": "{ writeText: () => Promise.reject(new Error()) }",
        "missing": "undefined",
    }[why]
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', "
        f"{{ value: {clipboard}, configurable: true }})"
    )
    page.get_by_text("As code").click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Selected: press").wait_for()
    assert page.evaluate("String(getSelection())") == "Lab(x=2)"


def test_keys_pressed_here_are_not_jupyters(page_of):
    page = page_of(PARTS)
    assert page.locator("[data-lm-suppress-shortcuts='true'] [data-pick]").count() == 3


def test_a_wide_picture_scrolls_itself_by_keys_too(page_of):
    page = page_of('<div style="width:900px">wide</div>', width=390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.wait_for_function(
        "document.querySelector('.course-picture').tabIndex === 0", timeout=3000
    )
    page.keyboard.press("Tab")
    assert focused(page, "class") == "course-picture"


def test_edges_stay_where_the_system_chooses_the_colours(page_of):
    page = page_of(PARTS, forced_colors="active")
    page.get_by_text("a", exact=True).hover()
    widths = page.evaluate(
        "[...document.querySelectorAll('span[data-link]')]"
        ".map((part) => getComputedStyle(part).outlineWidth)"
    )
    assert widths == ["3px", "1px", "3px", "1px"]


def test_nothing_moves_by_itself():
    text = (WIDGETS / "view.css").read_text() + (WIDGETS / "view.js").read_text()
    assert not re.search(r"transition|animat|@keyframes|smooth", text)


def test_the_script_is_small_and_asks_for_nothing():
    script = (WIDGETS / "view.js").read_bytes()
    assert len(script) < 20_000
    assert not re.search(rb"https?:|import\(|fetch\(|XMLHttp|eval\(|\@import", script)
    assert b"url(" not in (WIDGETS / "view.css").read_bytes()


# --- In Python ----------------------------------------------------------------------


def test_a_view_shows_all_of_a_drawing_in_one_message():
    view = View()
    seen = []
    view.observe(lambda change: seen.append(view.get_state()), ["code"])
    view.show(Drawing("<b>2</b>", "There are 2.", "<table></table>"), "Lab()")
    (state,) = seen
    assert (state["picture"], state["summary"]) == ("<b>2</b>", "There are 2.")


def test_what_cannot_be_sent_is_written_out():
    view = View()
    view.show(Drawing("\ud83d", "a \ud83d", "\udfff"), "Lab('\ud83d')")
    for name in ("picture", "summary", "table", "code"):
        assert "\\ud" in getattr(view, name)
        getattr(view, name).encode()


def test_where_no_kernel_runs_there_is_a_picture():
    view = View()
    view.show(Drawing("<b>2</b>", "There are < 2.", "<table></table>"))
    bundle = view._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/plain"] == "There are < 2."
    assert "<b>2</b><p>There are &lt; 2.</p><details>" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data


@pytest.mark.parametrize("bundle", [None, {}, {"text/plain": "View()"}, ({}, {"a": 1})])
def test_fallback_of_any_bundle(bundle):
    made = with_fallback(bundle, Drawing("<b>2</b>", "There are 2."))
    data = made[0] if isinstance(bundle, tuple) else made
    assert data["text/plain"] == "There are 2."
    assert not isinstance(bundle, tuple) or made[1] == {"a": 1}
