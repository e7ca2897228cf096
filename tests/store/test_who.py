"""Users, sessions and API keys: who may come in, for how long, and how that ends."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid

import pytest
from sqlalchemy import Connection, select, update

from visiontools.errors import UsageError
from visiontools.store.api_keys import ApiKeys
from visiontools.store.database import Database
from visiontools.store.schema import api_keys, metadata, sessions
from visiontools.store.sessions import Sessions
from visiontools.store.users import Users

HOUR = dt.timedelta(hours=1)


def _all(connection: Connection) -> str:
    return str([connection.execute(select(t)).all() for t in metadata.sorted_tables])


async def test_a_user_signs_in_whichever_way_the_name_is_typed(database: Database) -> None:
    users = Users(database)
    ann = await users.add("Ann  Müller", "$argon2id$hash")
    for typed in ("ann müller", "ANN MÜLLER ", "ａｎｎ müller"):
        assert await users.named(typed) == ann
        with pytest.raises(UsageError, match="There is a user 'ann müller' already"):
            await users.add(typed, "another")
    assert await users.password_hash(ann.id) == "$argon2id$hash"
    assert await users.find(ann.id) == ann
    assert await users.named("ann") is None
    assert await users.list() == [ann]


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
async def test_a_name_that_is_none_is_refused(database: Database, name: str) -> None:
    with pytest.raises(UsageError, match="1 to 200"):
        await Users(database).add(name, "hash")


async def test_strange_names_are_kept_apart_and_harmless(database: Database) -> None:
    users = Users(database)
    for name in ("' OR 1=1 --", "a\x00b", "half \ud800", "%"):
        assert (await users.add(name, "hash")).login
    assert len(await users.list()) == 4
    assert await users.named("x") is None


async def test_an_identity_provider_knows_people_by_issuer_and_subject(database: Database) -> None:
    users = Users(database)
    met = await asyncio.gather(*(users.from_provider("https://a", "7", "Ann") for _ in range(10)))
    assert len({user.id for user in met}) == 1
    renamed = await users.from_provider("https://a", "7", "Ann M.")
    assert (renamed.id, renamed.name) == (met[0].id, "Ann M.")
    other = await users.from_provider("https://b", "7", "Ann")
    assert other.id != met[0].id
    assert other.login is None


async def test_a_session_lasts_until_it_ends(database: Database) -> None:
    live = Sessions(database)
    one, two = await live.begin("ann", HOUR), await live.begin("ann", HOUR)
    of_bob = await live.begin("bob", HOUR)
    found = await live.find(one)
    assert found is not None
    assert (found.owner, found.expires - found.created) == ("ann", HOUR)
    await live.end(one)
    assert await live.find(one) is None
    assert await live.find(two) is not None
    assert await live.end_all("ann") == 1
    assert await live.find(two) is None
    assert await live.find(of_bob) is not None
    assert await live.find("") is None
    assert await live.find("\ud800\x00") is None
    assert of_bob not in await database.read(_all)


async def test_a_session_ends_by_itself_and_is_cleared_away(database: Database) -> None:
    live = Sessions(database)
    over = await live.begin("ann", dt.timedelta(0))
    assert await live.find(over) is None
    await live.begin("ann", HOUR)
    assert await live.end_all("ann") == 1, "the one that was over is gone"
    await live.begin("ann", dt.timedelta(0))
    assert await live.purge() == 1


async def test_a_session_nobody_uses_ends_early(database: Database) -> None:
    live = Sessions(database, idle=dt.timedelta(minutes=30))
    token = await live.begin("ann", 9 * HOUR)

    async def rest(minutes: int) -> None:
        then = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=minutes)
        await database.write(lambda c: c.execute(update(sessions).values(last_seen=then)).rowcount)

    for _ in range(3):
        await rest(20)
        assert await live.find(token) is not None, "each use keeps it alive"
    await rest(31)
    assert await live.find(token) is None


async def test_who_is_disabled_or_has_another_password_is_out_everywhere(
    database: Database,
) -> None:
    users, live, keys = Users(database), Sessions(database), ApiKeys(database)
    ann = await users.add("ann", "hash")
    token = await live.begin(ann.id, HOUR)
    _, secret = await keys.add(ann.id, "script", ["runs"])
    await users.set_password(ann.id, "another")
    assert await live.find(token) is None
    assert await keys.find(secret) is not None
    await users.disable(ann.id)
    late = await live.begin(ann.id, HOUR)  # a sign-in that was under way
    assert await live.find(late) is None
    assert await keys.find(secret) is None
    await users.disable(ann.id, disabled=False)
    assert await keys.find(secret) is not None
    await users.remove(ann.id)
    assert await keys.find(secret) is None
    assert await users.list() == []
    with pytest.raises(UsageError, match="no such user"):
        await users.disable(ann.id)


async def test_a_key_is_known_by_its_secret_which_is_kept_nowhere(database: Database) -> None:
    keys = ApiKeys(database)
    key, secret = await keys.add("ann", " nightly ", ["runs", "records", "runs"])
    assert secret.startswith("vt_")
    assert (key.name, key.scopes) == ("nightly", ("records", "runs"))
    assert await keys.find(secret) == key
    assert secret not in await database.read(_all)
    (listed,) = await keys.list("ann")
    assert listed.last_used is not None
    assert await keys.list("bob") == []
    for wrong in (
        "",
        "vt_",
        secret[:-1],
        secret + "x",
        secret.removeprefix("vt_"),
        "vt_\ud800\x00",
    ):
        assert await keys.find(wrong) is None


async def test_a_key_ends_when_it_should_or_is_revoked(database: Database) -> None:
    keys = ApiKeys(database)
    now = dt.datetime.now(dt.UTC)
    _, over = await keys.add("ann", "old", [], now - HOUR)
    _, good = await keys.add("ann", "new", [], (now + HOUR).astimezone(dt.timezone(HOUR)))
    assert await keys.find(over) is None
    found = await keys.find(good)
    assert found is not None
    assert found.expires == now + HOUR
    for owner, name in (("bob", found.id), ("ann", found.id[:5]), ("ann", ""), ("ann", "%")):
        with pytest.raises(UsageError, match="names no key"):
            await keys.revoke(owner, name)
    await keys.revoke("ann", found.id[:8])
    assert await keys.find(good) is None
    revoked = [key.name for key in await keys.list("ann") if key.revoked]
    assert revoked == ["new"]
    with pytest.raises(UsageError, match="1 to 200"):
        await keys.add("ann", " ", [])


async def test_two_keys_that_begin_alike_are_not_guessed_between(database: Database) -> None:
    keys = ApiKeys(database)
    for number in (1, 2):
        key, _ = await keys.add("ann", "k", [])
        same = str(uuid.UUID(int=(0xABCDEF << 104) + number))
        which = api_keys.c.id == key.id
        await database.write(
            lambda c, w=which, s=same: c.execute(update(api_keys).where(w).values(id=s)).rowcount
        )
    with pytest.raises(UsageError, match="more than one key"):
        await keys.revoke("ann", "abcdef")
