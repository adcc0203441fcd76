use std::sync::Arc;

use super::*;
use crate::device::decode::FieldMap;

mod doubts;

fn read(bytes: &[u8], context: &mut DecodeContext) -> String {
    let shown = String::from_utf8_lossy(bytes);
    match decode(bytes, context).map(Decoded::readings) {
        Ok(bodies) => {
            format!("{} {} {}", bodies[0].values, bodies[0].values.units_to_canonical(), bodies[0].undecoded)
        }
        Err(bad) => format!("{}: {shown}", bad.fault.as_str()),
    }
}

fn body(line: &str) -> String {
    read(line.as_bytes(), &mut DecodeContext::default())
}

#[test]
fn units_attached_or_apart_or_within_the_name() {
    for (line, gives) in [
        ("T=21.5C", r#"{"T":21.5} {"T":"Cel"} {}"#),
        ("Humidity: 40 %", r#"{"Humidity":40} {"Humidity":"%RH"} {}"#),
        ("v=3.3 V i=0.2 A", r#"{"i":0.2,"v":3.3} {"i":"A","v":"V"} {}"#),
        ("v=3 i=2", r#"{"i":2,"v":3} {} {}"#),
        ("a: 1 b: 2 rpm", r#"{"a":1,"b":2} {"b":"1/min"} {}"#),
        (
            "co2(ppm):655.00 warmth(C):19.8 moisture(%):51.3",
            r#"{"co2":655,"moisture":51.3,"warmth":19.8} {"co2":"ppm","moisture":"/100","warmth":"Cel"} {}"#,
        ),
        ("Moisture (%): 51.30", r#"{"Moisture":51.3} {"Moisture":"/100"} {}"#),
        ("Warmth (Celsius): 19.80", r#"{"Warmth":19.8} {"Warmth":"Cel"} {}"#),
        ("level [mm]: 5 flow: 7 [l/min]", r#"{"flow":7,"level":5} {"flow":"l/min","level":"mm"} {}"#),
        ("Voltage:\t50123\tmV", r#"{"Voltage":50123} {"Voltage":"mV"} {}"#),
        ("temp (outside): 21", r#"{"temp_outside":21} {} {}"#),
        (
            "Warmth: 19.80 *C 67.64 *F",
            r#"{"Warmth":19.8,"Warmth_2":67.64} {"Warmth":"Cel","Warmth_2":"degF"} {}"#,
        ),
        ("depth: 3 furlong", r#"{"depth":3} {} {"depth":"furlong"}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn names_and_values_as_devices_part_them() {
    for (line, gives) in [
        ("dose=1.20e3 n=4", r#"{"dose":1200,"n":4} {} {}"#),
        ("last reading:\t15.2\t| mean:\t15.4", r#"{"last_reading":15.2,"mean":15.4} {} {}"#),
        ("PM 2.5: 12, PM 10: 20", r#"{"PM_10":20,"PM_2.5":12} {} {}"#),
        ("x=0.1,0.2,9.8", r#"{"x":0.1,"x_2":0.2,"x_3":9.8} {} {}"#),
        ("x: 1, 2 3", r#"{"x":1,"x_2":2,"x_3":3} {} {}"#),
        ("state: all good, t: 5", r#"{"state":"all good","t":5} {} {}"#),
        ("state=on fan=off PM 2.5=1", r#"{"PM_2.5":1,"fan":"off","state":"on"} {} {}"#),
        ("state=on air PM2=1", r#"{"PM2":1,"state":null} {} {"state":"on air"}"#),
        (
            "at: 12:34 ip=192.168.1.5 mac: a4:cf:12:05 fw=1.2.3",
            r#"{"at":"12:34","fw":"1.2.3","ip":"192.168.1.5","mac":"a4:cf:12:05"} {} {}"#,
        ),
        ("Sending: temp=5 C", r#"{"temp":5} {"temp":"Cel"} {"text":"Sending"}"#),
        ("D (1234) sensor: 21.5", r#"{"sensor":21.5} {} {"text":"D (1234)"}"#),
        ("[12:34:56] t:5", r#"{"t":5} {} {"text":"[12:34:56]"}"#),
        ("> t=5", r#"{"t":5} {} {}"#),
        ("a => 5, b=>6", r#"{"a":5,"b":6} {} {}"#),
        ("a := 5 b:=6", r#"{"a":5,"b":6} {} {}"#),
        ("a >= 5 b=6", r#"{"b":6} {} {"text":"a > 5"}"#),
        ("t\u{a0}:\u{a0}5\u{202f}\u{b0}C\u{a0}b: 6", r#"{"b":6,"t":5} {"t":"Cel"} {}"#),
        ("p: 1\u{a0}013 b: 6", "{\"b\":6,\"p\":null} {} {\"p\":\"1\u{a0}013\"}"),
        ("\x1b[0;32mt: 5 C\x1b[0m\r", r#"{"t":5} {"t":"Cel"} {}"#),
        ("\u{feff}t=5", r#"{"t":5} {} {}"#),
        ("a=1 b= c=3", r#"{"a":1,"b":null,"c":3} {} {"b":""}"#),
        ("a=1 =2 b=3", r#"{"a":1,"b":3} {} {"a":"2"}"#),
        ("Bat Events      : 0x0", r#"{"Bat_Events":"0x0"} {} {}"#),
        ("name=\"a b: c\" x=1", r#"{"name":"a b: c","x":1} {} {}"#),
        ("a=1 t=2\u{0}1", r#"{"a":1,"t":null} {} {"t":"2\u00001"}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn a_sign_apart_from_its_number_gives_no_number() {
    for (line, gives) in [
        (
            "Temperature: - 7.5 *C, Humidity: 40 %",
            r#"{"Humidity":40,"Temperature":null} {"Humidity":"%RH"} {"Temperature":"- 7.5 *C"}"#,
        ),
        ("T: - 5.2 C H: 1", r#"{"H":1,"T":null} {} {"T":"- 5.2 C"}"#),
        ("temp = -  12.5 b=1", r#"{"b":1,"temp":null} {} {"temp":"- 12.5"}"#),
        ("Q=- 5 W b=- 3 c=1", r#"{"Q":null,"b":null,"c":1} {} {"Q":"- 5 W","b":"- 3"}"#),
        ("q: + 5 c: 1", r#"{"c":1,"q":null} {} {"q":"+ 5"}"#),
        (
            "q: \u{2013} 5 r: \u{2212} 6 c: 1",
            "{\"c\":1,\"q\":null,\"r\":null} {} {\"q\":\"\u{2013} 5\",\"r\":\"\u{2212} 6\"}",
        ),
        ("q: -\u{a0}5 c: 1", r#"{"c":1,"q":null} {} {"q":"- 5"}"#),
        ("q: < 5 r: ~ 6 c: 1", r#"{"c":1,"q":null,"r":null} {} {"q":"< 5","r":"~ 6"}"#),
        ("q:\t-\t5 mm / h c: 1", r#"{"c":1,"q":null} {} {"q":"- 5 mm / h"}"#),
        ("q: - .5 furlong c: 1", r#"{"c":1,"q":null} {} {"q":"- .5","q_2":"furlong"}"#),
        ("q: - 5 6 c: 1", r#"{"c":1,"q":null} {} {"q":"- 5","q_2":"6"}"#),
        ("lat: - 33.5 S c: 1", r#"{"c":1,"lat":null} {} {"lat":"- 33.5 S"}"#),
        ("q (W): - 5 c: 1", r#"{"c":1,"q":null} {} {"q":"- 5"}"#),
        ("q: 4 - 5 c: 1", r#"{"c":1,"q":4} {} {"q":"- 5"}"#),
        ("q: -, 5 c: -", r#"{"c":null,"q":null,"q_2":5} {} {}"#),
        ("q: --- r: - b c: 1", r#"{"b_c":1,"q":null,"r":null} {} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn a_name_t_is_no_clock() {
    for (line, gives) in [
        ("T:21.5", r#"{"T":21.5} {} {}"#),
        ("T1:5", r#"{"T1":5} {} {}"#),
        ("T12:5", r#"{"T12":5} {} {}"#),
        ("T12:21.5", r#"{"T12":21.5} {} {}"#),
        ("T30:15 T10:75", r#"{"T10":75,"T30":15} {} {}"#),
        ("T:21.5 H:40", r#"{"H":40,"T":21.5} {} {}"#),
        ("Sensor T:5", r#"{"Sensor_T":5} {} {}"#),
        ("12:30:05 t=5", r#"{"t":5} {} {"text":"12:30:05"}"#),
        ("2026-03-01T06:00:00Z t=5", r#"{"t":5} {} {"text":"2026-03-01T06:00:00Z"}"#),
        ("T06:00 t=5", r#"{"t":5} {} {"text":"T06:00"}"#),
        ("T06:00:30 t=5", r#"{"t":5} {} {"text":"T06:00:30"}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn quotes_without_an_end_cost_only_their_value() {
    for (line, gives) in [
        (r#"aa=" b=2 c=3"#, r#"{"aa":null,"b":2,"c":3} {} {"aa":"\""}"#),
        (r#"aa="x y b=2"#, r#"{"aa":null,"b":2} {} {"aa":"\"x y"}"#),
        (r#"aa=" 5 b=2"#, r#"{"aa":null,"b":2} {} {"aa":"\" 5"}"#),
        (r#"aa="x b=2 c="y" d=4"#, r#"{"aa":null,"b":2,"c":"y","d":4} {} {"aa":"\"x"}"#),
        (r#"aa="" b="x"c=3"#, r#"{"aa":"","b":"x","c":3} {} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
    let mut context = DecodeContext::default();
    let gives = r#"{"aa":null,"b":2,"c":3} {} {"aa":"\"xÿ y"}"#;
    assert_eq!(read(b"aa=\"x\xff y b=2 c=3", &mut context), gives);
}

#[test]
fn hemispheres_are_no_units() {
    for (line, gives) in [
        (
            "Latitude: 33.5 S Longitude: 70.6 W",
            r#"{"Latitude":-33.5,"Longitude":-70.6} {"Latitude":"lat","Longitude":"lon"} {}"#,
        ),
        ("Lat: 60.5 N", r#"{"Lat":60.5} {"Lat":"lat"} {}"#),
        ("GPS lat=33.5S,lng=70.6°W", r#"{"GPS_lat":-33.5,"lng":-70.6} {"GPS_lat":"lat","lng":"lon"} {}"#),
        ("lat: 33.5° S lon: 5 deg east", r#"{"lat":-33.5,"lon":5} {"lat":"lat","lon":"lon"} {}"#),
        ("lat: 33.5, S, lon: 5, E", r#"{"lat":-33.5,"lon":5} {"lat":"lat","lon":"lon"} {}"#),
        ("Lat(S): 33.5", r#"{"Lat":-33.5} {"Lat":"lat"} {}"#),
        ("lat: 33.5 W b=1", r#"{"b":1,"lat":null} {} {"lat":"33.5 W"}"#),
        ("lat: -33.5 S b=1", r#"{"b":1,"lat":null} {} {"lat":"-33.5 S"}"#),
        ("lat: 33° 30' S b=1", r#"{"b":1,"lat":null} {} {"lat":"33° 30' S"}"#),
        ("lat: 3330.5 S b=1", r#"{"b":1,"lat":null} {} {"lat":"3330.5 S"}"#),
        ("lat: 33.5 lon: 70.6", r#"{"lat":33.5,"lon":70.6} {} {}"#),
        ("cond: 5 S", r#"{"cond":5} {"cond":"S"} {}"#),
        ("Conductance=5S", r#"{"Conductance":5} {"Conductance":"S"} {}"#),
        ("pos: 33.5 S b=1", r#"{"b":1,"pos":null} {} {"pos":"33.5 S"}"#),
        ("GPS position: 33.5S b=1", r#"{"GPS_position":null,"b":1} {} {"GPS_position":"33.5S"}"#),
        ("pos: 33.5 S, 70.6 W b=1", r#"{"b":1,"pos":null} {} {"pos":"33.5 S 70.6 W"}"#),
        ("pos: 33.5 E, b=1", r#"{"b":1,"pos":null} {} {"pos":"33.5 E"}"#),
        ("here: 60.1 N 20.2 E b=1", r#"{"b":1,"here":null} {} {"here":"60.1 N 20.2 E"}"#),
        ("here: 60.1N, 20.2W b=1", r#"{"b":1,"here":null} {} {"here":"60.1N 20.2W"}"#),
        ("uptime: 33 S", r#"{"uptime":33} {} {"uptime":"S"}"#),
        ("uptime: 33S b=1", r#"{"b":1,"uptime":33} {} {"uptime":"S"}"#),
        ("wind: 5 N", r#"{"wind":5} {} {"wind":"N"}"#),
        ("heading=350N b=1", r#"{"b":1,"heading":350} {} {"heading":"N"}"#),
        ("force: 5 N power: 7 W", r#"{"force":5,"power":7} {"force":"N","power":"W"} {}"#),
        ("load: 5 N 7 W b=1", r#"{"b":1,"load":null} {} {"load":"5 N 7 W"}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn units_with_blanks_are_known_or_none() {
    for (line, gives) in [
        ("t: 21.5 ° C", r#"{"t":21.5} {"t":"Cel"} {}"#),
        ("t: 21.5° C", r#"{"t":21.5} {"t":"Cel"} {}"#),
        ("t: 21.5 deg C", r#"{"t":21.5} {"t":"Cel"} {}"#),
        ("t: 21.5 degrees C", r#"{"t":21.5} {"t":"Cel"} {}"#),
        ("t: 21.5 deg F", r#"{"t":21.5} {"t":"degF"} {}"#),
        ("a: 5 deg", r#"{"a":5} {"a":"deg"} {}"#),
        ("v: 5 m / s", r#"{"v":5} {"v":"m/s"} {}"#),
        ("v: 5m /s", r#"{"v":5} {"v":"m/s"} {}"#),
        ("v: 5 W / m2", r#"{"v":5} {"v":"W/m2"} {}"#),
        ("v: 5 W / furlong", r#"{"v":5} {} {"v":"W / furlong"}"#),
        ("v: 5 m s^-1", r#"{"v":5} {} {"v":"m s^-1"}"#),
        ("v: 5 m s", r#"{"v":5} {} {"v":"m s"}"#),
        ("v: 5m s", r#"{"v":5} {} {"v":"m s"}"#),
        ("v: 5 m s, b: 6", r#"{"b":6,"v":5} {} {"v":"m s"}"#),
        ("v: 5 m s b: 6", r#"{"b":6,"v":5} {} {"v":"m s"}"#),
        ("f: 5 kg m s-2 b=6", r#"{"b":6,"f":5} {} {"f":"kg m s-2"}"#),
        ("eta: 5 Pa s", r#"{"eta":5} {} {"eta":"Pa s"}"#),
        ("s: 5 V A", r#"{"s":5} {} {"s":"V A"}"#),
        ("u: 5 V ok", r#"{"u":5} {"u":"V"} {"u":"ok"}"#),
        ("u: 12 V in", r#"{"u":12} {"u":"V"} {"u":"in"}"#),
        ("t: 21 C min", r#"{"t":21} {"t":"Cel"} {"t":"min"}"#),
        ("t: 21 C T max: 25", r#"{"T_max":25,"t":21} {"t":"Cel"} {}"#),
        ("e: 5 kW h", r#"{"e":5} {"e":"kWh"} {}"#),
        ("temp: 21.5 / hum: 40", r#"{"hum":40,"temp":21.5} {} {}"#),
        ("temp: 21.5 C / 70 / hum: 40", r#"{"hum":40,"temp":21.5,"temp_2":70} {"temp":"Cel"} {}"#),
        ("temp = 70.5 degrees F hum = 40 %", r#"{"hum":40,"temp":70.5} {"hum":"/100","temp":"degF"} {}"#),
        ("u: 5 VAC i: 3 Amps", r#"{"i":3,"u":5} {"i":"A"} {"u":"VAC"}"#),
        ("u: 5 V out temp: 3", r#"{"out_temp":3,"u":5} {"u":"V"} {}"#),
        ("PM 2.5: 12 PM 10: 20", r#"{"PM_10":20,"PM_2.5":12} {} {}"#),
        ("dose=1.2e3 W", r#"{"dose":1200} {"dose":"W"} {}"#),
        ("sal: 35 ‰", r#"{"sal":35} {"sal":"/1000"} {}"#),
        ("a: 5 %% b: 3 €", r#"{"a":5,"b":3} {} {"a":"%%","b":"€"}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn brackets_behind_a_name_are_no_name() {
    for (line, gives) in [
        ("temp(° C): 21", r#"{"temp":21} {"temp":"Cel"} {}"#),
        ("speed (km / h): 5", r#"{"speed":5} {"speed":"km/h"} {}"#),
        ("CO2 (ppm, raw): 500", r#"{"CO2":500} {} {"CO2":"ppm, raw"}"#),
        ("x(A B)=5", r#"{"x":5} {} {"x":"A B"}"#),
        ("flow [gal/day] : 5", r#"{"flow":5} {} {"flow":"gal/day"}"#),
        ("a(xyz): 5", r#"{"a":5} {} {"a":"xyz"}"#),
        ("door(A B): open c=1", r#"{"c":1,"door":"open"} {} {"door":"A B"}"#),
        ("Light(raw): 512, Temp(C): 21", r#"{"Light":512,"Temp":21} {"Temp":"Cel"} {"Light":"raw"}"#),
        ("(A B): 5 c=1", r#"{"c":1} {} {"text":"(A B) 5"}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn lines_without_a_value() {
    for line in [
        "I (312) wifi: connected",
        "rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)",
        "=5",
        "",
        "Power  2",
        "pwr 2",
        "$$",
        "@",
        "PID\t0xA060",
        "V\t13120",
        "Checksum\tr:A0102000543",
        "Checksum\t5:7102000543",
        "Checksum\t=",
        ":A0102000543",
        "ADCO 999999999999 C",
        "BASE 004321987 -",
        "\u{3}\u{2}",
        "EAST\t004321987\t1",
        "SINSTS\t00410\t=",
    ] {
        assert_eq!(body(line), format!("noise: {line}"));
    }
    for line in ["t: 21,5 C, m: 40,2 %", "e: 1.234,56 kWh", "e: 1,234 W", "PAPP: ", "PAPP 00410 :"] {
        assert_eq!(body(line), format!("syntax: {line}"));
    }
    let bad = DECODER.readings(b"pos: 33.5 S").unwrap_err();
    assert_eq!(bad.detail, r#"no value that is understood: {"pos":"33.5 S"}"#);
    let bad = DECODER.readings(b"e: 1,234 W").unwrap_err();
    assert!(bad.detail.contains("decimal = \",\"") && bad.detail.contains("--map"), "{bad}");
}

#[test]
fn signs_in_latin1_are_read_and_flipped_letters_are_not() {
    let mut context = DecodeContext::default();
    for (line, gives) in [
        (
            &b"warmth=19.8 \xb0C dust=12 \xb5g/m\xb3"[..],
            r#"{"dust":12,"warmth":19.8} {"dust":"ug/m3","warmth":"Cel"} {}"#,
        ),
        (b"warmth=20.1 \xc2\xbaC", r#"{"warmth":20.1} {"warmth":"Cel"} {}"#),
        (b"t\xe5mp=5 b=6", r#"{"b":6} {} {"text":"tåmp 5"}"#),
        (b"door=\x80 A b=6", "{\"b\":6,\"door\":null} {} {\"door\":\"\u{80}\",\"door_2\":\"A\"}"),
        (b"b=6 door=\xefpen", r#"{"b":6,"door":null} {} {"door":"ïpen"}"#),
    ] {
        assert_eq!(read(line, &mut context), gives);
    }
}

#[test]
fn a_map_says_what_values_are() {
    let map = "decimal = \",\"\nthousands = \".\"\ntime = \"ts\"\ndevice = \"id\"\n[values]\n\
        t = { name = \"temperature\", scale = \"0.1\", offset = \"-40\", unit = \"°C\" }\nn = { unit = \"V\" }";
    let map = Arc::new(FieldMap::parse(map).unwrap());
    let mut context = DecodeContext { map, zone: Some(crate::time::Zone::UTC), ..DecodeContext::default() };
    for (line, gives) in [
        ("t=0615 m: 1.234,56 kWh", r#"{"m":1234.56,"temperature":21.5} {"m":"kWh","temperature":"Cel"} {}"#),
        ("n=007 mV", r#"{"n":7} {"n":"mV"} {}"#),
        ("t=OL n=3", r#"{"n":3,"temperature":null} {"n":"V"} {}"#),
    ] {
        assert_eq!(read(line.as_bytes(), &mut context), gives, "{line}");
    }
    for line in [
        "id=boiler-7 ts=2026-07-15 10:00:00 t=1",
        "id=boiler-7 ts=1784109600 t=1",
        "ts: 2026-07-15T12:00:00+02:00, id: boiler-7, t: 1",
    ] {
        let body = decode(line.as_bytes(), &mut context).unwrap().readings().remove(0);
        assert_eq!((body.device.as_deref(), body.values.len()), (Some("boiler-7"), 1), "{line}");
        assert_eq!(
            body.time.map(|time| time.to_string()).as_deref(),
            Some("2026-07-15T10:00:00.000Z"),
            "{line}"
        );
    }
    assert_eq!(
        read(b"ts=noon t=400", &mut context),
        r#"{"temperature":0,"ts":"noon"} {"temperature":"Cel"} {}"#
    );
}
