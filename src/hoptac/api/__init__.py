"""The machines' door: /api/v1 with tokens, problem+json and OpenAPI."""
