"""What is sent to a model, and what an answer of any quality becomes."""

import asyncio
import base64
import json
import subprocess
import sys

import pytest
from pydantic import BaseModel

from visiontools.answers.label import SeenLabels
from visiontools.errors import (
    BlockedError,
    CannotTellError,
    ConfigurationError,
    ContextFullError,
    DeadlineError,
    InvalidAnswerError,
    NoVisionError,
    RefusedError,
    TruncatedError,
    UnavailableError,
)
from visiontools.models.profile import Profile
from visiontools.models.question import Question, Tally
from visiontools.testing.model_server import ModelServer
from visiontools.types import Turn

from .conftest import GOOD, PICTURE, Asked, ask, client_for

EXPECTED = SeenLabels.model_validate(GOOD)
TEXT = json.dumps(GOOD)
BAD = {**GOOD, "products": [{"name": "Cola", "servings_per_container": -1}]}
STREAMED = pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])


class Note(BaseModel):
    title: str
    default: int


def user_turns(server: ModelServer, number: int = 0) -> list[object]:
    return [m["content"] for m in server.requests[number].body["messages"] if m["role"] == "user"]


@STREAMED
async def test_a_valid_answer_is_returned_with_what_it_cost(server, stream):
    asked = await ask(server.say(GOOD), stream=stream)
    assert asked.answer == EXPECTED
    assert asked.tally.attempts == 1
    assert asked.tally.usage.input_tokens == 100
    assert asked.tally.usage.output_tokens > 0
    assert bool(server.requests[0].body.get("stream")) is stream


async def test_the_picture_is_first_in_the_one_user_turn_and_nothing_else_is_sent(server):
    await ask(server.say(GOOD))
    body = server.requests[0].body
    (content,) = user_turns(server)
    assert [part["type"] for part in content] == ["image_url", "text"]
    assert content[0]["image_url"] == {
        "url": "data:image/jpeg;base64," + base64.b64encode(PICTURE.data).decode()
    }
    assert content[1]["text"].startswith("What do you see?")
    assert {k: v for k, v in body.items() if k != "messages"} == {
        "model": "scripted",
        "max_tokens": 2048,
        "temperature": 0,
    }


async def test_the_schema_in_the_prompt_is_compact_and_keeps_names_that_look_like_keywords(server):
    await ask(server.say({"title": "a", "default": 1}), question=Question("Note?", Note))
    schema = json.loads(server.requests[0].text.split("\n")[-1])
    assert schema["properties"] == {"title": {"type": "string"}, "default": {"type": "integer"}}
    assert "title" not in schema


async def test_the_talk_so_far_is_resent_after_the_picture(server):
    question = Question(
        "And the salt?", SeenLabels, (PICTURE,), (Turn("Which is lighter?", "Cola"),)
    )
    await ask(server.say(GOOD), question=question)
    first, second, third = server.requests[0].body["messages"]
    assert first["content"][0]["type"] == "image_url"
    assert first["content"][1]["text"] == "Which is lighter?"
    assert second == {"role": "assistant", "content": "Cola"}
    assert third["content"].startswith("And the salt?")


@pytest.mark.parametrize(
    "text",
    [
        f"Sure! Here it is:\n```json\n{TEXT}\n```\nAnything {{else}}?",
        f"{TEXT}\n\nNote: the picture is small.",
        TEXT[:-1],
        TEXT.replace("null", "None").replace('"', "'"),
        f"<think>is it {{'picture': 'other'}}?</think>{TEXT}",
    ],
    ids=["fences and prose", "trailing text", "missing brace", "Python", "thoughts"],
)
@STREAMED
async def test_an_object_in_noise_needs_no_second_turn(server, text, stream):
    asked = await ask(server.say_raw(text), stream=stream)
    assert asked.answer == EXPECTED
    assert asked.tally.attempts == 1


@STREAMED
async def test_a_wrong_answer_is_shown_to_the_model_with_its_errors(server, stream):
    asked = await ask(server.say(BAD).say(GOOD), stream=stream)
    assert asked.answer == EXPECTED
    assert asked.repairs == [1]
    assert asked.tally.attempts == 2
    assert asked.tally.usage.input_tokens == 200
    *_, answer, errors = server.requests[1].body["messages"]
    assert json.loads(answer["content"]) == BAD
    assert "products.0.servings_per_container" in errors["content"]
    assert server.requests[1].pictures == 1


