"""The walker: asks for every field under every hat, and tells what was seen. It knows the schema's text and no more."""
