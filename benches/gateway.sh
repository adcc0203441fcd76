# The row of compare.sh about a gateway: one process against the pipe of three, and against a database. Sourced by it.

# A flood of readings from a simulated device, in lines of JSON, from bytes to the ledger.
gateway() {
    signed_set
    local cpu pipe_cpu wall pipe_wall
    flood_toml > flood.toml
    cpu=$(RESET='new_ledger flood' measure cpu "$foil" gateway run flood.toml --quiet)
    pipe_cpu=$(RESET='new_ledger flood' measure cpu bash -o pipefail -c "$PIPE" "$foil" "$APPENDED")
    row "gateway run on a flood of $APPENDED readings, CPU a reading" ns "$(per_reading "$cpu")" \
        "$(per_reading "$pipe_cpu")" '≤ 0.42 × device read | sign | chain append'
    wall=$(RESET='new_ledger flood' measure wall "$foil" gateway run flood.toml --quiet)
    pipe_wall=$(RESET='new_ledger flood' measure wall bash -o pipefail -c "$PIPE" "$foil" "$APPENDED")
    row 'the same, readings' /s "$(per_second "$APPENDED" "$wall")" "$(per_second "$APPENDED" "$pipe_wall")" \
        '≥ 3 × the pipe'
    local theirs
    if ! absent sqlite3 'gateway run on a flood, readings'; then
        head -n "$APPENDED" readings.jsonl > rows.jsonl
        theirs=$(RESET='rm -f peer.db*' measure wall bash -c "$(declare -f sqlite_append); sqlite_append rows.jsonl")
        row 'the same, readings' /s "$(per_second "$APPENDED" "$wall")" "$(per_second "$APPENDED" "$theirs")" \
            '≥ 0.45 × SQLite, WAL, FULL, no signatures'
    fi
    row 'gateway run with four ports, resident memory' KiB "$(four_ports)" 12288 '≤ 1 × 12 MiB'
}

PIPE='"$0" device read sim:cold-room --seed 1 --count "$1" --quiet | "$0" sign -k gateway | "$0" chain append flood -k gateway --quiet'

per_reading() { awk -v s="$1" -v n="$APPENDED" 'BEGIN { print s * 1e9 / n }'; }

flood_toml() {
    printf 'ledger = "flood"\nkey = "gateway"\n\n[[port]]\nport = "sim:cold-room"\nseed = 1\ncount = %s\n' "$APPENDED"
}

# The memory of a gateway whose four devices each speak once a second, after some seconds.
four_ports() {
    local kind process
    {
        printf 'ledger = "four"\nkey = "gateway"\nlisten = "127.0.0.1:19464"\n'
        for kind in cold-room thermometer gps meter; do printf '[[port]]\nport = "sim:%s"\n' "$kind"; done
    } > four.toml
    new_ledger four
    "$foil" gateway run four.toml --quiet > /dev/null 2>&1 &
    process=$!
    sleep 5
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$process/status"
    kill "$process"
    wait "$process" || true
}
