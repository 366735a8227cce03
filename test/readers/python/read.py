"""Reads spans with what other products publish to read them, and writes what those made of them.

Each line of the input is `{"reader", "request"}`, the request an ExportTraceServiceRequest in base64; each line of the output a
list of attributes, one object a span."""

import base64
import json
import sys

from mlflow.entities.span import Span
from mlflow.tracing.otel.translation import translate_span_when_storing
from openinference.instrumentation.openllmetry import OpenInferenceSpanProcessor
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan


def spans_of(encoded):
    request = ExportTraceServiceRequest.FromString(base64.b64decode(encoded))
    for resource_spans in request.resource_spans:
        for scope_spans in resource_spans.scope_spans:
            yield from scope_spans.spans


def value_of(value):
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [value_of(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return {item.key: value_of(item.value) for item in value.kvlist_value.values}
    return None if kind is None else getattr(value, kind)


def read_mlflow(span):
    """As its tracking server does with what it receives by OTLP."""
    attributes = translate_span_when_storing(Span.from_otel_proto(span))["attributes"]
    return {key: value for key, value in attributes.items() if key.startswith("mlflow.")}


def read_openllmetry(span):
    """As a program does that sends OpenLLMetry's spans to Phoenix."""
    attributes = {item.key: value_of(item.value) for item in span.attributes}
    readable = ReadableSpan(name=span.name, attributes=attributes)
    OpenInferenceSpanProcessor().on_end(readable)
    return dict(readable.attributes)


READERS = {"mlflow": read_mlflow, "openllmetry-to-openinference": read_openllmetry}

for line in sys.stdin:
    task = json.loads(line)
    read = READERS[task["reader"]]
    print(json.dumps([read(span) for span in spans_of(task["request"])]), flush=True)
