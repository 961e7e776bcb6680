import pytest
from argon2 import PasswordHasher

from cxr_desktop.storage.wraps import Cost, is_current, unwrap_key, wrap_by_old_hash, wrap_key
from tests.support.locked import CHEAP, MASTER


def test_the_right_password_unwraps_the_key_and_another_does_not() -> None:
    encoded = wrap_key(MASTER, "correct horse battery", CHEAP)
    assert unwrap_key(encoded, "correct horse battery") == MASTER
    assert unwrap_key(encoded, "correct horse batterY") is None
    assert unwrap_key(encoded, "") is None


def test_two_wraps_by_one_password_differ_and_none_shows_the_key() -> None:
    first, second = (wrap_key(MASTER, "same", CHEAP) for _ in range(2))
    assert first != second
    assert MASTER.decode() not in first


def test_another_keyboards_form_of_a_letter_is_the_same_letter() -> None:
    assert unwrap_key(wrap_key(MASTER, "pass\u00e9", CHEAP), "passe\u0301") == MASTER


def test_no_password_breaks_it() -> None:
    for password in ("", "\x00", "\ud800", "پاس ورڈ", "x" * 100_000):
        assert unwrap_key(wrap_key(MASTER, password, CHEAP), password) == MASTER


@pytest.mark.parametrize("encoded", ["", "plain", "$argon2id$v=19$m=64", "cxr-wrap-1$x$1$1$a$b$c"])
def test_a_text_that_is_no_wrap_lets_nobody_in(encoded: str) -> None:
    assert unwrap_key(encoded, "") is None
    assert not is_current(encoded, CHEAP)


@pytest.mark.parametrize("part", range(7))
def test_a_wrap_that_was_changed_opens_nothing(part: int) -> None:
    parts = wrap_key(MASTER, "same", Cost(memory_kib=64, passes=2)).split("$")
    others = ["cxr-wrap-0", "128", "1", "2", "A" * 22, "A" * 16, "A" * 64]
    parts[part] = others[part]
    assert unwrap_key("$".join(parts), "same") is None


def test_a_cheaper_wrap_is_to_be_made_again() -> None:
    encoded = wrap_key(MASTER, "x", CHEAP)
    assert is_current(encoded, CHEAP)
    assert not is_current(encoded, Cost())


def test_the_program_uses_argon2id_with_64_mib_and_3_passes() -> None:
    assert wrap_key(MASTER, "x", Cost()).startswith("cxr-wrap-1$65536$3$1$")


@pytest.mark.parametrize("password", ["correct horse battery", "pass\u00e9 with an accent"])
def test_the_password_of_an_old_hash_unwraps_the_key_once(password: str) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(password.encode())
    encoded = wrap_by_old_hash(MASTER, old)
    assert unwrap_key(encoded, password) == MASTER
    assert unwrap_key(encoded, "another") is None
    assert old.rpartition("$")[2] not in encoded
    assert not is_current(encoded, CHEAP)


def test_what_is_no_argon2id_hash_wraps_nothing() -> None:
    for old in ("", "$2b$12$abc", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$aGFzaA"):
        with pytest.raises(ValueError):  # argon2's own words, or ours
            wrap_by_old_hash(MASTER, old)
