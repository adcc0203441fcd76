# The rows of compare.sh about a contract: its readings a second, and the programs that people ask the same with. Sourced by it.
#
#   PEERS=DIR    a Python environment with `pip install duckdb==2.0.1 rtamt==0.4.10`

contract() {
    timely_ledger
    contract_toml
    # Any verdict is an answer; only "could not ask" (2) is none.
    local check='"$0" contract check --draft --no-verify --quiet "$1" "$2"; [ $? -ne 2 ]' wall plain small
    all_count contract.toml timely
    wall=$(measure wall sh -c "$check" "$foil" contract.toml timely)
    row "contract check of $N readings, signatures not verified" /s "$(per_second "$N" "$wall")" 1000000 '≥ 2 × 1 M/s'
    year_ledger
    sed 's/2026-03-01/2025-03-01/; s/2026-07-01/2026-03-01/' contract.toml > year.toml
    { cat year.toml; hours_toml; } > hours.toml
    all_count hours.toml year
    plain=$(measure wall sh -c "$check" "$foil" year.toml year)
    row 'contract check of a year of minutes, with a payment for each hour, wall' s \
        "$(measure wall sh -c "$check" "$foil" hours.toml year)" "$plain" '≤ 1.2 × without payments'
    [ -e few ] || head -n "$APPENDED" signed.jsonl | "$floor" ledger few gateway.pem
    small=$(measure peak sh -c "$check" "$foil" contract.toml few)
    row "contract check of $N readings, peak memory" KiB "$(measure peak sh -c "$check" "$foil" contract.toml timely)" \
        "$small" "flat from $APPENDED"
    against_tables "$wall"
    against_monitors "$wall"
}

# Readings that are refused cost next to nothing: what is measured would be no evaluation.
all_count() {
    local doubt
    doubt=$("$foil" contract check --draft --no-verify "$1" "$2" 2>&1 > /dev/null | grep 'not used') || return 0
    say "of $2 $doubt"
    exit 1
}

# The same question as windows of SQL, on the same files.
against_tables() {
    python_has duckdb || { skipped duckdb 'contract check against DuckDB'; return; }
    excursions_sql > excursions.sql
    row "contract check of $N readings, wall" s "$1" \
        "$(measure wall "$PEERS/bin/python" -c 'import duckdb; print(duckdb.sql(open("excursions.sql").read()))')" '≤ 1.0 × DuckDB'
}

# Monitors of temporal logic and of alerts, by readings a second: they take fewer, since they would take all day.
against_monitors() {
    local few=$((N < 20000 ? N : 20000)) ours
    ours=$(per_second "$N" "$1")
    temperatures "$few" > temperatures
    if python_has rtamt; then
        monitor_py > monitor.py
        row 'contract check, readings' /s "$ours" \
            "$(per_second "$few" "$(measure wall "$PEERS/bin/python" monitor.py)")" '≥ 8 × RTAMT'
    else
        skipped rtamt 'contract check against RTAMT'
    fi
    if ! absent promtool 'contract check against promtool'; then
        alerts_yml
        row 'contract check, readings' /s "$ours" \
            "$(per_second "$few" "$(measure wall promtool test rules test.yml)")" '≥ 50 × promtool'
    fi
}

# The readings as a gateway appends them, as soon as they are measured: of what comes months later nothing counts, and
# little is evaluated.
timely_ledger() {
    [ -e timely ] && return
    signed_set
    "$floor" ledger timely gateway.pem < signed.jsonl
}

# A year of one-minute readings.
year_ledger() {
    [ -e year ] && return
    "$floor" readings 525600 2025-03-01T06:00:00.000Z 60 > minutes.jsonl
    "$foil" sign -k gateway minutes.jsonl | "$floor" ledger year gateway.pem
}

python_has() { [ -n "${PEERS:-}" ] && "$PEERS/bin/python" -c "import $1" 2> /dev/null; }

skipped() { printf '| %s | – | – | – | %s is not installed: PEERS=DIR |\n' "$2" "$1"; }

