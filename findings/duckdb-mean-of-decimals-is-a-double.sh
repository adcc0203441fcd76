#!/usr/bin/env bash
# DuckDB 2.0.1: the mean of exact decimals, and their quotient, are binary floating point.
#
# Seen: avg() over DECIMAL(18,2) is a DOUBLE, and the mean of 0.10, 0.20 and 0.30 is 0.19999999999999998, below a limit of
# 0.2 that it equals; so is sum() / count(). The sum alone is exact, a DECIMAL(38,2). A limit or a price that rests on a mean
# belongs on the other side of the division: sum(x) >= 0.2 * count(*).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet duckdb==2.0.1
"$folder/python/bin/python" - <<'END'
import duckdb

prices = "(SELECT CAST(v AS DECIMAL(18, 2)) AS x FROM (VALUES ('0.10'), ('0.20'), ('0.30')) AS t(v))"
kind, mean, reaches = duckdb.sql(f"SELECT typeof(avg(x)), CAST(avg(x) AS VARCHAR), avg(x) >= 0.2 FROM {prices}").fetchall()[0]
divided, exact = duckdb.sql(f"SELECT sum(x) / count(*) >= 0.2, sum(x) >= 0.2 * count(*) FROM {prices}").fetchall()[0]
seen = kind, mean, reaches, divided, exact
print(*seen)
assert seen == ("DOUBLE", "0.19999999999999998", False, False, True), seen
END
