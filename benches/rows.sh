# The rows of compare.sh that are about other programs, and about size. Sourced by it.

# absent PROGRAM: says loudly that a row is missing, and is true if it is.
absent() {
    type -P "$1" > /dev/null && return 1
    say "NOT INSTALLED: $1"
    printf '| %s | – | not installed: %s | – | – |\n' "$2" "$1"
}

# The same bytes hashed and nothing else: entries, tree and checkpoint cannot be checked for less.
unsigned() {
    full_ledger
    absent sha256sum 'verify --no-signatures, wall' && return
    local ours='"$0" verify --quiet --no-signatures full --key "$(cat gateway.did)" > /dev/null 2>&1; [ $? -eq 3 ]'
    row 'verify --no-signatures, wall' s "$(measure wall sh -c "$ours" "$foil")" \
        "$(measure wall sh -c 'sha256sum full/entries/*.jsonl')" '≤ 1.5 × sha256sum'
}

# What was evaluated before is not evaluated again: at the second look, after some more came, and under a contract.
second() {
    full_ledger
    absent sha256sum 'verify again, wall' && return
    local verify='"$0" verify --quiet full --key "$(cat gateway.did)"'
    local check='"$0" contract check --quiet --draft contract.toml --key "$(cat gateway.did)" full; [ $? -ne 2 ]'
    local nothing='rm -rf "$XDG_STATE_HOME"/foil/seen' first again floor checked peak
    contract_toml
    floor=$(measure wall sh -c 'sha256sum full/entries/*')
    first=$(RESET=$nothing measure wall sh -c "$verify" "$foil")
    checked=$(RESET=$nothing measure wall sh -c "$check" "$foil")
    again=$(measure wall sh -c "$verify" "$foil")
    row 'verify again, wall' s "$again" "$floor" '≤ 0.75 × sha256sum'
    row 'verify again, wall' s "$again" "$first" '≤ 0.15 × the first time'
    row 'contract check, signatures verified, wall' s "$checked" "$first" '≤ 1.10 × verify'
    row 'contract check again, wall' s "$(measure wall sh -c "$check" "$foil")" "$floor" '≤ 1.5 × sha256sum'
    peak=$(RESET=$nothing measure peak "$foil" verify --quiet --key "$(cat gateway.did)" full)
    row 'contract check, signatures verified, peak' KiB "$(RESET=$nothing measure peak sh -c "$check" "$foil")" \
        "$peak" '≤ 1.3 × verify'
    rm -rf grown before
    cp -r full grown
    cp -r "$XDG_STATE_HOME" before
    head -n $((N / 100)) signed.jsonl | "$foil" chain append --quiet --accept-clock grown -k gateway > /dev/null
    row 'verify again, after 1 % was added' s \
        "$(RESET='rm -rf "$XDG_STATE_HOME"; cp -r before "$XDG_STATE_HOME"' measure wall "$foil" verify --quiet grown)" \
        "$first" '≤ 0.17 × the first time'
    rm -rf grown before
}

jq() {
    full_ledger
    absent jq 'chain cat --records, wall' && return
    row 'chain cat --records, wall' s "$(measure wall "$foil" chain cat --records full)" \
        "$(measure wall sh -c 'cat full/entries/*.jsonl | jq -c .record')" 'for comparison: jq -c .record'
}

git() {
    signed_set
    absent git '50 one-shot appends of one record' && return
    head -n 1 signed.jsonl > one.jsonl
    new_ledger single
    rm -rf repository
    command git init --quiet repository
    local ours='for i in $(seq 50); do "$0" chain append --quiet single -k gateway one.jsonl; done'
    local theirs='cd repository; for i in $(seq 50); do cat ../one.jsonl >> file; git add file
        git -c user.name=a -c user.email=a@example.com -c core.fsync=all commit --quiet -m x; done'
    row '50 one-shot appends of one record' s "$(measure wall sh -c "$ours" "$foil")" \
        "$(measure wall sh -c "$theirs")" 'for comparison: git commit, core.fsync=all'
}

