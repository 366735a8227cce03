/** The two encodings of OTLP over HTTP. */
export type OtlpEncoding = 'json' | 'protobuf';
