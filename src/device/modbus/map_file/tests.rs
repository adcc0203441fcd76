use super::*;
use crate::device::modbus::{register_type::RegisterType, request::ModbusTable};

/// The problems of a text, as `line:column message`.
fn problems(text: &str) -> Vec<String> {
    let problems = parse(text).unwrap_err();
    let line = |MapProblem { place, message }| format!("{}:{} {message}", place.line, place.column);
    problems.into_iter().map(line).collect()
}

#[test]
fn a_bus_has_devices_with_maps_and_values() {
    let map = parse(
        "mode = \"8E1\"\norder = \"CDAB\"\n\n[[device]]\nunit = 1\nname = \"cold-room-3\"\nmap = \"xy-md02\"\n\n\
         [[device]]\nunit = 7\nname = \"boiler\"\nbase = 1\ngap = 4\n[device.values]\n\
         flow = { holding = 1, type = \"f32\", unit = \"m³/h\" }\nname = { holding = 5, type = \"string:4\" }\n\
         door = { coil = 3 }\n",
    )
    .unwrap();
    assert_eq!((map.baud, map.mode.unwrap().to_string()), (Some(9_600), "8E1".to_owned()));
    let [room, boiler] = &map.devices[..] else { panic!("{map:?}") };
    assert_eq!((room.unit, room.registers.values.len()), (1, 2));
    let [door, flow, name] = &boiler.registers.values[..] else { panic!("{boiler:?}") };
    assert_eq!((flow.address, flow.order.to_string().as_str()), (0, "CDAB"));
    assert_eq!((name.address, name.order.to_string().as_str()), (4, "ABCD"), "a text is not turned around");
    assert_eq!((door.table, door.kind, door.address), (ModbusTable::Coils, RegisterType::Switch, 2));
    assert_eq!((boiler.registers.gap, boiler.registers.most), (4, 125));
}

#[test]
fn a_kind_of_device_has_values() {
    let map = parse("[values]\nt = { input = 1, type = \"i16\", scale = \"0.1\", none = [0x8000, 0x7fff] }")
        .unwrap();
    let set = map.registers.unwrap();
    assert_eq!(set.values[0].of_answer(&[0x7fff], 1).unwrap().to_canonical(), "null");
    assert_eq!(set.values[0].of_answer(&[0xffff], 1).unwrap().to_canonical(), "-0.1");
}

#[test]
fn a_register_may_tell_the_kind_of_device() {
    let map = parse("[values]\nmodel = { holding = 69, type = \"u16\", only = [101, 102] }");
    assert_eq!(map.unwrap().registers.unwrap().values[0].only, [101, 102]);
    let line = crate::device::modbus::map_line::parse("holding 69 u16 only=101 only=0x66 model").unwrap();
    assert_eq!(line.only, [101, 102]);
}

#[test]
fn a_power_of_ten_may_stand_in_another_register() {
    let map = parse(
        "base = 1\n[values]\ncurrent = { holding = 72, type = \"u16\", exponent = 76 }\n\
         energy = { holding = 94, type = \"u32\", exponent = 96, scale = \"0.001\" }",
    );
    let values = map.unwrap().registers.unwrap().values;
    assert_eq!(values[0].of_answer(&[215, 0, 0, 0, 0xfffe], 71).unwrap().to_canonical(), "2.15");
    assert_eq!(values[1].of_answer(&[1, 0, 1], 93).unwrap().to_canonical(), "655.36");
}

#[test]
fn what_is_wrong_is_said_where_it_stands() {
    let said = |text: &str, expected: &[&str]| assert_eq!(problems(text), expected, "{text}");
    said("", &["1:1 no [values] and no [[device]]: nothing is to be read"]);
    said(
        "[values]\na = { input = 1, typ = \"u16\", type = \"u16\" }",
        &[
            "2:18 unknown key \"typ\", did you mean \"type\"? (there is coil, discrete, exponent, holding, input, none, offset, only, order, scale, type, unit)",
        ],
    );
    said(
        "[values]\na = { input = 1, type = \"f23\" }",
        &[
            "2:25 \"f23\" is not one of u16, i16, u32, i32, u48, i48, u64, i64, f32, f64, bcd:N, mod10:N, string:N, bits, bit:N, did you mean f32?",
        ],
    );
    said(
        "[values]\na = { input = 65535, type = \"u32\" }",
        &["2:15 2 registers from 65535 on end behind 65535"],
    );
    said(
        "[values]\na = { type = \"u32\" }",
        &["2:1 where does it stand? One of coil, discrete, holding, input is missing"],
    );
    said("[values]\na = { input = 1, coil = 1 }", &["2:15 it stands in coil already"]);
    said("[values]\na = { coil = 1, type = \"u16\" }", &["2:24 a coil is true or false and has no type"]);
    said(
        "[values]\na = { input = 1, type = \"u16\", scale = 0.1 }",
        &["2:40 a float is not exact: write a decimal as text, \"8.0\""],
    );
    said(
        "[values]\na = { input = 1, type = \"u16\", none = 65536 }",
        &["2:39 expected a pattern of the size of u16, or a list of them, found 65536"],
    );
    said(
        "most = 20\n[values]\na = { input = 1, type = \"u16\", exponent = 40 }",
        &["3:43 40 registers with those between: one question asks for 20 at most"],
    );
    said("[values]\na = { coil = 1, exponent = 4 }", &["2:28 a switch is no number"]);
    said("[values]\na = { input = 1, type = \"string:2\", scale = 2 }", &["2:45 string:2 is no number"]);
    said(
        "[values]\na = { input = 0, type = \"f32\" }\nb = { input = 1, type = \"u16\" }",
        &["3:5 input 1 of \"b\" is in \"a\", too"],
    );
}

#[test]
fn devices_are_told_apart() {
    let device =
        |unit: u8, name: &str| format!("[[device]]\nunit = {unit}\nname = \"{name}\"\nmap = \"sdm120\"\n");
    assert!(parse(&(device(1, "a") + &device(2, "b"))).is_ok());
    assert_eq!(problems(&(device(1, "a") + &device(1, "b"))), ["6:8 unit 1 is \"a\" already"]);
    assert_eq!(problems(&(device(1, "a") + &device(2, "a"))), ["7:8 \"a\" is the name of unit 1 already"]);
    assert_eq!(problems("[[device]]\nname = \"a\"\nmap = \"sdm120\""), ["1:1 `unit` is missing"]);
    assert_eq!(
        problems("[[device]]\nunit = 248\nname = \"a\"\nmap = \"sdm120\""),
        ["2:8 expected a number from 1 to 247, found 248"]
    );
    let both = device(1, "a").replace("sdm120", "x") + &device(1, "a");
    assert_eq!(problems(&both).len(), 3, "what is wrong with one device hides nothing of another");
    let misspelt = problems("[[device]]\nunit = 1\nname = \"a\"\nmap = \"smd120\"");
    assert!(
        misspelt[0].starts_with("4:7 \"smd120\" is not one of ")
            && misspelt[0].ends_with("did you mean sdm120?"),
        "{misspelt:?}"
    );
}

#[test]
fn every_map_that_is_built_in_is_one_and_names_its_source() {
    for (name, text) in bundled::BUNDLED {
        let map = parse(text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        assert!(map.registers.is_some() && map.devices.is_empty(), "{name}");
        assert!(text.starts_with("about = ") && text.contains("\nsource = "), "{name}");
    }
}
