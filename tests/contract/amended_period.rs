//! The time that an amendment leaves to the contract before it, where events begin that one's period: there may be none. The
//! first contract is over the hour from six, the amendment from half past six to half past seven. Times are minutes after six.

use counterfoil::json::Object;

use super::{
    amendments::{Draft, agreed, amendment, is_superseded, judged, original, rows, sum},
    events::{OWNER, event},
};

/// A demand on all of the period, what it costs to be there at all, and what was measured in it.
const AT_ALL: &str = r#"[[terms]]
id = "peak"
on = "probe"
measure = "max(t) <= 8.0"
each = "period"
[[payments]]
id = "rent"
from = "tenant"
to = "owner"
amount = "40.00"
[[payments]]
id = "meter"
from = "tenant"
to = "owner"
amount = "delta(energy) * 0.25"
"#;

#[test]
fn a_contract_that_is_left_no_time_judges_nothing_and_its_payments_without_each_are_due() {
    let loaded = ", from_event = { event = \"loaded\", by = [\"owner\"] }";
    let old = agreed(&Draft { events: loaded, more: AT_ALL, ..original() }, 60);
    let new = agreed(&Draft { events: loaded, more: AT_ALL, ..amendment(&old) }, 60);
    let terms = |verdict: &Object| {
        let text = |row: &Object| format!("{} {}", row.str("state").unwrap(), row.str("why").unwrap());
        rows(verdict, "terms").iter().map(text).collect::<Vec<_>>()
    };
    let sums = |verdict: &Object| ["warm", "meter", "rent"].map(|id| sum(verdict, id));
    let of = |minute| {
        let event = event(&old.contract, 0, "loaded", (minute, 50), OWNER);
        [&old, &new].map(|of| judged(&of.contract, &[old.by_both(1), new.by_both(25), event.clone()]).0)
    };
    // The first contract judges from the loading on, and the amendment from minute 30 on.
    for minute in [30, 35] {
        let [first, _] = of(minute);
        assert!(is_superseded(&first).is_some());
        let [within, superseded] = ["kept within", "kept superseded"];
        assert_eq!(terms(&first), [within, superseded, superseded, within]);
        // Nothing was measured: that has no price.
        assert_eq!(sums(&first), ["0.00", "0.00", "40.00"]);
    }
    // too warm from 35 to 40 at 2.00; 0.5 kWh in each five minutes from 35 to 90, 5.5 kWh at 0.25: 1.375
    assert_eq!(sums(&of(35)[1]), ["10.00", "1.38", "40.00"]);
    // Loaded at 25, the first judges five minutes at 1.00, and half a kWh: 0.125. The amendment does from 30 on: 6 kWh.
    let [first, second] = of(25);
    assert_eq!(terms(&first)[0], "breached limit");
    assert_eq!(sums(&first), ["5.00", "0.12", "40.00"]);
    assert_eq!(sums(&second), ["20.00", "1.50", "40.00"]);
}
