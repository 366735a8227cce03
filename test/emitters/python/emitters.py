"""How each library is set up by its own documentation. Each gives its calls, and what sends their spans."""

import asyncio
import json
import os
from contextlib import contextmanager

from calls import inside, openai_calls, openai_client


def nothing():
    pass


def logfire_openai(setting):
    import logfire
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    client = openai_client(setting)
    configure_logfire(setting, logfire, SimpleSpanProcessor)
    logfire.instrument_openai(client)
    return inside(logfire_context(setting, logfire), openai_calls(client, setting.truth)), logfire.force_flush


def configure_logfire(setting, logfire, processor):
    logfire.configure(
        send_to_logfire=False,
        console=False,
        inspect_arguments=False,
        service_name="parcel-desk",
        additional_span_processors=[processor(setting.exporter())],
    )


def logfire_context(setting, logfire):
    truth = setting.truth
    return lambda: logfire.set_baggage(**{"session.id": truth["session"], "user.id": truth["user"]})


def pydantic_ai(setting, version=None):
    import logfire
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    configure_logfire(setting, logfire, SimpleSpanProcessor)
    if version is None:
        logfire.instrument_pydantic_ai()
    else:
        logfire.instrument_pydantic_ai(version=version)
    truth = setting.truth
    provider = OpenAIProvider(openai_client=async_client(setting))
    model = OpenAIChatModel(truth["models"]["openai"]["request"], provider=provider)
    agent = Agent(model, name="desk", instructions=truth["system"], retries=0)
    armed = Agent(model, name="desk", instructions=truth["system"])

    @armed.tool_plain(name=truth["tool"]["name"])
    def find_parcel(id: int) -> dict:
        """Finds a parcel."""
        return truth["toolResult"]

    # Logfire hides `session.id`, which it takes for a secret: the conversation is said beside.
    said = {"conversation_id": truth["session"]}

    async def stream():
        async with agent.run_stream(truth["questions"]["stream"], **said) as run:
            async for _ in run.stream_text():
                pass

    run = asyncio.new_event_loop().run_until_complete
    calls = {
        "plain": lambda: run(agent.run(truth["questions"]["plain"], model_settings={"temperature": 0}, **said)),
        "tools": lambda: run(armed.run(truth["questions"]["tools"], **said)),
        "stream": lambda: run(stream()),
        "error": lambda: run(agent.run(truth["questions"]["error"], **said)),
    }
    return inside(logfire_context(setting, logfire), calls), logfire.force_flush


def async_client(setting):
    from openai import AsyncOpenAI

    return openai_client(setting, AsyncOpenAI)


def mlflow_openai(setting, environment=None):
    os.environ.update(
        {
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{setting.receiver_url}/v1/traces",
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf",
            "OTEL_SERVICE_NAME": "parcel-desk",
            **(environment or {}),
        }
    )
    import mlflow
    from mlflow.tracing.provider import provider

    mlflow.openai.autolog()
    truth = setting.truth

    @contextmanager
    def conversation():
        with mlflow.start_span(name="turn", span_type="CHAIN"):
            mlflow.update_current_trace(session_id=truth["session"], user=truth["user"])
            yield

    calls = openai_calls(openai_client(setting), truth)
    # It exports in batches, and has no public way to send them at once.
    return inside(conversation, calls), lambda: provider.get().force_flush()


def mlflow_genai(setting):
    return mlflow_openai(setting, {"MLFLOW_ENABLE_OTEL_GENAI_SEMCONV": "true"})


def openinference_openai(setting):
    from openinference.instrumentation import using_attributes
    from openinference.instrumentation.openai import OpenAIInstrumentor

    provider = setting.tracer_provider()
    OpenAIInstrumentor().instrument(tracer_provider=provider)
    truth = setting.truth
    context = lambda: using_attributes(session_id=truth["session"], user_id=truth["user"])
    return inside(context, openai_calls(openai_client(setting), truth)), provider.force_flush


def openinference_langchain(setting):
    from langchain_core.tools import StructuredTool
    from langchain_openai import ChatOpenAI, OpenAIEmbeddings
    from langgraph.prebuilt import create_react_agent
    from openinference.instrumentation import using_attributes
    from openinference.instrumentation.langchain import LangChainInstrumentor

    provider = setting.tracer_provider()
    LangChainInstrumentor().instrument(tracer_provider=provider)
    truth = setting.truth
    model = ChatOpenAI(
        model=truth["models"]["openai"]["request"],
        api_key="none",
        base_url=setting.openai_url,
        max_retries=0,
        stream_usage=True,
    )

    def find_parcel(id: int) -> str:
        return json.dumps(truth["toolResult"])

    tool = StructuredTool.from_function(
        find_parcel, name=truth["tool"]["name"], description=truth["tool"]["description"]
    )

    def messages(call):
        return [("system", truth["system"]), ("user", truth["questions"][call])]

    calls = {
        "plain": lambda: model.invoke(messages("plain")),
        "tools": lambda: create_react_agent(model, [tool]).invoke({"messages": messages("tools")}),
        "stream": lambda: list(model.stream(messages("stream"))),
        "error": lambda: model.invoke(messages("error")),
    }
    context = lambda: using_attributes(session_id=truth["session"], user_id=truth["user"])
    return inside(context, calls), provider.force_flush


