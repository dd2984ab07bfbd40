"""Pictures for tests: as much of a PNG as tells its size."""


def png(width: int = 40, height: int = 30) -> bytes:
    sizes = width.to_bytes(4) + height.to_bytes(4)
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + sizes + b"\x08\x02\x00\x00\x00"
