"""Points in time are written in one way, in UTC, with how long ago that is."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.template import Context, Template

from tenants.console import moments

NOW = datetime(2026, 11, 22, 20, 31, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-90), "just now"),
        (timedelta(seconds=9), "just now"),
        (timedelta(seconds=10), "10 s ago"),
        (timedelta(seconds=59), "59 s ago"),
        (timedelta(minutes=3, seconds=59), "3 min ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_unit_that_fits(age, words):
    assert moments.ago(NOW - age, NOW) == words


def test_a_moment_of_another_zone_is_written_in_utc():
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert moments.written(elsewhere) == "2026-11-22 20:31:29"
    assert moments.tag(elsewhere) == '<time datetime="2026-11-22T20:31:29.000+00:00">2026-11-22 20:31:29</time>'


def test_templates_write_a_moment_and_a_dash_for_none():
    template = Template("{% load moments %}{{ then|moment }}|{{ never|moment }}|{{ never|ago }}")
    assert template.render(Context({"then": NOW, "never": None})) == f"{moments.tag(NOW)}|-|"
