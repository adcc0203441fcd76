#!/usr/bin/env bash
# RTAMT 0.4.10: the bounds of a discrete-time formula count samples, though each sample comes with its time.
#
# Seen: always[0,2](t <= 8.0) on samples of the times 0, 1, 5 and 6 is violated at time 0 by the value of time 5, and no
# error is raised: two means the two samples that follow. Where a device misses readings, a window of thirty minutes becomes
# one of thirty readings. The dense-time monitor goes by the times, and gives 3.0 at time 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet rtamt==0.4.10
"$folder/python/bin/python" - <<'END'
import rtamt

times, values = [0, 1, 5, 6], [5.0, 5.0, 9.0, 5.0]


def monitor(kind):
    made = kind()
    made.declare_var("t", "float")
    made.spec = "always[0,2](t <= 8.0)"
    made.parse()
    return made


discrete = monitor(rtamt.StlDiscreteTimeSpecification).evaluate({"time": times, "t": values})
dense = monitor(rtamt.StlDenseTimeSpecification).evaluate(["t", [list(pair) for pair in zip(times, values)]])
print("discrete", discrete, "dense", dense)
assert discrete[0] == [0, -1.0], discrete
assert dense[0] == [0, 3.0], dense
END
