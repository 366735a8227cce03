"""One emitter of Python in a process of its own: makes the calls of the truth and sends what the emitter traced to the receiver.

Writes a line of JSON when a call has ended and its spans have been sent."""

import json
import os
import sys

from opentelemetry import trace
from opentelemetry._logs import set_logger_provider
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor


class Setting:
    """What an emitter is given: addresses, the truth, and OpenTelemetry as an application sets it up."""

    def __init__(self, receiver_url, openai_url):
        self.receiver_url = receiver_url
        self.openai_url = openai_url
        self.truth = json.loads(os.environ["EMITTERS_TRUTH"])

    def exporter(self):
        return OTLPSpanExporter(endpoint=f"{self.receiver_url}/v1/traces")

    def tracer_provider(self):
        provider = TracerProvider(resource=Resource({"service.name": "parcel-desk"}))
        provider.add_span_processor(SimpleSpanProcessor(self.exporter()))
        trace.set_tracer_provider(provider)
        return provider

    def logger_provider(self):
        provider = LoggerProvider(resource=Resource({"service.name": "parcel-desk"}))
        exporter = OTLPLogExporter(endpoint=f"{self.receiver_url}/v1/logs")
        provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
        set_logger_provider(provider)
        return provider


def main():
    from emitters import EMITTERS

    name, receiver_url, openai_url = sys.argv[1:4]
    setting = Setting(receiver_url, openai_url)
    calls, flush = EMITTERS[name](setting)
    for call in setting.truth["calls"]:
        if call not in calls:
            continue
        try:
            calls[call]()
            outcome = "completed"
        except Exception as error:  # noqa: BLE001 the failing call fails here
            outcome = f"{type(error).__name__}: {error}"[:300]
        flush()
        print(json.dumps({"call": call, "outcome": outcome}), flush=True)
        # What follows belongs to the next call: its spans are told apart by when they arrive.
        sys.stdin.readline()
    os._exit(0)


main()