async def test_only_the_last_wrong_answer_is_shown_again(server):
    await ask(server.say(BAD).say_raw("* Cola\n* 42 kcal").say(GOOD))
    assert len(server.requests[2].body["messages"]) == 3


@pytest.mark.parametrize(
    "text",
    [
        "* Cola\n* 42 kcal per 100 ml",
        '{"picture": "fits", "products": [{"name": "Cola" "rows": 3}]}',
        '{"picture": "sideways", "products": []}',
        "{}",
    ],
    ids=["Markdown", "broken", "invented choice", "nothing"],
)
@STREAMED
async def test_after_two_repairs_the_answer_is_invalid_and_says_why(server, text, stream):
    asked = await ask(server.say_raw(text), stream=stream)
    assert isinstance(asked.error, InvalidAnswerError)
    assert asked.repairs == [1, 2]
    assert asked.tally.attempts == 3
    assert "42 kcal" not in str(asked.error)


@STREAMED
async def test_a_cut_off_answer_is_asked_for_again_with_more_room_once(server, stream):
    server.say_raw(TEXT[:30], finish="length").say(GOOD)
    asked = await ask(server, stream=stream)
    assert asked.answer == EXPECTED
    assert [r.body["max_tokens"] for r in server.requests] == [2048, 4096]
    assert asked.repairs == []


async def test_an_answer_cut_off_twice_is_truncated_and_never_repaired(server):
    asked = await ask(server.say_raw(TEXT[:-1], finish="length"), max_tokens=10)
    assert isinstance(asked.error, TruncatedError)
    assert [r.body["max_tokens"] for r in server.requests] == [10, 20]
    assert "max_tokens" in str(asked.error)


async def test_more_room_than_the_context_has_is_still_a_truncated_answer(server):
    server.say_raw(TEXT[:9], finish="length").fail(400, "maximum context length is 10 tokens")
    asked = await ask(server)
    assert isinstance(asked.error, TruncatedError)


async def test_an_object_that_was_whole_before_the_limit_is_taken(server):
    asked = await ask(server.say_raw(f"{TEXT} And furthermore", finish="length"))
    assert asked.answer == EXPECTED


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"text": "I'm not able to help with that."}, RefusedError),
        ({"text": "", "refusal": "I can't look at people."}, RefusedError),
        ({"text": "", "finish": "content_filter"}, BlockedError),
        ({"text": "I cannot tell from the image."}, CannotTellError),
        ({"text": "I don't see any image. Please upload the picture."}, NoVisionError),
    ],
)
@STREAMED
async def test_a_refusal_and_not_knowing_are_answers_of_their_own(server, how, error, stream):
    asked = await ask(server.say_raw(**how), stream=stream)
    assert type(asked.error) is error
    assert asked.tally.attempts == 1


async def test_not_knowing_is_said_of_what_was_handed_in(server):
    seen = await ask(server.say_raw(text="I cannot tell."))
    read = await ask(server.say_raw(text="I cannot tell."), question=Question("See?", SeenLabels))
    assert "from this picture" in str(seen.error)
    assert "from this text" in str(read.error)


async def test_partials_grow_and_come_before_the_answer(server):
    answer = {**GOOD, "products": [{"name": f"Cola {i}"} for i in range(30)]}
    asked = await ask(server.say(answer), stream=True)
    counts = [len(p.get("products", [])) for p in asked.partials]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]
    assert asked.answer == SeenLabels.model_validate(answer)


async def test_an_endpoint_for_text_only_is_not_sent_a_picture(server):
    asked = await ask(server.say(GOOD), vision=False)
    assert isinstance(asked.error, NoVisionError)
    assert server.requests == []


async def test_a_system_message_is_used_only_without_a_picture(server):
    profile = Profile(name="test", title="Test", system_message=True)
    question = Question("See?", SeenLabels)
    await ask(server.say(GOOD), profile=profile)
    await ask(server, profile=profile, question=question)
    roles = [[m["role"] for m in r.body["messages"]] for r in server.requests]
    assert roles == [["user"], ["system", "user"]]


@STREAMED
async def test_the_strongest_json_mode_the_server_has_is_found_once_and_kept(server, stream):
    server.rules.formats = ("json_object",)
    server.rules.refuses = ("stream_options",)
    server.say(GOOD)
    client = client_for(server, json_mode="json_schema")
    question, tallies = Question("See?", SeenLabels), (Tally(), Tally())
    on_partial = (lambda seen: None) if stream else None
    for tally in tallies:
        assert await client.ask(question, tally, on_partial=on_partial) == EXPECTED
    await client.close()
    assert [t.attempts for t in tallies] == [3 if stream else 2, 1]
    assert server.requests[0].body["response_format"]["type"] == "json_schema"
    assert server.requests[-1].body["response_format"] == {"type": "json_object"}


