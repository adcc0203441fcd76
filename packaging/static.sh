#!/usr/bin/env bash
# Builds static binaries, which run on any Linux of their processor: packaging/static.sh [TARGET…]
# Needs rustup, and of Debian musl-tools, for aarch64 gcc-aarch64-linux-gnu.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$#" -gt 0 ] || set -- x86_64-unknown-linux-musl aarch64-unknown-linux-musl

# ring, beneath TLS, has C in it
export CC_x86_64_unknown_linux_musl=musl-gcc
export CC_aarch64_unknown_linux_musl=aarch64-linux-gnu-gcc AR_aarch64_unknown_linux_musl=aarch64-linux-gnu-ar
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_LINKER=aarch64-linux-gnu-gcc

targets=()
for target; do
  rustup target list --installed | grep -qx "$target" || rustup target add "$target"
  targets+=(--target "$target")
done
cargo build --locked --profile dist "${targets[@]}"
printf 'target/%s/dist/foil\n' "$@"
