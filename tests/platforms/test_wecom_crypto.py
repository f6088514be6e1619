"""Every known envelope of WeCom, good and bad, with its exact verdict."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.platforms.wecom.crypto import Envelope, EnvelopeRefused, Fault, Sealed, decrypted_file

from .vectors import VECTORS, Case, app_envelope, envelope, plaintext, sealed


def by_id(group: str) -> pytest.MarkDecorator:
    cases = VECTORS[group]
    return pytest.mark.parametrize("case", cases, ids=[case["id"] for case in cases])


@by_id("positive")
def test_a_good_envelope_opens(case: Case) -> None:
    text = envelope(case).open(sealed(case))
    assert text == plaintext(case)
    assert hashlib.sha256(text.encode()).hexdigest() == case["plaintext_sha256"]


@pytest.mark.parametrize(
    "case", [*VECTORS["positive"], *VECTORS["passive_reply"]], ids=lambda case: case["id"]
)
def test_sealing_gives_the_same_bytes(case: Case) -> None:
    made = envelope(case).seal(
        plaintext(case),
        timestamp=case["timestamp"],
        nonce=case["nonce"],
        prefix=case["random16"].encode(),
    )
    assert made == sealed(case)


@by_id("url_verification")
def test_an_address_check_opens(case: Case) -> None:
    assert envelope(case).open(sealed(case, "echostr")) == case["expected_body"]
    query = URL(f"/?{case['query_string']}", encoded=True).query
    given_query = Sealed(query["echostr"], query["msg_signature"], query["timestamp"], query["nonce"])
    assert envelope(case).open(given_query) == case["expected_body"]


@by_id("signatures")
def test_the_signature_sorts_by_code_point(case: Case) -> None:
    key = VECTORS["conventions"]["credentials"]["app"]["encoding_aes_key"]
    one = Envelope(token=case["token"], encoding_aes_key=key, receiver="")
    assert sorted([case["token"], case["timestamp"], case["nonce"], case["encrypt"]]) == case["sorted"]
    assert one.sign(case["timestamp"], case["nonce"], case["encrypt"]) == case["msg_signature"]


@by_id("negative")
def test_a_bad_envelope_is_refused_with_its_code(case: Case) -> None:
    with pytest.raises(EnvelopeRefused) as refused:
        envelope(case).open(sealed(case))
    assert int(refused.value.fault) == case["expect_error"]
    for secret in (case["token"], case["encoding_aes_key"], case["encrypt"] or "(nothing)"):
        assert secret not in str(refused.value)


@by_id("file_decryption")
def test_a_file_opens(case: Case) -> None:
    one = Envelope(token="t", encoding_aes_key=case["encoding_aes_key"], receiver="")
    content = decrypted_file(base64.b64decode(case["ciphertext_base64"]), one.key)
    assert hashlib.sha256(content).hexdigest() == case["plaintext_sha256"]


def test_the_signature_comes_before_everything_else() -> None:
    """What is not signed is not looked at: neither as base64 nor as a ciphertext."""
    for encrypt in ("***", "", "AAAA", base64.b64encode(bytes(64)).decode()):
        with pytest.raises(EnvelopeRefused) as refused:
            app_envelope().open(Sealed(encrypt, "0" * 40, "1705046400", "1"))
        assert refused.value.fault is Fault.SIGNATURE


@given(st.text(), st.text(alphabet="0123456789", min_size=1, max_size=12))
def test_what_is_sealed_opens(text: str, nonce: str) -> None:
    one = app_envelope()
    assert one.open(one.seal(text, timestamp="1705046400", nonce=nonce)) == text


@given(st.binary(max_size=200))
def test_signed_garbage_is_refused_cleanly(data: bytes) -> None:
    one = app_envelope()
    encrypt = base64.b64encode(data).decode()
    with pytest.raises(EnvelopeRefused):
        one.open(Sealed(encrypt, one.sign("1", "2", encrypt), "1", "2"))
    with pytest.raises(EnvelopeRefused):
        one.open(Sealed(data.decode("latin-1"), one.sign("1", "2", data.decode("latin-1")), "1", "2"))
