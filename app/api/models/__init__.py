"""The objects of `/v1` as typed models: for validation and for the OpenAPI document."""
