"""The query language of `q`: what it means, and that whatever is typed is a query or a refusal."""

import pytest
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.rest.errors import ManagementError
from tenants.rest.lucene import (
    MAX_CONDITIONS,
    MAX_DEPTH,
    MAX_LENGTH,
    Between,
    Condition,
    Conjunction,
    Disjunction,
    Exists,
    Is,
    Negation,
    parse,
)
from tenants.rest.lucene_fields import filter_of, flag, moment, number, text

A, B, C = (Condition(name, Is("1")) for name in "abc")
KINDS = {"name": text("name"), "mail": text("mail", fold=True), "on": flag("on"), "count": number("n"), "day": moment("d")}


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a:1", A),
        ("  a:1  ", A),
        ("a: 1", A),
        ("a:1 AND b:1 OR c:1", Disjunction((Conjunction((A, B)), C))),
        ("a:1 OR b:1 AND c:1", Disjunction((A, Conjunction((B, C))))),
        ("a:1 AND (b:1 OR c:1)", Conjunction((A, Disjunction((B, C))))),
        ("a:1 && b:1 || c:1", Disjunction((Conjunction((A, B)), C))),
        ("NOT a:1 AND b:1", Conjunction((Negation(A), B))),
        ("NOT (a:1 AND b:1)", Negation(Conjunction((A, B)))),
        ("-a:1", Negation(A)),
        ("!a:1", Negation(A)),
        ("a:(x OR NOT y)", Disjunction((Condition("a", Is("x")), Negation(Condition("a", Is("y")))))),
        ("word", Condition("", Is("word"))),
        ('a:"two words"', Condition("a", Is("two words"))),
        (r'a:"a \" quote"', Condition("a", Is('a " quote'))),
        ('a:"x*"', Condition("a", Is("x*"))),
        ('a:"AND"', Condition("a", Is("AND"))),
        (r"a:\AND", Condition("a", Is("AND"))),
        ("a:x*", Condition("a", Is("x", after=True))),
        ("a:*x", Condition("a", Is("x", before=True))),
        ("a:*x*", Condition("a", Is("x", before=True, after=True))),
        (r"a:x\*", Condition("a", Is("x*"))),
        ("a:*", Condition("a", Exists())),
        ("_exists_:a", Condition("a", Exists())),
        ("a:[1 TO 2]", Condition("a", Between("1", "2"))),
        ("a:{1 TO 2]", Condition("a", Between("1", "2", with_low=False))),
        ('a:[* TO "2 3"}', Condition("a", Between(None, "2 3", with_high=False))),
        ("a:>=1", Condition("a", Between("1", None))),
        ("a:>1", Condition("a", Between("1", None, with_low=False))),
        ("a:<1", Condition("a", Between(None, "1", with_high=False))),
        ("a:https://x/y", Condition("a", Is("https://x/y"))),
        ("user_metadata.plan:pro", Condition("user_metadata.plan", Is("pro"))),
    ],
)
def test_a_query_is_read_as_lucene_reads_it(query, tree):
    assert parse(query) == tree


@pytest.mark.parametrize(
    "query",
    [
        *("", " ", "AND", "a:1 AND", "OR a:1", "NOT", "a:", "a:()", "(a:1", "a:1)", "()", "a:1 b:1", "a:1 NOT b:1"),
        *('a:"x', "a:[1 TO 2", "a:[1 2]", "a:]", "a:x?z", "a:x~1", "a:x^2", "a:x*y", "a:**", "a:\x00", "a:\ud800", "a:>"),
        "a:" + "x" * MAX_LENGTH,
        " OR ".join(["a:1"] * (MAX_CONDITIONS + 1)),
        "(" * MAX_DEPTH + "a:1" + ")" * MAX_DEPTH,
        "NOT " * MAX_DEPTH + "a:1",
    ],
)
def test_what_is_no_query_is_refused_and_never_half_applied(query):
    with pytest.raises(ManagementError) as refusal:
        parse(query, parameter="search")
    assert (refusal.value.status, refusal.value.error_code) == (400, "invalid_query_string")
    assert refusal.value.message.endswith("' on property search.")


