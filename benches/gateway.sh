# The row of compare.sh about a gateway: one process against the pipe of three, and against a database. Sourced by it.

# A flood of readings from a simulated device, in lines of JSON, from bytes to the ledger. All take turns.
gateway() {
    signed_set
    flood_toml > flood.toml
    "$foil" device read sim:cold-room --seed 1 --count "$APPENDED" --quiet > rows.jsonl
    local run
    rm -f turns.*
    for run in $(seq "$RUNS"); do
        turn run "$foil" gateway run flood.toml --quiet
        turn pipe bash -o pipefail -c "$PIPE" "$foil" "$APPENDED"
        [ -z "${THEN:-}" ] || foil=$THEN turn then bash -o pipefail -c "$PIPE" "$THEN" "$APPENDED"
        ! command -v sqlite3 > /dev/null || turn sqlite bash -c "$(declare -f sqlite_append); sqlite_append rows.jsonl"
    done
    flood_rows pipe 'the pipe of device read, sign, chain append'
    [ -z "${THEN:-}" ] || flood_rows then 'the same pipe of the earlier build'
    absent sqlite3 'gateway run on a flood, readings' || row 'gateway run on a flood, readings' /s "$(flood_rate run)" \
        "$(flood_rate sqlite)" '≥ 0.45 × SQLite, WAL, FULL, the same lines unsigned'
    row 'gateway run with four ports at a reading a second each, peak memory' KiB "$(peak_of four.toml four_toml 5)" \
        12288 '≤ 1 × 12 MiB'
    row 'gateway run with four ports that flood, peak memory' KiB "$(peak_of four.toml four_floods 600)" \
        12288 '≤ 1 × 12 MiB'
}

PIPE='"$0" device read sim:cold-room --seed 1 --count "$1" --quiet | "$0" sign -k gateway | "$0" chain append flood -k gateway --quiet'

# turn NAME COMMAND…: one run of it, noted in turns.NAME.
turn() {
    local name=$1
    shift
    new_ledger flood
    rm -f peer.db*
    timed "$@" > /dev/null
    cat times >> "turns.$name"
}

flood_cpu() { awk -v n="$APPENDED" '{ print ($2 + $3) * 1e9 / n }' "turns.$1" | median; }

flood_rate() { awk -v n="$APPENDED" '{ print n / $1 }' "turns.$1" | median; }

# flood_rows NAME WHAT: the two rows against a pipe.
flood_rows() {
    row "gateway run on a flood of $APPENDED readings, CPU a reading" ns "$(flood_cpu run)" "$(flood_cpu "$1")" "≤ 0.42 × $2"
    row 'the same, readings' /s "$(flood_rate run)" "$(flood_rate "$1")" "≥ 3 × $2"
}

flood_toml() {
    printf 'ledger = "flood"\nkey = "gateway"\n\n[[port]]\nport = "sim:cold-room"\nseed = 1\ncount = %s\n' "$APPENDED"
}

# Four devices that each speak once a second.
four_toml() {
    local kind
    printf 'ledger = "four"\nkey = "gateway"\nlisten = "127.0.0.1:19464"\n'
    for kind in cold-room thermometer gps meter; do printf '[[port]]\nport = "sim:%s"\n' "$kind"; done
}

# The same, each as fast as it is read.
four_floods() { four_toml | sed "/^port/a count = $((APPENDED / 4))"; }

# peak_of FILE MAKE SECONDS: the most memory of a gateway in its first seconds, or up to its end.
peak_of() {
    local process peak=0 now
    "$2" > "$1"
    new_ledger four
    "$foil" gateway run "$1" --quiet > /dev/null 2>&1 &
    process=$!
    for _ in $(seq "$(($3 * 20))"); do
        now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$process/status" 2> /dev/null) || true
        [ -n "$now" ] || break
        peak=$now
        sleep 0.05
    done
    kill "$process" 2> /dev/null || true
    wait "$process" || true
    echo "$peak"
}
