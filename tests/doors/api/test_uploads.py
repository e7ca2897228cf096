"""Uploads of every kind of nonsense end in a record or a problem, never in a fault of ours."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from tests.doors.api.wire import Client

_TYPE = "multipart/form-data; boundary=B"
_PICTURE = (
    b'--B\r\nContent-Disposition: form-data; name="picture"; filename="p.png"\r\n'
    b"Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n....\r\n"
)
_WHOLE = _PICTURE + (
    b'--B\r\nContent-Disposition: form-data; name="options"\r\n\r\n{"at_least": 2}\r\n'
    b'--B\r\nContent-Disposition: form-data; name="ask"\r\n\r\nWhat is it?\r\n--B--\r\n'
)
_FEW = settings(
    max_examples=60,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_VALUES = st.one_of(
    st.binary(max_size=40), st.sampled_from([b"{", b"[]", b"null", b"\xff", b"1e999"])
)


def _mangled() -> st.SearchStrategy[bytes]:
    """A form with something in it replaced, repeated or cut away."""
    place = st.integers(0, len(_WHOLE))
    new = st.one_of(
        st.binary(max_size=20), st.sampled_from([b"\r\n", b"--B", b"--B--", b'"', b";"])
    )
    return st.builds(
        lambda at, gone, put: _WHOLE[:at] + put + _WHOLE[at + gone :], place, place, new
    )


def _part(name: str, value: bytes) -> bytes:
    head = f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + value + b"\r\n"


def _sound(api: Client, body: bytes, media_type: str) -> None:
    done = api.post("/api/v1/tools/shelf/runs", content=body, headers={"Content-Type": media_type})
    if done.status_code == 200:
        assert done.json()["outcome"] == "unusable"
        return
    assert done.status_code in (400, 415, 422), done.text
    assert done.headers["content-type"] == "application/problem+json"
    assert done.json()["detail"]


def test_a_form_that_is_mangled(api: Client) -> None:
    @_FEW
    @given(_mangled())
    @example(b"")
    @example(_WHOLE)
    @example(_WHOLE + _WHOLE)
    def mangled(body: bytes) -> None:
        _sound(api, body, _TYPE)

    mangled()


def test_fields_that_hold_anything(api: Client) -> None:
    names = st.sampled_from(["options", "observation", "ask", "again", "endpoint", "local_only"])

    @_FEW
    @given(st.dictionaries(names, _VALUES))
    @example({"options": b"[" * 100_000})
    @example({"observation": b'{"a":' * 100_000})
    @example({"options": b'{"at_least": 1e400}'})
    @example({"options": b'{"at_least": ' + b"9" * 10_000 + b"}"})
    @example({"options": b'{"at_least": "\\ud800"}'})
    @example({"ask": b"\x00", "endpoint": b"\x00"})
    def held(fields: dict[str, bytes]) -> None:
        parts = [_part(name, value) for name, value in fields.items()]
        _sound(api, b"".join([_PICTURE, *parts, b"--B--"]), _TYPE)

    held()


def test_media_types_that_promise_anything(api: Client) -> None:
    @_FEW
    @given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
    @example("")
    @example('; boundary="')
    @example("; boundary=" + "B" * 5000)
    @example("; charset=utf-16; boundary=B")
    @example("; charset=nonsense; boundary=B")
    @example("; boundary=B; boundary=C")
    def promised(rest: str) -> None:
        _sound(api, _WHOLE, f"multipart/form-data{rest.rstrip()}")

    promised()
