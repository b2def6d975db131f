"""Components: what they compute and how they escape."""

from dataclasses import dataclass, field

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from conftest import DAY, HOUR, NOW
from jobs.models import Company, Job
from moirai.stops import one_stop
from moirai.templatetags import components
from moirai.templatetags.drawn import Values


@dataclass
class Thread:
    direct: float
    total: float
    gaps: list[float] = field(default_factory=list)


def job(**fields):
    made = Job(title="Analista <b>", public_id="abcdefghjk", slug="analista", company=Company(pk=7, name="Banca"))
    for name, value in fields.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Te postulaste a Auditor jr.. Guardamos", "Te postulaste a Auditor jr. Guardamos"), ("S.A..", "S.A."),
     ("Espera...", "Espera..."), ("a.. b..", "a. b."), ("../x", "../x"), ("<b>jr..</b>", "<b>jr.</b>"), ("", "")],
)  # fmt: skip
def test_a_name_and_its_sentence_have_one_full_stop(text, shown):
    assert one_stop(text) == shown


def test_one_full_stop_escapes_as_ever():
    page = Template('{% load components %}{{ title|add:"."|one_stop }}').render(Context({"title": "<i> jr."}))
    assert page == "&lt;i&gt; jr."


# --- The thread ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["es-mx", "en"])
@pytest.mark.parametrize("size", ["", "big"])
def test_the_solid_length_is_the_score_exactly_in_every_language(language, size):
    with translation.override(language):
        svg = components.score_thread(Thread(74.5, 87.25, [20, 74.5]), size)
    assert 'class="t-direct" width="74.5%"' in svg
    assert 'class="t-related" width="87.25%"' in svg
    assert 'x1="88.45%"' in svg
    assert svg.count("t-gap") == 2


@pytest.mark.parametrize(("direct", "total"), [(0, 0), (0, 12), (3, 3), (100, 100), (99, 100), (50, 50)])
def test_a_thread_at_its_ends_draws_nothing_outside(direct, total):
    shape = components.thread_shape(Thread(direct, total, [0, direct, 150]))
    lengths = [shape.direct, shape.direct_end, shape.total, shape.rest, *shape.gaps]
    assert all(0 <= float(length.rstrip("%")) <= 100 for length in lengths if length)
    assert bool(shape.direct) == (direct > 0)
    assert bool(shape.total) == (total > direct)


@pytest.mark.parametrize(
    ("points", "words"),
    [(100, "Very high"), (85, "Very high"), (84, "High"), (70, "High"), (50, "Partial"), (49, "Low")],
)
def test_bands_begin_where_the_design_says(points, words):
    with translation.override("en"):
        assert components.band(points) == f"{words} match"


# --- Words and figures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ""),
        ({"pay_from": 12000, "pay_to": 15000}, "$12,000 to $15,000 a month"),
        ({"pay_from": 10500}, "$10,500 a month"),
        ({"pay_to": 90, "pay_period": "hour"}, "$90 an hour"),
        ({"pay_from": 8000, "pay_to": 8000}, "$8,000 a month"),
    ],
)
def test_pay_is_said_as_the_posting_says_it(fields, words):
    with translation.override("en"):
        assert components.money(job(**fields)) == words


@pytest.mark.parametrize(
    ("after", "words", "soon"),
    [
        (30 * DAY, "Closes on 2 Dec", False),
        (6 * DAY, "Closes on 8 Nov, in 6 days", True),
        (DAY, "Closes on 3 Nov, in 1 day", True),
        (HOUR, "Closes today", True),
        (-DAY, "Closed on 1 Nov", False),
        (90 * DAY, "Closes on 31 Jan 2027", False),
    ],
)
def test_the_deadline_says_how_long_there_is(after, words, soon):
    with translation.override("en"):
        due = components.deadline(job(closes_at=NOW + after), NOW)
    assert (due.words, due.is_soon, due.is_over) == (words, soon, after < 0 * DAY)


def test_a_posting_without_a_deadline_says_nothing():
    assert components.deadline(job(closes_at=None), NOW) is None


