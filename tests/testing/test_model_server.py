"""The scripted server is real: other clients and other processes can use it."""

import json
import socket
import subprocess
import sys
import urllib.request

from openai import OpenAI

from visiontools.testing.model_server import ModelServer
from visiontools.types import Usage


def test_the_sdk_itself_is_answered_plain_and_streamed():
    with ModelServer() as server, OpenAI(api_key="none", base_url=server.url) as sdk:
        server.say(Usage(input_tokens=3))
        said = [{"role": "user", "content": "How many?"}]
        plain = sdk.chat.completions.create(model="scripted", messages=said)
        pieces = sdk.chat.completions.create(model="scripted", messages=said, stream=True)
        text = "".join(piece.choices[0].delta.content or "" for piece in pieces)
        assert json.loads(plain.choices[0].message.content) == {
            "input_tokens": 3,
            "output_tokens": 0,
        }
        assert text == plain.choices[0].message.content
        assert [model.id for model in sdk.models.list()] == ["scripted"]
        assert [request.text for request in server.requests[:2]] == ["How many?"] * 2


def test_steps_come_in_order_and_the_last_is_repeated():
    with ModelServer() as server, OpenAI(api_key="none", base_url=server.url) as sdk:
        server.say({"n": 1}).say({"n": 2})
        said = [{"role": "user", "content": "How many?"}]
        answers = [
            sdk.chat.completions.create(model="scripted", messages=said).choices[0].message.content
            for _ in range(3)
        ]
    assert answers == ['{"n": 1}', '{"n": 2}', '{"n": 2}']


def test_as_a_program_it_says_where_it_is_and_always_answers_the_same(tmp_path):
    answer = tmp_path / "answer.json"
    answer.write_text('{"picture": "fits"}')
    command = [sys.executable, "-m", "visiontools.testing.model_server", "--answer", str(answer)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            url = program.stdout.readline().strip()
            request = urllib.request.Request(
                f"{url}/chat/completions",
                data=json.dumps({"model": "scripted", "messages": []}).encode(),
                headers={"Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=20) as response:
                body = json.load(response)
        finally:
            program.terminate()
    assert body["choices"][0]["message"]["content"] == answer.read_text()


def test_it_ends_while_a_client_still_waits():
    with ModelServer() as server:
        server.hang()
        waiting = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        body = b'{"model": "scripted", "messages": []}'
        waiting.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: here\r\n")
        waiting.sendall(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        assert server.arrived.wait(20)
    with waiting:
        assert waiting.recv(1) == b""
