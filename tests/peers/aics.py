"""Audits a published log with aics-tlog (PyPI): the checkpoint's signature, every tile, every bundle. Then its
writer makes the same log anew, which must come to the same files. Arguments: folder, verifier key."""

import sys
import tempfile
from pathlib import Path

from aics_tlog import (
    FileSystemTileReader,
    TileWriter,
    VerifiedTileReader,
    audit_tiles,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    verify_checkpoint,
)

folder, vkey = Path(sys.argv[1]), parse_vkey(sys.argv[2])
note = parse_note((folder / "checkpoint").read_bytes())
verdict = verify_checkpoint(note, vkey)
if not verdict.ok:
    sys.exit(f"checkpoint: {verdict}")
checkpoint = parse_checkpoint(note.text)
reader = FileSystemTileReader(folder)
print(audit_tiles(reader, checkpoint.size, checkpoint.root))

verified = VerifiedTileReader(reader, checkpoint.size, checkpoint.root)
leaves = [verified.entry(n) for n in range(checkpoint.size)]
with tempfile.TemporaryDirectory() as fresh:
    names = TileWriter(leaves).write_to(fresh)
    for name in names:
        if (Path(fresh) / name).read_bytes() != (folder / name).read_bytes():
            sys.exit(f"{name}: other bytes than the writer of aics-tlog makes")
print(f"{len(names)} files as the writer makes them")
