from pathlib import Path

import pytest

from cxr_desktop.domain.errors import PasswordRefused, StorageUnavailable
from cxr_desktop.services.passwords import (
    MAXIMUM_LENGTH,
    MINIMUM_LENGTH,
    PasswordRules,
    folded,
)
from cxr_desktop.storage.blocklist import read_blocklist
from tests.support import compose_blocklist

COMMON = read_blocklist(compose_blocklist.FILE)


def check_new_password(password: str, user_name: str) -> None:
    """Check against the rules of the program as it is installed."""
    PasswordRules(COMMON).check(password, user_name)


@pytest.mark.parametrize(
    "password",
    [
        "four quiet winter trains",
        "korrekt pferd batterie",
        "Äpfel für die Ärztin",
        "x7!kPq2#vLm9",
        "the hospital on the green hill",
        "x" * 4 + "wörter genug und mehr" * 11,
    ],
)
def test_a_long_password_is_taken_whatever_its_characters(password: str) -> None:
    check_new_password(password, "amina")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2026!",
        "123456123456",
        "1234567890123456",
        "qwertyuiopas",
        "adminradiology",
        "hospital2026!",
        "aaaaaaaaaaaaaaaa",
        "abababababab",
        "amina.amina.amina",
        "AMINA1234567",
    ],
)
def test_a_password_that_is_mostly_common_words_is_refused(password: str) -> None:
    with pytest.raises(PasswordRefused, match="easy to guess"):
        check_new_password(password, "amina")


def test_length_is_counted_in_characters_and_the_rule_is_named() -> None:
    with pytest.raises(PasswordRefused, match=f"11 characters; {MINIMUM_LENGTH}"):
        check_new_password("kurze Wörte", "amina")
    with pytest.raises(PasswordRefused, match=f"longer than {MAXIMUM_LENGTH}"):
        check_new_password("many words " * 30, "amina")


def test_an_empty_password_and_an_empty_name_are_no_bug() -> None:
    with pytest.raises(PasswordRefused):
        check_new_password("", "")
    check_new_password("four quiet winter trains", "")


def test_the_refusal_never_quotes_the_password() -> None:
    with pytest.raises(PasswordRefused) as caught:
        check_new_password("Password2026!", "amina")
    assert "2026" not in str(caught.value)


@pytest.mark.parametrize(
    "password",
    [
        "correcthorsebatterystaple",
        "Liverpool-2026!",
        "1qaz2wsx3edc4rfv",
        "Qazwsxedcrfv",
        "poiuytrewqlkj",
        "L1v3rp00l#2026",
        "Ｂutterfly12345",
        "manchester manchester",
        "Tuberculosis2026",
        "abc123abc123",
        "I love my family",
    ],
)
def test_a_common_password_is_refused_however_it_is_spelt(password: str) -> None:
    PasswordRules().check(password, "amina")  # long, and of no word that the rules name
    with pytest.raises(PasswordRefused, match="easy to guess"):
        check_new_password(password, "amina")


def test_lookalikes_do_not_hide_a_word_that_the_rules_name() -> None:
    with pytest.raises(PasswordRefused, match="easy to guess"):
        PasswordRules().check("P4$$w0rd-R4d10l0gy", "amina")
    with pytest.raises(PasswordRefused, match="easy to guess"):
        PasswordRules().check("4m1n4-4m1n4-4m1n4", "amina")


def test_many_digits_behind_a_common_word_are_not_its_decoration() -> None:
    check_new_password("liverpool 730 418 265", "amina")


@pytest.mark.parametrize("minimum", [12, 20, 64])
def test_the_shortest_length_can_be_set(minimum: int) -> None:
    rules = PasswordRules(COMMON, minimum)
    text = "vier leise Züge fahren im Winter durch den hohen Schnee nach Norden"
    rules.check(text[:minimum].ljust(minimum, "q"), "amina")
    with pytest.raises(PasswordRefused, match=f"{minimum - 1} characters; {minimum} are needed"):
        rules.check(text[: minimum - 1], "amina")


def test_the_shipped_list_is_what_the_generator_composes() -> None:
    assert compose_blocklist.FILE.read_text(encoding="utf-8") == compose_blocklist.compose()
    assert len(COMMON) > 10_000
    assert all(entry == folded(entry) for entry in COMMON)


def test_a_missing_list_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="common passwords"):
        read_blocklist(tmp_path / "none.txt")
