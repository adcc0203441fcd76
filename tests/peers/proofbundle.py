"""Verifies a published log with proofbundle (PyPI): the checkpoint's signature, and the tree over all entries.
Of the published form only the bundles are read, by the lines below. Arguments: folder, verifier key."""

import sys
from pathlib import Path

# The script's own folder comes first, and this script has the package's name.
sys.path.pop(0)

from proofbundle.checkpoint import verify_checkpoint  # noqa: E402
from proofbundle.merkle import merkle_tree_hash  # noqa: E402

folder, vkey = Path(sys.argv[1]), sys.argv[2]
verdict = verify_checkpoint((folder / "checkpoint").read_text(), vkey)
if not verdict["ok"]:
    sys.exit(f"checkpoint: {verdict}")
size, leaves = verdict["tree_size"], []
while len(leaves) < size:
    index, width = len(leaves) // 256, min(256, size - len(leaves))
    name = f"tile/entries/{index:03}" + ("" if width == 256 else f".p/{width}")
    bundle = (folder / name).read_bytes()
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        leaves.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
root = merkle_tree_hash(leaves)
if root != verdict["root"]:
    sys.exit(f"the entries give {root.hex()}, the checkpoint says {verdict['root'].hex()}")
print(f"{len(leaves)} entries give the signed root")