def openai_agents(setting, instrument):
    """The agents' SDK sends no OTLP by itself: `instrument` makes spans of its traces."""
    from agents import Agent, OpenAIChatCompletionsModel, Runner, function_tool
    from agents.tracing import set_trace_processors

    set_trace_processors([])
    instrument()
    truth = setting.truth
    model = OpenAIChatCompletionsModel(truth["models"]["openai"]["request"], async_client(setting))

    @function_tool(name_override=truth["tool"]["name"], description_override=truth["tool"]["description"])
    def find_parcel(id: int) -> str:
        return json.dumps(truth["toolResult"])

    desk = Agent(name="desk", instructions=truth["system"], model=model)
    armed = Agent(name="desk", instructions=truth["system"], model=model, tools=[find_parcel])

    async def stream():
        run = Runner.run_streamed(desk, truth["questions"]["stream"])
        async for _ in run.stream_events():
            pass

    run = asyncio.new_event_loop().run_until_complete
    return {
        "plain": lambda: run(Runner.run(desk, truth["questions"]["plain"])),
        "tools": lambda: run(Runner.run(armed, truth["questions"]["tools"])),
        "stream": lambda: run(stream()),
        "error": lambda: run(Runner.run(desk, truth["questions"]["error"])),
    }


def openinference_openai_agents(setting):
    from openinference.instrumentation import using_attributes
    from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor

    provider = setting.tracer_provider()
    instrument = lambda: OpenAIAgentsInstrumentor().instrument(tracer_provider=provider)
    truth = setting.truth
    context = lambda: using_attributes(session_id=truth["session"], user_id=truth["user"])
    return inside(context, openai_agents(setting, instrument)), provider.force_flush


def logfire_openai_agents(setting):
    import logfire
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    configure_logfire(setting, logfire, SimpleSpanProcessor)
    calls = openai_agents(setting, logfire.instrument_openai_agents)
    return inside(logfire_context(setting, logfire), calls), logfire.force_flush


def contrib_openai(setting, instrumentor):
    provider = setting.tracer_provider()
    logs = setting.logger_provider()
    instrumentor().instrument(tracer_provider=provider, logger_provider=logs)

    def flush():
        provider.force_flush()
        logs.force_flush()

    return openai_calls(openai_client(setting), setting.truth), flush


def contrib_openai_v2(setting):
    """Messages as one log record each, as the conventions had it until 1.36."""
    os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true"
    from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor

    return contrib_openai(setting, OpenAIInstrumentor)


def contrib_genai_openai(setting, mode="span_only"):
    os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = mode
    from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor

    return contrib_openai(setting, OpenAIInstrumentor)


def contrib_genai_openai_events(setting):
    """Messages on one event a call."""
    return contrib_genai_openai(setting, "event_only")


def openllmetry_openai(setting):
    from opentelemetry.instrumentation.openai import OpenAIInstrumentor

    provider = setting.tracer_provider()
    OpenAIInstrumentor().instrument(tracer_provider=provider)
    return openai_calls(openai_client(setting), setting.truth), provider.force_flush


def langfuse_openai(setting):
    from langfuse import Langfuse, propagate_attributes

    client = Langfuse(
        public_key="pk", secret_key="sk", base_url="http://127.0.0.1:9", span_exporter=setting.exporter()
    )
    from langfuse.openai import OpenAI

    truth = setting.truth
    context = lambda: propagate_attributes(session_id=truth["session"], user_id=truth["user"], tags=["parcel"])
    calls = openai_calls(openai_client(setting, OpenAI), truth)
    return inside(context, calls), client.flush


def langsmith_openai(setting):
    os.environ.update(
        {
            "LANGSMITH_TRACING": "true",
            "LANGSMITH_OTEL_ENABLED": "true",
            "LANGSMITH_OTEL_ONLY": "true",
            "LANGSMITH_API_KEY": "none",
            "LANGSMITH_ENDPOINT": "http://127.0.0.1:9",
        }
    )
    provider = setting.tracer_provider()
    from langsmith import Client, tracing_context
    from langsmith.wrappers import wrap_openai

    client = Client()
    truth = setting.truth
    metadata = {"session_id": truth["session"], "user_id": truth["user"]}
    context = lambda: tracing_context(client=client, metadata=metadata, tags=["parcel"], enabled=True)
    calls = openai_calls(wrap_openai(openai_client(setting)), truth)

    def flush():
        client.flush()
        provider.force_flush()

    return inside(context, calls), flush


EMITTERS = {
    "py-logfire-openai": logfire_openai,
    "py-pydantic-ai": pydantic_ai,
    "py-pydantic-ai-2": lambda setting: pydantic_ai(setting, 2),
    "py-logfire-agents": logfire_openai_agents,
    "py-mlflow": mlflow_openai,
    "py-mlflow-genai": mlflow_genai,
    "py-openinference-openai": openinference_openai,
    "py-openinference-langchain": openinference_langchain,
    "py-openinference-agents": openinference_openai_agents,
    "py-contrib-openai": contrib_openai_v2,
    "py-contrib-genai": contrib_genai_openai,
    "py-contrib-genai-events": contrib_genai_openai_events,
    "py-openllmetry-openai": openllmetry_openai,
    "py-langfuse": langfuse_openai,
    "py-langsmith": langsmith_openai,
}
