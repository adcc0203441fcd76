//! The command `foil`. Everything it does stands in the library; see the crate doc for the map.

use std::process::ExitCode;

fn main() -> ExitCode {
    counterfoil::cli::main()
}