async def test_fifty_questions_refused_at_once_step_down_together(server):
    server.rules.formats = ()
    server.say(GOOD)
    client = client_for(server, json_mode="json_schema")
    asks = (client.ask(Question("See?", SeenLabels), Tally()) for _ in range(50))
    assert set(map(str, await asyncio.gather(*asks))) == {str(EXPECTED)}
    await client.close()


@pytest.mark.parametrize(
    ("message", "sent"),
    [
        (
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            {"max_completion_tokens": 2048, "temperature": 0},
        ),
        ("'temperature' does not support 0 with this model", {"max_tokens": 2048}),
    ],
)
async def test_a_setting_the_server_will_not_have_is_left_out(server, message, sent):
    asked = await ask(server.fail(400, message).say(GOOD))
    assert asked.answer == EXPECTED
    body = server.requests[1].body
    assert {k: v for k, v in body.items() if k not in ("messages", "model")} == sent


async def test_a_server_that_streams_nothing_but_answers_whole_is_understood(server):
    body = json.dumps({"choices": [{"message": {"content": TEXT}}]})
    asked = await ask(server.send(body, "text/plain"), stream=True)
    assert asked.answer == EXPECTED


async def test_text_in_parts_is_joined(server):
    parts = [{"type": "text", "text": TEXT[:9]}, {"type": "text", "text": TEXT[9:]}]
    body = json.dumps({"choices": [{"message": {"content": parts}, "finish_reason": "stop"}]})
    asked = await ask(server.send(body, "application/json"))
    assert asked.answer == EXPECTED


async def test_the_context_is_full(server):
    server.rules.context = 10
    asked: Asked = await ask(server.say(GOOD))
    assert isinstance(asked.error, ContextFullError)


def test_the_sdk_is_imported_only_when_a_client_is_made():
    code = "import sys, visiontools.models.client as c; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_the_models_are_listed(server):
    server.rules.models = ("b", "a")
    client = client_for(server)
    assert await client.models() == ["a", "b"]
    await client.close()


@pytest.mark.parametrize(
    ("body", "ids"),
    [('{"data": null}', []), ('["x"]', []), ('[{"id": "x"}, {"id": 3}]', ["x"]), ('"x"', [])],
)
async def test_an_odd_list_of_models_is_no_fault_of_ours(server, body, ids):
    server.rules.listing = body
    client = client_for(server)
    assert await client.models() == ids
    await client.close()


async def test_a_key_with_a_line_break_is_named_before_anything_is_sent(server):
    with pytest.raises(ConfigurationError, match="line breaks"):
        client_for(server, "secret\n", key_env="MY_KEY")


async def test_several_pictures_are_named_and_come_before_the_words(server: ModelServer) -> None:
    server.rules.most_pictures = 3
    question = Question("See?", SeenLabels, (PICTURE, PICTURE))
    await ask(server.say(GOOD), question=question)
    parts = server.requests[0].body["messages"][0]["content"]
    assert [part["type"] for part in parts] == ["image_url", "text", "image_url", "text", "text"]
    assert [parts[1]["text"], parts[3]["text"]] == [
        "The picture above is A.",
        "The picture above is B.",
    ]


async def test_a_deadline_says_what_went_wrong_before_it(server: ModelServer) -> None:
    server.fail(500, "the provider is away").hang()
    asked = await ask(server, deadline_s=0.5)
    assert isinstance(asked.error, DeadlineError)
    assert "no answer within 0.5 s. Before that: " in asked.error.what
    assert "the provider is away" in asked.error.what


async def test_where_only_a_stream_can_be_stopped_every_answer_is_streamed(
    server: ModelServer,
) -> None:
    asked = await ask(server.say(GOOD), profile=Profile(name="t", title="T", streams=True))
    assert asked.answer is not None
    assert server.requests[0].body["stream"] is True


async def test_a_server_without_a_list_of_models_says_so_and_not_that_its_url_is_wrong(server):
    client = client_for(server, url=server.url + "/nowhere")
    with pytest.raises(UnavailableError, match="keeps no list"):
        await client.models()
    await client.close()