@pytest.mark.parametrize(
    "query",
    [
        *("name:[a TO b]", "on:yes", "on:t*", "on:[true TO true]", "count:many", "count:1*", "count:99999999999999999999"),
        *("day:monday", "day:2026-02-30", "day:9999-12-31", "day:2026*", "unknown:1", "word", "_exists_:unknown"),
        "count:٣",
    ],
)
def test_a_field_refuses_what_it_cannot_be(query):
    with pytest.raises(ManagementError) as refusal:
        filter_of(query, KINDS)
    assert refusal.value.status == 400


_names = st.sampled_from(["a", "b.c", "user_name", "x-1"])
_values = st.text(min_size=1, max_size=12).filter(lambda value: "\x00" not in value and not _has_surrogate(value))
_matches = st.one_of(
    st.builds(Is, _values, st.booleans(), st.booleans()),
    st.builds(Between, st.none() | _values, st.none() | _values, st.booleans(), st.booleans()),
    st.just(Exists()),
)
_trees = st.recursive(
    st.builds(Condition, _names, _matches),
    lambda inner: st.one_of(
        st.builds(Negation, inner),
        st.builds(lambda nodes: Conjunction(tuple(nodes)), st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda nodes: Disjunction(tuple(nodes)), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=6,
)


def _has_surrogate(value):
    return any("\ud800" <= letter <= "\udfff" for letter in value)


def _written(node):
    match node:
        case Condition(field, found):
            return f"{field}:{_written_match(found)}"
        case Negation(inner):
            return f"NOT ({_written(inner)})"
        case Conjunction(nodes):
            return " AND ".join(f"({_written(inner)})" for inner in nodes)
        case Disjunction(nodes):
            return " OR ".join(f"({_written(inner)})" for inner in nodes)


def _written_match(found):
    match found:
        case Exists():
            return "*"
        case Is(value, before, after):
            quoted = "".join(f"\\{letter}" for letter in value)
            return f"{'*' * before}{quoted}{'*' * after}"
        case Between(low, high, with_low, with_high):
            opening, closing = "[" if with_low else "{", "]" if with_high else "}"
            return f"{opening}{_bound(low)} TO {_bound(high)}{closing}"


def _bound(value):
    return "*" if value is None else '"' + "".join(f"\\{letter}" for letter in value) + '"'


def _depth(node):
    match node:
        case Condition():
            return 1
        case Negation(inner):
            return 3 + _depth(inner)
        case Conjunction(nodes) | Disjunction(nodes):
            return 1 + max(_depth(inner) for inner in nodes)


@settings(deadline=None)
@given(_trees.filter(lambda tree: _depth(tree) < MAX_DEPTH))
def test_every_tree_that_is_written_down_is_read_as_the_same_tree(tree):
    assert parse(_written(tree)) == tree


_PIECES = (
    *("name:", "count:", "day:", "on:", "_exists_:", "x", "1", "true", "2026-01-31", "0001-01-01", "T00:00", "+14:00"),
    *("*", '"', "(", ")", "[", "]", "{", "}", " TO ", " AND ", " OR ", "NOT ", "-", "\\", ">=", "<", " ", "~"),
)
_typed = st.text(max_size=60) | st.lists(st.sampled_from(_PIECES), max_size=15).map("".join)


@settings(deadline=None, max_examples=500)
@given(_typed)
def test_whatever_is_typed_is_a_filter_or_a_refusal(typed):
    try:
        assert isinstance(filter_of(typed, KINDS), Q)
    except ManagementError as refusal:
        assert (refusal.status, refusal.error_code) == (400, "invalid_query_string")  # noqa: PT017 - or a filter
