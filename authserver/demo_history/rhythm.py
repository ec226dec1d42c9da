"""When something happens that happens so and so often: by day more than by night, at weekends less."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

HOUR = timedelta(hours=1)
# What each hour of a working day (UTC) has of the day, as a multiple of the average hour.
_NIGHT, _MORNING = (0.3, 0.25, 0.2, 0.2, 0.25, 0.4), (0.7, 1.0, 1.4, 1.7, 1.8, 1.7)
_AFTERNOON, _EVENING = (1.5, 1.6, 1.8, 1.7, 1.5, 1.3), (1.2, 1.1, 0.9, 0.7, 0.5, 0.4)
_OF_DAY = (*_NIGHT, *_MORNING, *_AFTERNOON, *_EVENING)
_SATURDAY, _WEEKEND = 5, 0.55


def moments(per_day: float, begin: datetime, end: datetime, chance: Random) -> Iterator[datetime]:
    """Moments after `begin`, until `end`, of what happens `per_day` times on a working day."""
    hour = begin.replace(minute=0, second=0, microsecond=0)
    while hour <= end:
        for _ in range(_times(per_day, hour, chance)):
            moment = hour + HOUR * chance.random()
            if begin < moment <= end:
                yield moment
        hour += HOUR


def _times(per_day: float, hour: datetime, chance: Random) -> int:
    expected = per_day / len(_OF_DAY) * _OF_DAY[hour.hour] * (_WEEKEND if hour.weekday() >= _SATURDAY else 1)
    # No two hours are alike, and what happens less than once an hour happens in some.
    return math.floor(expected * chance.uniform(0.8, 1.2) + chance.random())
