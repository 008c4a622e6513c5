"""HTML as a browser reads it, written so that an e-reader takes it."""

import xml.etree.ElementTree as ET

import pytest

from framework_tabs.editions import page_tree

WRITTEN = {
    "One<br>two": "One<br />two",
    "a&nbsp;b &amp; &lt;c&gt;": "a\xa0b &amp; &lt;c&gt;",
    '<p>A <img src="x.png" alt="X"> B': '<p>A <img src="x.png" alt="X" /> B</p>',
    "<input type=checkbox checked disabled>": (
        '<input type="checkbox" checked="" disabled="" />'
    ),
    "<ul><li>one<li>two</ul>": "<ul><li>one</li><li>two</li></ul>",
    "<b><i>crossed</b></i>": "<b><i>crossed</i></b>",
    "<p>a<!-- b -->c</p><!-- d -->e": "<p>ac</p>e",
    "<div><style>p {}</style>text</div>": "<div>text</div>",
    '<a @click="x" v-on:y="z" id="i">t</a>': '<a id="i">t</a>',
    "<o:p>Word's</o:p>": "<span>Word's</span>",
    "bell\x07 and \x1b[31mred": "bell and [31mred",
}


@pytest.mark.parametrize("html", WRITTEN)
def test_what_a_browser_takes_is_written_for_an_e_reader(html):
    assert page_tree.xhtml(html) == WRITTEN[html]


def test_drawings_and_formulas_are_in_their_own_namespaces():
    html = (
        '<svg viewBox="0 0 1 1"><use xlink:href="#a"/>'
        "<foreignObject><p>A</foreignObject></svg><math><mi>x</mi></math>"
    )
    text = page_tree.xhtml(html)
    page = ET.fromstring(f'<body xmlns="{page_tree.XHTML}">{text}</body>')
    assert [element.tag.rpartition("}")[::2] for element in page.iter()] == [
        ("{http://www.w3.org/1999/xhtml", "body"),
        ("{http://www.w3.org/2000/svg", "svg"),
        ("{http://www.w3.org/2000/svg", "use"),
        ("{http://www.w3.org/2000/svg", "foreignObject"),
        ("{http://www.w3.org/1999/xhtml", "p"),
        ("{http://www.w3.org/1998/Math/MathML", "math"),
        ("{http://www.w3.org/1998/Math/MathML", "mi"),
    ]
    (use,) = page.iter("{http://www.w3.org/2000/svg}use")
    assert use.attrib == {"{http://www.w3.org/1999/xlink}href": "#a"}


def test_names_that_were_declared_already_are_declared_once():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" xml:lang="en"><g></g></svg>'
    assert page_tree.xhtml(svg) == (
        '<svg xml:lang="en" xmlns="http://www.w3.org/2000/svg"><g /></svg>'
    )


def test_what_is_well_formed_stays_as_it_is():
    html = '<section id="a">\n<h1>A<a href="#a">¶</a></h1>\n<p>B</p>\n</section>\n'
    assert page_tree.xhtml(html) == html
