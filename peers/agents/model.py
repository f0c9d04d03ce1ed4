"""A model on loopback that has one thing to say, in the three forms in which these agents ask.

Asked for a file, it first calls the agent's tool for that, once; told to wait, it never answers, so that
an agent can be ended in the middle of a turn. It ends with the process that started it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SAID = "Nothing to do."
MOST = 32 * 1024 * 1024
LONGEST_WAIT = 60


class Model:
    """`call` is the tool that is called before the answer, as (name, arguments)."""

    def __init__(self):
        self.call = None
        self.waits = False
        self.requests = 0
        self.called = 0
        self.asked = threading.Event()
        self.ended = threading.Event()
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                model._post(self)

            def do_GET(self):
                _send(self, {"object": "list", "models": [], "data": [{"id": "fake", "object": "model"}]})

            def log_message(self, *_words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def begin(self, call=None, waits=False):
        """What the next run of an agent meets."""
        self.ended.set()
        self.call, self.waits = call, waits
        self.requests = self.called = 0
        self.asked, self.ended = threading.Event(), threading.Event()

    def stop(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()

    def _post(self, handler):
        body = json.loads(_read(handler) or b"{}")
        path = handler.path.split("?")[0]
        self.requests += 1
        self.asked.set()
        if self.waits:
            self.ended.wait(LONGEST_WAIT)
            handler.close_connection = True
            return
        call = self._wanted(body)
        if path.endswith("/chat/completions"):
            _send(handler, *_chat(call, body.get("stream")))
        elif path.endswith("/responses"):
            _send(handler, *_responses(call))
        elif path.endswith(":streamGenerateContent"):
            _send(handler, None, [f"data: {json.dumps(_gemini(call))}"])
        elif path.endswith(":generateContent"):
            _send(handler, _gemini(call))
        elif path.endswith(":countTokens"):
            _send(handler, {"totalTokens": 1})
        else:
            _send(handler, {"error": {"code": 404, "message": "unknown path"}}, status=404)

    def _wanted(self, body):
        """The call, if this request offers the tool and it was not called before."""
        if self.call is None or self.called or self.call[0] not in _tools(body):
            return None
        self.called += 1
        return self.call


def _tools(body):
    names = set()
    for tool in body.get("tools") or []:
        names.add(tool.get("name") or tool.get("function", {}).get("name"))
        names.update(it["name"] for it in tool.get("functionDeclarations") or [])
    return names


def _chat(call, streams):
    """OpenAI's chat completions: (whole, pieces of a stream)."""
    head = {"id": "chat-1", "created": 1, "model": "fake"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    message, finish = {"role": "assistant", "content": SAID}, "stop"
    if call:
        function = {"name": call[0], "arguments": json.dumps(call[1])}
        tool = {"index": 0, "id": "call_1", "type": "function", "function": function}
        message, finish = {"role": "assistant", "content": None, "tool_calls": [tool]}, "tool_calls"
    if not streams:
        choices = [{"index": 0, "message": message, "finish_reason": finish}]
        return {**head, "object": "chat.completion", "choices": choices, "usage": usage}, None
    head["object"] = "chat.completion.chunk"
    pieces = [
        {**head, "choices": [{"index": 0, "delta": message, "finish_reason": None}]},
        {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]},
        {**head, "choices": [], "usage": usage},
    ]
    return None, [f"data: {json.dumps(piece)}" for piece in pieces] + ["data: [DONE]"]


def _responses(call):
    """OpenAI's responses, as a stream."""
    item = {
        "type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
        "content": [{"type": "output_text", "text": SAID, "annotations": []}],
    }
    if call:
        item = {
            "type": "function_call", "id": "fc_1", "call_id": "call_1", "status": "completed",
            "name": call[0], "arguments": json.dumps(call[1]),
        }
    usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    whole = {"id": "resp_1", "object": "response", "created_at": 1, "model": "fake"}
    done = {**whole, "status": "completed", "output": [item], "usage": usage}
    events = [
        {"type": "response.created", "response": {**whole, "status": "in_progress", "output": []}},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": done},
    ]
    return None, [f"event: {it['type']}\ndata: {json.dumps(it)}" for it in events]


def _gemini(call):
    part = {"functionCall": {"name": call[0], "args": call[1]}} if call else {"text": SAID}
    content = {"role": "model", "parts": [part]}
    usage = {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2}
    candidate = {"index": 0, "finishReason": "STOP", "content": content}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "fake"}


def _read(handler):
    if "chunked" not in handler.headers.get("Transfer-Encoding", "").lower():
        return handler.rfile.read(min(int(handler.headers.get("Content-Length") or 0), MOST))
    body = b""
    while size := int(handler.rfile.readline().split(b";")[0] or b"0", 16):
        body += handler.rfile.read(size)
        handler.rfile.readline()
        if len(body) > MOST:
            raise ValueError("a request is longer than any that an agent sends")
    handler.rfile.readline()
    return body


def _send(handler, whole, pieces=None, status=200):
    kind, text = "application/json", json.dumps(whole)
    if pieces is not None:
        kind, text = "text/event-stream", "".join(f"{piece}\n\n" for piece in pieces)
    body = text.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
