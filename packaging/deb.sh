#!/usr/bin/env bash
# Builds the package of Debian, target/debian/counterfoil_VERSION_amd64.deb, around the static binary.
# Needs what packaging/static.sh needs, and cargo-deb.
set -euo pipefail
cd "$(dirname "$0")/.."
target=x86_64-unknown-linux-musl
packaging/static.sh "$target"
cargo deb --locked --no-build --no-strip --profile dist --target "$target" --output target/debian/
