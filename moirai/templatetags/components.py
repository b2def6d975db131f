"""What the components need from Python; the markup is in `templates/components`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField
from django.http import QueryDict
from django.template.base import FilterExpression, Node, Parser, TextNode, Token
from django.template.context import Context
from django.template.defaultfilters import stringfilter
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from moirai.stops import one_stop

register = template.Library()
register.filter("one_stop", stringfilter(one_stop), is_safe=True)

MOTIFS, DYES = 8, 4
SOON_DAYS = 7


# --- Fields -----------------------------------------------------------------------------------------------------------


@register.filter
def kind(field: BoundField) -> str:
    """How ``components/field.html`` draws a field: hidden, check, group, file, textarea, select or text."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    return "select" if isinstance(widget, forms.Select) else "text"


@register.filter
def first_id(field: BoundField) -> str:
    """The id that a link in the error summary leads to: of a group, its first choice."""
    return f"{field.auto_id}_0" if kind(field) == "group" else str(field.auto_id)


@register.filter
def summary_errors(field: BoundField) -> list[str]:
    """A field's errors as the summary says them: what is missing is named, since "required" alone names nothing."""
    lines = []
    for error in field.errors.as_data():
        message = " ".join(map(str, error.messages))
        lines.append(f"{field.label}: {message}" if error.code == "required" else message)
    return lines


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input of a text-like field; Django adds aria-describedby and aria-invalid."""
    classes = f"{field.field.widget.attrs.get('class', '')} input".strip()
    return field.as_widget(attrs={"class": classes})


# --- Icons ------------------------------------------------------------------------------------------------------------

ICON = '<svg class="{}" aria-hidden="true" focusable="false"><use href="#{}"/></svg>'


@register.tag
def icon(parser: Parser, token: Token) -> Node:
    """``{% icon "pin" "s" %}``: an icon of the sprite, beside text that says the same; one in quotes is drawn once."""
    name, size = ([*token.split_contents()[1:], '""'])[:2]
    look = f"i {size.strip(chr(34))}".strip()
    if name.startswith('"'):
        return TextNode(format_html(ICON, look, name.strip('"')))
    return NamedIcon(parser.compile_filter(name), look)


class NamedIcon(Node):
    """An icon whose name the page says."""

    def __init__(self, name: FilterExpression, look: str) -> None:
        self.name, self.look = name, look

    def render(self, context: Context) -> SafeString:
        return format_html(ICON, self.look, self.name.resolve(context))


# --- Words and figures -----------------------------------------------------------------------------------------------


def _amount(value: int) -> str:
    return f"${formats.number_format(value, decimal_pos=0, force_grouping=True)}"


@register.simple_tag
def money(job: Any) -> str:
    """What a posting pays, "$12,000 a $15,000 al mes"; empty where it does not say."""
    low, high = job.pay_from, job.pay_to
    if low is None and high is None:
        return ""
    if low is not None and high is not None and low != high:
        amount = _("%(low)s to %(high)s") % {"low": _amount(low), "high": _amount(high)}
    else:
        amount = _amount(high if low is None else low)
    return _("%(amount)s %(period)s") % {"amount": amount, "period": job.get_pay_period_display()}


@dataclass(frozen=True)
class Deadline:
    words: str
    is_soon: bool
    is_over: bool


@register.filter
@register.simple_tag
def deadline(job: Any, now: datetime) -> Deadline | None:
    """When a posting closes, "Cierra el 28 nov, en 6 días"; None where that is not known."""
    if job.closes_at is None:
        return None
    closes, today = timezone.localdate(job.closes_at), timezone.localdate(now)
    return _deadline(closes, today, job.closes_at <= now, get_language())


@lru_cache(maxsize=1000)  # most postings of a list close on one of a few days
def _deadline(closes: date, today: date, is_over: bool, _language: str) -> Deadline:
    pattern = _("j M") if closes.year == today.year else _("j M Y")
    on = {"date": formats.date_format(closes, pattern)}
    if is_over:
        return Deadline(_("Closed on %(date)s") % on, is_soon=False, is_over=True)
    days = (closes - today).days
    if days >= SOON_DAYS:
        return Deadline(_("Closes on %(date)s") % on, is_soon=False, is_over=False)
    if days == 0:
        return Deadline(_("Closes today"), is_soon=True, is_over=False)
    words = ngettext("Closes on %(date)s, in %(days)d day", "Closes on %(date)s, in %(days)d days", days)
    return Deadline(words % (on | {"days": days}), is_soon=True, is_over=False)


@register.filter
def band(points: int) -> str:
    """The words for a score of 0 to 100 points."""
    if points >= 85:
        return _("Very high match")
    if points >= 70:
        return _("High match")
    return _("Partial match") if points >= 50 else _("Low match")


@register.simple_tag
def mark_span(sentence: str, start: int, end: int) -> SafeString:
    """``sentence`` escaped, with the words from ``start`` to ``end`` (offsets into it) marked."""
    start, end = max(0, min(start, len(sentence))), max(0, min(end, len(sentence)))
    if start >= end:
        return format_html("{}", sentence)
    return format_html("{}<mark>{}</mark>{}", sentence[:start], sentence[start:end], sentence[end:])


# --- The score thread ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ThreadShape:
    """Lengths in percent, as the strings that SVG wants whatever the language."""

    direct: str
    direct_end: str
    total: str
    rest: str
    gaps: list[str]


def _percent(value: float) -> str:
    return f"{min(100.0, max(0.0, value)):.4g}%"


@register.simple_tag
def score_thread(thread: Any, size: str = "") -> SafeString:
    """The score as a thread whose solid length is the score; ``size`` is "big" or nothing."""
    shape, height, end, weave = thread_shape(thread), *((26, 13, "RD") if size else (14, 7, "rd"))
    bar = f'<rect{{}} width="{{}}" height="{height}" rx="{end}"/>'
    line = f'<line class="t-none" x1="{shape.rest}" x2="99.4%" y1="{end}" y2="{end}"/>' if shape.rest else ""
    for kind, length, threads in (("related", shape.total, weave[0]), ("direct", shape.direct, weave[1])):
        if length:
            line += bar.format(f' class="t-{kind}"', length)
            if kind == "direct" and shape.direct_end:
                line += f'<rect class="t-direct" x="4%" width="{shape.direct_end}" height="{height}"/>'
            line += bar.format(f' fill="url(#tw-{threads})"', length)
    line += "".join(f'<line class="t-gap" x1="{gap}" x2="{gap}" y1="0" y2="{height}"/>' for gap in shape.gaps)
    look = f"thread {size}".strip()
    return SafeString(f'<svg class="{look}" aria-hidden="true" focusable="false">{line}</svg>')  # figures alone


def thread_shape(thread: Any) -> ThreadShape:
    """Shapes of a thread with ``direct``, ``total`` (0 to 100) and ``gaps``: the solid length is the score exactly.

    ``direct_end`` squares the end of the direct part where a nearby part follows; ``rest`` is where the dashes start.
    """
    followed = thread.total > thread.direct > 5
    return ThreadShape(
        direct=_percent(thread.direct) if thread.direct else "",
        direct_end=_percent(thread.direct - 4) if followed else "",
        total=_percent(thread.total) if thread.total > thread.direct else "",
        rest=_percent(thread.total + 1.2) if thread.total < 98 else "",
        gaps=[_percent(gap) for gap in thread.gaps if 0 < gap < thread.total],
    )


# --- Companies, pages, boxes -----------------------------------------------------------------------------------------


@register.filter
def motif(company: Any) -> dict[str, int]:
    """The weave of a company: shape and dye follow from its id, so they never change."""
    digest = blake2b(str(company.pk or company).encode(), digest_size=2).digest()
    return {"shape": digest[0] % MOTIFS, "dye": digest[1] % DYES}


@register.filter
def page_numbers(page: Page[Any]) -> list[int | str]:
    """The page numbers worth a link, with an ellipsis where some were left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag
def with_query(query: QueryDict | Mapping[str, str] | None, **changes: Any) -> str:
    """``?…`` with some parameters changed, or removed by None: links of filters and pages."""
    parameters = query.copy() if isinstance(query, QueryDict) else QueryDict(mutable=True)
    if not isinstance(query, QueryDict):
        parameters.update(dict(query or {}))
    for name, value in changes.items():
        parameters.pop(name, None)
        if value is not None:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


@register.simple_block_tag
def card(content: str, title: str, key: str) -> SafeString:
    """A titled box: ``{% card _("Skills") "skills" %}…{% endcard %}``; ``key`` is the id of its heading."""
    return format_html(
        '<section class="card stack" aria-labelledby="{0}"><h2 id="{0}">{1}</h2>{2}</section>', key, title, content
    )


@register.simple_block_tag
def data_table(content: str, caption: str) -> SafeString:
    """A table that scrolls sideways where it must: ``{% data_table _("Applicants") %}<thead>…{% enddata_table %}``."""
    return format_html(
        '<div class="table-wrap" tabindex="0" role="group" aria-label="{0}">'
        '<table class="data"><caption class="vh">{0}</caption>{1}</table></div>',
        caption,
        content,
    )