@pytest.mark.parametrize(
    ("start", "end", "html"),
    [
        (4, 7, "Usé <mark>C++</mark> &amp; &lt;R&gt;"),
        (0, 99, "<mark>Usé C++ &amp; &lt;R&gt;</mark>"),
        (5, 5, "Usé C++ &amp; &lt;R&gt;"),
        (-3, 3, "<mark>Usé</mark> C++ &amp; &lt;R&gt;"),
    ],
)
def test_marked_words_are_escaped_and_offsets_never_break(start, end, html):
    assert components.mark_span("Usé C++ & <R>", start, end) == html


# --- Cards, pages, fields --------------------------------------------------------------------------------------------


def test_a_card_says_all_it_was_given_and_escapes_it():
    context = {
        "job": job(city="Puebla", closes_at=NOW + DAY),
        "due": components.Deadline("Closes soon", is_soon=True, is_over=False),
        "points": 87,
        "thread": Thread(75, 87),
        "chips": [{"label": "SQL", "kind": "direct"}, {"label": "<dbt>", "kind": "none"}],
        "more": 3,
        "why_url": "/x/",
    }
    with translation.override("en"):
        page = render_to_string("components/job_card.html", context)
    for words in ("Analista &lt;b&gt;", "Puebla · on site", "87%", "Very high match", "&lt;dbt&gt;", "and 3 more"):
        assert words in page


def test_what_is_drawn_once_is_drawn_anew_for_another_value():
    one, same, other, renamed = (Values({"job": one}) for one in (job(), job(), job(title="b"), job(company=Company())))
    assert (one == same, hash(one) == hash(same), one == other, one == renamed) == (True, True, False, False)
    plain, safe, chips, others = (Values({"a": one}) for one in ("<b>", mark_safe("<b>"), [{"x": 1}], [{"x": 2}]))
    assert (plain == safe, chips == others) == (False, False)


def test_all_forms_of_a_page_carry_the_same_token(rf):
    page = Template("{% csrf_token %}|{% csrf_token %}").render(RequestContext(rf.get("/")))
    first, second = page.split("|")
    assert first == second
    assert "csrfmiddlewaretoken" in first


def test_a_companys_motif_follows_from_its_id():
    assert components.motif(Company(pk=7, name="a")) == components.motif(Company(pk=7, name="b"))
    motifs = [components.motif(Company(pk=number)) for number in range(200)]
    assert {motif["shape"] for motif in motifs} == set(range(components.MOTIFS))
    assert {motif["dye"] for motif in motifs} == set(range(components.DYES))


def test_links_of_pages_keep_the_filters():
    page = Paginator(range(300), 10).page(7)
    html = render_to_string(
        "components/pagination.html", {"page": page, "query": QueryDict("q=a%26b&kind=x&kind=y&page=7"), "target": "r"}
    )
    assert 'href="?q=a%26b&amp;kind=x&amp;kind=y&amp;page=8"' in html
    assert 'aria-current="page"' in html
    assert "…" in html


def test_a_filter_is_removed_from_a_query():
    assert components.with_query(QueryDict("q=a&city=Puebla"), city=None) == "?q=a"


class SampleForm(forms.Form):
    name = forms.CharField(label="Nombre", help_text="Como en tu acta")
    kind = forms.ChoiceField(label="Tipo", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    city = forms.ChoiceField(label="Ciudad", choices=[("m", "Mérida")], required=False)
    file = forms.FileField(label="Archivo", required=False)
    agree = forms.BooleanField(label="Acepto")
    note = forms.CharField(label="Nota", widget=forms.Textarea, required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_refused_form_leads_to_each_field_and_keeps_what_was_typed():
    form = SampleForm({"note": "<script>", "city": "x"})
    html = render_to_string("components/form.html", {"form": form})
    for target in ("id_name", "id_kind_0", "id_city", "id_agree"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html
    assert "&lt;script&gt;" in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert html.count('role="alert"') == 1


def test_a_form_that_nobody_sent_shows_no_errors():
    html = render_to_string("components/form.html", {"form": SampleForm()})
    assert "error" not in html
    assert html.count("<label") == 7  # name, two radios, city, file, agree, note


def test_boxes_with_a_body():
    template = Template(
        "{% load components %}{% card title 'k' %}<p>x</p>{% endcard %}"
        "{% data_table title %}<tr></tr>{% enddata_table %}"
    )
    html = template.render(Context({"title": "A & B"}))
    assert '<h2 id="k">A &amp; B</h2><p>x</p></section>' in html
    assert '<caption class="vh">A &amp; B</caption><tr></tr></table>' in html
