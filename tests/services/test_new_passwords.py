import pytest

from cxr_desktop.domain.errors import PasswordRefused
from cxr_desktop.services.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH, check_new_password


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
