"""What the fuzzer is told of bytes: they are sent as they are, and read as they are."""

import schemathesis

BYTES = ["application/offset+octet-stream", "application/pdf", "image/jpeg", "image/png"]


@schemathesis.serializer(*BYTES)
def send(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()


for kind in [*BYTES[1:], "application/octet-stream", "application/zstd"]:
    schemathesis.deserializer(kind)(lambda ctx, response: response.content)
