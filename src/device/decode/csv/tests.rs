use std::sync::Arc;

use super::*;
use crate::{device::decode::FieldMap, time::Time};

/// What the last of some lines gives.
fn last(lines: &[&str], context: &mut DecodeContext) -> String {
    let mut read = None;
    for line in lines {
        read = Some(decode(line.as_bytes(), context).map(Decoded::readings));
    }
    match read.unwrap() {
        Ok(bodies) if bodies.is_empty() => "header".to_owned(),
        Ok(bodies) => {
            format!("{} {} {}", bodies[0].values, bodies[0].values.units_to_canonical(), bodies[0].undecoded)
        }
        Err(bad) => bad.detail,
    }
}

fn read(lines: &[&str]) -> String {
    last(lines, &mut DecodeContext::default())
}

#[test]
fn a_header_names_the_columns_and_their_units() {
    for (lines, gives) in [
        (
            &["t [°C],Humidity (%),door", "21.5,40,open"][..],
            r#"{"Humidity":40,"door":"open","t":21.5} {"Humidity":"%RH","t":"Cel"} {}"#,
        ),
        (&["t;p", "21.5;1013"], r#"{"p":1013,"t":21.5} {} {}"#),
        (&["t\tp", "21.5\t1013"], r#"{"p":1013,"t":21.5} {} {}"#),
        (&["t,name", "1,\"a, \"\"b\"\"\""], r#"{"name":"a, \"b\"","t":1} {} {}"#),
        (&["t,p", ",OL"], r#"{"p":null,"t":null} {} {}"#),
        (&["t,id", "21.5 C,0066"], r#"{"id":"0066","t":21.5} {"t":"Cel"} {}"#),
        (&["t,p", "1,2", "t,p", "3,4"], r#"{"p":4,"t":3} {} {}"#),
        (&["t,p", "1,2", "t,q,p", "3,5,4"], r#"{"p":4,"q":5,"t":3} {} {}"#),
        (&["door,lock", "open,shut"], r#"{"door":"open","lock":"shut"} {} {}"#),
        (&["t,p,q,", "1,2,3,"], r#"{"p":2,"q":3,"t":1} {} {}"#),
        (&["t,p,", "1,2,"], r#"{"p":2,"t":1} {} {}"#),
        (&["t;p", "21,5;2"], r#"{"p":2,"t":null} {} {"t":"21,5"}"#),
        (&["t,p", "1,2,3"], "3 fields for 2 columns"),
        (&["t,p", "1"], "1 fields for 2 columns"),
        (
            &["Temp (C),Hum (%),Temp (F)", "19.5,48,67.1"],
            r#"{"Hum":48,"Temp":19.5,"Temp_2":67.1} {"Hum":"/100","Temp":"Cel","Temp_2":"degF"} {}"#,
        ),
        (&["t,t,p", ",19.5,7"], r#"{"p":7,"t":null,"t_2":19.5} {} {}"#),
        (&["t,t,p", "1,2,3", "t,t,p", "4,5,6"], r#"{"p":6,"t":4,"t_2":5} {} {}"#),
        (&["t,t,t_2", "1,2,3"], r#"{"t":1,"t_2":3,"t_3":2} {} {}"#),
        (&["t,p", "1,2", "ok,ok"], r#"{"p":"ok","t":"ok"} {} {}"#),
        (&[",t,p", "0,19.5,7"], r#"{"p":7,"t":19.5} {} {"column_1":"0"}"#),
        (&["t,,p", "19.5,up,7"], r#"{"p":7,"t":19.5} {} {"column_2":"up"}"#),
        (&["door,,lock", "open,7,shut"], r#"{"door":"open","lock":"shut"} {} {"column_2":"7"}"#),
        (&["# t,p", "19.5,7"], r#"{"p":7,"t":19.5} {} {}"#),
        (&["#t,p (bar)", "19.5,7"], r#"{"p":7,"t":19.5} {"p":"bar"} {}"#),
        (&["# a,b", "t,p", "19.5,7"], r#"{"p":7,"t":19.5} {} {}"#),
        (&["t,p", "1,2", "# made by me,today"], "a comment"),
        (&["# made by me,today", "19.5,7"], "the columns have no names yet: --columns names them"),
        (&["colour,p", "#ffaa00,2"], r##"{"colour":null,"p":2} {} {"colour":"#ffaa00"}"##),
        (&["t,p", "#1,2"], r##"{"p":2,"t":null} {} {"t":"#1"}"##),
        (
            &["e,t,s", "31 415.9 kWh,31. 5,31 415 main street"],
            r#"{"e":null,"s":"31 415 main street","t":null} {} {"e":"31 415.9 kWh","t":"31. 5"}"#,
        ),
        (&["accel,p", "0.75 g,7 m"], r#"{"accel":0.75,"p":7} {"p":"m"} {"accel":"g"}"#),
        (
            &["t,p", "19.299999237060546875,7"],
            r#"{"p":7,"t":19.299999237060547} {} {"t":"19.299999237060546875"}"#,
        ),
        (&["v,i,u", "+9.91000E+37,-9.9e37,+1.5E-03"], r#"{"i":null,"u":0.0015,"v":null} {} {}"#),
        (&["Boot v1.2,ok", "t,p", "19.5,7"], r#"{"p":7,"t":19.5} {} {}"#),
        (&["t,ok", "19.5,7", "warm,yes", "20,8"], r#"{"warm":20,"yes":8} {} {}"#),
        (&["CPS, 1, CPM, 35, uSv/hr, 0.19, SLOW"], r#"{"CPM":35,"CPS":1,"uSv/hr":0.19} {} {"text":"SLOW"}"#),
        (&["t,19.5,C"], "the columns have no names yet: --columns names them"),
        (&["t,19.5,C,h,48,%"], "the columns have no names yet: --columns names them"),
        (&["1,2"], "the columns have no names yet: --columns names them"),
    ] {
        assert_eq!(read(lines), gives, "{lines:?}");
    }
}

#[test]
fn rows_of_units_are_no_values() {
    let file = [
        r#""TOA5","CR1000","CR1000","4159","CR1000.Std.31","CPU:lab.CR1","2653","Ten""#,
        r#""TIMESTAMP","RECORD","Batt_Min","Air_Avg","RH","Flux_Avg""#,
        r#""TS","RN","Volts","Deg C","%","furlongs""#,
        r#""","","Min","Avg","Smp","Avg""#,
        r#""2026-07-15 10:00:00",7,12.5,19.5,"NAN",3"#,
    ];
    for (lines, gives) in [
        (
            &file[..],
            r#"{"Air_Avg":19.5,"Batt_Min":12.5,"Flux_Avg":3,"RECORD":7,"RH":null,"TIMESTAMP":"2026-07-15 10:00:00"} {"Air_Avg":"Cel","Batt_Min":"V"} {"Flux_Avg":"furlongs"}"#,
        ),
        (&file[..2], "header"),
        (&file[..3], "header"),
        (&file[..4], "header"),
        (&["time,temp,hum", ",°C,%"], "header"),
        (
            &["time,temp,hum", "UTC,°C,(%)", "7,19.5,48"],
            r#"{"hum":48,"temp":19.5,"time":7} {"hum":"/100","temp":"Cel"} {}"#,
        ),
        (&["a,b", "[mV],[furlong]", "1,2"], r#"{"a":1,"b":2} {"a":"mV"} {"b":"furlong"}"#),
        (&["t (F),p", "°C,hPa", "1,2"], r#"{"p":2,"t":1} {"p":"hPa","t":"degF"} {}"#),
        (&["class,grade", "A,C"], r#"{"class":"A","grade":"C"} {} {}"#),
        (&["state,unit", "open,mV"], r#"{"state":"open","unit":"mV"} {} {}"#),
        (&["a,b", "1,2", "mV,mA"], "header"),
        (&["a,b", "x,y", "mV,mA"], r#"{"a":"mV","b":"mA"} {} {}"#),
    ] {
        assert_eq!(read(lines), gives, "{lines:?}");
    }
}

#[test]
fn a_header_that_may_be_cut_names_nothing() {
    let mut context = DecodeContext { may_be_cut: true, ..DecodeContext::default() };
    assert!(last(&["emp,hum"], &mut context).contains("--columns"));
    context.may_be_cut = false;
    assert!(last(&["21.5,40"], &mut context).contains("--columns"));
}

#[test]
fn columns_that_the_user_names_are_no_other() {
    let columns = CsvColumns::parse("t [°C],,door").unwrap();
    let mut context = DecodeContext { columns, ..DecodeContext::default() };
    assert_eq!(last(&["1,2,on"], &mut context), r#"{"door":"on","t":1} {"t":"Cel"} {}"#);
    assert_eq!(last(&["a,b,c"], &mut context), r#"{"door":"c","t":"a"} {} {}"#);
    assert_eq!(last(&["t,x"], &mut context), "2 fields for 3 columns");
    assert!(CsvColumns::parse("").is_err() && CsvColumns::parse("a,b,a").is_err());
}

#[test]
fn times_with_a_zone_date_the_reading() {
    let mut context = DecodeContext::default();
    decode(b"time,t", &mut context).unwrap();
    let body = decode(b"2026-03-01T06:00:00Z,4", &mut context).unwrap().readings().remove(0);
    assert_eq!((body.time, body.values.len()), (Time::parse("2026-03-01T06:00:00.000Z"), 1));
    assert_eq!(
        last(&["2026-03-01 06:00:00,4"], &mut context),
        r#"{"t":4,"time":"2026-03-01 06:00:00"} {} {}"#
    );
}

#[test]
fn a_date_and_a_time_in_two_columns_date_the_reading() {
    let zone = |text| crate::time::Zone::offset(text).unwrap();
    let read = |row: &str, zone: Option<crate::time::Zone>| {
        let mut context = DecodeContext { zone, ..DecodeContext::default() };
        decode(b"n,Date,t,Time", &mut context).unwrap();
        let body = decode(row.as_bytes(), &mut context).unwrap().readings().remove(0);
        format!("{} {}", body.time.map(|time| time.to_string()).unwrap_or_default(), body.values)
    };
    let dated = r#"2026-03-01T06:00:00.000Z {"n":1,"t":4}"#;
    assert_eq!(read("1,2026-03-01,4,07:00:00", Some(zone("+01:00"))), dated);
    assert_eq!(read("1,2026-03-01,4,06:00:00Z", None), dated);
    let local = r#" {"Date":"2026-03-01","Time":"06:00:00","n":1,"t":4}"#;
    assert_eq!(read("1,2026-03-01,4,06:00:00", None), local);
    let odd = r#" {"Date":"01/03/2026","Time":"06:00:00","n":1,"t":4}"#;
    assert_eq!(read("1,01/03/2026,4,06:00:00", Some(zone("+01:00"))), odd);
    let whole = r#"2026-03-01T06:00:00.000Z {"Date":"2026-03-01","n":1,"t":4}"#;
    assert_eq!(read("1,2026-03-01,4,2026-03-01T06:00:00Z", None), whole);
}

#[test]
fn decimal_commas_are_read_where_they_are_asked_for() {
    let map = Arc::new(FieldMap::parse("decimal = \",\"").unwrap());
    let mut context = DecodeContext { map, ..DecodeContext::default() };
    assert_eq!(last(&["t;p", "21,5;7"], &mut context), r#"{"p":7,"t":21.5} {} {}"#);
}
