"""The calls of the truth, made with the OpenAI SDK."""

import json


def openai_client(setting, make=None):
    if make is None:
        from openai import OpenAI as make
    return make(api_key="none", base_url=setting.openai_url, max_retries=0)


def openai_calls(client, truth):
    model = truth["models"]["openai"]["request"]
    tools = [{"type": "function", "function": truth["tool"]}]

    def conversation(call):
        return [
            {"role": "system", "content": truth["system"]},
            {"role": "user", "content": truth["questions"][call]},
        ]

    def plain():
        client.chat.completions.create(model=model, messages=conversation("plain"), temperature=0)

    def with_tools():
        history = conversation("tools")
        first = client.chat.completions.create(model=model, messages=history, tools=tools)
        message = first.choices[0].message
        results = [
            {"role": "tool", "tool_call_id": call.id, "content": json.dumps(truth["toolResult"])}
            for call in message.tool_calls
        ]
        history = [*history, message.model_dump(exclude_none=True), *results]
        client.chat.completions.create(model=model, messages=history, tools=tools)

    def stream():
        chunks = client.chat.completions.create(
            model=model,
            messages=conversation("stream"),
            stream=True,
            stream_options={"include_usage": True},
        )
        for _ in chunks:
            pass

    def error():
        client.chat.completions.create(model=model, messages=conversation("error"))

    def embed():
        embeddings = truth["models"]["embeddings"]
        client.embeddings.create(model=embeddings["request"], input=truth["questions"]["embed"])

    return {"plain": plain, "tools": with_tools, "stream": stream, "error": error, "embed": embed}


def inside(context, calls):
    """The same calls, each inside a context manager."""

    def wrap(call):
        def run():
            with context():
                call()

        return run

    return {name: wrap(call) for name, call in calls.items()}