contract_toml() {
    cat > contract.toml <<-EOF
	contract = "foil/1"
	title = "Cold room"
	currency = "EUR"
	period = { from = 2026-03-01T06:00:00Z, to = 2026-07-01T06:00:00Z }
	[parties.owner]
	key = "$(cat gateway.did)"
	[devices.probe]
	id = "cold-room-3"
	signed_by = ["$(cat gateway.did)"]
	responsible = "owner"
	fields = { temperature = "Cel" }
	[time]
	hold = "11m"
	late_after = "6h"
	[[terms]]
	id = "cold"
	on = "probe"
	require = "temperature >= 2.0 && temperature <= 8.0"
	gap     = "hold"
	tolerate = { longer_than = "30m" }
	EOF
}

hours_toml() {
    [ -e tenant.did ] || "$foil" keygen --quiet tenant > /dev/null
    cat <<-EOF
	[parties.tenant]
	key = "$(cat tenant.did)"
	[[payments]]
	id = "warm-hours"
	from = "owner"
	to = "tenant"
	each = "hour"
	when = "max(temperature) > 8.0"
	amount = "1.50"
	EOF
}

# A value speaks for eleven minutes at most; what is out of bounds for more than thirty is an excursion.
excursions_sql() {
    cat <<-'EOF'
	WITH readings AS (
	  SELECT CAST(record->>'time' AS TIMESTAMP) AS measured, CAST(record->'values'->>'temperature' AS DECIMAL(18, 4)) AS value
	  FROM read_ndjson('timely/entries/*.jsonl*', columns = {record: 'JSON'}) WHERE record->>'type' = 'reading'),
	states AS (
	  SELECT measured, value NOT BETWEEN 2.0 AND 8.0 AS bad,
	    least(coalesce(lead(measured) OVER follows, measured), measured + INTERVAL 11 MINUTE) AS until,
	    lag(value NOT BETWEEN 2.0 AND 8.0) OVER follows AS before
	  FROM readings WINDOW follows AS (ORDER BY measured)),
	stretches AS (
	  SELECT *, sum(CASE WHEN bad IS DISTINCT FROM before THEN 1 ELSE 0 END) OVER (ORDER BY measured) AS stretch FROM states)
	SELECT count(*), max(length) FROM (
	  SELECT sum(epoch_ms(until) - epoch_ms(measured)) AS length FROM stretches WHERE bad GROUP BY stretch)
	WHERE length > 30 * 60 * 1000;
	EOF
}

temperatures() { head -n "$1" readings.jsonl | sed 's/.*"temperature":\([-0-9.]*\).*/\1/'; }

# No thirty minutes without a good value, in dense time.
monitor_py() {
    cat <<-'EOF'
	import rtamt

	values = [float(line) for line in open("temperatures")]
	monitor = rtamt.StlDenseTimeSpecification()
	monitor.declare_var("temperature", "float")
	monitor.spec = "always(eventually[0,1800]((temperature >= 2.0) and (temperature <= 8.0)))"
	monitor.parse()
	print(monitor.evaluate(["temperature", list(map(list, enumerate(values)))])[0])
	EOF
}

# The alert that fires after thirty minutes, evaluated at each reading.
alerts_yml() {
    cat > rules.yml <<-'EOF'
	groups:
	  - name: cold
	    interval: 1s
	    rules:
	      - alert: Warm
	        expr: temperature < 2.0 or temperature > 8.0
	        for: 30m
	EOF
    {
        printf 'rule_files: [rules.yml]\nevaluation_interval: 1s\ntests:\n  - interval: 1s\n    input_series:\n'
        printf "      - series: temperature\n        values: '%s'\n" "$(tr '\n' ' ' < temperatures)"
        printf '    promql_expr_test:\n      - expr: count(temperature)\n        eval_time: %ss\n' "$(($(wc -l < temperatures) - 1))"
        printf '        exp_samples: [{ labels: "{}", value: 1 }]\n'
    } > test.yml
}
