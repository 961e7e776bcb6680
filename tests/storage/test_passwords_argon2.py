import pytest

from cxr_desktop.storage.passwords import Argon2Hasher


@pytest.fixture
def hasher() -> Argon2Hasher:
    return Argon2Hasher(memory_kib=64, passes=1)


def test_the_right_password_is_right_and_another_is_not(hasher: Argon2Hasher) -> None:
    encoded = hasher.hash("correct horse battery")
    assert hasher.verify(encoded, "correct horse battery")
    assert not hasher.verify(encoded, "correct horse batterY")
    assert not hasher.verify(encoded, "")


def test_two_hashes_of_one_password_differ(hasher: Argon2Hasher) -> None:
    assert hasher.hash("same") != hasher.hash("same")


def test_another_keyboards_form_of_a_letter_is_the_same_letter(hasher: Argon2Hasher) -> None:
    assert hasher.verify(hasher.hash("pass\u00e9"), "passe\u0301")


@pytest.mark.parametrize("encoded", ["", "plain", "$argon2id$v=19$m=64", "$2b$12$abc"])
def test_a_text_that_is_no_hash_lets_nobody_in(hasher: Argon2Hasher, encoded: str) -> None:
    assert not hasher.verify(encoded, "")
    assert hasher.needs_rehash(encoded)


def test_no_password_breaks_the_hasher(hasher: Argon2Hasher) -> None:
    for password in ("", "\x00", "\ud800", "پاس ورڈ", "x" * 100_000):
        assert hasher.verify(hasher.hash(password), password)


def test_a_weaker_hash_is_to_be_made_again(hasher: Argon2Hasher) -> None:
    encoded = hasher.hash("x")
    assert not hasher.needs_rehash(encoded)
    assert Argon2Hasher().needs_rehash(encoded)
    assert Argon2Hasher().verify(encoded, "x")


def test_the_program_uses_argon2id_with_64_mib_and_3_passes() -> None:
    assert Argon2Hasher().hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=1$")
