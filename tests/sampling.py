"""A plugin (`pytest -p tests.sampling`): of each test's table of cases a few only, the first, the last and one between."""

from collections import defaultdict

import pytest

CASES = 3


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Takes the other cases out of `items`, and tells pytest that they were."""
    tables: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        tables[item.nodeid.partition("[")[0]].append(item)
    kept = {case for cases in tables.values() for case in chosen(cases)}
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


def chosen(cases: list[pytest.Item]) -> list[pytest.Item]:
    """`CASES` of them, as far apart as they can be."""
    if len(cases) <= CASES:
        return cases
    return [cases[round(number * (len(cases) - 1) / (CASES - 1))] for number in range(CASES)]
