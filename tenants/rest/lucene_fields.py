"""A `lucene` tree as a filter of rows. Each list says what its fields are, with the kinds below."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q

from tenants.rest.lucene import (
    Between,
    Condition,
    Conjunction,
    Disjunction,
    Exists,
    Is,
    Match,
    Negation,
    Node,
    parse,
    refuse,
)

# What a match is to a column. Raises ValueError, with a sentence, for one that the column cannot have.
Kind = Callable[[Match], Q]

# Of a number in a row: what is beyond is in no row, and in no database either.
_LARGEST = 2**63 - 1


def filter_of(text: str, fields: Mapping[str, Kind], *, parameter: str = "q") -> Q:
    """What the query `text` finds, by the names of `fields`; that of "" is for words that stand alone.

    An empty text finds everything. Raises ManagementError 400 for what is no query, or of no such field.
    """
    return _filter(parse(text, parameter=parameter), fields, parameter) if text.strip() else Q()


def text(column: str, *, fold: bool = False) -> Kind:
    """A text, empty when there is none. `fold`: upper and lower case are the same."""
    i = "i" if fold else ""
    exactly = f"{column}__iexact" if fold else column

    def match(found: Match) -> Q:
        match found:
            case Exists():
                return ~Q(**{column: ""})
            case Is(value, before=False, after=False):
                return Q(**{exactly: value})
            case Is(value, before, after):
                where = "contains" if before and after else "startswith" if after else "endswith"
                return Q(**{f"{column}__{i}{where}": value})
        raise ValueError("This field has no order, so no range of it can be asked for")

    return match


def flag(column: str) -> Kind:
    """true or false."""

    def match(found: Match) -> Q:
        if isinstance(found, Exists):
            return Q(**{f"{column}__isnull": False})
        if isinstance(found, Is) and found in (Is("true"), Is("false")):
            return Q(**{column: found.value == "true"})
        raise ValueError("This field is true or false")

    return match


def number(column: str) -> Kind:
    """A whole number."""
    return _ordered(column, _one_number)


def moment(column: str) -> Kind:
    """A moment, written as ISO 8601 has it. A date alone is all of that day, UTC."""
    return _ordered(column, _span)


def _filter(node: Node, fields: Mapping[str, Kind], parameter: str) -> Q:
    match node:
        case Condition():
            return _condition(node, fields, parameter)
        case Negation(inner):
            return ~_filter(inner, fields, parameter)
        case Conjunction(nodes):
            return Q(*[_filter(inner, fields, parameter) for inner in nodes])
        case Disjunction(nodes):
            return Q(*[_filter(inner, fields, parameter) for inner in nodes], _connector=Q.OR)


def _condition(condition: Condition, fields: Mapping[str, Kind], parameter: str) -> Q:
    kind = fields.get(condition.field)
    if kind is None:
        known = ", ".join(sorted(name for name in fields if name))
        what = f"Unknown field {condition.field[:100]}" if condition.field else "A value needs a field, as in field:value"
        refuse(f"{what}. Known: {known}", parameter)
    try:
        return kind(condition.match)
    except (ValueError, OverflowError) as error:
        reason = str(error) if isinstance(error, ValueError) else "That is beyond what can be asked for"
        refuse(f"{condition.field}: {reason}", parameter)


# A value as written → the first that it means, and the first beyond it.
_Spanned = Callable[[str], tuple[object, object]]


def _ordered(column: str, span: _Spanned) -> Kind:
    def match(found: Match) -> Q:
        match found:
            # [* TO *] as well: an empty Q is everything, and so is its negation.
            case Exists() | Between(low=None, high=None):
                return Q(**{f"{column}__isnull": False})
            case Is(value, before=False, after=False):
                first, beyond = span(value)
                return Q(**{f"{column}__gte": first, f"{column}__lt": beyond})
            case Between():
                return _lower(column, found, span) & _upper(column, found, span)
        raise ValueError("A wildcard is for text")

    return match


def _lower(column: str, found: Between, span: _Spanned) -> Q:
    if found.low is None:
        return Q()
    first, beyond = span(found.low)
    return Q(**{f"{column}__gte": first if found.with_low else beyond})


def _upper(column: str, found: Between, span: _Spanned) -> Q:
    if found.high is None:
        return Q()
    first, beyond = span(found.high)
    return Q(**{f"{column}__lt": beyond if found.with_high else first})


def _one_number(value: str) -> tuple[object, object]:
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 20 and abs(int(value)) < _LARGEST):
        raise ValueError("This field is a whole number")
    return int(value), int(value) + 1


def _span(value: str) -> tuple[object, object]:
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("This field is a moment such as 2026-01-31 or 2026-01-31T12:00:00Z") from error
    moment = parsed.replace(tzinfo=parsed.tzinfo or UTC).astimezone(UTC)
    return moment, moment + (timedelta(days=1) if _is_day(value) else timedelta(milliseconds=1))


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
