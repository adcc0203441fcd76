use super::body;

#[test]
fn a_word_in_front_of_a_name_belongs_to_it() {
    for (line, gives) in [
        ("Temp C: 19.5 Temp F: 67.1", r#"{"Temp_C":19.5,"Temp_F":67.1} {} {}"#),
        ("Inside t: 19.5 Outside t: 7 Attic t: 8", r#"{"Attic_t":8,"Inside_t":19.5,"Outside_t":7} {} {}"#),
        ("Inside t: 5 furlong Attic t: 8", r#"{"Attic_t":8,"Inside_t":5} {} {"Inside_t":"furlong"}"#),
        ("a: 5 furlong b: 6", r#"{"a":5,"b":6} {} {"a":"furlong"}"#),
        ("t: 5 Attic t: 6", r#"{"Attic_t":6,"t":5} {} {}"#),
        ("n: 5 steps Step rate: 6", r#"{"Step_rate":6,"n":5} {} {"n":"steps"}"#),
        ("rpm: 900 oil temp: 71 Oil press: 3", r#"{"Oil_press":3,"oil_temp":71,"rpm":900} {} {}"#),
        ("avg t=5 min t=4 max t=6", r#"{"avg_t":5,"max_t":6,"min_t":4} {} {}"#),
        ("t(avg)=5 t(min)=4 t (max)=6", r#"{"t_avg":5,"t_max":6,"t_min":4} {} {}"#),
        ("time(min)=4 dist (in): 6", r#"{"dist":6,"time":4} {"dist":"in","time":"min"} {}"#),
        ("t: 5 Good b: 6 Normal c: 7", r#"{"b":6,"c":7,"t":5} {} {"b":"Normal","t":"Good"}"#),
        ("t: 5 Lux b: 6", r#"{"b":6,"t":5} {"t":"lx"} {}"#),
        ("gyro X:5 Y:6 Tilt X:7", r#"{"Tilt_X":7,"Y":6,"gyro_X":5} {} {}"#),
        ("a={ O b=2", r#"{"a":null,"b":2} {} {"a":"{","a_2":"O"}"#),
        ("Temp C = 19.5 Hum % = 48", r#"{"Hum":48,"Temp_C":19.5} {"Hum":"/100"} {}"#),
        ("Temp °C: 19.5 b: 5", r#"{"Temp":19.5,"b":5} {"Temp":"Cel"} {}"#),
        (
            "Level of tank 2 (raw 7) is: 31.5",
            r#"{"Level_of_tank_2_is":31.5} {} {"Level_of_tank_2_is":"(raw 7)"}"#,
        ),
        ("Level (raw 7) now: 31.5", r#"{"now":31.5} {} {"text":"Level (raw 7)"}"#),
        ("Level is: 31.5", r#"{"Level_is":31.5} {} {}"#),
        ("T (raw): 700 T (cal): 19.5", r#"{"T_cal":19.5,"T_raw":700} {} {}"#),
        ("V 1: 5 V 2: 6", r#"{"V_1":5,"V_2":6} {} {}"#),
        ("V raw: 700 V cal: 3.5", r#"{"V_cal":3.5,"V_raw":700} {} {}"#),
        ("u: 5 V cal: 3.5", r#"{"cal":3.5,"u":5} {"u":"V"} {}"#),
        ("temp: 21 min temp: 18", r#"{"min_temp":18,"temp":21} {} {}"#),
        ("uptime: 21 min temp: 18", r#"{"temp":18,"uptime":21} {"uptime":"min"} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn bytes_in_hexadecimal_are_one_text() {
    for (line, gives) in [
        ("ROM = 28 3 E 91 4 0 0 7", r#"{"ROM":"28 3 E 91 4 0 0 7"} {} {}"#),
        ("UID: 17 8 93 41 n=2", r#"{"UID":"17 8 93 41","n":2} {} {}"#),
        ("q: 02 11 35", r#"{"q":"02 11 35"} {} {}"#),
        ("q: 9 1F 35 C  r=1F", r#"{"q":"9 1F 35 C","r":"1F"} {} {}"#),
        ("tag: 0x9, 0x1F, 0x35", r#"{"tag":"0x9 0x1F 0x35"} {} {}"#),
        ("q: 9 11 35", r#"{"q":9,"q_2":11,"q_3":35} {} {}"#),
        ("q: 9 11 35 C", r#"{"q":9,"q_2":11,"q_3":35} {"q_3":"Cel"} {}"#),
        ("q: 9 C 11 C 35 C", r#"{"q":9,"q_2":11,"q_3":35} {"q":"Cel","q_2":"Cel","q_3":"Cel"} {}"#),
        ("ID: 9 11", r#"{"ID":9,"ID_2":11} {} {}"#),
        ("a9 03 5b 46 7f t=19500", r#"{"t":19500} {} {"text":"a9 03 5b 46 7f"}"#),
        ("bed add ace t=5", r#"{"bed_add_ace_t":5} {} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn digits_apart_by_a_blank_may_be_one_number() {
    for (line, gives) in [
        ("Energy: 31 415.9 kWh b: 6", r#"{"Energy":null,"b":6} {} {"Energy":"31 415.9 kWh"}"#),
        ("n=3 000 b=6", r#"{"b":6,"n":null} {} {"n":"3 000"}"#),
        ("n=-3 000 000 b=6", r#"{"b":6,"n":null} {} {"n":"-3 000 000"}"#),
        ("d: 3 000m b: 6", r#"{"b":6,"d":null} {} {"d":"3 000m"}"#),
        ("t = 31. 5 C b=6", r#"{"b":6,"t":null} {} {"t":"31. 5 C"}"#),
        ("t = 31 .5 b=6", r#"{"b":6,"t":null} {} {"t":"31 .5"}"#),
        ("x: 7.5 3 000 b: 6", r#"{"b":6,"x":7.5,"x_2":null} {} {"x_2":"3 000"}"#),
        ("rssi: -61 -102", r#"{"rssi":-61,"rssi_2":-102} {} {}"#),
        ("x: 0 300", r#"{"x":0,"x_2":300} {} {}"#),
        ("x: 3141 592", r#"{"x":3141,"x_2":592} {} {}"#),
        ("x: 31 4159", r#"{"x":31,"x_2":4159} {} {}"#),
        ("x: 31\t415", r#"{"x":31,"x_2":415} {} {}"#),
        ("x: 3, 141", r#"{"x":3,"x_2":141} {} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
    assert_eq!(body("n=3 000"), "syntax: n=3 000");
}

#[test]
fn letters_that_may_mean_something_else_are_no_unit() {
    for (line, gives) in [
        ("accel_x=0.75 g b=1", r#"{"accel_x":0.75,"b":1} {} {"accel_x":"g"}"#),
        ("accel_x=0.75g b=1", r#"{"accel_x":0.75,"b":1} {} {"accel_x":"g"}"#),
        ("accel (g): 0.75", r#"{"accel":0.75} {} {"accel":"g"}"#),
        ("accel x: 0.75 g y: 0.5 g", r#"{"accel_x":0.75,"y":0.5} {} {"accel_x":"g","y":"g"}"#),
        ("uptime: 7m", r#"{"uptime":7} {} {"uptime":"m"}"#),
        ("Timeout: 7 m, depth: 7 m", r#"{"Timeout":7,"depth":7} {"depth":"m"} {"Timeout":"m"}"#),
        ("Capacitance: 7 F", r#"{"Capacitance":7} {} {"Capacitance":"F"}"#),
        ("Charge: 7 C", r#"{"Charge":7} {} {"Charge":"C"}"#),
        ("Free heap: 7 K", r#"{"Free_heap":7} {} {"Free_heap":"K"}"#),
        ("load: 7 T", r#"{"load":7} {} {"load":"T"}"#),
        ("field: 7 T", r#"{"field":7} {"field":"T"} {}"#),
        ("mass: 7 g t: 7 F", r#"{"mass":7,"t":7} {"mass":"g","t":"degF"} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn a_heading_begins_the_names_behind_it() {
    for (line, gives) in [
        ("Attic: T=19.5 H=48", r#"{"Attic_H":48,"Attic_T":19.5} {} {}"#),
        (
            "Attic: T=19.5 C H=48 % Shed: T=7, H=71",
            r#"{"Attic_H":48,"Attic_T":19.5,"Shed_H":71,"Shed_T":7} {"Attic_H":"/100","Attic_T":"Cel"} {}"#,
        ),
        ("Attic: T=19 furlong Shed: T=7", r#"{"Attic_T":19,"Shed_T":7} {} {"Attic_T":"furlong"}"#),
        ("Probe 2: t=5 Probe 3: t=6", r#"{"Probe_2_t":5,"Probe_3_t":6} {} {}"#),
        ("prev: t=5", r#"{"prev_t":5} {} {}"#),
        ("Sending: t=5 Packet 17: u=6", r#"{"t":5,"u":6} {} {"t":"Packet 17","text":"Sending"}"#),
        ("a=1, INFO: t=5", r#"{"a":1,"t":5} {} {"a":"INFO"}"#),
        ("I (12) attic: t=5", r#"{"t":5} {} {"text":"I (12) attic"}"#),
        ("Hum: Temp: 19.5", r#"{"Temp":19.5} {} {"text":"Hum"}"#),
        ("app[71]: t=5", r#"{"t":5} {} {"text":"app[71]"}"#),
        ("door: open Attic: t=5", r#"{"door":null,"t":5} {} {"door":"open Attic"}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn signs_at_an_end_of_a_name_tell_what_is_taken_from_what_is_given() {
    for (line, gives) in [
        ("E+: 5.5 kWh, E-: 6.5 kWh", r#"{"E+":5.5,"E-":6.5} {"E+":"kWh","E-":"kWh"} {}"#),
        ("P+: 5 kW P-: 6 kW", r#"{"P+":5,"P-":6} {"P+":"kW","P-":"kW"} {}"#),
        ("+A: 5 kWh -A: 6", r#"{"+A":5,"-A":6} {"+A":"kWh"} {}"#),
        ("I+ = 5 I- = 6 T1+T2=7", r#"{"I+":5,"I-":6,"T1+T2":7} {} {}"#),
        ("a: 5 +6 b: 7", r#"{"a":5,"a_2":6,"b":7} {} {}"#),
        ("a: x +6 b: 7", r#"{"a":null,"b":7} {} {"a":"x +6"}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn a_status_of_a_power_supply_is_no_overload() {
    for (line, gives) in [
        ("ups.status: OL CHRG", r#"{"ups.status":"OL CHRG"} {} {}"#),
        ("status=OL load=7", r#"{"load":7,"status":"OL"} {} {}"#),
        ("u: OL V", r#"{"u":null} {} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn degrees_of_a_temperature_are_no_angle() {
    for (line, gives) in [
        ("Temperature: 19.5° b: 5", r#"{"Temperature":19.5,"b":5} {} {"Temperature":"°"}"#),
        ("Temp: 19.5 degrees Hum: 48", r#"{"Hum":48,"Temp":19.5} {} {"Temp":"degrees"}"#),
        ("Temp: 19.5 degrees F tilt: 5°", r#"{"Temp":19.5,"tilt":5} {"Temp":"degF","tilt":"deg"} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn ranks_of_a_log_are_no_part_of_a_name() {
    for (line, gives) in [
        ("DEBUG temp=19.5", r#"{"temp":19.5} {} {"text":"DEBUG"}"#),
        ("[warn] temp=19.5", r#"{"temp":19.5} {} {"text":"[warn]"}"#),
        ("ok T:19.5 H:48", r#"{"H":48,"T":19.5} {} {"text":"ok"}"#),
        ("08:15:01 INFO room temp=19.5", r#"{"room_temp":19.5} {} {"text":"08:15:01","text_2":"INFO"}"#),
        ("a=1, WARN b=2", r#"{"a":1,"b":2} {} {"text":"WARN"}"#),
        ("ERROR 5: bad", r#"{"ERROR_5":"bad"} {} {}"#),
        ("ok=1 INFO=2", r#"{"INFO":2,"ok":1} {} {}"#),
        ("ERROR COUNT=5 Error rate=2", r#"{"ERROR_COUNT":5,"Error_rate":2} {} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn what_doubles_round_is_kept_as_sent() {
    for (line, gives) in [
        (
            "t=19.299999237060546875 C b=1",
            r#"{"b":1,"t":19.299999237060547} {"t":"Cel"} {"t":"19.299999237060546875"}"#,
        ),
        ("n=31415926535897932384", r#"{"n":"31415926535897932384"} {} {}"#),
        (
            "Dallas t: -127.00 C b: -127.00 C c: -126.00 C",
            r#"{"Dallas_t":null,"b":null,"c":-126} {"c":"Cel"} {"b":"-127.00"}"#,
        ),
        ("Tank: -196.60 °F b=1", r#"{"Tank":null,"b":1} {} {"Tank":"-196.60"}"#),
        (
            "temp_1: -127.00 temp_2: -127 x: -127.00",
            r#"{"temp_1":null,"temp_2":-127,"x":-127} {} {"temp_1":"-127.00"}"#,
        ),
        (
            "a: -273.16 C b: -273.15 C c: -999 F",
            r#"{"a":null,"b":-273.15,"c":null} {"b":"Cel"} {"a":"-273.16","c":"-999"}"#,
        ),
        ("Temperature: -999.00 C", r#"{"Temperature":null} {} {"Temperature":"-999.00"}"#),
        (
            "t=19.5˚C u=19.5 ˚F a=5˚ lat: 31.5˚ S",
            r#"{"a":5,"lat":-31.5,"t":19.5,"u":19.5} {"a":"deg","lat":"lat","t":"Cel","u":"degF"} {}"#,
        ),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn amounts_in_front_of_a_name_belong_to_it() {
    for (line, gives) in [
        ("12h max: 31.5 C", r#"{"12h_max":31.5} {"12h_max":"Cel"} {}"#),
        (
            "15 cm temp: 7 C, 30 cm temp: 8 C",
            r#"{"15_cm_temp":7,"30_cm_temp":8} {"15_cm_temp":"Cel","30_cm_temp":"Cel"} {}"#,
        ),
        ("15 cm: 7", r#"{"15_cm":7} {} {}"#),
        ("5V: 4.9 3.3V: 3.28", r#"{"3.3V":3.28,"5V":4.9} {} {}"#),
        ("Dust > 0.5um / 0.1L air:1300", r#"{"Dust_>_0.5um_/_0.1L_air":1300} {} {}"#),
        ("> 0.5 um: 1300", r#"{">_0.5_um":1300} {} {}"#),
        ("[08:15:01] 12h max: 5", r#"{"12h_max":5} {} {"text":"[08:15:01]"}"#),
        ("1234ms temp=5", r#"{"temp":5} {} {"text":"1234ms"}"#),
        ("12.345s temp=5", r#"{"temp":5} {} {"text":"12.345s"}"#),
        ("1234 temp=5", r#"{"temp":5} {} {"text":"1234"}"#),
        ("1A: 5", "noise: 1A: 5"),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn what_stands_right_behind_a_name_in_brackets_tells_it_from_others() {
    for (line, gives) in [
        ("Probe[2]: 19.5", r#"{"Probe_2":19.5} {} {}"#),
        ("Probe(1): 7 Probe(2): 8 C", r#"{"Probe_1":7,"Probe_2":8} {"Probe_2":"Cel"} {}"#),
        ("T[ch2]: 7 C area(cm2): 8", r#"{"T_ch2":7,"area":8} {"T_ch2":"Cel"} {"area":"cm2"}"#),
        ("T(C): 7 accel(g): 0.75", r#"{"T":7,"accel":0.75} {"T":"Cel"} {"accel":"g"}"#),
        ("Lat(S): 31.5", r#"{"Lat":-31.5} {"Lat":"lat"} {}"#),
        ("[0123] temp: 5", r#"{"temp":5} {} {"text":"[0123]"}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn an_amount_of_several_units_is_none_of_its_parts() {
    for (line, gives) in [
        ("Weight: 3 lb 1.5 oz b: 6", r#"{"Weight":null,"b":6} {} {"Weight":"3 lb 1.5 oz"}"#),
        ("Up: 3h 14min b: 6", r#"{"Up":null,"b":6} {} {"Up":"3h 14min"}"#),
        ("Up: 1 d 3 h 14 min 15 s b: 6", r#"{"Up":null,"b":6} {} {"Up":"1 d 3 h 14 min 15 s"}"#),
        ("l: 5 ft 9 in, b: 6", r#"{"b":6,"l":null} {} {"l":"5 ft 9 in"}"#),
        ("m: 3 kg 1400 g", r#"{"m":3,"m_2":1400} {"m":"kg","m_2":"g"} {}"#),
        ("m: 1.5 kg 3 g", r#"{"m":1.5,"m_2":3} {"m":"kg","m_2":"g"} {}"#),
        ("t: 3 min, 14 s", r#"{"t":3,"t_2":14} {"t":"min","t_2":"s"} {}"#),
        ("t: 20 C 68 F", r#"{"t":20,"t_2":68} {"t":"Cel","t_2":"degF"} {}"#),
        ("t: 20 h 45", r#"{"t":20,"t_2":45} {"t":"h"} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn columns_of_a_liquid_are_no_lengths_and_quotients_no_dividends() {
    for (line, gives) in [
        ("p: 29.9 in Hg, q: 750 mm Hg", r#"{"p":29.9,"q":750} {"p":"inHg","q":"mmHg"} {}"#),
        ("p: 7 mm H2O b: 5", r#"{"b":5,"p":7} {} {"p":"mm H2O"}"#),
        ("v: 7 m per s", r#"{"v":7} {} {"v":"m per s"}"#),
        ("rain: 7 mm per hour", r#"{"rain":7} {} {"rain":"mm per hour"}"#),
        ("l: 7 mm b: 5", r#"{"b":5,"l":7} {"l":"mm"} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn what_a_display_cannot_show_is_none() {
    for (line, gives) in [
        ("R: 0.L MOhm", r#"{"R":null} {} {}"#),
        ("R: 0L MOhm b: 5", r#"{"R":null,"b":5} {} {}"#),
        ("R: .OL kOhm", r#"{"R":null} {} {}"#),
        ("R: OL. kOhm", r#"{"R":null} {} {}"#),
        ("volume: 0L", r#"{"volume":0} {"volume":"l"} {}"#),
        ("flow: 0L / min", r#"{"flow":0} {"flow":"l/min"} {}"#),
        ("u: +9.91000000E+37 V", r#"{"u":null} {} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn versions_are_texts() {
    for (line, gives) in [
        ("Firmware: 1.10 t: 1.10", r#"{"Firmware":"1.10","t":1.1} {} {}"#),
        ("hw_rev=2.0 rev_count=2.0", r#"{"hw_rev":"2.0","rev_count":2} {} {}"#),
        ("Version 7: 5 Ver: 3", r#"{"Ver":3,"Version_7":5} {} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn units_as_common_boards_spell_them() {
    for (line, gives) in [
        ("RH= 45 % T= 19.5 'C", r#"{"RH":45,"T":19.5} {"RH":"/100","T":"Cel"} {}"#),
        ("T:19.5^C  pH:7.5", r#"{"T":19.5,"pH":7.5} {"T":"Cel"} {}"#),
        ("Gas = 53.1 KOhms", r#"{"Gas":53.1} {"Gas":"kOhm"} {}"#),
        ("DO: 8.5 mg/L", r#"{"DO":8.5} {"DO":"mg/l"} {}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}

#[test]
fn letters_of_weather_transmitters_are_their_own_units() {
    for (line, gives) in [
        (
            "0R1,Dn=036D,Dm=000D,Sm=1.5M,Sx=2.5N,Sn=0.5K",
            r#"{"Dm":0,"Dn":36,"Sm":1.5,"Sn":0.5,"Sx":2.5} {"Dm":"deg","Dn":"deg","Sm":"m/s","Sn":"km/h","Sx":"kn"} {"text":"0R1"}"#,
        ),
        (
            "0R2,Ta=-3.5C,Ua=48.5P,Pa=1013.5H,Tp=19.5F",
            r#"{"Pa":1013.5,"Ta":-3.5,"Tp":19.5,"Ua":48.5} {"Pa":"hPa","Ta":"Cel","Tp":"degF","Ua":"%RH"} {"text":"0R2"}"#,
        ),
        (
            "0R3,Rc=0.05M,Rd=30s,Ri=0.00M,Hc=0.5M",
            r#"{"Hc":null,"Rc":0.05,"Rd":30,"Ri":0} {"Rc":"mm","Rd":"s","Ri":"mm/h"} {"Hc":"0.5M","text":"0R3"}"#,
        ),
        ("0R5,Vh=12.5N,Vs=15.5V", r#"{"Vh":12.5,"Vs":15.5} {"Vh":"V","Vs":"V"} {"Vh":"N","text":"0R5"}"#),
        (
            "0R0,Dm=283#,Sm=0.5M,Xx=5,?",
            r#"{"Dm":null,"Sm":0.5,"Xx":null} {"Sm":"m/s"} {"Xx":"5","text":"0R0"}"#,
        ),
        ("R1,a=5", r#"{"a":5} {} {"text":"R1"}"#),
    ] {
        assert_eq!(body(line), gives, "{line}");
    }
}
