"""A pause is said as people say it."""

import pytest

from cxr_desktop.domain.texts import pause_words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1 second"),
        (1.0, "1 second"),
        (1.1, "2 seconds"),
        (89.0, "89 seconds"),
        (90.0, "2 minutes"),
        (900.0, "15 minutes"),
    ],
)
def test_a_pause_is_in_whole_seconds_and_from_a_minute_and_a_half_on_in_minutes(
    seconds: float, said: str
) -> None:
    assert pause_words(seconds) == said
