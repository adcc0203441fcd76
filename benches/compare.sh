#!/bin/bash
# Runs the commands beside their floors, in turn on one machine, and prints one Markdown table of ratios.
# Absolute times on shared machines mean little; the ratio of two runs side by side does.
#
#   benches/compare.sh [ROWS]      every row, or those whose names are given: start installed sign verify second unsigned
#                                  append gateway oneshot contract registry device disk pack scale jq git minisign hypercore
#   N=1000000 RUNS=5               readings in the data set, runs of each command
#   BIG=10000000                   entries of the ledger that a small one is compared with
#   DEVICES=10000 EVENTS=1000000   what a registry has seen
#   PEERS=DIR                      a Python environment with duckdb and rtamt
#   THEN=FILE                      an earlier build of foil, whose pipe is measured beside `gateway run`
#   HYPERCORE=DIR                  where `npm install hypercore@10` was run
#   TMPDIR=/mnt/disk               where ledgers are written: a disk, since tmpfs syncs for nothing
set -euo pipefail
cd "$(dirname "$0")/.."

N=${N:-1000000} RUNS=${RUNS:-5} BIG=${BIG:-10000000}
DEVICES=${DEVICES:-10000} EVENTS=${EVENTS:-1000000}
rows=${*:-start installed sign verify second unsigned append gateway oneshot contract registry device disk pack scale jq git minisign hypercore}
APPENDED=$((N < 100000 ? N : 100000))

say() { printf '%s\n' "$*" >&2; }

