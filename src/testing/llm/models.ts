import type { JsonObject } from '../../../semconv/model/json.js';

/** `GET /v1/models` of the OpenAI API. */
export function openaiModels(models: readonly string[], created: number): JsonObject {
  return {
    object: 'list',
    data: models.map((id) => ({ id, object: 'model', created, owned_by: 'system' })),
  };
}

/** `GET /v1/models` of the Anthropic API. */
export function anthropicModels(models: readonly string[], created: number): JsonObject {
  return {
    data: models.map((id) => ({
      type: 'model',
      id,
      display_name: id,
      created_at: new Date(created * 1000).toISOString(),
    })),
    has_more: false,
    first_id: models[0] ?? null,
    last_id: models.at(-1) ?? null,
  };
}
