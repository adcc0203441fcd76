# The row of compare.sh that is about a registry that has seen much. Sourced by it.

# A ledger where only the enrolled may write, and one party is enrolled.
enrolled_ledger() {
    rm -rf "$1"
    "$foil" chain init --quiet "$1" -k admin --writers enrolled > /dev/null 2>&1
    "$foil" registry enroll --quiet "$1" --party owner --key "$(cat owner.did)" -k owner -k admin |
        "$foil" chain append --quiet "$1" -k admin > /dev/null
}

# One such ledger with so many devices and events, one with none, and a record for both.
registry_ledgers() {
    [ -e busy ] && return
    say "making a ledger of $DEVICES devices and $EVENTS events"
    "$foil" keygen --quiet admin > /dev/null
    "$foil" keygen --quiet owner > /dev/null
    enrolled_ledger idle
    enrolled_ledger busy
    "$floor" events busy admin.pem "$DEVICES" "$EVENTS" | "$foil" chain append --quiet busy -k admin > /dev/null
    printf '{"type":"note"}\n' | "$foil" sign -k owner > note.jsonl
}

# What is shown and appended begins with state.json; what is verified begins with entry 0.
registry() {
    registry_ledgers
    local entries=$((DEVICES + EVENTS + 5)) seconds
    local replay='"$0" verify --quiet --no-signatures busy --key "$(cat admin.did)" > /dev/null 2>&1; [ $? -eq 3 ]'
    seconds=$(measure wall sh -c "$replay" "$foil")
    row "replay of $entries registry entries, signatures not verified" /s "$(per_second "$entries" "$seconds")" 200000 \
        '≥ 1 × 200 k/s'
    row 'the same, peak memory' KiB "$(measure peak sh -c "$replay" "$foil")" 65536 'for comparison: the bound for readings'
    row "registry show of one of $DEVICES devices" s \
        "$(measure wall "$foil" registry show busy 'device 7')" 0.2 '≤ 0.2 s'
    local many='for i in $(seq 20); do "$0" chain append --quiet "$1" -k admin note.jsonl; done' least
    local read='for i in $(seq 20); do "$0" registry show "$1" owner; done'
    least=$(for ledger in idle busy; do measure wall sh -c "$read" "$foil" "$ledger"; done | paste -sd ' ')
    least="$(measure wall sh -c "$many" "$foil" idle) $least"
    row "20 one-shot appends to $entries registry entries" s "$(measure wall sh -c "$many" "$foil" busy)" \
        "$(awk '{ print $1 + $3 - $2 }' <<< "$least")" '≤ 1.1 × into an empty ledger, and reading state.json'
}