say "building"
cargo build --release --quiet
floor=$(cargo bench --no-run --bench floor --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*\/floor-[^"]*\)".*/\1/p' | tail -1)
foil=$PWD/target/release/foil here=$PWD/benches
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_STATE_HOME=$folder/state XDG_CONFIG_HOME=$folder/config
cd "$folder"

# The median of some figures, one a line.
median() { sort -g | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

# measure WHAT COMMAND…: the median of wall, cpu (seconds) or peak (KiB) over the runs. RESET goes before each.
measure() {
    local what=$1 run
    shift
    for run in $(seq "$RUNS"); do
        [ -z "${RESET:-}" ] || eval "$RESET"
        timed "$@" > /dev/null
        awk -v what="$what" '{ print what == "wall" ? $1 : what == "cpu" ? $2 + $3 : $4 }' times
    done | median
}

# Wall, user and system seconds, and the peak memory where GNU time is installed.
timed() {
    echo 0 > peak
    local runner=()
    [ ! -x /usr/bin/time ] || runner=(/usr/bin/time -q -o peak -f %M)
    { TIMEFORMAT='%R %U %S'; time "${runner[@]}" "$@" 2>&3; } 3>&2 2> seconds
    paste -d ' ' seconds peak > times
}

# row NAME UNIT OURS FLOOR TARGET: one line of the table, OURS / FLOOR.
row() {
    awk -v name="$1" -v unit="$2" -v ours="$3" -v floor="$4" -v target="$5" 'BEGIN {
        form = "| %s | " (ours < 100 ? "%.3g" : "%.0f") " %s | " (floor < 100 ? "%.3g" : "%.0f") " %s | %.2f | %s |\n"
        printf form, name, ours, unit, floor, unit, floor ? ours / floor : 0, target }'
}

# per_second COUNT SECONDS
per_second() { awk -v n="$1" -v s="$2" 'BEGIN { printf "%.0f", n / (s > 0 ? s : 0.001) }'; }

# The data set: made from a seed, so that it is the same everywhere.
signed_set() {
    [ -e signed.jsonl ] && return
    say "making $N signed readings"
    "$foil" keygen --quiet gateway > /dev/null
    "$floor" readings "$N" > readings.jsonl
    "$foil" sign -k gateway readings.jsonl -o signed.jsonl
    head -n "$APPENDED" signed.jsonl > some.jsonl
}

# That another ledger of this name was here before is no news.
new_ledger() { rm -rf "$1"; "$foil" chain init --quiet "$1" -k gateway > /dev/null 2>&1; }

full_ledger() {
    [ -e full ] && return
    signed_set
    say "appending them"
    new_ledger full
    "$foil" chain append --quiet full -k gateway signed.jsonl > /dev/null
}

start() {
    local many='for i in $(seq 200); do "$0" "$@"; done'
    local hello=$folder/hello
    printf 'fn main() { println!("hello"); }\n' > hello.rs
    rustc -O -C strip=symbols -o "$hello" hello.rs
    row 'foil --version, 200 starts' s "$(measure wall sh -c "$many" "$foil" --version)" \
        "$(measure wall sh -c "$many" "$hello")" '≤ 1.3 × hello'
}

# What people install against what cargo builds: starts, and a record appended.
installed() {
    signed_set
    local target=x86_64-unknown-linux-musl many='for i in $(seq 200); do "$0" --version; done'
    local static=$here/../target/$target/dist/foil
    say "building what people install"
    "$here/../packaging/static.sh" "$target" > /dev/null
    row 'foil --version as installed, 200 starts' s "$(measure wall sh -c "$many" "$static")" \
        "$(measure wall sh -c "$many" "$foil")" '≤ 0.4 × as built'
    one_shot "$static" '50 one-shot appends of one record as installed' '≤ 1.4 × a program that only syncs'
}

sign() {
    signed_set
    local floor_ns ours
    floor_ns=$(for run in $(seq "$RUNS"); do "$floor" sign readings.jsonl; done | median)
    ours=$(measure cpu "$foil" sign -k gateway readings.jsonl)
    row 'sign, CPU a record' ns "$(awk -v s="$ours" -v n="$N" 'BEGIN { print s * 1e9 / n }')" "$floor_ns" \
        '≤ 1.5 × dalek sign and SHA-256'
    row "sign of a file, wall on $(nproc) processors" s "$(measure wall "$foil" sign -k gateway readings.jsonl)" \
        "$(measure wall taskset -c 0 "$foil" sign -k gateway readings.jsonl)" '≤ 0.55 × on one, of two'
}

verify() {
    full_ledger
    local did floor_ns cpu wall small
    did=$(cat gateway.did)
    floor_ns=$(for run in $(seq "$RUNS"); do "$floor" verify signed.jsonl; done | median)
    cpu=$(measure cpu "$foil" verify --quiet full --key "$did")
    wall=$(measure wall "$foil" verify --quiet full --key "$did")
    row 'verify, CPU an entry' ns "$(awk -v s="$cpu" -v n="$N" 'BEGIN { print s * 1e9 / n }')" "$floor_ns" \
        '≤ 0.65 × dalek verify_strict'
    row "verify, wall on $(nproc) processors" s "$wall" "$cpu" '≤ 0.55 × its CPU time on two'
    new_ledger small
    "$foil" chain append --quiet small -k gateway some.jsonl > /dev/null
    small=$(measure peak "$foil" verify --quiet small --key "$did")
    row 'verify, peak memory' KiB "$(measure peak "$foil" verify --quiet full --key "$did")" "$small" \
        "flat from $APPENDED to $N entries, ≤ 65536 KiB"
}

append() {
    signed_set
    absent sqlite3 "chain append of $APPENDED readings, durable" && return
    local theirs
    theirs=$(RESET='rm -f peer.db*' measure wall bash -c "$(declare -f sqlite_append); sqlite_append")
    theirs=$(per_second "$APPENDED" "$theirs")
    row "chain append of $APPENDED signed readings, durable" /s "$(appended new_ledger)" "$theirs" \
        '≥ 1 × SQLite, WAL, FULL, no signatures'
    row 'the same without signatures' /s "$(appended open_ledger)" "$theirs" '≥ 5 × SQLite'
}

# Readings a second into a ledger that is made anew each time.
appended() {
    per_second "$APPENDED" \
        "$(RESET="$1 fresh" measure wall "$foil" chain append --quiet fresh -k gateway some.jsonl)"
}

open_ledger() { rm -rf "$1"; "$foil" chain init --quiet "$1" -k gateway --writers anyone > /dev/null 2>&1; }

# Batches of 10,000, each durable, no signatures checked.
sqlite_append() {
    {
        echo 'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE entries (record TEXT);'
        awk -v q="'" 'BEGIN { print "BEGIN;" } { gsub(q, q q); printf "INSERT INTO entries VALUES (%s%s%s);\n", q, $0, q }
            NR % 10000 == 0 { print "COMMIT; BEGIN;" } END { print "COMMIT;" }' "${1:-some.jsonl}"
    } | sqlite3 peer.db
}

oneshot() {
    signed_set
    one_shot "$foil" '50 one-shot appends of one record' '≤ 1.7 × a program that only syncs'
}

# one_shot PROGRAM NAME TARGET: appends of one record by this build, against a program that only syncs.
one_shot() {
    head -n 1 signed.jsonl > one.jsonl
    new_ledger single
    local many='for i in $(seq 50); do "$0" chain append --quiet single -k gateway one.jsonl; done'
    local least='for i in $(seq 50); do "$0" syncs plain 1; done'
    row "$2" s "$(measure wall sh -c "$many" "$1")" "$(measure wall sh -c "$least" "$floor")" "$3"
}

. "$here/contract.sh"
. "$here/rows.sh"
. "$here/registry.sh"
. "$here/gateway.sh"

printf '%s\n\n' "$("$foil" --version), $(uname -sm), $(nproc) processors: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), medians of $RUNS runs, N = $N"
printf '| what | ours | against | ratio | target |\n|---|---|---|---|---|\n'
for row in $rows; do "$row"; done