minisign() {
    signed_set
    absent minisign '200 starts that verify one signature' && return
    head -n 1 signed.jsonl > one.jsonl
    rm -f mini.*
    command minisign -G -W -p mini.pub -s mini.key > /dev/null
    command minisign -S -s mini.key -m one.jsonl > /dev/null
    local ours='for i in $(seq 200); do "$0" verify --quiet one.jsonl; done'
    local theirs='for i in $(seq 200); do minisign -Vqm one.jsonl -p mini.pub; done'
    row '200 starts that verify one signature' s "$(measure wall sh -c "$ours" "$foil")" \
        "$(measure wall sh -c "$theirs")" 'for comparison: minisign'
}

# HYPERCORE names a folder in which `npm install hypercore@10` was run.
hypercore() {
    signed_set
    if [ ! -d "${HYPERCORE:-}/node_modules/hypercore" ]; then
        say "NOT INSTALLED: hypercore (npm install hypercore@10 in a folder, and HYPERCORE=that folder)"
        printf '| append of %s readings | – | not installed: hypercore | – | – |\n' "$APPENDED"
        return
    fi
    cat > "$HYPERCORE/append.js" <<-'EOF'
	const Hypercore = require('hypercore')
	const lines = require('fs').readFileSync(process.argv[2], 'utf8').trimEnd().split('\n')
	async function main () {
	  const core = new Hypercore(process.argv[3])
	  await core.ready()
	  for (let at = 0; at < lines.length; at += 10000) await core.append(lines.slice(at, at + 10000).map(line => Buffer.from(line)))
	  await core.close()
	}
	main()
	EOF
    row "append of $APPENDED readings, signatures checked" s \
        "$(RESET='new_ledger fresh' measure wall "$foil" chain append --quiet fresh -k gateway some.jsonl)" \
        "$(RESET='rm -rf core' measure wall node "$HYPERCORE/append.js" "$folder/some.jsonl" "$folder/core")" \
        'for comparison: hypercore, batches of 10,000'
}

# A ledger of so many signed readings, each received when it was measured.
sized() {
    [ -e "$1" ] && return
    say "making a ledger of $2 entries"
    "$floor" readings "$2" | "$foil" sign -k gateway | "$floor" ledger "$1" gateway.pem
}

# BIG entries against 10,000, for memory against 100,000: what should not depend on the size of a ledger.
scale() {
    signed_set
    sized tiny 10000
    sized middle 100000
    sized big "$BIG"
    local many='for i in $(seq 20); do rm -f p.json p.tlog-proof; "$0" chain prove "$1" 7000 -o p; done'
    beside "20 × chain prove at $BIG entries" "$many" big tiny '≤ 3 × at 10,000'
    beside "20 × chain cat N at $BIG entries" 'for i in $(seq 20); do "$0" chain cat "$1" 7000; done' big tiny '≤ 3 × at 10,000'
    rm -rf big.copy tiny.copy
    cp -r big big.copy
    cp -r tiny tiny.copy
    many='for i in $(seq 20); do "$0" chain diff "$1" "$1.copy" --quick --key gateway; done'
    beside "20 × chain diff --quick of copies at $BIG entries" "$many" big tiny '≤ 3 × at 10,000'
    rm -rf big.copy tiny.copy
    new_ledger none
    head -n 1 signed.jsonl > one.jsonl
    many='for i in $(seq 200); do "$0" chain append --quiet --accept-clock "$1" -k gateway one.jsonl; done'
    beside "200 one-shot appends into $BIG entries" "$many" big none '≤ 1.1 × into none'
    peaks 'verify, every signature' "$foil" verify --quiet --all --key gateway
    peaks 'verify again' "$foil" verify --quiet --key gateway
    peaks "chain append of $APPENDED" sh -c '"$0" chain append --quiet --accept-clock "$1" -k gateway some.jsonl' "$foil"
    contract_toml
    peaks 'contract check' sh -c '"$0" contract check --draft contract.toml --key gateway "$1"; [ $? -ne 2 ]' "$foil"
}

# beside NAME COMMAND BIG SMALL TARGET: the wall time of a command on two ledgers.
beside() {
    row "$1" s "$(measure wall sh -c "$2" "$foil" "$3")" "$(measure wall sh -c "$2" "$foil" "$4")" "$5"
}

# peaks NAME COMMAND…: the peak memory of a command on the big ledger and the middle one.
peaks() {
    local name=$1
    shift
    row "$name, peak at $BIG entries" KiB "$(measure peak "$@" big)" "$(measure peak "$@" middle)" '≤ 1.1 × at 100,000'
}

# What a device says through a pseudo-terminal, as fast as that goes.
device() {
    absent socat 'device read on a PTY' && return
    throughput json cold-room 400000 0.5
    throughput text thermometer 400000 0.3
    throughput nmea gps 200000 0.3
    throughput dsmr meter 50000 0.3
    throughput sml sml-meter 50000 0.3
}

# throughput FORMAT KIND COUNT TARGET: what a simulated device says, read from a PTY by us and by head, whose work is cat's, in turn.
throughput() {
    local format=$1 kind=$2 count=$3 bytes some most run
    "$foil" device read --quiet "sim:$kind" --seed 1 --count "$count" --tee "$kind.bytes" > /dev/null
    # What is open when the first bytes come may lose them, and the last ones stay in the terminal.
    some=$((count - count / 40)) most=$(wc -c < "$kind.bytes")
    bytes=$((most - most / 40))
    : > ours > theirs
    for run in $(seq "$RUNS"); do
        on_pty "$kind.bytes" "$foil" device read --quiet --format "$format" --count "$some" port >> ours
        on_pty "$kind.bytes" head -c "$bytes" port >> theirs
    done
    row "device read --format $format of $most bytes on a PTY" MB/s "$(megabytes "$bytes" ours)" \
        "$(megabytes "$bytes" theirs)" "≥ $4 × head -c, as cat"
    rm "$kind.bytes"
}

# megabytes BYTES FILE: how many of them a second, by the median of the seconds in a file.
megabytes() { awk -v bytes="$1" -v s="$(median < "$2")" 'BEGIN { print bytes / 1e6 / (s > 0 ? s : 0.001) }'; }

# on_pty FILE COMMAND…: how many seconds a command takes that reads ./port, to which a file is sent. They count from the first byte on:
# what socat waits before it sends is nobody's work.
on_pty() {
    local file=$1 sender
    shift
    rm -f port
    socat -u "OPEN:$file" PTY,link=port,raw,echo=0,wait-slave 2> /dev/null &
    sender=$!
    until [ -e port ]; do sleep 0.01; done
    exec 3< port
    head -c 1 <&3 > /dev/null
    { TIMEFORMAT=%R; time timeout 60 "$@" > /dev/null 2> told; } 2>&1
    exec 3<&-
    kill "$sender" 2> /dev/null || :
    wait "$sender" 2> /dev/null || :
}

# Closed files packed; a second run finds nothing to do.
pack() {
    full_ledger
    rm -rf packed
    cp -r full packed
    local before after
    before=$(cat packed/entries/* | wc -c)
    "$foil" chain pack packed > /dev/null
    after=$(cat packed/entries/* | wc -c)
    row 'bytes of entries after chain pack' B "$after" "$before" 'for comparison: as they were written'
}

# What an entry takes on disk, beside the bytes of its record.
disk() {
    full_ledger
    row 'disk, bytes of a ledger' B "$(du -sb full | cut -f1)" "$(wc -c < signed.jsonl)" '≤ 1.25 × its records'
}
